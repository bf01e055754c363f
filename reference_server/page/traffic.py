"""Traffic: the last requests of a tenant with their replies, masked, for whoever looks on."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import unquote

from reference_server.errors import ScimError
from reference_server.messages import Handler
from reference_server.messages import Headers
from reference_server.messages import Request
from reference_server.messages import Response

from .masking import HIDDEN
from .masking import masked_body
from .masking import masked_headers
from .masking import masked_target
from .masking import spellings
from .masking import without

MOST = 300
MOST_AT_ONCE = 100
_LONGEST_METHOD = 40
_LONGEST_TARGET = 4_000
# All bodies together; a test of a group of 50,000 does not fill the memory.
_ROOM = 8 * 1024 * 1024
# Many passwords in one request (a bulk request) take too long to be looked for elsewhere.
_MOST_SECRETS = 20
_SECRETS = "(not shown: it may hold one of many secrets)"
_STRANGER = "(not kept: a stranger sent it)"
_IN_PARTS = "(a long reply, sent in parts and not kept)"


@dataclass(frozen=True, slots=True)
class Message:
    """Headers and body as they may be shown, and how long the body was."""

    headers: Headers
    body: str
    size: int | None

    def without(self, spelt: Iterable[str]) -> Message:
        """Return the message in which none of some spellings stands."""
        return Message(_without(self.headers, spelt), without(self.body, spelt), self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its reply, without secrets."""

    number: int
    at: float
    method: str
    target: str
    status: int
    milliseconds: float
    sent: Message
    reply: Message


# A named tuple: each request makes one, and a dataclass takes three times as long.
class _Kept(NamedTuple):
    """What is kept of an exchange: bodies as they may be shown, the rest as it came."""

    number: int
    at: float
    milliseconds: float
    method: str
    path: str
    query: str
    status: int
    headers: tuple[Headers, Headers]
    bodies: tuple[str, str]
    sizes: tuple[int, int | None]

    @property
    def room(self) -> int:
        """How many characters it takes, about."""
        headers = sum(len(name) + len(value) for name, value in self.headers[0])
        return headers + len(self.bodies[0]) + len(self.bodies[1])

    def shown(self, spelt: Sequence[str]) -> Exchange:
        """Return the exchange in which none of some spellings stands."""
        sent, reply = (
            Message(masked_headers(headers), body, size).without(spelt)
            for headers, body, size in zip(self.headers, self.bodies, self.sizes, strict=True)
        )
        return Exchange(
            number=self.number,
            at=self.at,
            method=without(self.method, spelt),
            target=without(masked_target(self.path, self.query), spelt),
            status=self.status,
            milliseconds=self.milliseconds,
            sent=sent,
            reply=reply,
        )

    def quoting_none(self, found: set[str]) -> _Kept:
        """Return the same without the secrets of its bodies, wherever else they stand."""
        if len(found) > _MOST_SECRETS:
            target = unquote(f"{self.path}?{self.query}")
            path = HIDDEN if any(each in target for each in found) else self.path
            bare = (_names_only(self.headers[0]), _names_only(self.headers[1]))
            return self._replace(path=path, query="", headers=bare, bodies=(_SECRETS, _SECRETS))
        spelt = spellings(found)
        return self._replace(
            path=without(self.path, spelt),
            query=without(self.query, spelt),
            headers=(_without(self.headers[0], spelt), _without(self.headers[1], spelt)),
            bodies=(without(self.bodies[0], spelt), without(self.bodies[1], spelt)),
        )


def _without(headers: Headers, spelt: Iterable[str]) -> Headers:
    return tuple((without(name, spelt), without(value, spelt)) for name, value in headers)


def _names_only(headers: Headers) -> Headers:
    return tuple((name, HIDDEN) for name, _ in headers)


class Traffic:
    """Keeps the last exchanges, as many as fit.

    Passwords in bodies are taken out at once, so that none waits in memory. The credentials in the
    headers and the secrets of the server are taken out when somebody looks: to look for them in
    each request would cost as much as answering it.
    """

    def __init__(
        self, secrets: Callable[[], Iterable[str]], clock: Callable[[], float] = time.time
    ) -> None:
        self._secrets = secrets
        self._clock = clock
        self._guard = threading.Lock()
        self._kept: deque[_Kept] = deque()
        self._last = 0
        self._room = _ROOM

    def recorded(self, handle: Handler) -> Handler:
        """Return a handler that does the same, and is looked at while it does."""

        def answer(request: Request) -> Response:
            started = time.perf_counter()
            try:
                response = handle(request)
            except ScimError as refusal:
                self._keep(request, refusal.response(), started)
                raise
            except Exception:  # a fault of our own, which the application turns into this status
                self._keep(request, Response(500), started)
                raise
            self._keep(request, response, started)
            return response

        return answer

    def after(self, number: int) -> tuple[int, Sequence[Exchange]]:
        """Return the number of the last exchange, and those that came after another, in order."""
        with self._guard:
            last, found = self._last, [each for each in self._kept if each.number > number]
        spelt = spellings(self._secrets())
        return last, [each.shown(spelt) for each in found[-MOST_AT_ONCE:]]

    def exchange(self, number: int) -> Exchange | None:
        """Return one exchange, if it is kept still."""
        with self._guard:
            found = next((each for each in self._kept if each.number == number), None)
        return found.shown(spellings(self._secrets())) if found is not None else None

    def _keep(self, request: Request, response: Response, started: float) -> None:
        milliseconds = (time.perf_counter() - started) * 1000
        found: set[str] = set()
        bodies, sizes = _bodies(request, response, found)
        kept = _Kept(
            0,  # until its turn is known
            self._clock(),
            milliseconds,
            request.method[:_LONGEST_METHOD],
            request.path[:_LONGEST_TARGET],
            request.query[:_LONGEST_TARGET],
            response.status,
            (request.headers, response.headers),
            bodies,
            sizes,
        )
        if found:
            kept = kept.quoting_none(found)
        with self._guard:
            self._last += 1
            self._kept.append(kept._replace(number=self._last))
            self._room -= kept.room
            while len(self._kept) > MOST or (self._room < 0 and len(self._kept) > 1):
                self._room += self._kept.popleft().room


def _bodies(
    request: Request, response: Response, found: set[str]
) -> tuple[tuple[str, str], tuple[int, int | None]]:
    """Return both bodies as they may be shown, and their sizes; secrets join those found."""
    content = response.body
    if response.status == HTTPStatus.UNAUTHORIZED and request.body:
        # Nobody can make the server look at what it does not let in.
        sent = _STRANGER
    else:
        sent = masked_body(request.body, request.header("Content-Type") or "", found)
    if not isinstance(content, bytes):
        return (sent, _IN_PARTS), (len(request.body), None)
    reply = masked_body(content, response.header("Content-Type") or "", found)
    return (sent, reply), (len(request.body), len(content))
