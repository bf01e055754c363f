"""OneLogin: the SCIM Provisioner apps, whose user is a template, as a mock IdP."""

from __future__ import annotations

from types import MappingProxyType

from idp_profiles.profile import Profile

from .behaviour import OneLogin
from .behaviour import start
from .facts import FACTS
from .facts import FEATURES
from .names import DIALECTS
from .names import PROVISIONER
from .scenarios import SCENARIOS
from .verbs import VERBS

__all__ = ["PROFILE", "OneLogin"]

PROFILE: Profile[OneLogin] = Profile(
    name="onelogin",
    title="OneLogin",
    facts=FACTS,
    dialects=DIALECTS,
    usual_dialect=PROVISIONER,
    features=FEATURES,
    scenarios=MappingProxyType(SCENARIOS),
    verbs=MappingProxyType(VERBS),
    start=start,
)
