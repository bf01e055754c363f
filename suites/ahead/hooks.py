"""Begins cases before their turn, beside those that run meanwhile.

A case is a talk of which every step waits for the one before. On a server that takes its time
several of them are held at once, each in a thread, so that a run is not as long as all the waiting
together. When the turn of one comes it waits for its end, and judges as if it had begun then.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice

import pytest

from suites.cleanup.tidying import tidy
from suites.making.people import Registry
from suites.outcome.results import CaseRecord
from suites.reach.lanes import lanes
from suites.run.opening import open_bench
from suites.run.state import RunState
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

from .held import Held
from .order import may_begin
from .order import spread
from .order import wants_all

NAME = "scimproof-ahead"
AT_ONCE = 6  # cases of one process
_READY = 8  # that wait for one of those to end


class Ahead:
    """The hooks of one process that begin cases early."""

    def __init__(self, state: RunState, case: pytest.StashKey[CaseRecord]) -> None:
        self._state = state
        self._case = case
        self._threads = ThreadPoolExecutor(AT_ONCE, "scimproof-case")
        self._places: dict[str, int] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item]
    ) -> Generator[None, object, object]:
        """Spread the histories over the run, so that others are there to run beside them."""
        told = yield
        processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        items[:] = spread(items, processes, self._suite)
        return told

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Begin the next cases, as far as there is room for them; forget one that is over."""
        if wants_all(item, self._suite(item)):
            self._let_them_end()
        elif self._state.is_slow:
            under_way = sum(not held.end.done() for held in self._state.ahead.values())
            for each in islice(self._next(item), max(0, AT_ONCE + _READY - under_way)):
                self._begin(each)
        told = yield
        self._state.ahead.pop(item.nodeid, None)
        return told

    def _suite(self, item: pytest.Item) -> str:
        record = item.stash.get(self._case, None)
        return record.suite if record is not None else ""

    def _let_them_end(self) -> None:
        for held in self._state.ahead.values():
            held.wait()
        lanes().rest()

    def _next(self, item: pytest.Item) -> Iterator[pytest.Item]:
        """Return the cases that may begin now, in their order."""
        for each in self._sure(item):
            known = each.stash.get(self._case, None) is None or each.nodeid in self._state.ahead
            if not known and may_begin(each, self._suite(each)):
                yield each

    def _sure(self, item: pytest.Item) -> list[pytest.Item]:
        """Return the items whose turn will come in this process after one that runs now."""
        items = item.session.items
        if not hasattr(item.config, "workerinput"):
            self._places = self._places or {each.nodeid: n for n, each in enumerate(items)}
            return items[self._places[item.nodeid] + 1 :]
        known = item.config.pluginmanager.get_plugins()
        queue = next((each.torun for each in known if hasattr(each, "torun")), None)
        if queue is None:
            return []
        with queue.lock() as waiting:
            numbers = [each for each in waiting if isinstance(each, int)]
        # Others that run out of cases take the second half, and may do so again.
        return [items[each] for each in numbers[: len(numbers) // 4]]

    def _begin(self, item: pytest.Item) -> None:
        record = item.stash[self._case]
        try:
            bench = open_bench(self._state, record, item.nodeid, None)
            record.unannounced = bench.features.check(record.needs)
        except (Blocked, NotOffered):  # for the case to find out when its turn comes
            return
        if hasattr(item.config, "workerinput"):
            # Another worker that takes the case over meets none of its people.
            bench.registry = partial(_registry, bench.registry, bench.worker)
        held = self._state.ahead[item.nodeid] = Held(item, bench, record)
        self._threads.submit(held.run)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Wait for the end of a case that began early; nothing of it is done again."""
        held = self._state.ahead.get(item.nodeid)
        if held is not None:
            held.wait()
            held.take_the_place_of_fixtures()

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Judge as the case did that began early."""
        __tracebackhide__ = True
        held = self._state.ahead.get(pyfuncitem.nodeid)
        if held is None:
            return None
        held.result()
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Let those end whose turn never came, and delete what they made."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for held in self._state.ahead.values():
            held.call_off()
        for case, held in self._state.ahead.items():
            held.rest()
            tidy(held.bench, held.record, case, {})


def _registry(make: Callable[[str], Registry], worker: str, case: str) -> Registry:
    return make(f"{worker}: {case}")


def register(config: pytest.Config, state: RunState, case: pytest.StashKey[CaseRecord]) -> None:
    """Let cases begin early where a server was named that may take its time."""
    if state.target is not None and not state.target.app and not state.options.proofs:
        config.pluginmanager.register(Ahead(state, case), NAME)
