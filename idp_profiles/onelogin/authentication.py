"""The one way to authenticate that the app's Configuration tab offers."""

from __future__ import annotations

from idp_profiles.bearer_header import bearer_header
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.profile import AuthMode

from .names import PROVISIONER

AUTH_MODES = (
    AuthMode(
        "bearer",
        (PROVISIONER,),
        "SCIM Bearer Token",
        "the raw token",
        "token",
        "Bearer ",
        Certainty.WILD,
        ("app", "log"),
    ),
)


def authorization(credential: Credential, auth_mode: str | None = None) -> str:
    """Return the value of the Authorization header; raises ValueError naming what does not fit."""
    if auth_mode not in (None, "bearer"):
        raise ValueError(f"there is no mode {auth_mode!r}; known: bearer")
    return bearer_header(credential, "OneLogin")
