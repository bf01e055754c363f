"""The names that OneLogin's traffic is made of: schema URNs and the key of the dialect."""

from __future__ import annotations

from idp_profiles.profile import Dialect

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

PROVISIONER = "provisioner"
DIALECTS = (
    Dialect(
        PROVISIONER,
        "SCIM Provisioner with SAML",
        "one of the SCIM Provisioner apps; the template in it decides what users look like",
    ),
)
