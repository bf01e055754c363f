"""The one way to authenticate that the set-up offers."""

from __future__ import annotations

from idp_profiles.bearer_header import bearer_header
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.profile import AuthMode

from .names import CATALOGUE

AUTH_MODES = (
    AuthMode(
        "access-token",
        (CATALOGUE,),
        "Access token",
        "the raw token",
        "token",
        "Bearer ",
        # The field is documented, what goes over the wire is not.
        Certainty.INFERRED,
        ("ory",),
    ),
    AuthMode(
        "consent",
        (CATALOGUE,),
        "Authorisation in the browser",
        "nothing: the admin agrees in the browser",
        "token",
        "Bearer ",
        Certainty.INFERRED,
        ("ory",),
        refused="some catalogue apps use it, but no source shows its requests",
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
    return bearer_header(credential, "Google Workspace")
