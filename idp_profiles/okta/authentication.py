"""The ways to authenticate that an admin can choose, and what each puts on the wire."""

from __future__ import annotations

import base64

from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.profile import AuthMode

from .names import AIW
from .names import CATALOG

_DOC, _WILD, _INFERRED = Certainty.DOC, Certainty.WILD, Certainty.INFERRED

AUTH_MODES = (
    AuthMode(
        "aiw-http-header",
        (AIW,),
        "App Integration Wizard, HTTP Header",
        "the raw token",
        "token",
        "Bearer ",
        _WILD,
        ("rostr", "sourcegraph", "flask"),
    ),
    AuthMode(
        "aiw-basic",
        (AIW,),
        "App Integration Wizard, Basic Auth",
        "user name and password",
        "basic",
        "Basic ",
        _INFERRED,
        ("connect",),
    ),
    AuthMode(
        "aiw-oauth2",
        (AIW,),
        "App Integration Wizard, OAuth 2",
        "endpoints, client id and client secret",
        "token",
        "Bearer ",
        _INFERRED,
        ("connect",),
    ),
    AuthMode(
        "test-app-header",
        CATALOG,
        "SCIM 2.0 Test App (Header Auth)",
        "the whole value of the header",
        "token",
        "",
        _WILD,
        ("flask", "workshop", "entwork", "sourcegraph"),
    ),
    AuthMode(
        "test-app-bearer",
        CATALOG,
        "SCIM 2.0 Test App (OAuth Bearer Token)",
        "a ready token",
        "token",
        "Bearer ",
        _DOC,
        ("kbtestapps", "ref18"),
    ),
    AuthMode(
        "test-app-basic",
        CATALOG,
        "SCIM 2.0 Test App (Basic Auth)",
        "user name and password",
        "basic",
        "Basic ",
        _INFERRED,
        ("connect",),
    ),
    AuthMode(
        "oin-header",
        CATALOG,
        "OIN app, Header",
        "the token",
        "token",
        "",
        _DOC,
        ("oinauth",),
    ),
    AuthMode(
        "oin-bearer",
        CATALOG,
        "OIN app, Bearer",
        "the token",
        "token",
        "Bearer ",
        _DOC,
        ("oinauth",),
    ),
    AuthMode(
        "oin-oauth2",
        CATALOG,
        "OIN app, OAuth 2 with an authorization code",
        "consent",
        "token",
        "Bearer ",
        _DOC,
        ("prepare", "oinauth"),
    ),
    AuthMode(
        "oin-basic",
        CATALOG,
        "Basic in the OIN Wizard",
        "nothing",
        "basic",
        "Basic ",
        _DOC,
        ("prereq",),
        refused="new OIN submissions cannot use Basic",
    ),
)

_BY_KEY = {mode.key: mode for mode in AUTH_MODES}
_DEFAULTS = {
    (AIW, "bearer"): "aiw-http-header",
    (AIW, "header"): "aiw-http-header",
    (AIW, "basic"): "aiw-basic",
    ("catalog", "bearer"): "test-app-bearer",
    ("catalog", "header"): "test-app-header",
    ("catalog", "basic"): "test-app-basic",
}


def authorization(dialect: str, credential: Credential, auth_mode: str | None = None) -> str:
    """Return the value of the Authorization header; raises ValueError naming what does not fit."""
    app = AIW if dialect == AIW else "catalog"
    chosen = auth_mode or _DEFAULTS.get((app, credential.kind))
    if chosen is None:
        raise ValueError(f"a credential is bearer, header or basic, not {credential.kind!r}")
    mode = _mode(chosen, dialect)
    if (mode.kind == "basic") != (credential.kind == "basic"):
        raise ValueError(f"the mode {mode.key!r} does not take a {credential.kind!r} credential")
    secret = credential.secret
    if mode.kind == "basic":
        secret = base64.b64encode(f"{credential.user}:{secret}".encode()).decode("ascii")
    elif auth_mode is None and dialect == AIW and credential.kind == "header":
        secret = _without_prefix(secret)
    return _sendable(mode.prefix + secret)


def _mode(key: str, dialect: str) -> AuthMode:
    mode = _BY_KEY.get(key)
    if mode is None:
        raise ValueError(f"there is no mode {key!r}; known: {', '.join(_BY_KEY)}")
    if dialect not in mode.dialects:
        raise ValueError(f"the mode {key!r} does not exist in the dialect {dialect!r}")
    if mode.refused:
        raise ValueError(f"the mode {key!r} cannot be used: {mode.refused}")
    return mode


def _without_prefix(value: str) -> str:
    """Return what an admin types in the wizard, whose field has a fixed Bearer in front."""
    prefix, _, token = value.partition(" ")
    if prefix.lower() != "bearer" or not token:
        raise ValueError(
            "apps made with the App Integration Wizard always put 'Bearer ' before the token, so "
            "this verbatim header cannot be sent; use the dialect 'oin', or a bearer token"
        )
    return token


def _sendable(value: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("the credential holds a line break or another control character")
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError("the credential holds characters that no HTTP header can carry") from None
    return value
