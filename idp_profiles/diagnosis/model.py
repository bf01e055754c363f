"""The values of a diagnosis: what a log shows, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from idp_profiles.model import Json


class Unreadable(Exception):
    """A file is no log that can be read; the message is one clear sentence for its owner."""


class Sure(StrEnum):
    """How sure a statement is, strongest first."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a request is about: base path, endpoint (`Users`), id, and its query."""

    base: str
    endpoint: str
    identifier: str = ""
    query: tuple[tuple[str, str], ...] = ()
    raw_query: str = ""

    def asked(self, name: str) -> str | None:
        """Return the first value of a query parameter, whatever its capitals, or None."""
        wanted = name.lower()
        return next((value for key, value in self.query if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One request that a log shows, with whatever it kept of the reply.

    `status` 0 means that no reply came. What the log does not keep is None.
    """

    number: int
    when: float | None
    method: str
    place: Place
    status: int
    request_headers: Mapping[str, str] | None = None
    agent: str | None = None
    sent: Json = None
    got: Json = None
    got_text: str | None = None
    reply_headers: Mapping[str, str] | None = None
    size: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event that an IdP itself wrote down, in the words of this package.

    `move` is the kind of request it speaks of, `result` is success, failure or skipped. `words` is
    the IdP's own text: it is searched, and never shown.
    """

    number: int
    when: float | None
    move: str
    result: str
    code: str = ""
    words: str = ""
    subject: str = ""
    is_group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What was read from a file: of which format, and how much of it could not be used."""

    format: str
    hits: tuple[Hit, ...] = ()
    events: tuple[Event, ...] = ()
    idp: str = ""
    others: int = 0
    unread: int = 0
    left_off: int = 0


@dataclass(frozen=True, slots=True)
class Recognised:
    """Which IdP speaks, how sure that is, and by which signs (in our words)."""

    idp: str
    sure: Sure
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """Where a request belongs in a profile: scenario, step, and how to play it again."""

    scenario: str = ""
    step: str = ""
    variant: str = ""
    dialect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that went wrong: its cause, and the entries that show it.

    `shown` holds the decisive entries, redacted; `times` is how often it happened. `console` is
    what the admin console says of it. `suspects` are the forms of the request of which each may be
    what the server stumbled over.
    """

    cause: str
    title: str
    why: str
    mend: str
    sure: Sure
    idp: str
    move: str
    replay: Replay
    entry: int
    when: float | None
    shown: tuple[str, ...]
    times: int
    console: str
    rank: int
    suspects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What a log says: who spoke, what went wrong, most important first, and what it cannot say."""

    format: str
    format_title: str
    entries: int
    others: int
    unread: int
    left_off: int
    recognised: tuple[Recognised, ...]
    findings: tuple[Finding, ...]
    blind: tuple[str, ...]
