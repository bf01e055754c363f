"""Okta: the App Integration Wizard and the catalog templates as one mock IdP."""

from __future__ import annotations

from types import MappingProxyType

from idp_profiles.profile import Profile

from .behaviour import Okta
from .behaviour import start
from .facts import FACTS
from .facts import FEATURES
from .names import DIALECTS
from .names import OIN
from .scenarios import SCENARIOS
from .verbs import VERBS

__all__ = ["PROFILE", "Okta"]

PROFILE: Profile[Okta] = Profile(
    name="okta",
    title="Okta",
    facts=FACTS,
    dialects=DIALECTS,
    usual_dialect=OIN,
    features=FEATURES,
    scenarios=MappingProxyType(SCENARIOS),
    verbs=MappingProxyType(VERBS),
    start=start,
)
