"""A reference server behind a door that counts, slows down and turns away."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import TypeAlias

import pytest

import reference_server
from reference_server import Request
from reference_server import Response
from reference_server.http_adapter import Server

# What came out of a JSON reader, and is looked at as a test needs.
Json: TypeAlias = Any
TOKEN = "t0k3n-of.the+door="  # noqa: S105 - made up
# What the door answers in the server's place to the n-th request, None to let it pass.
Answer: TypeAlias = Callable[[int, Request], Response | None]


def busy(status: int, **headers: str) -> Response:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    body = b'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": "Not now."}'
    return Response(status, (("Content-Type", "application/scim+json"), *named), body)


@dataclass
class Door:
    """What came to a server, when, and how much of it at once."""

    app: reference_server.Application
    answer: Answer
    delay: float
    requests: list[Request] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    most: int = 0
    _inside: int = 0

    def __post_init__(self) -> None:
        self.base_path = self.app.base_path
        self._lock = threading.Lock()

    def handle(self, request: Request) -> Response:
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
            self.requests.append(request)
            self.moments.append(time.monotonic())
            number = len(self.requests)
        try:
            if self.delay:
                time.sleep(self.delay)  # the server is slow, the selftest does not wait
            return self.answer(number, request) or self.app.handle(request)
        finally:
            with self._lock:
                self._inside -= 1

    def most_within(self, seconds: float) -> int:
        """How many requests came in any such stretch of time at most."""
        ends = [(start, start + seconds) for start in self.moments]
        return max(sum(start <= each < end for each in self.moments) for start, end in ends)

    def users(self) -> int:
        """How many users are there."""
        found: int = self.ask("GET", "/Users")["totalResults"]
        return found

    def ask(self, method: str, path: str, body: object = None) -> Json:
        """Ask the server behind the door, as somebody else would."""
        headers = (
            ("Authorization", f"Bearer {TOKEN}"),
            ("Host", "localhost"),
            ("Content-Type", "application/scim+json"),
        )
        content = b"" if body is None else json.dumps(body).encode()
        place = f"{self.base_path}{path}"
        reply = self.app.handle(Request(method, place, "", headers, content)).body
        return json.loads(reply if isinstance(reply, bytes) else b"".join(reply))


@dataclass(frozen=True)
class Guarded:
    """A server on loopback and its door."""

    url: str
    door: Door


@pytest.fixture
def guarded() -> Iterator[Callable[..., Guarded]]:
    servers: list[Server] = []

    def start(answer: Answer = lambda number, request: None, *, delay: float = 0.0) -> Guarded:
        credential = reference_server.Credential("bearer", TOKEN)
        door = Door(reference_server.create_app(credentials=[credential]), answer, delay)
        server = Server(door).start()  # type: ignore[arg-type]  # handles requests all the same
        servers.append(server)
        return Guarded(server.url, door)

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def door_token() -> str:
    """What opens the door."""
    return TOKEN


@pytest.fixture(name="busy")
def busy_reply() -> Callable[..., Response]:
    """Makes the reply of a server that has no time."""
    return busy
