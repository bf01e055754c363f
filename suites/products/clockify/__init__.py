"""What Clockify promises of its SCIM provisioning."""
