"""Measures what every case costs, on the embedded server, and writes `costs.json`.

    python -m suites.survey.measuring

It runs every case once, which takes about a minute. Run it when cases were added or send other
requests than before: a selftest holds the figures against a run.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections import defaultdict
from collections.abc import Generator
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import click
import pytest

from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.evidence import RawExchange
from suites.making.shared import Shared
from suites.reach import embedded

from .costs import FILE
from .costs import Cost
from .costs import Costs
from .costs import Entry
from .costs import written

HOME = Path(__file__).resolve().parents[1]
_CREATED = (200, 201)


class Meter:
    """Counts the requests of whoever sends them: a case, or what several share."""

    def __init__(self) -> None:
        self.own: defaultdict[str, Cost] = defaultdict(Cost)
        self.needs: defaultdict[str, set[str]] = defaultdict(set)
        self.times: Counter[str] = Counter()  # how often each was run or made
        self.sweeps = 0
        self._stack: list[str] = []

    @contextmanager
    def as_one(self, name: str, *, times: int = 1) -> Iterator[None]:
        """Count what is sent meanwhile for this one."""
        if self._stack and self._stack[-1] != name:
            self.needs[self._stack[-1]].add(name)
        self.times[name] += times
        self._stack.append(name)
        try:
            yield
        finally:
            self._stack.pop()

    def take(self, raw: RawExchange) -> None:
        """Count one exchange."""
        made = raw.method == "POST" and raw.reply is not None and raw.reply.status in _CREATED
        kind = raw.target.partition("?")[0].rstrip("/").rpartition("/")[2].lower() if made else ""
        name = self._stack[-1] if self._stack else ""
        self.own[name] = self.own[name].plus(Cost(1, kind == "users", kind == "groups"))

    def entry(self, name: str) -> Entry:
        """Return what one cost, on average where it was done several times."""
        share = 1 / max(1, self.times[name])
        return Entry(Cost().plus(self.own[name], share), tuple(sorted(self.needs[name])))

    def costs(self, places: set[str]) -> Costs:
        """Return the figures of all that was seen."""
        made = [self.own[name] for name in self.own]
        created = sum(each.users + each.groups for each in made)
        keys = {key for needs in self.needs.values() for key in needs}
        return Costs(
            {place: self.entry(place) for place in places},
            {key: self.entry(key) for key in keys},
            sweeps=self.sweeps / max(1.0, created),
        )


class Measuring:
    """A pytest plugin that lets the meter know which case runs."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.places: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Count what a case sends for the function that it is of."""
        place = place_of(item.nodeid)
        self.places.add(place)
        with self.meter.as_one(place):
            return (yield)


def place_of(node_id: str) -> str:
    """Return file and function of a case, whatever its parameters and dialect are."""
    return node_id.partition("[")[0].removeprefix("suites/")


@contextmanager
def metered(meter: Meter) -> Iterator[None]:
    """Count what cases send, what they share, and what is deleted at the end."""
    record, raw = CaseLog.record, ScimClient.raw

    def recorded(log: CaseLog, exchange: RawExchange) -> Any:  # noqa: ANN401 - as the original
        meter.take(exchange)
        return record(log, exchange)

    def swept(client: ScimClient, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - as the original
        meter.sweeps += 1
        return raw(client, *args, **more)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(CaseLog, "record", recorded))
        stack.enter_context(mock.patch.object(ScimClient, "raw", swept))
        for name in ("once", "quietly"):
            stack.enter_context(mock.patch.object(Shared, name, _watched(meter, name)))
        yield


def _watched(meter: Meter, name: str) -> Any:  # noqa: ANN401 - a method of Shared
    make = getattr(Shared, name)

    def watched(shared: Shared, key: str, *args: Any) -> Any:  # noqa: ANN401 - as the original
        fresh = key not in shared._kept  # a look from the same room: only who is first pays
        with meter.as_one(key, times=fresh):
            return make(shared, key, *args)

    return watched


def measure(*chosen: str) -> Costs:
    """Run the cases, all of them unless some are chosen, and return what they cost."""
    meter = Meter()
    plugin = Measuring(meter)
    with tempfile.TemporaryDirectory() as folder, metered(meter), _in_process():
        place = ["-c", str(HOME / "isolated.ini"), f"--rootdir={HOME.parent}"]
        words = [*place, f"--confcutdir={HOME}", "-p", "scimproof", "-p", "no:cacheprovider", "-q"]
        words += [
            "-p",
            "no:randomly",
            "-p",
            "no:random_order",
            "--scim-report",
            folder,
            "--scim-large",
        ]
        status = pytest.main([*words, str(HOME), *chosen], plugins=[plugin])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise click.ClickException(f"the cases did not run (pytest status {int(status)})")
    return meter.costs(plugin.places)


@contextmanager
def _in_process() -> Iterator[None]:
    # Sockets cost time and change nothing of what is sent.
    with mock.patch.object(embedded, "start", partial(embedded.start, sockets=False)):
        yield


def main() -> int:
    """Measure, and write the file beside this module."""
    costs = measure()
    file = Path(__file__).with_name(FILE)
    file.write_text(written(costs), encoding="utf-8")
    click.echo(
        f"{file.name}: {len(costs.cases)} cases, {costs.of(costs.cases).requests:,.0f} requests"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
