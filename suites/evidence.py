"""What a case saw: every exchange in order, redacted where it is recorded."""

from __future__ import annotations

import itertools
import json
import math
import shlex
import threading
import time
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from idp_profiles.model import Certainty
from idp_profiles.model import Exchange
from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Reply
from reports import Redactor

from .reach.lanes import SLOW
from .reach.telltale import secrets_in

BODY_LIMIT = 4_000  # characters of one body that a report shows; transcripts hold more
TRANSCRIPT_LIMIT = 64_000
KEY_HEADERS = ("x-api-key",)  # of the APIs of products
_SERIALS = itertools.count(1)


class Unmasked(Redactor):
    """Masks nothing, for proofs: their servers live in this process, and no file is written."""

    def also(self, secrets: Iterable[str]) -> Redactor:
        """Return itself."""
        return self

    def text(self, value: str | bytes) -> str:
        """Return the text as it is."""
        return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value

    def json(self, value: object) -> Json:
        """Return the value as it is."""
        return value  # type: ignore[return-value]  # what is recorded is JSON already

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return the headers as they are."""
        return tuple(headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One exchange as a case saw it, with its secrets already masked."""

    n: int
    method: str
    target: str
    request_headers: Headers
    request_body: Json
    status: int | None
    reply_headers: Headers = ()
    reply_body: Json = None
    # The Authorization value of a credential that is wrong on purpose, as a variable.
    made_up: str | None = None
    error: str | None = None
    scenario: str | None = None
    step: str | None = None
    seconds: float = 0.0
    certainty: Certainty | None = None  # how sure the form is, of a request that an IdP sends
    # How long the bodies are as JSON, where that was measured: many results tell of one exchange.
    request_length: int | None = field(default=None, compare=False)
    reply_length: int | None = field(default=None, compare=False)
    # The same in every log that has the exchange, whatever its place there.
    serial: int = field(default=0, compare=False)
    adopted: bool = field(default=False, compare=False)  # another case made it for both

    def short(self) -> str:
        """Return one line: method, target and what came back."""
        came = self.status if self.status is not None else f"no reply ({self.error})"
        return f"{self.method} {self.target} -> {came}"

    def to_json(self, *, of: int, shows: bool, limit: int) -> dict[str, Json]:
        """Return the form that reports and transcripts hold.

        With a limit of 0 it is an outline: no headers, and of the bodies no more than their length.
        """
        response: Json = None
        if self.status is not None:
            response = {
                "status": self.status,
                "headers": _pairs(self.reply_headers if limit else ()),
                "body": _cut(self.reply_body, self.reply_length, limit),
            }
        return {
            "n": self.n,
            "of": of,
            "shows": shows,
            "scenario": self.scenario,
            "step": self.step,
            "request": {
                "method": self.method,
                "target": self.target,
                "headers": _pairs(self.request_headers if limit else ()),
                "body": _cut(self.request_body, self.request_length, limit),
            },
            "response": response,
            "error": self.error,
            "milliseconds": round(self.seconds * 1000, 1),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RawExchange:
    """One exchange as it happened, secrets and all; it is never kept."""

    method: str
    target: str
    headers: Headers
    body: bytes | None
    reply: Reply | None
    error: str | None = None
    seconds: float = 0.0
    scenario: str | None = None
    step: str | None = None
    certainty: Certainty | None = None


@dataclass(slots=True)
class CaseLog:
    """Everything one case leaves for its result."""

    case: str
    redactor: Redactor
    write: Callable[[dict[str, Json]], None]
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    certainties: list[Certainty] = field(default_factory=list)
    scenario: str | None = None
    wrote: float = -math.inf  # when the last write was answered, by the monotonic clock
    wrong: tuple[str, ...] = ()  # credentials that are wrong on purpose
    passwords: set[str] = field(default_factory=set)  # those that were sent
    # What an exchange tells that is a secret from then on, such as a key that a product hands out.
    hands_out: Callable[[RawExchange], set[str]] = lambda raw: set()
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def record(self, raw: RawExchange) -> Entry:
        """Keep one exchange, masked, and append it to the transcript.

        Requests of several threads are kept in the order in which their replies came.
        """
        with self._turn:
            return self._record(raw)

    def _record(self, raw: RawExchange) -> Entry:
        # A server may repeat a password in a text of its own, where no member name gives it away.
        mask = self._masking(secrets_in(raw.headers, raw.body, raw.reply) | self.hands_out(raw))
        sent = _shown(mask, raw.body)
        came = _shown(mask, raw.reply.body) if raw.reply else None
        entry = Entry(
            n=len(self.entries) + 1,
            method=raw.method,
            target=mask.text(raw.target),
            request_headers=_masked(mask, raw.headers),
            request_body=sent,
            request_length=_length(sent),
            status=raw.reply.status if raw.reply else None,
            reply_headers=_masked(mask, raw.reply.headers) if raw.reply else (),
            reply_body=came,
            reply_length=_length(came),
            made_up=self._made_up(raw.headers),
            error=None if raw.error is None else mask.text(raw.error),
            scenario=raw.scenario,
            step=raw.step,
            seconds=raw.seconds,
            certainty=raw.certainty,
            serial=next(_SERIALS),
        )
        self.entries.append(entry)
        if raw.method not in ("GET", "HEAD"):
            self.wrote = time.monotonic()
        line = entry.to_json(of=entry.n, shows=False, limit=TRANSCRIPT_LIMIT)
        self.write({"case": self.case, **line})
        return entry

    def _made_up(self, headers: Headers) -> str | None:
        value = next((value for name, value in headers if name.lower() == "authorization"), "")
        # A variable, since whatever stands in a credential's place is masked in the end.
        shown = [
            value.replace(wrong, "$SCIM_WRONG_TOKEN") for wrong in self.wrong if wrong in value
        ]
        if value.lower().startswith("bearer bearer "):
            # A word that an admin typed is part of the request, and no part of the secret.
            return "Bearer Bearer $SCIM_TOKEN"
        return shown[0] if shown else None

    def adopt(self, entries: Iterable[Entry], wrote: float, passwords: Iterable[str] = ()) -> None:
        """Take over exchanges that another case made for both; the transcript has them already.

        `passwords` are those that were sent with them.
        """
        self.wrote = max(self.wrote, wrote)
        self._masking(passwords)
        for entry in entries:
            self.entries.append(replace(entry, n=len(self.entries) + 1, adopted=True))

    def include(self, entry: Entry | None) -> None:
        """Take over the exchange that decides, unless the log has it already."""
        if entry is not None and all(known.serial != entry.serial for known in self.entries):
            self.adopt((entry,), self.wrote)

    def _masking(self, passwords: Iterable[str]) -> Redactor:
        self.passwords |= set(passwords)
        self.redactor = self.redactor.also(self.passwords)
        return self.redactor

    @property
    def sent(self) -> int:
        """How many requests the case sent itself."""
        return sum(not entry.adopted for entry in self.entries)

    def blank(self) -> CaseLog:
        """Return a log that masks the same and leads nowhere, for what is not evidence."""
        return CaseLog(self.case, self.redactor, lambda line: None)

    @property
    def is_slow(self) -> bool:
        """Whether the server took its time over the latest exchange."""
        return bool(self.entries) and self.entries[-1].seconds >= SLOW

    def last(self) -> Entry | None:
        """Return the latest exchange."""
        return self.entries[-1] if self.entries else None

    def record_idp(self, exchange: Exchange) -> Entry:
        """Keep one exchange of a mock IdP."""
        request = exchange.request
        return self.record(
            RawExchange(
                method=request.method,
                target=request.target,
                headers=request.headers,
                body=request.body,
                reply=exchange.reply,
                error=exchange.error,
                seconds=exchange.seconds,
                scenario=request.step.scenario or None,
                step=request.step.name,
                certainty=request.step.certainty,
            )
        )

    def certainty(self) -> Certainty | None:
        """Return how sure the steps are that decide, or None when nothing of an IdP was judged."""
        return Certainty.weakest(*self.certainties) if self.certainties else None

    def decisive(self, shows: Entry | None) -> Certainty | None:
        """Return how sure the form of the request is that decides, None when no IdP sent one.

        That is the one at which the IdP stopped, or, where an effect was read back, the write
        before it.
        """
        if shows is not None and shows.certainty is not None:
            return shows.certainty
        serial = shows.serial if shows else None
        until = next((n for n, e in enumerate(self.entries) if e.serial == serial), None)
        writes = (e for e in reversed(self.entries[:until]) if e.method not in ("GET", "HEAD"))
        return next((e.certainty for e in writes if e.certainty is not None), None)

    def evidence(self, shows: Entry | None, *, brief: bool = False) -> tuple[Json, ...]:
        """Return every exchange for the report; `shows` is the one that decides.

        With `brief`, where nothing is to be shown, the exchanges of other cases are outlines: many
        cases look at the same ones, and the transcript has them whole.
        """
        of = len(self.entries)
        decides = None if shows is None else shows.serial
        return tuple(
            entry.to_json(
                of=of,
                shows=entry.serial == decides,
                limit=0 if brief and entry.adopted else BODY_LIMIT,
            )
            for entry in self.entries
        )


def curl(entry: Entry, base_url: str, authorization: str) -> str:
    """Return a shell line that repeats a request, with the secret as `$SCIM_TOKEN`.

    `authorization` is the header value with the variable in place of the secret.
    """
    # A request to another tenant shows its whole address.
    place = entry.target if entry.target.startswith("http") else base_url.rstrip("/") + entry.target
    parts = ["curl", "-i", "-X", entry.method, shlex.quote(place)]
    parts += ["-H", _shown_key(entry) or f'"Authorization: {entry.made_up or authorization}"']
    for name, value in entry.request_headers:
        if name.lower() in {"accept", "content-type"}:
            parts += ["-H", shlex.quote(f"{name}: {value}")]
    if entry.request_body not in (None, ""):
        text = entry.request_body
        data = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
        parts += ["--data", shlex.quote(data)]
    return " ".join(parts)


def _shown_key(entry: Entry) -> str:
    """Return the header with the key of a product's own API, empty where a request has none."""
    names = (name for name, _ in entry.request_headers if name.lower() in KEY_HEADERS)
    name = next(names, "")
    return f'"{name}: $SCIM_PRODUCT_KEY"' if name else ""


def _shown(mask: Redactor, body: bytes | None) -> Json:
    if not body:
        return None
    text = body.decode("utf-8", errors="replace")
    try:
        value = json.loads(text)
        if "\\u" in text:
            # A lone surrogate is JSON and no text: shown as it was written, it can be passed on.
            json.dumps(value, ensure_ascii=False).encode()
        return mask.json(value)
    except (ValueError, RecursionError):
        return mask.text(text)


def _masked(mask: Redactor, headers: Headers) -> Headers:
    return tuple((name, value) for name, value in mask.headers(headers))


def _pairs(headers: Headers) -> list[Json]:
    return [[name, value] for name, value in headers]


def _length(body: Json) -> int:
    return 0 if body is None else len(_text(body))


def _text(body: Json) -> str:
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)


def _cut(body: Json, length: int | None, limit: int) -> Json:
    """Return a body, or its beginning where it is longer; with a limit of 0 its length alone."""
    length = _length(body) if length is None else length
    if body is None or length <= limit:
        return body
    return f"{_text(body)[:limit] if limit else ''}… ({length:,} characters in all)"
