"""Which cases may begin early, and where the long ones stand."""

from __future__ import annotations

from typing import Any

import pytest

from suites.ahead.order import UNDISTURBED
from suites.ahead.order import may_begin
from suites.ahead.order import spread
from tests.suites.ahead.cases import definition
from tests.suites.ahead.cases import item


def yields() -> Any:  # noqa: ANN401 - a fixture that tidies up
    yield


PLAIN = definition(lambda: None)
BENCH = definition(yields)
SCIM = definition(lambda bench: bench, "bench")
ASKS = {each: definition(lambda **_: None, each) for each in ("experiment", "crew", "staff")}
CASES = [item(f"test_case_{n}", "scim") for n in range(40)]
TALKS = [item(f"test_talk_{n}", "office") for n in range(7)] + [
    item("test_lose_the_line", "office")
]


def suite_of(_case: object) -> str:
    return "protocol"


@pytest.mark.parametrize("processes", [1, 2, 8])
def test_no_case_is_lost_and_none_is_there_twice(processes: int) -> None:
    found = spread([*CASES[:20], *TALKS, *CASES[20:]], processes, suite_of)
    assert sorted(each.name for each in found) == sorted(each.name for each in [*CASES, *TALKS])


def test_every_process_gets_the_same_order() -> None:
    assert spread([*CASES, *TALKS], 2, suite_of) == spread([*CASES, *TALKS], 2, suite_of)


def test_each_process_has_its_share_and_the_longest_come_first() -> None:
    found = spread([*CASES, *TALKS], 2, suite_of)
    half = len(found) // 2
    assert [sum(each in TALKS for each in part) for part in (found[:half], found[half:])] == [4, 4]
    assert next(each.name for each in found if each in TALKS) == "test_lose_the_line"
    assert found[-1] not in TALKS


def test_a_run_without_histories_stays_as_it_is() -> None:
    assert spread(CASES, 2, suite_of) == CASES


@pytest.mark.parametrize(
    ("case", "suite", "may"),
    [
        (item("a", "scim", bench=definition(yields), scim=SCIM), "protocol", True),
        (item("a", "scim", bench=BENCH, scim=SCIM, _faker=definition(yields)), "protocol", True),
        (item("a", "office", bench=BENCH, office=SCIM), "idp", True),
        (item("a", "scim", bench=BENCH, scim=SCIM), "consistency", False),
        (item("a", "scim", bench=BENCH, scim=SCIM), "security", False),
        (item("a", "scim", bench=BENCH, scim=SCIM, marks=("scim_large",)), "protocol", False),
        (item("a", "scim", bench=BENCH, scim=SCIM, marks=(UNDISTURBED,)), "protocol", False),
        (item("a", "calm_user", bench=BENCH, calm_user=SCIM), "protocol", False),
        (
            item(
                "a",
                "four",
                "scim",
                bench=BENCH,
                scim=SCIM,
                four=ASKS["experiment"],
                experiment=PLAIN,
            ),
            "bulk",
            False,
        ),
        (
            item("a", "team", "scim", bench=BENCH, scim=SCIM, team=ASKS["crew"], crew=PLAIN),
            "idp",
            False,
        ),
        (
            item("a", "lone", "scim", bench=BENCH, scim=SCIM, lone=ASKS["staff"], staff=PLAIN),
            "groups",
            False,
        ),
        (item("a", "company", company=PLAIN), "product", False),
        (
            item("a", "odd", "scim", bench=BENCH, scim=SCIM, odd=definition(yields)),
            "protocol",
            False,
        ),
    ],
    ids=[
        "its own user",
        "a fixture that a plugin makes for all",
        "a history",
        "a race",
        "an attack",
        "large",
        "one that reads everything",
        "a shared user",
        "a sequence that is made once",
        "people whom others add to groups",
        "shared members",
        "no bench",
        "a fixture that tidies up",
    ],
)
def test_only_a_case_that_shares_nothing_it_could_change_begins_early(
    case: Any,  # noqa: ANN401 - see `item`
    suite: str,
    may: bool,
) -> None:
    assert may_begin(case, suite) is may


def test_who_is_to_have_the_server_alone_comes_last_in_each_share() -> None:
    alone = [item(f"test_alone_{n}", "scim", marks=(UNDISTURBED,)) for n in range(4)]
    given = [*alone[:2], *CASES[:20], *TALKS, *alone[2:], *CASES[20:]]
    found = spread(given, 1, suite_of)
    assert found[-4:] == alone
    assert len(found) == len(given)
