"""A server full of other people's data, which strikes whoever sends it a chosen request."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from subprocess import Popen
from typing import Any
from typing import TypeAlias

import reference_server
from reference_server.http_adapter import Server

Json: TypeAlias = Any
# What is there: by (endpoint, id), everything the server shows.
State: TypeAlias = Mapping[tuple[str, str], Json]
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
# The third has the form of a run's names, and is of another run; the others only look alike.
PEOPLE = (
    "ceo@example.com",
    "scimproof",
    "scimproof-0a1b2c-3d4e5f-ann1@example.com",
    "not-scimproof-abcdef-@example.com",
    "scimproof-team@example.com",
    'o"brien\\of sales',
)
GROUPS = ("Everybody", "scimproof", "scimproof-0a1b2c-3d4e5f-team1", "Crew scimproof-")


@dataclass
class Plan:
    """At which request to strike, and whether before it is carried out or after that.

    What is carried out and not answered is what a client calls a lost reply.
    """

    strike: Callable[[], None]
    at: int
    when: str  # before or after
    counts: Callable[[str, str], bool] = lambda method, path: True
    seen: int = 0
    done: threading.Event = field(default_factory=threading.Event)


class Struck:
    """An application that carries out a plan once, and answers like the reference server."""

    def __init__(self, token: str, database: Path, deviations: tuple[str, ...] = ()) -> None:
        self._token = token
        self.app = reference_server.create_app(
            credentials=[reference_server.Credential("bearer", token)],
            database=database,
            deviations=deviations,
        )
        self.base_path = self.app.base_path
        self.plan: Plan | None = None
        self.calls: list[str] = []
        self.busy = 0  # how many of the next deletes are answered that the server is busy
        self._turn = threading.Lock()

    def handle(self, request: reference_server.Request) -> reference_server.Response:
        with self._turn:
            due = self._is_due(request)
            self.calls.append(f"{request.method} {request.path.removeprefix(self.base_path)}")
            if request.method == "DELETE" and self.busy:
                self.busy -= 1
                return reference_server.Response(429, (("Retry-After", "1"),), b"")
        plan = self.plan
        if not due or plan is None:
            return self.app.handle(request)
        if plan.when == "before":
            self._carry_out(plan)
            return reference_server.Response(503, (), b"")
        reply = self.app.handle(request)
        self._carry_out(plan)
        return reply

    def _is_due(self, request: reference_server.Request) -> bool:
        plan = self.plan
        if plan is None or not plan.counts(request.method, request.path):
            return False
        plan.seen += 1
        return plan.seen == plan.at

    def _carry_out(self, plan: Plan) -> None:
        plan.strike()
        plan.done.set()

    def call(self, method: str, path: str, body: Json = None) -> Json:
        """Ask the application itself, past the plan; return the body."""
        path, _, query = path.partition("?")
        headers = (
            ("Authorization", f"Bearer {self._token}"),
            ("Host", "localhost"),
            ("Content-Type", "application/scim+json"),
        )
        content = b"" if body is None else json.dumps(body).encode()
        place = f"{self.base_path}{path}"
        reply = self.app.handle(reference_server.Request(method, place, query, headers, content))
        assert reply.status < 300, reply.body
        return json.loads(reply.body)

    def state(self) -> State:
        """Return everything that is there, `meta` and members included."""
        found = {}
        for endpoint in ("/Users", "/Groups"):
            listed = self.call("GET", f"{endpoint}?count=10000")
            assert len(listed["Resources"]) == listed["totalResults"]
            found |= {(endpoint, each["id"]): each for each in listed["Resources"]}
        return found

    def settle_in(self) -> None:
        """Create the people and groups of somebody else."""
        ids = []
        for name in PEOPLE:
            body = {
                "schemas": [USER],
                "userName": name,
                "displayName": f"Display of {name}",
                "name": {"givenName": "Some", "familyName": "Body"},
                "active": name != "ceo@example.com",
                "emails": [{"value": "someone@example.com", "type": "work", "primary": True}],
            }
            ids.append(self.call("POST", "/Users", body)["id"])
        for name in GROUPS:
            members = [{"value": each} for each in ids]
            self.call(
                "POST", "/Groups", {"schemas": [GROUP], "displayName": name, "members": members}
            )


@dataclass
class Place:
    """A struck server on loopback, which can be started anew on its file."""

    token: str
    database: Path
    deviations: tuple[str, ...] = ()
    server: Server = field(init=False)
    app: Struck = field(init=False)
    _port: int = 0

    def start(self) -> None:
        self.app = Struck(self.token, self.database, self.deviations)
        self.server = Server(self.app, port=self._port).start()  # type: ignore[arg-type]  # it handles requests
        self._port = self.server.port

    def stop(self) -> None:
        self.server.stop()
        self.app.app.close()

    @property
    def url(self) -> str:
        return self.server.url


def end_group(process: Popen[str]) -> None:
    """Kill a process with everything that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def creates(kind: str) -> Callable[[str, str], bool]:
    """Return what tells a request that creates at an endpoint."""
    return lambda method, path: method == "POST" and path.endswith(f"/{kind}")
