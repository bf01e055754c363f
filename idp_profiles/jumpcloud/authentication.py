"""The ways to authenticate that an admin can choose, and what each puts on the wire."""

from __future__ import annotations

from idp_profiles.bearer_header import bearer_header
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.profile import AuthMode

from .names import CUSTOM

_DOC = Certainty.DOC

AUTH_MODES = (
    AuthMode(
        "bearer",
        (CUSTOM,),
        "Token Key, shown after 'Authorization: Bearer'",
        "the raw token",
        "token",
        "Bearer ",
        _DOC,
        ("custom", "infguide"),
    ),
    AuthMode(
        "api-key",
        (CUSTOM,),
        "SCIM API key",
        "the key",
        "token",
        "",
        _DOC,
        ("custom",),
        refused="the scheme exists, but no source shows the header in which the key travels",
    ),
)


def authorization(credential: Credential, auth_mode: str | None = None) -> str:
    """Return the value of the Authorization header; raises ValueError naming what does not fit."""
    known = {mode.key: mode for mode in AUTH_MODES}
    key = auth_mode or "bearer"
    if key not in known:
        raise ValueError(f"there is no mode {key!r}; known: {', '.join(known)}")
    if known[key].refused:
        raise ValueError(f"the mode {key!r} cannot be used: {known[key].refused}")
    return bearer_header(credential, "JumpCloud")
