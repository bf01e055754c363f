"""The coverage of the catalogue is computed as it should be, and has no gap."""

from __future__ import annotations

import pytest

from suites.proving import coverage
from suites.proving.case_list import Case
from suites.requirements import catalogue


@pytest.fixture(scope="module")
def states(known_cases: tuple[Case, ...]) -> list[coverage.State]:
    return coverage.states(known_cases)


def case(requirement: str) -> Case:
    return Case("x.py::test_x", requirement, "T.", None, ("d",), large=False)


def text_of(requirement: str, *with_cases: str) -> str:
    found = coverage.states([case(each) for each in with_cases])
    return next(state.text for state in found if state.requirement.id == requirement)


def test_whatever_can_be_checked_is_checked(states: list[coverage.State]) -> None:
    assert coverage.gaps(states) == []


def test_every_requirement_has_a_state(states: list[coverage.State]) -> None:
    assert [state.requirement.id for state in states] == list(catalogue())
    assert all(state.text for state in states)


def test_a_gap_is_seen() -> None:
    assert "RFC7644-4-2" in coverage.gaps(coverage.states([]))
    assert "RFC7644-4-2" not in coverage.gaps(coverage.states([case("RFC7644-4-2")]))


def test_what_nobody_can_test_is_no_gap() -> None:
    assert text_of("RFC7644-4-3").startswith("not testable: ")
    assert "RFC7644-4-3" not in coverage.gaps(coverage.states([]))


def test_cases_are_counted() -> None:
    assert text_of("RFC7644-4-2", "RFC7644-4-2") == "1 case"
    assert text_of("RFC7644-4-2", "RFC7644-4-2", "RFC7644-4-2") == "2 cases"


def test_a_double_is_shown_by_what_it_repeats_only_where_that_has_a_case() -> None:
    assert text_of("RFC7644-3.5.2-9", "RFC7644-3.5.2.2-1") == "same as RFC7644-3.5.2.2-1"
    assert text_of("RFC7644-3.5.2-9") == coverage.MISSING


def test_what_another_case_shows_is_covered_only_where_there_is_one() -> None:
    covered = text_of("RFC7644-3.5.2.2-11", "RFC7644-3.5.2.2-4")
    assert covered == "covered by RFC7644-3.5.2.2-4"
    assert text_of("RFC7644-3.5.2.2-11") == coverage.MISSING


def test_what_an_idp_cannot_achieve_is_said_and_not_counted() -> None:
    entry = next(each for each in catalogue().values() if each.not_achievable)
    lacking = next(iter(entry.not_achievable))
    trap = Case("x.py::test_x", entry.id, "T.", None, ("d",), large=False, provider=lacking)
    real = Case("x.py::test_y", entry.id, "T.", None, ("d",), large=False, provider=entry.idps[0])

    def text(*cases: Case) -> str:
        found = coverage.states(cases)
        return next(state.text for state in found if state.requirement.id == entry.id)

    assert text(trap) == coverage.MISSING
    assert text(trap, real).startswith(f"1 case; not achievable with {lacking}")
