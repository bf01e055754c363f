"""Keycloak with the extension mitodl/keycloak-scim as a mock IdP, users and groups."""

from __future__ import annotations

from types import MappingProxyType

from idp_profiles.profile import Profile

from .behaviour import Keycloak
from .behaviour import start
from .facts import FACTS
from .facts import FEATURES
from .names import DIALECTS
from .names import MITODL
from .scenarios import SCENARIOS
from .verbs import VERBS

__all__ = ["PROFILE", "Keycloak"]

PROFILE: Profile[Keycloak] = Profile(
    name="keycloak",
    title="keycloak",
    facts=FACTS,
    dialects=DIALECTS,
    usual_dialect=MITODL,
    features=FEATURES,
    scenarios=MappingProxyType(SCENARIOS),
    verbs=MappingProxyType(VERBS),
    start=start,
)
