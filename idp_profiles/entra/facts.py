"""What is known about Entra's SCIM 2.0 client, as frozen values with their sources."""

from __future__ import annotations

from idp_profiles.profile import Facts
from idp_profiles.source_list import sources_of

from .authentication import AUTH_MODES
from .limits import LIMITS
from .open_points import SWITCHES
from .open_points import TEXTS
from .plan import CHECKLIST
from .plan import RELIES_ON
from .quirks import NEVER_SENT
from .quirks import QUIRKS

FEATURES = (
    "Test Connection",
    "Admin Credentials",
    "Matching",
    "Create Users",
    "Update Users",
    "Disable and Delete Users",
    "Manager",
    "App Roles",
    "Provision Groups",
    "Group Members",
    "Provision on Demand",
    "Schema Discovery",
    "SCIM Validator (reconstructed)",
    "Gallery Tests (reconstructed)",
    "Histories",
)

# Content-Type goes out with what has a body. There is no User-Agent.
HEADERS = (
    ("Authorization", ""),
    ("Accept", "application/scim+json"),
    ("Content-Type", "application/scim+json; charset=utf-8"),
    ("Adscimversion", ""),
)

FACTS = Facts(
    sources=sources_of("idp_profiles.entra"),
    headers=HEADERS,
    limits=LIMITS,
    auth_modes=AUTH_MODES,
    switches=(*SWITCHES, *TEXTS),
    quirks=QUIRKS,
    never_sent=NEVER_SENT,
    relies_on=RELIES_ON,
    checklist=CHECKLIST,
)
