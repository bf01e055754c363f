"""The names that the extension's traffic is made of: schema URNs and the dialect."""

from __future__ import annotations

from idp_profiles.profile import Dialect

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

MITODL = "mitodl"
DIALECTS = (Dialect(MITODL, "mitodl/keycloak-scim", "User federation: scim"),)
