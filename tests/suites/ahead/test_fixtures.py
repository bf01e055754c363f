"""Fixtures that are made in a thread: as pytest would make them."""

from __future__ import annotations

from typing import Any

import pytest

from suites.ahead.fixtures import Fixtures
from suites.ahead.fixtures import is_plain
from suites.ahead.fixtures import names
from tests.suites.ahead.cases import definition
from tests.suites.ahead.cases import item


def test_one_fixture_asks_for_another_and_each_is_made_once() -> None:
    made: list[str] = []

    def lab() -> str:
        made.append("lab")
        return "lab"

    case = item(
        "case",
        "user",
        "group",
        lab=definition(lab),
        user=definition(lambda lab: f"user of {lab}", "lab"),
        group=definition(lambda lab, user: f"group of {lab} with {user}", "lab", "user"),
    )
    assert Fixtures(case, {}).all() == {
        "user": "user of lab",
        "group": "group of lab with user of lab",
        "lab": "lab",
    }
    assert made == ["lab"]


def test_what_is_given_is_not_made() -> None:
    def never() -> None:
        raise AssertionError

    case = item(
        "case", "scim", bench=definition(never), scim=definition(lambda bench: bench, "bench")
    )
    assert Fixtures(case, {"bench": "mine"}).all() == {"scim": "mine", "bench": "mine"}


def test_a_fixture_that_asks_for_its_own_name_gets_the_one_before() -> None:
    usual = definition(lambda: "usual")
    own = definition(lambda office: f"own kind of {office}", "office")
    case = item("case", "office", "look", office=[usual, own])
    case._fixtureinfo.name2fixturedefs["look"] = [definition(lambda office: office, "office")]
    assert Fixtures(case, {}).all() == {"office": "own kind of usual", "look": "own kind of usual"}


def test_what_a_fixture_replaces_is_not_made_unless_it_asks_for_it() -> None:
    replaced = definition(lambda lab: lab, "lab")  # pytest itself knows no `lab` for this case
    case = item("case", "user", user=[replaced, definition(lambda: "own")])
    assert names(case) == ("user",)
    assert Fixtures(case, {}).all() == {"user": "own"}


def test_a_fixture_learns_of_the_case_and_of_its_parameter() -> None:
    def dialect(request: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401 - as pytest has it
        return request.node, request.config, request.param

    case = item(
        "case",
        "dialect",
        "request",
        params={"dialect": "flag"},
        dialect=definition(dialect, "request"),
    )
    assert Fixtures(case, {}).all() == {"dialect": (case, case.config, "flag")}


def test_what_a_fixture_raises_is_raised() -> None:
    def user() -> None:
        raise LookupError("nobody")

    with pytest.raises(LookupError, match="nobody"):
        Fixtures(item("case", "user", user=definition(user)), {}).all()


def yields() -> Any:  # noqa: ANN401 - a fixture that tidies up
    yield


@pytest.mark.parametrize(
    ("made", "plain"),
    [
        (definition(lambda: 1), True),
        (definition(yields), False),
        (definition(lambda: 1, scope="session"), False),
    ],
    ids=["a function", "a generator", "for all cases"],
)
def test_only_a_function_that_is_called_for_each_case_is_plain(made: Any, plain: bool) -> None:  # noqa: ANN401 - see `definition`
    assert is_plain(made) is plain
