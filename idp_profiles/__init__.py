"""Mock identity providers: what each one sends, as scripts over a driver and a transport.

`load(NAME)` returns a profile, its `start(...)` a mock IdP, and `MockIdp` runs its verbs.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Any

from .mock import MockIdp
from .profile import Profile

__all__ = ["PROFILES", "MockIdp", "Profile", "load"]

# One package per name. A new profile is one package, one name here and one page of documentation.
PROFILES: tuple[str, ...] = (
    "okta",
    "jumpcloud",
    "entra",
    "google",
    "onelogin",
    "authentik",
    "keycloak",
)


def load(name: str) -> Profile[Any]:  # Any: which class a name stands for is known at run time only
    """Return the profile of that name; raises ValueError naming the known ones."""
    if name not in PROFILES:
        close = get_close_matches(name, PROFILES, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(PROFILES)}"
        raise ValueError(f"there is no profile {name!r}; {hint}")
    # Imported on demand: choosing one IdP does not load the others.
    profile: Profile[Any] = import_module(f"{__name__}.{name}").PROFILE
    return profile
