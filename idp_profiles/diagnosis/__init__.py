"""Says from a log what went wrong between an identity provider and a SCIM server."""
