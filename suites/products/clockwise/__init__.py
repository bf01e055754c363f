"""What Clockwise promises of its SCIM provisioning."""
