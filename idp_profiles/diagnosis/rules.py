"""Matches histories: which requests, one after the other, show a cause; the causes are data.

A rule names the conditions that requests have to fulfil in order, the last one being the scene.
All requests of a history are about the same person or group, or come from the same sender.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .model import Event
from .model import Hit
from .model import Sure

# Identity providers wait between half a minute and two for a reply, and then give up.
SLOW = 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One request with what it is for, what is remarkable about it and whom it is about."""

    hit: Hit
    move: str
    tags: frozenset[str]
    subject: str


@dataclass(frozen=True, slots=True)
class Match:
    """Where a history was found: the entries that fulfil its conditions, the scene last."""

    rule: Mapping[str, Any]
    entries: tuple[Seen, ...]


@cache
def causes() -> tuple[Mapping[str, Any], ...]:  # Any: JSON of our own, checked by a selftest
    """Return every cause, the most telling first."""
    text = files(__package__ or "").joinpath("causes.json").read_text(encoding="utf-8")
    return tuple(sorted(json.loads(text), key=lambda cause: -cause["rank"]))


def sure_of(rule: Mapping[str, Any]) -> Sure:
    """Return how sure a match of a rule makes."""
    return Sure(rule.get("sure", "likely" if "form" in rule else "certain"))


def kinds_of(stream: Sequence[Seen]) -> tuple[Seen, ...]:
    """Return one request of each kind: a long log has few kinds, and rules look at no more."""
    found = {
        (seen.move, seen.hit.status, seen.tags, (seen.hit.seconds or 0.0) >= SLOW): seen
        for seen in stream
    }
    return tuple(found.values())


def matches(
    rule: Mapping[str, Any], stream: Sequence[Seen], idp: str, kinds: Sequence[Seen]
) -> Iterator[Match]:
    """Return where the requests of one sender, which are of these kinds, show a history."""
    if idp not in rule.get("idps", (idp,)):
        return
    if not all(any(fits(condition, kind) for kind in kinds) for condition in rule["history"]):
        return
    outside = _Outside(rule, stream)
    for group in _groups(rule, stream):
        yield from _in_group(rule, group, outside)


def _groups(rule: Mapping[str, Any], stream: Sequence[Seen]) -> list[list[tuple[int, Seen]]]:
    numbered = list(enumerate(stream))
    if rule.get("same") == "sender":
        return [numbered]
    groups: dict[str, list[tuple[int, Seen]]] = {}
    for number, seen in numbered:
        groups.setdefault(seen.subject, []).append((number, seen))
    # A history of several requests says something only of somebody in particular.
    return [group for subject, group in groups.items() if subject or len(rule["history"]) == 1]


class _Outside:
    """What must not have happened anywhere in the stream before a scene, or after it."""

    def __init__(self, rule: Mapping[str, Any], stream: Sequence[Seen]) -> None:
        self._before = _Marks(rule.get("unless_before"), stream)
        self._after = _Marks(rule.get("unless_followed"), stream)
        self._needed = _Marks(rule.get("after"), stream)

    def allows(self, number: int) -> bool:
        if self._before.last(number - 1) >= 0 or self._after.next(number + 1) is not None:
            return False
        return not self._needed.wanted or self._needed.last(number - 1) >= 0


class _Marks:
    """Where in a row of requests a condition holds: the last place before, the next after."""

    def __init__(self, condition: Mapping[str, Any] | None, row: Sequence[Seen]) -> None:
        self.wanted = condition is not None
        holds = [condition is not None and fits(condition, seen) for seen in row]
        self._last: list[int] = []
        for number, true in enumerate(holds):
            before = self._last[-1] if self._last else -1
            self._last.append(number if true else before)
        self._next: list[int | None] = [None] * (len(holds) + 1)
        for number in range(len(holds) - 1, -1, -1):
            self._next[number] = number if holds[number] else self._next[number + 1]

    def last(self, number: int) -> int:
        return self._last[number] if number >= 0 else -1

    def next(self, number: int) -> int | None:
        return self._next[number] if number < len(self._next) else None


def _in_group(
    rule: Mapping[str, Any], group: list[tuple[int, Seen]], outside: _Outside
) -> Iterator[Match]:
    row = [seen for _, seen in group]
    chain = [_Marks(condition, row) for condition in rule["history"]]
    apart, healed = _Marks(rule.get("apart"), row), _Marks(rule.get("unless_after"), row)
    spared = _Marks(rule.get("unless_earlier"), row)
    place = chain[-1].next(0)
    while place is not None:
        way = _way(chain, place)
        free = way is not None and apart.last(place - 1) <= way[0]
        kept = healed.next(place + 1) is None and spared.last(place - 1) < 0
        if free and kept and way is not None and outside.allows(group[place][0]):
            yield Match(rule, tuple(row[number] for number in way))
        place = chain[-1].next(place + 1)


def _way(chain: Sequence[_Marks], scene: int) -> tuple[int, ...] | None:
    """Return the places of a history that ends at a scene, or None."""
    way = [scene]
    for marks in reversed(chain[:-1]):
        before = marks.last(way[0] - 1)
        if before < 0:
            return None
        way.insert(0, before)
    return tuple(way)


def fits(condition: Mapping[str, Any], seen: Seen) -> bool:
    """Tell whether a request fulfils a condition, or one of several."""
    if "any_of" in condition:
        return any(fits(each, seen) for each in condition["any_of"])
    if "moves" in condition and seen.move not in condition["moves"]:
        return False
    if "status" in condition and not any(_is(seen.hit, each) for each in condition["status"]):
        return False
    if condition.get("slow") and (seen.hit.seconds or 0.0) < SLOW:
        return False
    some = condition.get("some")
    return (
        seen.tags.issuperset(condition.get("tags", ()))
        and seen.tags.isdisjoint(condition.get("none", ()))
        and (some is None or not seen.tags.isdisjoint(some))
    )


def _is(hit: Hit, wanted: int | str) -> bool:
    if isinstance(wanted, int):
        return hit.status == wanted
    return hit.status // 100 == int(wanted[0])


def cause_of(event: Event) -> Mapping[str, Any] | None:
    """Return the cause that an IdP's own words speak of, None for none that is known."""
    for cause in causes():
        told = cause.get("told")
        if told is None or event.move not in told.get("moves", (event.move,)):
            continue
        if _says(told.get("codes", ()), event.code) or _says(told.get("words", ()), event.words):
            return cause
    return None


def known_words(cause: Mapping[str, Any], event: Event) -> str:
    """Return the part of an event's code or text that a pattern of a cause spells out."""
    told = cause.get("told", {})
    for patterns, text in (
        (told.get("codes", ()), event.code),
        (told.get("words", ()), event.words),
    ):
        for pattern in patterns:
            found = _compiled(pattern).search(text) if pattern != "." else None
            if found is not None:
                return found.group()
    return ""


def _says(patterns: Sequence[str], text: str) -> bool:
    return bool(text) and any(_compiled(pattern).search(text) for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
