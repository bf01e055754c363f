"""The figures of one tenant: counts, errors, latencies and requests by second, which add up.

A worker keeps them and sends them as JSON types; whoever has those of all tenants can merge them.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

_STEP = math.log(1.04)  # two percent on either side
_SHORTEST = 0.001  # milliseconds


@dataclass(slots=True)
class Tally:
    """The requests of one shape: how many, how many failed and why, how long they took."""

    count: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    times: Counter[int] = field(default_factory=Counter)
    sum_ms: float = 0.0

    def add(self, milliseconds: float, error: str = "") -> None:
        """Count one request."""
        self.count += 1
        self.sum_ms += milliseconds
        self.times[int(math.log(max(milliseconds, _SHORTEST) / _SHORTEST) / _STEP)] += 1
        if error:
            self.errors[error] += 1

    def percentile(self, part: float) -> float:
        """Return the milliseconds within which a part of the requests was answered."""
        wanted, seen = part * self.count, 0
        for bucket, number in sorted(self.times.items()):
            seen += number
            if seen >= wanted:
                return _SHORTEST * math.exp((bucket + 0.5) * _STEP)
        return 0.0

    @property
    def failed(self) -> int:
        """How many requests failed."""
        return self.errors.total()

    @property
    def mean(self) -> float:
        """The mean time in milliseconds."""
        return self.sum_ms / self.count if self.count else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON types."""
        return {
            "count": self.count,
            "sum_ms": self.sum_ms,
            "errors": dict(self.errors),
            "times": [[bucket, number] for bucket, number in sorted(self.times.items())],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Tally:
        """Return what `to_json` wrote."""
        times = Counter({int(bucket): int(number) for bucket, number in kept["times"]})
        return cls(int(kept["count"]), Counter(kept["errors"]), times, float(kept["sum_ms"]))


def merged(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies."""
    whole = Tally()
    for each in tallies:
        whole.count += each.count
        whole.sum_ms += each.sum_ms
        whole.errors.update(each.errors)
        whole.times.update(each.times)
    return whole


@dataclass(slots=True)
class Figures:
    """What was measured on the line of one tenant, by phase.

    `seconds` holds how many requests of a second were answered as wanted and how many failed;
    `spans` when the first request of a phase left and the last one ended, in seconds since 1970.
    """

    clock: Callable[[], float] = time.time
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    seconds: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    spans: dict[str, tuple[float, float]] = field(default_factory=dict)
    throttled: int = 0
    held_seconds: float = 0.0

    def note(self, phase: str, name: str, milliseconds: float, error: str = "") -> None:
        """Count one request by its phase and shape, in the second in which it ended."""
        self.tallies.setdefault((phase, name), Tally()).add(milliseconds, error)
        now = self.clock()
        second = self.seconds.setdefault((phase, int(now)), [0, 0])
        begin = now - milliseconds / 1000
        self.spans[phase] = (min(begin, self.spans.get(phase, (begin,))[0]), now)
        second[1 if error else 0] += 1

    def of(self, phase: str) -> Tally:
        """Return the sum over all shapes of a phase."""
        return merged(tally for (each, _), tally in self.tallies.items() if each == phase)

    def by_second(self, phase: str) -> dict[int, tuple[int, int]]:
        """Return how many requests were answered as wanted, and how many not, by second."""
        return {
            second: (good, bad)
            for (each, second), (good, bad) in sorted(self.seconds.items())
            if each == phase
        }

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON types."""
        return {
            "tallies": [[phase, name, each.to_json()] for (phase, name), each in self._sorted()],
            "seconds": [[phase, at, *two] for (phase, at), two in sorted(self.seconds.items())],
            "spans": {phase: list(both) for phase, both in self.spans.items()},
            "throttled": self.throttled,
            "held_seconds": self.held_seconds,
        }

    def _sorted(self) -> list[tuple[tuple[str, str], Tally]]:
        return sorted(self.tallies.items())

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Figures:
        """Return what `to_json` wrote."""
        figures = cls(throttled=kept["throttled"], held_seconds=kept["held_seconds"])
        for phase, name, tally in kept["tallies"]:
            figures.tallies[phase, name] = Tally.from_json(tally)
        for phase, (begin, end) in kept["spans"].items():
            figures.spans[phase] = (begin, end)
        for phase, at, good, bad in kept["seconds"]:
            figures.seconds[phase, int(at)] = [good, bad]
        return figures


@dataclass(frozen=True, slots=True)
class Window:
    """The best stretch of whole seconds in a row: how many, and its requests a second."""

    seconds: int
    rate: float


def best_window(
    seconds: Mapping[int, tuple[int, int]], longest: int, *, spotless: bool = True
) -> Window:
    """Return the window with the highest rate; `spotless` ones hold no request that failed.

    The first and the last second are not whole and do not count. A phase that is shorter than the
    window is taken as a whole; with no whole second the window has none.
    """
    whole = _whole_seconds(seconds)
    size = min(longest, len(whole))
    best = Window(size, 0.0)
    for start in range(len(whole) - size + 1) if size else ():
        part = whole[start : start + size]
        if spotless and any(bad for _, bad in part):
            continue
        best = max(best, Window(size, sum(map(sum, part)) / size), key=lambda each: each.rate)
    return best


def _whole_seconds(seconds: Mapping[int, tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Return the seconds between the first and the last; one without a request counts as none."""
    if not seconds:
        return ()
    return [seconds.get(each, (0, 0)) for each in range(min(seconds) + 1, max(seconds))]
