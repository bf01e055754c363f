"""The ways to authenticate that the federation's form offers."""

from __future__ import annotations

import base64

from idp_profiles.bearer_header import bearer_header
from idp_profiles.bearer_header import sendable
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.profile import AuthMode

from .names import MITODL

_ONLY, _CODE, _FROM = (MITODL,), Certainty.CODE, ("client",)

AUTH_MODES = (
    AuthMode("BEARER", _ONLY, "Bearer", "the token", "token", "Bearer ", _CODE, _FROM),
    AuthMode("BASIC_AUTH", _ONLY, "Basic", "user and password", "basic", "Basic ", _CODE, _FROM),
    AuthMode("NONE", _ONLY, "None", "nothing", "none", "", _CODE, _FROM),
)


def authorization(credential: Credential, auth_mode: str | None = None) -> str:
    """Return the value of the Authorization header, empty for none; raises ValueError."""
    keys = [mode.key for mode in AUTH_MODES]
    key = auth_mode or ("BASIC_AUTH" if credential.kind == "basic" else keys[0])
    if key not in keys:
        raise ValueError(f"there is no mode {key!r}; known: {', '.join(keys)}")
    if key == "NONE":
        return ""
    if key == "BEARER":
        return bearer_header(credential, "Keycloak in the mode BEARER")
    if credential.kind != "basic":
        raise ValueError(f"the mode BASIC_AUTH takes user and password, no {credential.kind!r}")
    pair = f"{credential.user}:{credential.secret}".encode()
    return sendable(f"Basic {base64.b64encode(pair).decode()}")
