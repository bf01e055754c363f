"""Tenants: several servers in one process, told apart by their base paths.

Each tenant is an application of its own with its own credentials, limits and resources; they share
nothing but the process and, when there is one, the database file. A tenants file names them.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from .app import Application
from .app import create_app
from .authentication import Credential
from .database import Database
from .errors import not_found
from .messages import Request
from .messages import Response
from .oauth import OAuth
from .oauth_file import read_oauth
from .registry import SchemaFile

_KEYS = frozenset({"name", "base_path", "token_env", "token_file", "account", "oauth_file"})


class TenantsError(ValueError):
    """Tenants that cannot be served; the message names the one, and never a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One tenant: its name in the database, where it answers, and how to get in."""

    name: str
    base_path: str
    token: str = field(repr=False)
    account: str | None = None
    oauth: OAuth | None = None


class Tenants(Application):
    """Several applications behind one door; `base_paths` has that of each tenant by its name."""

    def __init__(self, applications: Mapping[str, Application]) -> None:
        super().__init__("", self._answer, self._close_all)
        self._applications = tuple(applications.values())
        self.base_paths = {name: app.base_path for name, app in applications.items()}
        _refuse_overlaps(self.base_paths)

    def _answer(self, request: Request) -> Response:
        """Let the tenant answer in whose base path the request's path is."""
        for application in self._applications:
            base = application.base_path
            if request.path == base or request.path.startswith(f"{base}/"):
                return application.handle(request)
        raise not_found(f"There is nothing at {request.path!r:.200}.")

    def _close_all(self) -> None:
        for application in self._applications:
            application.close()


def create_tenants(
    tenants: Sequence[Tenant],
    *,
    auth: str = "bearer",
    user: str = "",
    database: Path | None = None,
    schema_files: Sequence[SchemaFile] = (),
    deviations: Sequence[str] = (),
    without_tolerances: Sequence[str] = (),
    page: bool = False,
) -> Tenants:
    """Build a server for several tenants; each option but `tenants` holds for all of them."""
    if not tenants:
        raise TenantsError("at least one tenant is needed")
    _refuse_doubles(tenants)
    file = Database(database) if database is not None else None
    return Tenants(
        {
            each.name: create_app(
                credentials=[Credential(auth, each.token, user=user, account=each.account)],
                base_path=each.base_path,
                schema_files=schema_files,
                deviations=deviations,
                without_tolerances=without_tolerances,
                database=file,
                tenant=each.name,
                oauth=each.oauth,
                page=page,
            )
            for each in tenants
        }
    )


def read_tenants(file: Path, environment: Mapping[str, str] = os.environ) -> tuple[Tenant, ...]:
    """Read a tenants file: TOML with a table `[[tenants]]` for each.

    `name` is required, and either `token_env` (an environment variable) or `token_file` (a file,
    beside the tenants file if its path is relative); `base_path` is `/NAME/scim/v2` unless it is
    given; `account` is the userName that `/Me` means; `oauth_file` names an OAuth file.
    """
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as fault:
        reason = fault.strerror or fault
        raise TenantsError(f"tenants file {file} cannot be read: {reason}") from fault
    except ValueError as fault:  # no TOML, or no UTF-8
        raise TenantsError(f"tenants file {file} is not TOML: {fault}") from fault
    entries = document.get("tenants")
    if set(document) != {"tenants"} or not isinstance(entries, list) or not entries:
        raise TenantsError(f"tenants file {file} must hold [[tenants]] tables and nothing else")
    return tuple(
        _tenant(each, f"tenants file {file}: tenant {number}", file.parent, environment)
        for number, each in enumerate(entries, start=1)
    )


def _tenant(entry: Any, where: str, folder: Path, environment: Mapping[str, str]) -> Tenant:  # noqa: ANN401 - whatever TOML holds
    if not isinstance(entry, dict):
        raise TenantsError(f"{where} must be a table")
    for key, value in entry.items():
        if key not in _KEYS:
            known = ", ".join(sorted(_KEYS))
            raise TenantsError(f"{where}: there is no key {key!r}; known: {known}")
        if not isinstance(value, str) or not value:
            raise TenantsError(f"{where}: {key} must be a text that is not empty")
    name, oauth = entry.get("name"), entry.get("oauth_file")
    if name is None:
        raise TenantsError(f"{where}: name is missing")
    return Tenant(
        name=name,
        base_path=entry.get("base_path", f"/{name}/scim/v2"),
        token=_token(entry, f"{where} ({name})", folder, environment),
        account=entry.get("account"),
        oauth=read_oauth(folder / oauth, environment) if oauth is not None else None,
    )


def _token(
    entry: Mapping[str, str], where: str, folder: Path, environment: Mapping[str, str]
) -> str:
    variable, file = entry.get("token_env"), entry.get("token_file")
    if (variable is None) == (file is None):
        raise TenantsError(f"{where}: give either token_env or token_file")
    if variable is not None:
        return checked_token(environment.get(variable, ""), f"{where}: the variable {variable}")
    path = folder / str(file)
    try:
        return checked_token(path.read_text("utf-8").rstrip("\r\n"), f"{where}: the file {path}")
    except (OSError, UnicodeDecodeError) as fault:
        # A decoding error quotes what it could not read, which may be the token.
        reason = fault.strerror if isinstance(fault, OSError) else "it is not UTF-8"
        raise TenantsError(f"{where}: the file {path} cannot be read: {reason}") from None


def checked_token(token: str, where: str) -> str:
    """Refuse a token that no header can carry; the message says where it is from, never what."""
    if not token:
        raise TenantsError(f"{where} holds no token")
    if not token.isprintable() or token != token.strip():
        raise TenantsError(f"{where}: the token has blanks around it or unprintable characters")
    return token


def _refuse_doubles(tenants: Sequence[Tenant]) -> None:
    names = [each.name for each in tenants]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise TenantsError(f"two tenants are called {doubled!r}")


def _refuse_overlaps(base_paths: Mapping[str, str]) -> None:
    """Refuse a base path within another's: both tenants would claim the same addresses."""
    for name, path in base_paths.items():
        for other, outer in base_paths.items():
            if name != other and (path == outer or path.startswith(f"{outer}/")):
                raise TenantsError(
                    f"the base path {path!r} of tenant {name!r} is within that of {other!r}"
                )
