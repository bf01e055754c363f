"""The names that authentik's traffic is made of: schema URNs and the compatibility modes."""

from __future__ import annotations

from idp_profiles.profile import Dialect

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

DEFAULT, AWS, SLACK, SALESFORCE = "default", "aws", "slack", "salesforce"
ALL = (DEFAULT, AWS, SLACK, SALESFORCE)
# What the service provider configuration says about PATCH counts in these.
BELIEVING = (DEFAULT, SLACK)

DIALECTS = (
    Dialect(DEFAULT, "Compatibility mode: Default", "SCIM provider"),
    Dialect(AWS, "Compatibility mode: AWS", "SCIM provider for AWS IAM Identity Center"),
    Dialect(SLACK, "Compatibility mode: Slack", "SCIM provider for Slack"),
    Dialect(SALESFORCE, "Compatibility mode: Salesforce", "SCIM provider for Salesforce"),
)
