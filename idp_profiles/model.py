"""The values that every profile is made of: facts, people, requests, replies and outcomes.

No sockets, no pytest, no vendor: a profile's scripts yield these values and receive them.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum
from http import HTTPStatus
from typing import TypeAlias

_READS = ("GET", "HEAD")

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
Headers: TypeAlias = tuple[tuple[str, str], ...]


class Certainty(StrEnum):
    """How well a step's wire form is known, strongest first."""

    DOC = "doc"
    TEST = "test"
    CODE = "code"
    WILD = "wild"
    INFERRED = "inferred"

    @classmethod
    def weakest(cls, *tags: Certainty) -> Certainty:
        """Return the weakest of several tags: what a step with several tags counts as."""
        order = list(cls)
        return max(tags, key=order.index)


@dataclass(frozen=True, slots=True)
class Source:
    """One document, test file, code base or capture that a fact rests on."""

    key: str
    title: str
    kind: Certainty
    where: str


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a scenario: what it is called, how sure its wire form is, and who says so."""

    name: str
    certainty: Certainty
    sources: tuple[str, ...]
    scenario: str = ""
    accepts: tuple[int, ...] = (200,)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it must appear on the wire.

    `target` is relative to the base URL and already encoded (`/Users?startIndex=1&count=2`).
    `headers` are sent in this order and spelling; the transport adds only `Host`, and
    `Content-Length` where there is a body.
    """

    method: str
    target: str
    # Neither belongs into a failing assert of somebody's test: they hold token and password.
    headers: Headers = field(repr=False)
    body: bytes | None = field(repr=False)
    step: Step


@dataclass(frozen=True, slots=True)
class Wait:
    """The IdP waits: `seconds` on the driver's clock, and why."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP reply as it came: status, reason phrase, headers and body bytes."""

    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first value of a header, looked up without regard to case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def phrase(self) -> str:
        """The reason phrase: the server's, else the registered one, else the number."""
        if self.reason:
            return self.reason
        try:
            return HTTPStatus(self.status).phrase
        except ValueError:
            return str(self.status)

    def json(self) -> Json:
        """Return the body as JSON; raises ValueError when it is none."""
        # A reader may pass over a byte order mark (RFC 8259 section 8.1), and the usual ones do.
        parsed: Json = json.loads(self.body.decode("utf-8-sig"))
        return parsed


Script: TypeAlias = Generator[Request | Wait, Reply, None]


class Stopped(Exception):
    """The IdP gives up at a step.

    `console` is the text its admin console shows; `scope` says what stops: `object` (this user
    or group) or `job` (the whole integration); `because` says in our words what was wrong.
    `exchange` is what it stopped at: a script may send more before it gives up in the end.
    """

    def __init__(self, *, because: str, console: str, scope: str = "object") -> None:
        super().__init__(because)
        self.because = because
        self.console = console
        self.scope = scope
        self.exchange = HEARD.get()


# What the script that runs has heard last: the driver says it, a Stopped keeps it. Scripts see
# replies alone, and one that stops is mostly made far from the one who asked.
HEARD: ContextVar[Exchange | None] = ContextVar("HEARD", default=None)


class Trouble(Exception):
    """The transport failed before a reply came; the message is one clear sentence.

    The driver throws it into the script, so that a profile can say what its console shows.
    """


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its reply; `error` names the transport trouble when no reply came."""

    request: Request
    reply: Reply | None
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What running a script came to.

    `ok` is true when the IdP reached the last step. `console` is what the admin console shows.
    `trouble` names a transport failure (no verdict on the server can rest on it).
    """

    scenario: str
    ok: bool
    console: str
    exchanges: tuple[Exchange, ...]
    stopped: Stopped | None = None
    trouble: str | None = None
    waited: float = 0.0

    @property
    def stopped_at(self) -> Exchange | None:
        """The exchange at which the IdP gave up, None when it reached the last step."""
        if self.ok:
            return None
        told = self.stopped.exchange if self.stopped is not None else None
        return told or (self.exchanges[-1] if self.exchanges else None)

    @property
    def certainty(self) -> Certainty:
        """How sure the traffic is: the weakest step that was sent (`doc` when nothing was)."""
        sent = [exchange.request.step.certainty for exchange in self.exchanges]
        return Certainty.weakest(*sent) if sent else Certainty.DOC

    @property
    def decisive(self) -> Certainty:
        """How sure the step is that decides: the last write, or the last request without one."""
        writes = [each.request for each in self.exchanges if each.request.method not in _READS]
        sent = writes or [each.request for each in self.exchanges]
        return sent[-1].step.certainty if sent else Certainty.DOC


@dataclass(frozen=True, slots=True)
class Credential:
    """What authenticates: `bearer` (token), `header` (verbatim value) or `basic` (user, password).

    For `basic`, `user` is the user name and `secret` the password. Two kinds are traded for a token
    at `token_url`, with `scope`: `oauth2-client-credentials` (`user` is the client's id, `secret`
    its secret, `location` where they go: header, body or both) and `oauth2-jwt-bearer`, whose
    `secret` is the key that signs assertions; so it is for `jwt`, whose tokens need no trade.
    """

    kind: str
    secret: str = field(repr=False)
    user: str = ""
    token_url: str = ""
    scope: str = ""
    location: str = "header"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person in the IdP's directory; `attributes` holds source attributes by name."""

    user_name: str
    given_name: str
    family_name: str
    email: str
    display_name: str
    idp_id: str
    password: str = field(default="", repr=False)
    attributes: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """One group in the IdP's directory with the people in it."""

    name: str
    members: tuple[Person, ...] = ()
    idp_id: str = ""
