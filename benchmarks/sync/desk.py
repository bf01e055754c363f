"""The desk at the master: it gives each tenant to one worker, and gathers what they measured."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any


class Desk:
    """Gives tenants out by number, each once, and keeps the latest word of every worker."""

    def __init__(self, tenants: int) -> None:
        self._free = list(range(tenants))
        self._given: dict[int, str] = {}
        self._heard: dict[str, Mapping[str, Any]] = {}
        self._lost: set[str] = set()

    def take(self, worker: str) -> int | None:
        """Return the number of a tenant that nobody has, or None when there is none left."""
        if not self._free:
            return None
        number = self._free.pop(0)
        self._given[number] = worker
        return number

    def hear(self, worker: str, word: Mapping[str, Any]) -> None:
        """Take what a worker knows of all its tenants; a later word replaces an earlier one."""
        self._heard[worker] = word
        self._lost.discard(worker)

    def lose(self, workers: Iterable[str]) -> None:
        """Note that workers are gone: what they have not told by now, they will not tell."""
        self._lost |= set(workers)

    def worker_of(self, number: int) -> str:
        """Return who has a tenant, nothing if nobody has."""
        return self._given.get(number, "")

    def is_lost(self, worker: str) -> bool:
        """Tell whether a worker is gone without a last word."""
        return worker in self._lost and not self.word_of(worker).get("last")

    @property
    def workers(self) -> tuple[str, ...]:
        """Those who have tenants or have told something."""
        return tuple(dict.fromkeys([*self._given.values(), *self._heard]))

    @property
    def refusals(self) -> list[str]:
        """Why workers cannot take part, which they found out before they sent anything."""
        return [str(word["refused"]) for word in self._heard.values() if word.get("refused")]

    def word_of(self, worker: str) -> Mapping[str, Any]:
        """Return the latest word of a worker."""
        return self._heard.get(worker, {})

    @property
    def words(self) -> dict[int, Mapping[str, Any]]:
        """What is known of each tenant, by its number."""
        told = (each for word in self._heard.values() for each in word.get("tenants", ()))
        return {int(each["number"]): each for each in told}

    @property
    def is_done(self) -> bool:
        """Whether every tenant has come to its end, or its worker is lost."""
        words = self.words
        return not self._free and all(
            worker in self._lost or _is_over(words.get(number))
            for number, worker in self._given.items()
        )

    @property
    def has_heard_last(self) -> bool:
        """Whether every worker with a tenant has told its last word or is lost."""
        busy = set(self._given.values()) - self._lost
        return all(self.word_of(worker).get("last") for worker in busy)


def _is_over(word: Mapping[str, Any] | None) -> bool:
    return word is not None and word["course"]["state"] in ("done", "ended")
