"""The embedded target: our own reference server, in this process or on a free loopback port."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from importlib.resources import files

import reference_server
from idp_profiles.model import Credential
from reference_server.http_adapter import Server
from reference_server.wsgi import wsgi_app

from .connection import Connection
from .connection import Patience
from .target import Target

BASE_PATH = "/scim/v2"
LIMIT = reference_server.RateLimit(requests=4, seconds=5)


class Clock:
    """The server's clock; waiting moves it on instead of sleeping, so that no run is slow."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the time the server sees."""
        return datetime.now(UTC) + self._ahead

    def sleep(self, seconds: float) -> None:
        """Let time pass on the server without waiting."""
        self._ahead += timedelta(seconds=seconds)


@dataclass(slots=True)
class Embedded:
    """A running embedded server with the connection to it."""

    connection: Connection
    server: Server | None

    def close(self) -> None:
        """Stop the server and close the sockets."""
        self.connection.close()
        if self.server is not None:
            self.server.stop()


def start(*, deviations: Sequence[str] = (), sockets: bool = True) -> Embedded:
    """Start a reference server with fresh credentials and return it with its connection.

    It accepts a bearer token, a bare token and Basic, so that every authentication mode of an IdP
    can be tried, and a second bearer token with a low request limit.
    """
    clock = Clock()
    bearer, bare, basic, limited = _credentials()
    app = _app(clock, (bearer, bare, basic), limited, deviations)
    server = Server(app).start() if sockets else None
    target = Target(
        url=server.url if server else f"http://127.0.0.1{BASE_PATH}",
        credential=bearer,
        also_accepts=(bare, basic),
        rate_limited=limited,
    )
    connection = Connection(
        target,
        app=None if server else wsgi_app(app),
        patience=Patience(target.wait_budget * 100, clock.sleep),
    )
    return Embedded(connection, server)


def _app(
    clock: Clock, known: Sequence[Credential], limited: Credential, deviations: Sequence[str]
) -> reference_server.Application:
    return reference_server.create_app(
        credentials=[
            *(_serverside(credential) for credential in known),
            reference_server.Credential("bearer", limited.secret, limit=LIMIT),
        ],
        base_path=BASE_PATH,
        schema_files=[files("reference_server").joinpath("data", "entitlements.json")],
        deviations=deviations,
        clock=clock.now,
    )


def _credentials() -> tuple[Credential, Credential, Credential, Credential]:
    def made() -> str:
        return secrets.token_urlsafe(24)

    return (
        Credential(kind="bearer", secret=made()),
        Credential(kind="header", secret=made()),
        Credential(kind="basic", secret=made(), user="provisioning"),
        Credential(kind="bearer", secret=made()),
    )


def _serverside(credential: Credential) -> reference_server.Credential:
    return reference_server.Credential(credential.kind, credential.secret, credential.user)
