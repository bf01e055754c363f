"""The names that Okta's traffic is made of: schema URNs and the keys of the dialects."""

from __future__ import annotations

from idp_profiles.profile import Dialect

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ROLE = "urn:okta:scim:schemas:core:1.0:Role"
ENTITLEMENT = "urn:okta:scim:schemas:core:1.0:Entitlement"

AIW, OIN, GOVERNANCE = "aiw", "oin", "governance"
CATALOG = (OIN, GOVERNANCE)
ALL = (AIW, OIN, GOVERNANCE)

DIALECTS = (
    Dialect(AIW, "Custom app (GET then PUT)", "custom app made with the App Integration Wizard"),
    Dialect(OIN, "Catalog and OIN apps (PATCH)", "catalog template or OIN app"),
    Dialect(GOVERNANCE, "Identity Governance (entitlements)", "Governance with SCIM 2.0"),
)
