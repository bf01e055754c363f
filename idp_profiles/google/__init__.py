"""Google Workspace: auto-provisioning of a catalogue app as a mock IdP, users only."""

from __future__ import annotations

from types import MappingProxyType

from idp_profiles.profile import Profile

from .behaviour import Google
from .behaviour import start
from .facts import FACTS
from .facts import FEATURES
from .names import CATALOGUE
from .names import DIALECTS
from .scenarios import SCENARIOS
from .verbs import VERBS

__all__ = ["PROFILE", "Google"]

PROFILE: Profile[Google] = Profile(
    name="google",
    title="Google Workspace",
    facts=FACTS,
    dialects=DIALECTS,
    usual_dialect=CATALOGUE,
    features=FEATURES,
    scenarios=MappingProxyType(SCENARIOS),
    verbs=MappingProxyType(VERBS),
    start=start,
)
