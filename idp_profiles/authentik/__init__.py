"""authentik: its SCIM provider as a mock IdP, users and groups."""

from __future__ import annotations

from types import MappingProxyType

from idp_profiles.profile import Profile

from .behaviour import Authentik
from .behaviour import start
from .facts import FACTS
from .facts import FEATURES
from .names import DEFAULT
from .names import DIALECTS
from .scenarios import SCENARIOS
from .verbs import VERBS

__all__ = ["PROFILE", "Authentik"]

PROFILE: Profile[Authentik] = Profile(
    name="authentik",
    title="authentik",
    facts=FACTS,
    dialects=DIALECTS,
    usual_dialect=DEFAULT,
    features=FEATURES,
    scenarios=MappingProxyType(SCENARIOS),
    verbs=MappingProxyType(VERBS),
    start=start,
)
