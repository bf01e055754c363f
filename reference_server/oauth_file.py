"""The OAuth file: clients of the token endpoint and trusted issuers, in TOML without any secret.

    lifetime = 3600                        # seconds that an access token lives
    path = "/oauth/token"                  # below the base path
    signing_key_env = "SCIM_SIGNING_KEY"   # what several processes have to share

    [[clients]]
    id = "an-idp"
    secret_env = "SCIM_CLIENT_SECRET"      # or secret_file
    scopes = ["scim"]
    account = "somebody@example.com"       # whom /Me means

    [clients.assertions]                   # RFC 7523: the issuer that signs for this client
    issuer = "https://login.example.com/tenant"
    audience = "api://scim"
    subject = "provisioning"               # the client's id unless it is given
    jwks_file = "keys.json"                # or key_env or key_file, with a shared secret

    [[issuers]]                            # whose tokens enter by themselves; keys as above

Files are looked for beside this one.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import TypeVar

from .json_web_tokens import Issuer
from .json_web_tokens import Key
from .json_web_tokens import SharedKey
from .json_web_tokens import read_keys
from .oauth import Client
from .oauth import OAuth

Built = TypeVar("Built")

_TOP = {"lifetime": int, "path": str, "clients": list, "issuers": list}
_SIGNING = {"signing_key_env": str, "signing_key_file": str}
_CLIENT = {"id": str, "secret_env": str, "secret_file": str, "scopes": list, "account": str}
_ISSUER = {"issuer": str, "audience": str, "subject": str, "account": str}
_KEYS = {"key_env": str, "key_file": str, "jwks_file": str}
_LONGEST = 100_000  # of a file with a key


class OAuthFileError(ValueError):
    """A file that describes no OAuth; the message names the place, and never a secret."""


def read_oauth(file: Path, environment: Mapping[str, str] = os.environ) -> OAuth:
    """Read an OAuth file; raises OAuthFileError."""
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as fault:
        raise OAuthFileError(f"OAuth file {file} cannot be read: {fault.strerror}") from fault
    except ValueError as fault:  # no TOML, or no UTF-8
        raise OAuthFileError(f"OAuth file {file} is not TOML: {fault}") from fault
    return _Reader(file, environment).oauth(document)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the tables of one file."""

    file: Path
    environment: Mapping[str, str]

    def oauth(self, document: Mapping[str, Any]) -> OAuth:
        where = f"OAuth file {self.file}"
        _check(document, {**_TOP, **_SIGNING}, where)
        settings = {name: document[name] for name in ("lifetime", "path") if name in document}
        signing = self._secret(document, "signing_key", where)
        if signing:
            settings["signing_key"] = signing.encode()
        clients = [
            self._client(each, f"{where}: client {number}")
            for number, each in enumerate(document.get("clients", []), start=1)
        ]
        issuers = [
            self._issuer(each, f"{where}: issuer {number}")
            for number, each in enumerate(document.get("issuers", []), start=1)
        ]
        return _built(lambda: OAuth(clients=clients, issuers=issuers, **settings), where)

    def _client(self, entry: Any, where: str) -> Client:  # noqa: ANN401 - whatever TOML holds
        _check(entry, {**_CLIENT, "assertions": dict}, where)
        signed = entry.get("assertions")
        named = f"{where}: assertions"
        assertions = () if signed is None else (self._issuer(signed, named),)
        return _built(
            lambda: Client(
                id=entry.get("id", ""),
                secret=self._secret(entry, "secret", where),
                assertions=assertions,
                scopes=tuple(map(str, entry.get("scopes", []))),
                account=entry.get("account"),
            ),
            where,
        )

    def _issuer(self, entry: Any, where: str) -> Issuer:  # noqa: ANN401 - whatever TOML holds
        _check(entry, {**_ISSUER, **_KEYS}, where)
        return _built(
            lambda: Issuer(
                issuer=entry.get("issuer", ""),
                audience=entry.get("audience", ""),
                subject=entry.get("subject"),
                account=entry.get("account"),
                keys=self._keys(entry, where),
            ),
            where,
        )

    def _keys(self, entry: Mapping[str, str], where: str) -> tuple[Key, ...]:
        if "jwks_file" in entry:
            text = self._text(entry["jwks_file"], where)
            try:
                return read_keys(json.loads(text))
            except RecursionError:
                raise OAuthFileError(f"{where}: the keys are nested too deeply") from None
        secret = self._secret(entry, "key", where)
        return (SharedKey(secret),) if secret else ()

    def _secret(self, entry: Mapping[str, Any], name: str, where: str) -> str:
        """Return the secret that an entry names by variable or file; nothing when it names none."""
        variable, file = entry.get(f"{name}_env"), entry.get(f"{name}_file")
        if variable and file:
            raise OAuthFileError(f"{where}: give either {name}_env or {name}_file")
        if file:
            return self._text(file, where)
        if variable and not self.environment.get(variable):
            raise OAuthFileError(f"{where}: the variable {variable} is not set")
        return self.environment[variable] if variable else ""

    def _text(self, name: str, where: str) -> str:
        path = self.file.parent / name
        try:
            found = path.read_text("utf-8")[:_LONGEST].rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as fault:
            # A decoding error quotes what it could not read, which may be the secret.
            reason = fault.strerror if isinstance(fault, OSError) else "it is not UTF-8"
            raise OAuthFileError(f"{where}: the file {path} cannot be read: {reason}") from None
        if not found:
            raise OAuthFileError(f"{where}: the file {path} is empty")
        return found


def _check(entry: Any, known: Mapping[str, type], where: str) -> None:  # noqa: ANN401 - whatever TOML holds
    """Refuse what is no table, and keys and types that there are not."""
    if not isinstance(entry, dict):
        raise OAuthFileError(f"{where} must be a table")
    for key, value in entry.items():
        if key not in known:
            raise OAuthFileError(f"{where}: there is no key {key!r}; known: {', '.join(known)}")
        if not isinstance(value, known[key]) or isinstance(value, bool):
            raise OAuthFileError(f"{where}: {key} must be of the type {known[key].__name__}")


def _built(make: Callable[[], Built], where: str) -> Built:
    try:
        return make()
    except OAuthFileError:
        raise
    except ValueError as fault:
        raise OAuthFileError(f"{where}: {fault}") from None
