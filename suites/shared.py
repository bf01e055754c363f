"""What several cases only read: made once per target and process, deleted with the run.

Cases stay independent of order: whichever comes first makes the thing, the others take it over
together with the exchanges that made it, so that each result carries its whole evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from typing import TypeVar

from .evidence import CaseLog
from .evidence import Entry
from .journal import Journal
from .verdicts import Blocked

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class _Kept:
    """One made thing with its exchanges, or the reason why it could not be made."""

    value: Any
    entries: tuple[Entry, ...]
    wrote: float
    blocked: Blocked | None = None


class Shared:
    """The things made so far on one target."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._kept: dict[str, _Kept] = {}

    def once(self, key: str, log: CaseLog, make: Callable[[], Made]) -> Made:
        """Return what `make` returns, making it only for the first case that asks.

        `make` must write what it creates into this object's journal. A Blocked that it raises is
        raised for every case that asks.
        """
        known = self._kept.get(key)
        if known is not None:
            log.adopt(known.entries, known.wrote)
        else:
            known = self._kept[key] = _make(log, make)
        if known.blocked is not None:
            raise Blocked(known.blocked.reason, by=known.blocked.by, entry=log.last())
        value: Made = known.value
        return value


def _make(log: CaseLog, make: Callable[[], Made]) -> _Kept:
    before = len(log.entries)
    try:
        value, blocked = make(), None
    except Blocked as problem:
        value, blocked = None, problem
    return _Kept(value, tuple(log.entries[before:]), log.wrote, blocked)
