"""The credentials of the server under test: from the environment or from files, never repeated."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from idp_profiles.model import Credential

from .tokens import CLIENT_CREDENTIALS
from .tokens import JWT
from .tokens import JWT_BEARER
from .tokens import SIGNED

_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "k")
_UNSET = ": put the credential in it, or name a file by --scim-token-file"
USUAL = "bearer"
_KINDS = (USUAL, "header", "basic", CLIENT_CREDENTIALS, JWT_BEARER, JWT)


class TargetError(Exception):
    """The target cannot be used as given; the message says what to do. Exit status 4."""


def checked_url(url: str) -> str:
    """Return a usable URL without a slash at its end; raises TargetError."""
    try:
        split = urlsplit(url)
        usable = split.scheme in ("http", "https") and split.hostname and (split.port or 1)
    except ValueError:
        usable = None
    if not usable:
        shown = re.sub(r"//[^/]*@", "//[redacted]@", url.partition("?")[0])
        raise TargetError(
            f"The URL {shown!r} is not usable: write http://HOST[:PORT]/PATH or https."
        )
    if split.username or split.password:
        raise TargetError(
            "The URL holds a user name or password: use SCIM_AUTH=basic with SCIM_USER "
            "and SCIM_TOKEN instead, so that no file or process list shows them."
        )
    if split.query or split.fragment:
        shown = url.partition("?")[0].partition("#")[0]
        raise TargetError(f"The base URL {shown!r} must not carry a query or fragment.")
    return url.rstrip("/")


def main_credential(
    raw: Mapping[str, str], token_file: str | None, env: Mapping[str, str]
) -> Credential:
    """Return what the run authenticates with; raises TargetError."""
    kind = raw.get("kind", USUAL)
    secret = ""
    if token_file:
        secret = _read_secret(Path(token_file))
    elif env.get("SCIM_TOKEN"):
        secret = env["SCIM_TOKEN"]
    elif env.get("SCIM_TOKEN_FILE"):
        secret = _read_secret(Path(env["SCIM_TOKEN_FILE"]))
    elif raw.get("token_env") or raw.get("token_file"):
        secret = _secret(raw, env, _UNSET)
    if not secret.strip():
        raise TargetError(
            "No credential: set SCIM_TOKEN, or name a file with --scim-token-file. "
            "It is never taken from the command line, where a process list shows it."
        )
    if kind in SIGNED:
        raise TargetError(
            f"Authentication {kind!r} is an identity provider's own: name it under also_accepts, "
            f"and a credential that anybody can use (such as {CLIENT_CREDENTIALS!r}) here."
        )
    return _made(raw, secret)


def credential_of(raw: Mapping[str, str], env: Mapping[str, str]) -> Credential:
    """Return one of the further credentials of a target file; raises TargetError."""
    return _made(raw, _secret(raw, env))


def secret_parts(credential: Credential) -> list[str]:
    """Return what is secret in a credential: all of it, or of a JWK its private members.

    They are named by RFC 7518 sections 6.2.2, 6.3.2 and 6.4.
    """
    secret = credential.secret
    if credential.kind == "basic":
        # What is sent, which a server may repeat in yet another form (RFC 7617 section 2).
        return [secret, base64.b64encode(f"{credential.user}:{secret}".encode()).decode()]
    if not secret.startswith("{"):
        return [secret]
    try:
        key = json.loads(secret)
    except (ValueError, RecursionError):
        return [secret]
    return [str(key[name]) for name in _PRIVATE if name in key] if isinstance(key, dict) else []


def _made(raw: Mapping[str, str], secret: str) -> Credential:
    kind, user = raw.get("kind", USUAL), raw.get("user", "")
    if kind not in _KINDS:
        raise TargetError(f"Authentication {kind!r} is unknown: use {', '.join(_KINDS)}.")
    if kind in SIGNED or kind == CLIENT_CREDENTIALS:
        return _traded(raw, secret)
    if kind == "basic" and not user:
        raise TargetError("Basic authentication needs a user name: set SCIM_USER or user.")
    carried = secret.isprintable() and (kind == "basic" or secret.isascii())
    if not carried or secret != secret.strip():
        raise TargetError(
            "The credential holds a line break, a blank at its end, or a character that no header "
            "can carry."
        )
    return Credential(kind=kind, secret=secret, user=user)


def _traded(raw: Mapping[str, str], secret: str) -> Credential:
    """Return a credential that is never sent to the SCIM endpoints as it is."""
    kind, url, client = raw["kind"], raw.get("token_url", ""), raw.get("client_id", "")
    if kind == JWT:
        return Credential(kind, secret)
    if not url or not client:
        raise TargetError(
            f"Authentication {kind!r} needs token_url and client_id (SCIM_TOKEN_URL, "
            "SCIM_CLIENT_ID); SCIM_TOKEN is then the client's secret."
        )
    where, scope = raw.get("where", "header"), raw.get("scope", "")
    return Credential(kind, secret, client, checked_url(url), scope, where)


def _secret(raw: Mapping[str, str], env: Mapping[str, str], hint: str = "") -> str:
    if raw.get("token_file"):
        return _read_secret(Path(raw["token_file"]))
    variable = raw.get("token_env", "")
    if not env.get(variable):
        # Who put the secret itself there does not see it repeated.
        shown = variable if variable.isupper() else "that token_env names"
        raise TargetError(f"The environment variable {shown} is not set{hint}.")
    return env[variable]


def _read_secret(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise TargetError(f"Cannot read the token file {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise TargetError(f"The token file {path} is not text.") from None
    if not text:
        raise TargetError(f"The token file {path} is empty.")
    return text
