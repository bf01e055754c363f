"""The names that Google's traffic is made of: schema URNs and the key of the dialect."""

from __future__ import annotations

from idp_profiles.profile import Dialect

# Google lists the SCIM 1.0 URN beside the one of SCIM 2.0.
OLD_USER = "urn:scim:schemas:core:1.0"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

CATALOGUE = "catalogue"
DIALECTS = (
    Dialect(
        CATALOGUE,
        "Auto-provisioning of a catalogue app",
        "SAML app of Google's catalogue, such as a borrowed Keeper Web",
    ),
)
