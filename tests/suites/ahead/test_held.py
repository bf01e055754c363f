"""A case that is held in a thread: what it raises, and how it is called off."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from suites.ahead.held import Held
from suites.cleanup.journal import Journal
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from tests.suites.ahead.cases import definition
from tests.suites.ahead.cases import item


def held(obj: Any, *asks: str, **fixtures: Any) -> Held:  # noqa: ANN401 - see `item`
    bench: Any = SimpleNamespace(journal=Journal(None, owner="main"))
    record: Any = SimpleNamespace(took=0.0)
    fixtures.setdefault("bench", definition(lambda: pytest.fail("it is made again")))
    return Held(item("case", *asks, obj=obj, **fixtures), bench, record)


def test_a_case_is_given_what_it_asks_for_and_nothing_else() -> None:
    seen: dict[str, Any] = {}
    one = held(
        lambda **given: seen.update(given),
        "look",
        look=definition(lambda bench: bench.journal, "bench"),
    )
    one.run()
    one.result()
    assert seen == {"look": one.bench.journal}
    assert one.record.took > 0


def test_what_a_case_raised_comes_out_at_its_turn() -> None:
    problem = Mismatch(expected="one", actual="none")

    def judge() -> None:
        raise problem

    one = held(judge)
    one.run()
    one.wait()
    with pytest.raises(Mismatch) as caught:
        one.result()
    assert caught.value is problem


def test_a_turn_waits_for_the_end() -> None:
    told = threading.Event()
    one = held(lambda: told.wait(10))
    thread = threading.Thread(target=one.run)
    thread.start()
    assert not one.end.done()
    told.set()
    one.wait()
    thread.join()
    one.result()


def test_pytest_makes_nothing_again_but_what_tidies_up() -> None:
    one = held(lambda **_: None, "user", "request", user=definition(lambda: "made"))
    one.run()
    one.take_the_place_of_fixtures()
    assert set(one.item.funcargs) == {"user"}  # type: ignore[attr-defined]  # of functions


def test_a_case_that_is_called_off_never_begins() -> None:
    one = held(lambda: pytest.fail("it began"))
    one.call_off()
    one.run()
    one.rest()
    assert one.end.cancelled()


def test_a_case_that_is_called_off_sends_nothing_more() -> None:
    begun, told = threading.Event(), threading.Event()
    sent: list[str] = []

    def judge(bench: Any) -> None:  # noqa: ANN401 - a stand-in
        begun.set()
        told.wait(10)
        bench.journal.intend("GET", "/Users", None)
        sent.append("GET")

    one = held(judge, "bench")
    thread = threading.Thread(target=one.run)
    thread.start()
    begun.wait(10)
    one.call_off()
    told.set()
    one.rest()
    thread.join()
    assert sent == []
    with pytest.raises(Blocked, match="the run was ended"):
        one.result()
