"""The names that Entra's traffic is made of: schema URNs and the keys of the dialects."""

from __future__ import annotations

from idp_profiles.profile import Dialect

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
# In an old sample of the tutorial only; another page calls it repaired since 2018.
LEGACY_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"

FLAG_NAME = "aadOptscim062020"
DEFAULT, FLAG = "default", "flag"
ALL = (DEFAULT, FLAG)

DIALECTS = (
    Dialect(DEFAULT, "Job without a flag", "non-gallery app, Tenant URL without a flag"),
    Dialect(FLAG, "Job with aadOptscim062020", "non-gallery app, Tenant URL with the flag"),
)
