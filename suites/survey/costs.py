"""What cases cost: requests and resources as they were measured on the embedded server.

`costs.json` is written by `python -m suites.survey.measuring`. What several cases share is made
once, so a case costs its own requests, and those of what it shares for the first that asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import cache
from importlib.resources import files
from typing import NamedTuple

FILE = "costs.json"


class Cost(NamedTuple):
    """Requests, and the users and groups that they create."""

    requests: float = 0.0
    users: float = 0.0
    groups: float = 0.0

    def plus(self, other: Cost, times: float = 1.0) -> Cost:
        """Return the sum with another cost, or a multiple of it."""
        return Cost(*(one + times * two for one, two in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Entry:
    """What a case, or a shared thing, costs by itself, and the shared things that it needs."""

    own: Cost
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Costs:
    """The measured figures: of every case by its place, and of every shared thing by its key."""

    cases: Mapping[str, Entry]
    shared: Mapping[str, Entry] = field(repr=False)
    first: float = 5.0  # requests before the first case
    sweeps: float = 1.0  # deletions at the end for each resource that was created

    def of(self, cases: Iterable[str]) -> Cost:
        """Return what these cases cost together; one that was not measured costs the average."""
        total, wanted, unknown = Cost(), set[str](), 0
        for place in cases:
            entry = self.cases.get(place)
            if entry is None:
                unknown += 1
                continue
            total = total.plus(entry.own)
            self._want(entry.needs, wanted)
        for key in wanted:
            total = total.plus(self.shared[key].own)
        total = total.plus(self._usual, unknown)
        swept = self.sweeps * (total.users + total.groups)
        return total.plus(Cost(requests=swept + self.first)) if total.requests else total

    def _want(self, needs: Iterable[str], wanted: set[str]) -> None:
        for key in needs:
            if key in self.shared and key not in wanted:
                wanted.add(key)
                self._want(self.shared[key].needs, wanted)

    @property
    def _usual(self) -> Cost:
        total = Cost()
        for entry in self.cases.values():
            total = total.plus(entry.own)
        return Cost(*(part / max(1, len(self.cases)) for part in total))


@cache
def measured() -> Costs:
    """Return the figures that are part of this version."""
    return read(files("suites.survey").joinpath(FILE).read_text(encoding="utf-8"))


def read(text: str) -> Costs:
    """Return the figures of a file."""
    raw = json.loads(text)
    keys = [*raw["shared"]]

    def entry(row: list[float], needs: list[int]) -> Entry:
        return Entry(Cost(*row[:3]), tuple(keys[n] for n in needs))

    cases = {
        f"{file}::{name}": entry(row, needs)
        for file, named in raw["cases"].items()
        for name, (row, needs) in named.items()
    }
    shared = {key: entry(row, needs) for key, (row, needs) in raw["shared"].items()}
    return Costs(cases, shared, raw["first"], raw["sweeps"])


def written(costs: Costs) -> str:
    """Return the file of some figures, one case a line."""
    number = {key: n for n, key in enumerate(sorted(costs.shared))}
    named: dict[str, dict[str, str]] = {}
    for place, each in sorted(costs.cases.items()):
        file, _, name = place.partition("::")
        named.setdefault(file, {})[name] = _row(each, number)
    shared = {key: _row(costs.shared[key], number) for key in number}
    lines = [f'"first": {_short(costs.first)}', f'"sweeps": {_short(costs.sweeps)}']
    lines += [f'"shared": {_table(shared)}']
    tables = {file: _table(rows) for file, rows in named.items()}
    lines += [f'"cases": {_table(tables)}']
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _row(each: Entry, number: Mapping[str, int]) -> str:
    row = [*map(_short, each.own)]
    while len(row) > 1 and row[-1] == "0":
        row.pop()
    needs = sorted(number[key] for key in each.needs if key in number)
    return f"[[{','.join(row)}],{json.dumps(needs, separators=(',', ':'))}]"


def _table(rows: Mapping[str, str]) -> str:
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {row}" for key, row in rows.items()) + "\n}"


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
