"""Where the tenants are: base URLs, how to get in, and whether they may be put under load.

A token comes from the environment or a file, and is shown nowhere.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from idp_profiles.model import Credential
from suites.manners.encryption import is_loopback

TENANT = "{tenant}"
_KINDS = ("bearer", "header", "basic")
# Those of the reference server's tenants file come first: one file can serve both.
_KEYS = frozenset(
    {"name", "base_path", "token_env", "token_file", "account", "oauth_file"}
    | {"url", "idp", "auth", "user"}
)


class PlaceError(ValueError):
    """A tenant that cannot be loaded; the message is one sentence, and never holds a token."""


@dataclass(frozen=True, slots=True)
class Place:
    """One tenant of the endpoint: its name, its base URL and how to get in; `idp` if it is said."""

    name: str
    url: str
    credential: Credential
    idp: str = ""


def numbered_places(
    number: int, url: str, token_file: str | None, env: Mapping[str, str] = os.environ
) -> tuple[Place, ...]:
    """Return tenants called tenant1, tenant2 …, at one base URL or at one each by a pattern."""
    if not url:
        raise PlaceError("name the base URL with --host, as http://127.0.0.1:8080/scim/v2")
    token = _token({"token_env": "SCIM_TOKEN"}, "the endpoint", Path(), env)
    if token_file is not None:
        token = _token({"token_file": token_file}, "the endpoint", Path(), env)
    names = [f"tenant{each}" for each in range(1, number + 1)]
    return tuple(
        Place(name, url.replace(TENANT, name).rstrip("/"), Credential("bearer", token))
        for name in names
    )


def read_places(file: Path, host: str, env: Mapping[str, str] = os.environ) -> tuple[Place, ...]:
    """Read a tenants file: TOML with a table `[[tenants]]` for each.

    It may be the file of the reference server: a tenant without `url` is at `base_path` of `host`,
    `/NAME/scim/v2` unless it is given.
    """
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as fault:
        raise PlaceError(f"{file} cannot be read: {fault.strerror or fault}") from None
    except ValueError as fault:  # no TOML, or no UTF-8
        raise PlaceError(f"{file} is not TOML: {fault}") from None
    entries = document.get("tenants")
    if set(document) != {"tenants"} or not isinstance(entries, list) or not entries:
        raise PlaceError(f"{file} must hold [[tenants]] tables and nothing else")
    found = tuple(_place(each, file, host, env) for each in entries)
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise PlaceError(f"{file}: there are two tenants called {name!r}")
    return found


def _place(entry: Any, file: Path, host: str, env: Mapping[str, str]) -> Place:  # noqa: ANN401 - whatever TOML holds
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name or Path(name).name != name or name.startswith("."):
        raise PlaceError(f"{file}: each tenant needs a name that can be a folder's, not {name!r}")
    where = f"{file}: tenant {name}"
    for key, value in entry.items():
        if key not in _KEYS:
            raise PlaceError(f"{where}: no key {key!r}; known: {', '.join(sorted(_KEYS))}")
        if not isinstance(value, str) or not value:
            raise PlaceError(f"{where}: {key} must be a text that is not empty")
    kind = entry.get("auth", "bearer")
    if kind not in _KINDS:
        raise PlaceError(f"{where}: auth is one of {', '.join(_KINDS)}, not {kind!r}")
    url = entry.get("url") or host.rstrip("/") + entry.get("base_path", f"/{name}/scim/v2")
    token = _token(entry, where, file.parent, env)
    credential = Credential(kind, token, user=entry.get("user", ""))
    return Place(name, url.rstrip("/"), credential, entry.get("idp", ""))


def _token(entry: Mapping[str, str], where: str, folder: Path, env: Mapping[str, str]) -> str:
    variable, file = entry.get("token_env"), entry.get("token_file")
    if (variable is None) == (file is None):
        raise PlaceError(f"{where}: give either token_env or token_file")
    try:
        token = env.get(str(variable), "") if file is None else _in_file(folder / file)
    except (OSError, UnicodeDecodeError):
        raise PlaceError(f"{where}: the token file {file!r} cannot be read") from None
    source = f"the environment variable {variable}" if file is None else f"the file {file!r}"
    if not token:
        raise PlaceError(f"{where}: {source} holds no token")
    if not token.isprintable() or not token.isascii() or token != token.strip():
        raise PlaceError(f"{where}: {source} holds what no header can carry")
    return token


def _in_file(path: Path) -> str:
    return path.read_text("utf-8").rstrip("\r\n")


def check_consent(urls: Collection[str], may_load: Collection[str]) -> None:
    """Refuse to load another host than this machine unless it is named, and plain HTTP to it."""
    allowed = {host.lower() for host in may_load}
    for url in urls:
        host = _host_of(url)
        if is_loopback(url):
            continue
        if host not in allowed:
            raise PlaceError(
                f"{host} is another machine: put a load on a server only if it is yours or you "
                f"were allowed to, and say so with --may-load {host}"
            )
        if urlsplit(url).scheme != "https":
            raise PlaceError(f"{url} would send the token over the network in plain HTTP")


def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or "{" in url:
        raise PlaceError(f"{url!r} is no base URL, as http://127.0.0.1:8080/scim/v2 is one")
    if parts.username is not None or parts.password is not None:
        raise PlaceError("a base URL holds a user name or password; give the token apart from it")
    return host.lower()
