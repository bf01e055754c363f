"""What several cases only read: made once per target and process, deleted with the run.

Cases stay independent of order: whichever comes first makes the thing, the others take it over
together with the exchanges that made it, so that each result carries its whole evidence. What
nearly every case needs is made quietly: its exchanges are in the transcript, and a result shows
one of them only where it decides.
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
from .verdicts import NotOffered

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class _Kept:
    """One made thing with its exchanges, or the reason why it could not be made."""

    value: Any
    entries: tuple[Entry, ...]
    wrote: float
    passwords: frozenset[str]
    problem: Blocked | NotOffered | None = None


class Shared:
    """The things made so far on one target."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._kept: dict[str, _Kept] = {}

    def once(self, key: str, log: CaseLog, make: Callable[[], Made]) -> Made:
        """Return what `make` returns, making it only for the first case that asks.

        `make` must write what it creates into this object's journal. A Blocked or NotOffered that
        it raises is raised for every case that asks.
        """
        known = self._kept.get(key)
        if known is not None:
            log.adopt(known.entries, known.wrote, known.passwords)
        else:
            known = self._kept[key] = _make(log, make)
        value: Made = _value(known, log.last())
        return value

    def quietly(self, key: str, log: CaseLog, make: Callable[[CaseLog], Made]) -> Made:
        """Return what `make` returns, like `once`, without its exchanges.

        `make` is given a log of its own to send with.
        """
        known = self._kept.get(key)
        if known is None:
            own = CaseLog(f"shared: {key}", log.redactor, log.write)
            known = self._kept[key] = _make(own, lambda: make(own))
        log.adopt((), known.wrote, known.passwords)
        value: Made = _value(known, None)
        return value

    def forget(self, key: str) -> None:
        """Let the next case that asks make the thing anew."""
        self._kept.pop(key, None)


def _value(known: _Kept, latest: Entry | None) -> Any:  # noqa: ANN401 - what `make` returned
    problem = known.problem
    if isinstance(problem, Blocked):
        raise Blocked(problem.reason, by=problem.by, entry=latest or problem.entry)
    if problem is not None:
        raise NotOffered(*problem.args)
    return known.value


def _make(log: CaseLog, make: Callable[[], Made]) -> _Kept:
    before = len(log.entries)
    try:
        value, problem = make(), None
    except (Blocked, NotOffered) as reason:
        value, problem = None, reason
    return _Kept(value, tuple(log.entries[before:]), log.wrote, frozenset(log.passwords), problem)
