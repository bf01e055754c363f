"""The exchanges that show a finding, bounded: the whole of them is in report.json."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports import view
from reports.evidence.differences import marked
from reports.model import Result
from reports.reading import Json
from reports.wording import Wording

# What all exchanges of a page may take together, so that a page of 300 findings opens at once. A
# part of it is kept for the exchanges that show a finding, whatever came before.
_ROOM = 2_000_000
_RESERVE = 2_000_000
# The most telling result of a cause shows what led to it; a case behind it shows the point alone.
_MOST_IN_FULL = 30
_MOST_HEADERS = 60
_MOST_FOR_ONE = 100_000
_LEAST = 5_000
_READS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One half of an exchange, ready to be shown."""

    first_line: str
    headers: str
    body: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One exchange, ready to be shown."""

    position: str
    sent: str
    came: str | Markup
    is_bad: bool
    step: str
    shows: bool
    note: str
    request: Message
    response: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a page shows of one result's exchanges, and how many it leaves out."""

    exchanges: tuple[Exchange, ...] = ()
    left_out: int = 0
    total: int = 0


class Room:
    """Hands out evidence until the page is full."""

    def __init__(self, words: Wording) -> None:
        self._words = words
        self._left = _ROOM
        self._reserve = _RESERVE

    def take(self, size: int, *, telling: bool = False) -> bool:
        """Tell whether there is room for so much, and take it."""
        if size <= self._left:
            self._left -= size
            return True
        if telling and size <= self._reserve:
            self._reserve -= size
            return True
        return False

    def has(self, size: int) -> bool:
        """Tell whether there is room for so much."""
        return size <= self._left

    def in_full(self, result: Result) -> Evidence:
        """Return the exchanges of a result that is shown first."""
        found = view.exchanges(result)
        return self._evidence(result, found[-_MOST_IN_FULL:], len(found))

    def in_brief(self, result: Result) -> Evidence:
        """Return the exchange that shows a finding and the write before it."""
        found = view.exchanges(result)
        shown = view.shown_exchange(result)
        if shown is None:
            return Evidence()
        at = next(n for n, each in enumerate(found) if each is shown)
        writes = [
            each for each in found[:at] if view.part(each, "request").get("method") not in _READS
        ]
        return self._evidence(result, (*writes[-1:], shown), len(found))

    def _evidence(
        self, result: Result, wanted: Sequence[Mapping[str, Json]], total: int
    ) -> Evidence:
        # The last ones lead to the finding, so they are the ones to keep when room is short.
        kept: list[Exchange] = []
        taken = 0
        for each in reversed(wanted):
            if kept and not self.has(_LEAST):
                break
            exchange = self._exchange(result, each)
            taken += _size(exchange)
            telling = not kept or exchange.shows
            if taken > _MOST_FOR_ONE or not self.take(_size(exchange), telling=telling):
                break
            kept.append(exchange)
        return Evidence(exchanges=tuple(reversed(kept)), left_out=total - len(kept), total=total)

    def _exchange(self, result: Result, exchange: Mapping[str, Json]) -> Exchange:
        request, response = view.part(exchange, "request"), view.part(exchange, "response")
        sent = f"{request.get('method', '?')} {request.get('target', '?')}"
        status = response.get("status")
        came = self._came(exchange, status)
        shown = marked(result, exchange)
        return Exchange(
            position=self._position(exchange),
            sent=view.one_line(sent, 160),
            came=shown.status or view.one_line("" if status is None else str(status), 40),
            is_bad=not (isinstance(status, int) and status < 400),
            step=view.one_line(view.compact(exchange.get("step") or ""), 120),
            shows=exchange.get("shows") is True,
            note=shown.note,
            request=_message(sent, request, shown.request),
            response=_message(came, response, shown.response),
        )

    def _position(self, exchange: Mapping[str, Json]) -> str:
        n, of = exchange.get("n"), exchange.get("of")
        if isinstance(n, int) and isinstance(of, int):
            return self._words("evidence.position", n=n, of=of)
        return ""

    def _came(self, exchange: Mapping[str, Json], status: Json) -> str:
        """Return the first line of a reply, or why there is none."""
        if status is None:
            error = exchange.get("error")
            said = self._words("evidence.no_reply", error=view.compact(error)) if error else ""
            return said or self._words("evidence.silent")
        took = exchange.get("milliseconds")
        if isinstance(took, int | float) and not isinstance(took, bool):
            return self._words("evidence.status_after", status=status, milliseconds=f"{took:.0f}")
        return self._words("evidence.status", status=status)


def _message(first_line: str, message: Mapping[str, Json], body: Markup) -> Message:
    headers = message.get("headers")
    lines = [
        f"{view.one_line(str(each[0]), 100)}: {view.one_line(str(each[1]), 1_000)}"
        for each in (headers if isinstance(headers, list) else [])[:_MOST_HEADERS]
        if isinstance(each, list) and len(each) == 2
    ]
    return Message(
        first_line=view.one_line(first_line, 2_000),
        headers="\n".join(lines),
        body=body,
    )


def _size(exchange: Exchange) -> int:
    halves = (exchange.request, exchange.response)
    return sum(len(each.first_line) + len(each.headers) + len(each.body) for each in halves)
