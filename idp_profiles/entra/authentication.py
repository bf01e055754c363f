"""The ways to authenticate that an admin can choose, and what each puts on the wire."""

from __future__ import annotations

from idp_profiles.bearer_header import sendable
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.profile import AuthMode

from .json_web_token import ASSERTION_CLAIMS
from .json_web_token import BLANK_SECRET_CLAIMS
from .names import ALL

_DOC, _INFERRED = Certainty.DOC, Certainty.INFERRED
_OAUTH_FIELDS = "token endpoint, client identifier, client secret, scopes"

AUTH_MODES = (
    AuthMode(
        "secret-token",
        ALL,
        "Secret Token",
        "the token alone",
        "token",
        "Bearer ",
        _DOC,
        ("D1", "W26"),
    ),
    AuthMode(
        "secret-token-verbatim",
        ALL,
        "Secret Token with the word Bearer typed before it, sent as typed",
        "Bearer, a blank, the token",
        "token",
        "Bearer Bearer ",
        _INFERRED,
        ("W20", "W21", "W22", "W26"),
    ),
    AuthMode(
        "secret-token-strip-bearer",
        ALL,
        "Secret Token with the word Bearer typed before it, which is taken off",
        "Bearer, a blank, the token",
        "token",
        "Bearer ",
        _INFERRED,
        ("W22", "W44"),
    ),
    AuthMode(
        "blank-secret",
        ALL,
        "Secret Token left blank: a JWT of Entra's own",
        "nothing",
        "jwt",
        "Bearer ",
        _DOC,
        ("D1",),
        claims=BLANK_SECRET_CLAIMS,
    ),
    AuthMode(
        "oauth2-header",
        ALL,
        "OAuth 2.0 client credentials, sent in the header",
        _OAUTH_FIELDS,
        "client",
        "Bearer ",
        _DOC,
        ("D1", "D14"),
    ),
    AuthMode(
        "oauth2-body",
        ALL,
        "OAuth 2.0 client credentials, sent in the body",
        _OAUTH_FIELDS,
        "client",
        "Bearer ",
        _DOC,
        ("D1", "D14"),
    ),
    AuthMode(
        "oauth2-both",
        ALL,
        "OAuth 2.0 client credentials, sent in header and body",
        _OAUTH_FIELDS,
        "client",
        "Bearer ",
        _DOC,
        ("D1",),
    ),
    AuthMode(
        "workload-identity",
        ALL,
        "Workload identity federation (RFC 7523)",
        "token endpoint, client identifier, scopes",
        "client",
        "Bearer ",
        _DOC,
        ("D1", "C3"),
        claims=ASSERTION_CLAIMS,
    ),
    AuthMode(
        "authorization-code",
        ALL,
        "OAuth authorization code grant",
        "consent",
        "token",
        "Bearer ",
        _DOC,
        ("D1",),
        refused="Microsoft has retired it",
    ),
    AuthMode(
        "basic",
        ALL,
        "User name and password",
        "user name and password",
        "basic",
        "Basic ",
        _DOC,
        ("D1",),
        refused="Entra does not support it",
    ),
)

_BY_KEY = {mode.key: mode for mode in AUTH_MODES}
_BY_SWITCH = {
    "plain": "secret-token",
    "verbatim": "secret-token-verbatim",
    "strip-bearer": "secret-token-strip-bearer",
}
_BY_KIND = {
    "oauth2-jwt-bearer": "workload-identity",
    "jwt": "blank-secret",
    "basic": "basic",
}
_BY_LOCATION = {"header": "oauth2-header", "body": "oauth2-body", "both": "oauth2-both"}
_CLIENT_KINDS = frozenset({"oauth2-client-credentials", "oauth2-jwt-bearer"})


def chosen_mode(credential: Credential, auth_mode: str | None, secret_token: str) -> AuthMode:
    """Return the mode that is asked for, or that the kind of credential and a switch stand for."""
    usual = _BY_KIND.get(credential.kind, _BY_SWITCH[secret_token])
    if credential.kind == "oauth2-client-credentials":
        usual = _BY_LOCATION.get(credential.location, "oauth2-header")
    key = auth_mode or usual
    mode = _BY_KEY.get(key)
    if mode is None:
        raise ValueError(f"there is no mode {key!r}; known: {', '.join(_BY_KEY)}")
    if mode.refused:
        raise ValueError(f"the mode {key!r} cannot be used: {mode.refused}")
    if (mode.kind == "client") != (credential.kind in _CLIENT_KINDS):
        raise ValueError(f"the mode {key!r} does not take a {credential.kind!r} credential")
    if credential.kind == "jwt" and mode.kind != "jwt":
        raise ValueError(f"the mode {key!r} sends a token, and this credential is a key")
    return mode


def typed_secret(credential: Credential) -> str:
    """Return the token behind a credential; raises ValueError when it is no bearer token."""
    if credential.kind in {"bearer", "jwt"}:
        return credential.secret
    scheme, _, token = credential.secret.partition(" ")
    if credential.kind != "header" or scheme.lower() != "bearer" or not token:
        raise ValueError(
            "Entra always puts 'Bearer ' before what the admin types, so this credential cannot "
            "be sent; give a bearer token"
        )
    return token


def bearer(mode: AuthMode, token: str) -> str:
    """Return the value of the Authorization header; raises ValueError when HTTP cannot carry it."""
    return sendable(mode.prefix + token)
