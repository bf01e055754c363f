"""The ways to authenticate that the provider's form offers."""

from __future__ import annotations

from idp_profiles.bearer_header import bearer_header
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.profile import AuthMode

from .names import ALL

AUTH_MODES = (
    AuthMode(
        "token", ALL, "Static token", "the token", "token", "Bearer ", Certainty.CODE, ("base",)
    ),
    AuthMode(
        "oauth",
        ALL,
        "OAuth source",
        "an OAuth source of authentik",
        "token",
        "Bearer ",
        Certainty.DOC,
        ("release-2025-10",),
        refused="its token requests have not been read; give the access token as a static token",
    ),
)


def authorization(credential: Credential, auth_mode: str | None = None) -> str:
    """Return the value of the Authorization header; raises ValueError naming what does not fit."""
    known = {mode.key: mode for mode in AUTH_MODES}
    key = auth_mode or AUTH_MODES[0].key
    if key not in known:
        raise ValueError(f"there is no mode {key!r}; known: {', '.join(known)}")
    if known[key].refused:
        raise ValueError(f"the mode {key!r} cannot be used: {known[key].refused}")
    return bearer_header(credential, "authentik")
