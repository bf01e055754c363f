"""Deployment: the server that environment variables describe, for a WSGI server to run.

`SCIM_TOKEN` is the bearer token. `SCIMPROOF_DB` names the database file; it is needed as soon as
there are several processes. `SCIMPROOF_BASE_PATH` is `/scim/v2` unless it is set.
`SCIMPROOF_OAUTH` names an OAuth file, for a token endpoint. `SCIMPROOF_TENANTS` names a tenants
file, which then gives tokens, base paths and OAuth files instead.

Everything but the database belongs to one process: with limits on the rate of requests, each
process counts for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .app import Application
from .app import create_app
from .authentication import Credential
from .oauth import OAuth
from .oauth_file import read_oauth
from .tenants import checked_token
from .tenants import create_tenants
from .tenants import read_tenants


class DeploymentError(ValueError):
    """Variables that describe no server; the message names the one to look at."""


def deployed(environment: Mapping[str, str], *, several_processes: bool) -> Application:
    """Build the server that the variables describe."""
    file = environment.get("SCIMPROOF_DB") or None
    if file is None and several_processes:
        raise DeploymentError(
            "SCIMPROOF_DB is not set, and several processes serve: each would have resources of "
            "its own; name a database file or run one process"
        )
    database = Path(file) if file is not None else None
    tenants = environment.get("SCIMPROOF_TENANTS") or None
    if tenants is None:
        return _single(environment, database, several_processes=several_processes)
    for variable, what in (("BASE_PATH", "the base paths"), ("OAUTH", "the OAuth files")):
        if environment.get(f"SCIMPROOF_{variable}"):
            raise DeploymentError(
                f"SCIMPROOF_{variable} is set beside SCIMPROOF_TENANTS, whose file has {what}"
            )
    return create_tenants(read_tenants(Path(tenants), environment), database=database)


def _single(
    environment: Mapping[str, str], database: Path | None, *, several_processes: bool
) -> Application:
    token = environment.get("SCIM_TOKEN", "")
    if not token:
        raise DeploymentError("SCIM_TOKEN is not set: it must hold the bearer token")
    return create_app(
        credentials=[Credential("bearer", checked_token(token, "the variable SCIM_TOKEN"))],
        base_path=environment.get("SCIMPROOF_BASE_PATH") or "/scim/v2",
        database=database,
        oauth=_oauth(environment, several_processes=several_processes),
    )


def _oauth(environment: Mapping[str, str], *, several_processes: bool) -> OAuth | None:
    file = environment.get("SCIMPROOF_OAUTH") or None
    oauth = read_oauth(Path(file), environment) if file is not None else None
    if oauth is not None and several_processes and oauth.signing_key is None:
        raise DeploymentError(
            "SCIMPROOF_OAUTH names a file without signing_key_env or signing_key_file, and several "
            "processes serve: none would know the tokens of the others"
        )
    return oauth
