"""429: Retry-After in whole seconds, else five minutes; doubled each time; ten attempts."""

from __future__ import annotations

# ruff: noqa: ANN401 # fixtures are factories whose classes no test can import
from typing import Any

import pytest

from idp_profiles.model import Group
from idp_profiles.model import Reply


def limited(retry_after: str | None = None) -> Reply:
    headers = () if retry_after is None else (("retry-after", retry_after),)
    return Reply(429, "Too Many Requests", headers, b'{"detail":"slow down"}')


NOBODY = (200, {"totalResults": 0, "Resources": []})


@pytest.fixture
def person(make_stage: Any) -> Any:
    return make_stage(1).person


def test_ten_attempts_each_wait_double_the_one_before(desk: Any, person: Any) -> None:
    seat = desk(NOBODY, limited())
    outcome = seat.mock.assign(person)
    assert seat.slept == [300.0 * 2**number for number in range(9)]
    assert outcome.waited == sum(seat.slept)
    assert seat.lines[1:] == ["POST /Users"] * 10
    assert not outcome.ok
    assert outcome.console.endswith(
        "API rate limiting: the app still answers 429 after ten attempts."
    )
    assert outcome.stopped.because == "POST /Users was answered with 429 ten times in a row"


def test_the_same_bytes_go_out_after_the_wait(desk: Any, person: Any) -> None:
    seat = desk(NOBODY, limited("7"), (201, {"id": "u1"}))
    outcome = seat.mock.assign(person)
    assert outcome.ok
    assert seat.slept == [7.0]
    assert seat.sent[1].body == seat.sent[2].body
    assert seat.sent[1].headers == seat.sent[2].headers


@pytest.mark.parametrize(
    ("stated", "waited"),
    [
        ("1", 1.0),
        (" 12 ", 12.0),
        ("0", 0.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 300.0),
        ("1.5", 300.0),
        ("-3", 300.0),
        ("null", 300.0),
        ("", 300.0),
        ("\N{ARABIC-INDIC DIGIT THREE}", 300.0),
        (None, 300.0),
    ],
)
def test_only_whole_seconds_count_as_retry_after(
    desk: Any, person: Any, stated: str | None, waited: float
) -> None:
    seat = desk(NOBODY, limited(stated), (201, {"id": "u1"}))
    assert seat.mock.assign(person).ok
    assert seat.slept == [waited]


def test_a_second_429_that_asks_for_more_than_double_gets_it(desk: Any, person: Any) -> None:
    seat = desk(NOBODY, limited("2"), limited("60"), limited("1"), (201, {"id": "u1"}))
    seat.mock.assign(person)
    assert seat.slept == [2.0, 60.0, 120.0]


def test_every_request_has_attempts_of_its_own(desk: Any, person: Any) -> None:
    seat = desk(limited("5"), NOBODY, limited("5"), (201, {"id": "u1"}))
    assert seat.mock.assign(person).ok
    assert seat.slept == [5.0, 5.0]


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("deactivate", {}),
        ("update", {"given_name": "New"}),
        ("sync_password", {"new_password": "other"}),
    ],
)
@pytest.mark.parametrize("dialect", ["aiw", "oin"])
def test_changes_to_people_wait(
    desk: Any, person: Any, dialect: str, verb: str, arguments: Any
) -> None:
    seat = desk(limited("3"), (200, {"id": "u1"}), dialect=dialect)
    seat.idp.link(person, "u1")
    assert getattr(seat.mock, verb)(person, **arguments).ok
    assert seat.slept == [3.0]


def test_imports_and_group_pushes_wait(desk: Any) -> None:
    seat = desk(limited("3"), NOBODY)
    assert seat.mock.import_users().ok
    pushing = desk(NOBODY, limited("4"), (201, {"id": "g1"}), (204, None))
    assert pushing.mock.push_group(Group("Team")).ok
    assert (seat.slept, pushing.slept) == ([3.0], [4.0])


def test_a_connection_test_does_not_wait(desk: Any) -> None:
    seat = desk(limited("3"))
    outcome = seat.mock.test_connection()
    assert not outcome.ok
    assert seat.slept == []
