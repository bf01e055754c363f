"""Things that are done beside the cases: in order, to the end, and never lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from reports import Result
from suites.cleanup.tidying import with_late_notes
from suites.reach.lanes import READS
from suites.reach.lanes import Lanes


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    made = Lanes()
    yield made
    made.finish()


def test_answers_come_in_the_order_of_the_questions(lanes: Lanes) -> None:
    first_may_end = threading.Event()

    def ask(number: int) -> int:
        if number == 1:
            first_may_end.set()
        elif number == 0:
            assert first_may_end.wait(10), "the second was never asked"
        return number * 10

    assert lanes.each(ask, [0, 1, 2]) == [0, 10, 20]


def test_questions_are_asked_at_once(lanes: Lanes) -> None:
    gate = threading.Barrier(READS)
    assert lanes.each(lambda _: gate.wait(10) >= 0, range(READS)) == [True] * READS


def test_what_one_question_raises_reaches_whoever_asked(lanes: Lanes) -> None:
    with pytest.raises(ZeroDivisionError):
        lanes.each(lambda number: 1 // number, [1, 0])


def test_what_is_put_off_is_done_by_the_end(lanes: Lanes) -> None:
    done: list[int] = []
    begin = threading.Event()

    def later(number: int) -> None:
        assert begin.wait(10)
        done.append(number)

    for number in range(10):
        lanes.later(lambda number=number: later(number))  # type: ignore[misc]  # a lambda with a default has no type of its own
    assert done == []
    begin.set()
    lanes.finish()
    assert sorted(done) == list(range(10))


def test_who_wants_rest_waits_for_what_was_put_off(lanes: Lanes) -> None:
    begin, done = threading.Event(), list[int]()

    def later() -> None:
        assert begin.wait(10)
        done.append(1)

    lanes.later(later)
    threading.Timer(0.05, begin.set).start()
    lanes.rest()
    assert done == [1]


def test_who_wants_rest_is_not_told_what_went_wrong_elsewhere(lanes: Lanes) -> None:
    begin = threading.Event()

    def fails() -> None:
        assert begin.wait(10)
        raise ZeroDivisionError

    lanes.later(fails)
    threading.Timer(0.05, begin.set).start()
    lanes.rest()
    with pytest.raises(ZeroDivisionError):
        lanes.finish()


def test_a_second_end_finds_nothing_to_do(lanes: Lanes) -> None:
    lanes.later(lambda: None)
    lanes.finish()
    lanes.finish()


def result(case: str, **more: Any) -> Result:  # noqa: ANN401 - the fields of a result
    known: dict[str, Any] = {
        **{"case": case, "requirement": "RFC7644-3.6-1", "level": "MUST", "suite": "protocol"},
        **{"title": "A title.", "verdict": "pass", "section": "3.6", "seconds": 0.1},
    }
    return Result.from_json({**known, **more})


def test_a_late_note_goes_to_the_result_of_its_case() -> None:
    results = (result("a", notes=["before"]), result("b"))
    first, second = with_late_notes(results, [{}, {"a": ["could not be deleted"]}, {"c": ["x"]}])
    assert first.notes == ("before", "could not be deleted")
    assert second == results[1]
