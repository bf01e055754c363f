"""What was measured, and how it stands against the goals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import TypeAlias

from load import Measure
from workloads import CREATE
from workloads import FILTER
from workloads import GET
from workloads import JOIN
from workloads import LIST
from workloads import PATCH_ACTIVE

OURS = "reference_server"
FLOOR = "http.server"

# The goals are for this many users and connections.
GOAL_SIZE = 10_000
GOAL_CONNECTIONS = 8
SMALL = 1_000
LARGE = 100_000
FEW_MEMBERS = 50
MANY_MEMBERS = 50_000

Key: TypeAlias = tuple[str, int, int, str]


@dataclass(frozen=True, slots=True)
class Result:
    """One operation on one server: the measure, and the processor time of each request."""

    measure: Measure
    cpu: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same operation on little and on much, measured in turns; times are medians in ms."""

    little: float
    much: float

    @property
    def ratio(self) -> float:
        """How many times as long it takes on much."""
        return self.much / self.little


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal with what was measured: `value` has to reach `wanted`, or stay within it."""

    text: str
    wanted: float
    value: float | None
    unit: str
    at_most: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        if self.value is None:
            return False
        return self.value <= self.wanted if self.at_most else self.value >= self.wanted

    @property
    def verdict(self) -> str:
        """Say in a few words whether it is met, and by how much not."""
        if self.value is None:
            return "not measured"
        if self.is_met:
            return "met"
        missing = abs(self.value / self.wanted - 1)
        return f"missed by {missing:.0%}"


@dataclass(slots=True)
class Findings:
    """All that one run has measured."""

    sizes: tuple[int, ...]
    connections: tuple[int, ...]
    seconds: float
    results: dict[Key, Result] = field(default_factory=dict)
    # Why a server could not be measured, by its name and the number of users.
    missing: dict[tuple[str, int], str] = field(default_factory=dict)
    peers: list[str] = field(default_factory=list)
    memory: dict[tuple[str, int], float] = field(default_factory=dict)
    filter_by_size: Comparison | None = None
    join_by_members: Comparison | None = None

    def rate(self, name: str, size: int, connections: int, operation: str) -> float | None:
        """Return requests per second, if they were measured."""
        found = self.results.get((name, size, connections, operation))
        return found.measure.rate if found else None

    def to_floor(self, size: int, connections: int, operation: str) -> float | None:
        """Return our rate as a part of the bare server's."""
        ours = self.rate(OURS, size, connections, operation)
        floor = self.rate(FLOOR, size, connections, FLOOR)
        return ours / floor if ours is not None and floor else None

    def to_better_peer(self, size: int, connections: int, operation: str) -> float | None:
        """Return our rate as a multiple of the better peer's."""
        ours = self.rate(OURS, size, connections, operation)
        rates = [self.rate(peer, size, connections, operation) for peer in self.peers]
        best = max((rate for rate in rates if rate), default=None)
        return ours / best if ours is not None and best else None

    def goals(self) -> list[Goal]:
        """Hold what was measured against the goals."""
        return [*self._rates(), *self._sizes()]

    def _rates(self) -> Iterator[Goal]:
        at = (GOAL_SIZE, GOAL_CONNECTIONS)
        times, part = "times the better peer", "of the bare http.server"
        for each in (GET, FILTER):
            yield Goal(f"{each.name}, {times}", 5, self.to_better_peer(*at, each.name), "x")
        for each in (GET, FILTER):
            yield Goal(f"{each.name}, {part}", 0.5, self.to_floor(*at, each.name), "x")
        for each in (CREATE, LIST, PATCH_ACTIVE, JOIN):
            yield Goal(f"{each.name}, {times}", 8, self.to_better_peer(*at, each.name), "x")

    def _sizes(self) -> Iterator[Goal]:
        by_size, by_members = self.filter_by_size, self.join_by_members
        text = f"{FILTER.name} with {LARGE:,} users, times with {SMALL:,}"
        yield Goal(text, 1.5, by_size.ratio if by_size else None, "x", at_most=True)
        text = f"adding a member to a group of {MANY_MEMBERS:,}, times to one of {FEW_MEMBERS}"
        yield Goal(text, 1.5, by_members.ratio if by_members else None, "x", at_most=True)
        kib = self.memory.get((OURS, LARGE))
        yield Goal(f"memory of a user at {LARGE:,}", 4, kib, " KiB", at_most=True)
