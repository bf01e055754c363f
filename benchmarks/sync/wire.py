"""The line of one tenant: the profile's literal requests, timed, paced, and held when asked to.

The lanes of a tenant share its pace and its patience; each has a connection of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from urllib.parse import unquote

from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Trouble
from idp_profiles.transport import Send
from suites.cleanup.journal import NAME_OF
from suites.cleanup.journal import Journal

from .figures import Figures

_LONGEST_HOLD = 60.0
_USUAL_HOLD = 1.0
_CATCH_UP = 0.5
_ATTEMPTS = 5
_WRITES = ("PUT", "PATCH", "DELETE")
# Without a break a dead endpoint would be asked once for each person.
_MOST_TROUBLES = 20
_MOST_FAILURES = 200

# Method, shape, milliseconds, length of the reply, and what was wrong or nothing.
Heard = Callable[[str, str, float, int, str], None]


class BrokenOffError(Exception):
    """No more is sent for this tenant; the message says why in one sentence."""


def shape_of(request: Request) -> str:
    """Return where a request goes without ids and values: `/Users/{id}`, `/Users?filter=…`."""
    path, _, query = request.target.partition("?")
    parts = [part for part in path.split("/") if part]
    if len(parts) > 1:
        parts[1] = "{id}"
    names = [pair.partition("=")[0] for pair in query.split("&") if pair]
    shown = "&".join(f"{name}=…" for name in names)
    return "/" + "/".join(parts) + (f"?{shown}" if shown else "")


def asked_to_wait(reply: Reply) -> float:
    """Return how many seconds a reply asks for: a 429, or a 503 with Retry-After."""
    stated = (reply.header("Retry-After") or "").strip()
    known = stated.isascii() and stated.isdigit()
    if reply.status == 429 or (reply.status == 503 and known):
        return min(float(stated) if known else _USUAL_HOLD, _LONGEST_HOLD)
    return 0.0


def wrong_with(request: Request, reply: Reply) -> str:
    """Return what the IdP does not go on after, nothing when it does."""
    if reply.status in request.step.accepts:
        return ""
    return f"{reply.status} {reply.phrase}"


@dataclass(slots=True)
class Line:
    """What the lanes of a tenant have in common; `stop` ends all sending."""

    figures: Figures
    stop: threading.Event
    heard: Heard
    rate: float = 0.0
    now: Callable[[], float] = time.monotonic
    phase: str = "initial"
    _next: float = 0.0
    _held_until: float = 0.0
    _troubles: int = 0
    _failures: int = 0
    _broken: str = field(default="")

    def wait_for_turn(self) -> None:
        """Wait until a request may leave; raises BrokenOffError when none may leave any more."""
        while True:
            if self._broken or self.stop.is_set():
                raise BrokenOffError(self._broken or "stopped")
            late = self._until() - self.now()
            if late <= 0:
                break
            self.stop.wait(late)
        if self.rate:
            # What was lost by a late turn is made up for, as far as half a second goes.
            earliest = self.now() - (_CATCH_UP if self._next else 0.0)
            self._next = max(self._next, earliest) + 1 / self.rate

    def _until(self) -> float:
        return max(self._held_until, self._next if self.rate else 0.0)

    def answered(self, request: Request, reply: Reply, seconds: float) -> None:
        """Count a reply, and hold the line if it asks for that."""
        error = wrong_with(request, reply)
        self._troubles = 0
        self._failures = self._failures + 1 if error and reply.status != 429 else 0
        if self._failures >= _MOST_FAILURES:
            self._broken = f"{_MOST_FAILURES} requests in a row failed, the last with {error}"
        hold = asked_to_wait(reply)
        if hold:
            self.figures.throttled += 1
            until = self.now() + hold
            self.figures.held_seconds += max(0.0, until - max(self._held_until, self.now()))
            self._held_until = max(self._held_until, until)
        self._count(request, seconds, len(reply.body), error)

    def silent(self, request: Request, trouble: Trouble, seconds: float) -> None:
        """Count a request that nobody answered."""
        self._troubles += 1
        if self._troubles >= _MOST_TROUBLES:
            self._broken = f"{_MOST_TROUBLES} requests in a row got no answer. {trouble}"
        self._count(request, seconds, 0, "no answer")

    def _count(self, request: Request, seconds: float, length: int, error: str) -> None:
        name, milliseconds = shape_of(request), seconds * 1000
        self.figures.note(self.phase, f"{request.method} {name}", milliseconds, error)
        self.heard(request.method, name, milliseconds, length, error)


class LaneSend:
    """Sends one lane's requests as they are, and writes down what they create.

    Nothing is changed or deleted that was not created here: a mock IdP that is led to somebody
    else's user is broken off.
    """

    def __init__(self, line: Line, send: Send, journal: Journal) -> None:
        self._line = line
        self._send = send
        self._journal = journal
        self.users_deleted = 0  # by the IdP itself

    def __call__(self, request: Request) -> Reply:
        """Return the reply; raises Trouble without one, BrokenOffError when sending has ended."""
        self._check_owner(request)
        self._line.wait_for_turn()
        intents = self._journal.intend_all(request.method, request.target, request.body)
        started = time.perf_counter()
        try:
            reply = self._send(request)
        except Trouble as trouble:
            self._line.silent(request, trouble, time.perf_counter() - started)
            raise
        self._line.answered(request, reply, time.perf_counter() - started)
        self._journal.answered_all(intents, reply.status, reply.body)
        if request.method == "DELETE" and shape_of(request) == "/Users/{id}" and reply.status < 300:
            self.users_deleted += 1
        return reply

    def _check_owner(self, request: Request) -> None:
        kind, _, rest = request.target.partition("?")[0].strip("/").partition("/")
        if request.method in _WRITES and kind in NAME_OF:
            resource_id = unquote(rest.partition("/")[0])
            if not self._journal.knows(kind, resource_id):
                asked = f"{request.method} {shape_of(request)}"
                raise BrokenOffError(f"{asked} would change what this run did not create")


class Polite:
    """Sends requests of our own, which no figure counts: they wait and are repeated when asked."""

    def __init__(self, send: Send, rate: float = 0.0) -> None:
        self._line = Line(Figures(), threading.Event(), _unheard, rate=rate)
        self._send = send

    def __call__(self, request: Request) -> Reply:
        """Return the reply; raises Trouble without one, or when too many requests got none."""
        for _ in range(_ATTEMPTS):
            reply = self._once(request)
            if not asked_to_wait(reply):
                break
        return reply

    def _once(self, request: Request) -> Reply:
        try:
            self._line.wait_for_turn()
            reply = self._send(request)
        except BrokenOffError as fault:
            raise Trouble(str(fault)) from None
        except Trouble as trouble:
            self._line.silent(request, trouble, 0.0)
            raise
        self._line.answered(request, reply, 0.0)
        return reply


def _unheard(*_: object) -> None:
    """Take no note: no IdP sends these."""
