"""A case that is held in a thread, before its turn."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass
from dataclasses import field
from typing import Any

import pytest

from suites.bench import Bench
from suites.outcome.results import CaseRecord

from .fixtures import REQUEST
from .fixtures import Fixtures
from .fixtures import names

BENCH = "bench"
_OVER = "the run was ended"


@dataclass(slots=True)
class Held:
    """A case under way, or over, whose turn has not come."""

    item: pytest.Item
    bench: Bench
    record: CaseRecord
    end: Future[None] = field(default_factory=Future)

    def run(self) -> None:
        """Make its fixtures and let it judge; what it raises is kept for its turn."""
        if not self.end.set_running_or_notify_cancel():
            return
        started = time.perf_counter()
        try:
            self._play()
        except BaseException as problem:  # for the case to raise when its turn comes
            self.end.set_exception(problem)
        else:
            self.end.set_result(None)
        self.record.took = time.perf_counter() - started

    def _play(self) -> None:
        __tracebackhide__ = True
        made = Fixtures(self.item, {BENCH: self.bench}).all()
        asked = self.item._fixtureinfo.argnames  # type: ignore[attr-defined]  # of functions
        self.item.obj(**{name: made[name] for name in asked})  # type: ignore[attr-defined]  # as above

    def wait(self) -> None:
        """Wait for the end; a Ctrl-C meanwhile is raised."""
        self.end.exception()

    def take_the_place_of_fixtures(self) -> None:
        """Let pytest make none of the fixtures again, but the one that tidies up."""
        filled: dict[str, Any] = self.item.funcargs  # type: ignore[attr-defined]  # of functions
        filled.update({each: None for each in names(self.item) if each not in (BENCH, REQUEST)})

    def result(self) -> None:
        """Raise what the case raised."""
        __tracebackhide__ = True
        self.end.result()

    def call_off(self) -> None:
        """Let it end before its next request, or never begin."""
        self.bench.journal.end(_OVER)
        self.end.cancel()

    def rest(self) -> None:
        """Wait for the end of what was called off."""
        if not self.end.cancelled():
            self.end.exception()
