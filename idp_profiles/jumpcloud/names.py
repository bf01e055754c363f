"""The names that JumpCloud's traffic is made of: schema URNs and the key of the dialect."""

from __future__ import annotations

from idp_profiles.profile import Dialect

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

CUSTOM = "custom"
DIALECTS = (
    Dialect(CUSTOM, "Custom SCIM integration", "application with API type SCIM API, version 2.0"),
)
