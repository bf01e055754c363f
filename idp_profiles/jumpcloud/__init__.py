"""JumpCloud: the custom SCIM integration (API type SCIM API, version 2.0) as a mock IdP."""

from __future__ import annotations

from types import MappingProxyType

from idp_profiles.profile import Profile

from .behaviour import JumpCloud
from .behaviour import start
from .facts import FACTS
from .facts import FEATURES
from .names import CUSTOM
from .names import DIALECTS
from .scenarios import SCENARIOS
from .verbs import VERBS

__all__ = ["PROFILE", "JumpCloud"]

PROFILE: Profile[JumpCloud] = Profile(
    name="jumpcloud",
    title="JumpCloud",
    facts=FACTS,
    dialects=DIALECTS,
    usual_dialect=CUSTOM,
    features=FEATURES,
    scenarios=MappingProxyType(SCENARIOS),
    verbs=MappingProxyType(VERBS),
    start=start,
)
