"""Microsoft Entra ID: the provisioning service with a non-gallery application, as a mock IdP."""

from __future__ import annotations

from types import MappingProxyType

from idp_profiles.profile import Profile

from .behaviour import Entra
from .facts import FACTS
from .facts import FEATURES
from .names import DEFAULT
from .names import DIALECTS
from .scenarios import SCENARIOS
from .start import start
from .verbs import VERBS

__all__ = ["PROFILE", "Entra"]

PROFILE: Profile[Entra] = Profile(
    name="entra",
    title="Microsoft Entra ID",
    facts=FACTS,
    dialects=DIALECTS,
    usual_dialect=DEFAULT,
    features=FEATURES,
    scenarios=MappingProxyType(SCENARIOS),
    verbs=MappingProxyType(VERBS),
    start=start,
)
