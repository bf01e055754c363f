"""What several cases only read: made once per target and process, deleted with the run.

Cases stay independent of order: whichever comes first makes the thing, the others take it over
together with the exchanges that made it, so that each result carries its whole evidence. What
nearly every case needs is made quietly: its exchanges are in the transcript, and a result shows
one of them only where it decides.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from typing import TypeVar

from suites.cleanup.journal import Journal
from suites.evidence import CaseLog
from suites.evidence import Entry
from suites.verdicts import Blocked
from suites.verdicts import NotOffered
from suites.verdicts import Unanswered

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
        # Of two cases at once that ask for a thing one makes it, while the other one waits.
        self._making: dict[str, threading.RLock] = {}
        self.again = 0  # how often a thing had to be made anew, because a reply was lost

    def once(self, key: str, log: CaseLog, make: Callable[[], Made]) -> Made:
        """Return what `make` returns, making it only for the first case that asks.

        `make` must write what it creates into this object's journal. A Blocked or NotOffered that
        it raises is raised for every case that asks.
        """
        with self._alone(key):
            known = self._kept.get(key)
            if known is not None:
                log.adopt(known.entries, known.wrote, known.passwords)
            else:
                known = self._keep(key, _make(log, make))
        value: Made = _value(known, log.last())
        return value

    def quietly(self, key: str, log: CaseLog, make: Callable[[CaseLog], Made]) -> Made:
        """Return what `make` returns, like `once`, without its exchanges.

        `make` is given a log of its own to send with.
        """
        with self._alone(key):
            known = self._kept.get(key)
            if known is None:
                own = CaseLog(f"shared: {key}", log.redactor, log.write)
                known = self._keep(key, _make(own, lambda: make(own)))
        log.adopt((), known.wrote, known.passwords)
        value: Made = _value(known, None)
        return value

    def _alone(self, key: str) -> AbstractContextManager[object]:
        return self._making.setdefault(key, threading.RLock())

    def _keep(self, key: str, made: _Kept) -> _Kept:
        # One reply that was lost must not block every case that comes later.
        if isinstance(made.problem, Unanswered):
            self.again += 1
        else:
            self._kept[key] = made
        return made

    def forget(self, key: str) -> None:
        """Let the next case that asks make the thing anew."""
        self._kept.pop(key, None)


def _value(known: _Kept, latest: Entry | None) -> Any:  # noqa: ANN401 - what `make` returned
    problem = known.problem
    if isinstance(problem, Blocked):
        raise type(problem)(problem.reason, by=problem.by, entry=latest or problem.entry)
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
