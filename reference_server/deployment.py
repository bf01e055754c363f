"""Deployment: the server that environment variables describe, for a WSGI server to run.

`SCIM_TOKEN` is the bearer token. `SCIMPROOF_DB` names the database file; it is needed as soon as
there are several processes. `SCIMPROOF_BASE_PATH` is `/scim/v2` unless it is set.
`SCIMPROOF_TENANTS` names a tenants file, which then gives tokens and base paths instead.

Everything but the database belongs to one process: with limits on the rate of requests, each
process counts for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .app import Application
from .app import create_app
from .authentication import Credential
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
        return _single(environment, database)
    if environment.get("SCIMPROOF_BASE_PATH"):
        raise DeploymentError(
            "SCIMPROOF_BASE_PATH is set beside SCIMPROOF_TENANTS, whose file has the base paths"
        )
    return create_tenants(read_tenants(Path(tenants), environment), database=database)


def _single(environment: Mapping[str, str], database: Path | None) -> Application:
    token = environment.get("SCIM_TOKEN", "")
    if not token:
        raise DeploymentError("SCIM_TOKEN is not set: it must hold the bearer token")
    return create_app(
        credentials=[Credential("bearer", checked_token(token, "the variable SCIM_TOKEN"))],
        base_path=environment.get("SCIMPROOF_BASE_PATH") or "/scim/v2",
        database=database,
    )
