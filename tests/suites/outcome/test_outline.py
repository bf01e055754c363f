"""What a run did not look at is named, so that nobody takes it for covered."""

from __future__ import annotations

import pytest

from reports import Json
from reports import Result
from reports import Verdict
from suites.outcome import outline
from suites.requirements import NOT_TESTABLE
from suites.requirements import catalogue

COVERED_BY = next(each for each in catalogue().values() if each.covered_by)
SAME_AS = next(each for each in catalogue().values() if each.same_as)


def result(requirement: str, verdict: Verdict = Verdict.PASS, **more: str) -> Result:
    return Result(
        case=f"case::{requirement}",
        requirement=requirement,
        level="MUST",
        suite="protocol",
        title="It answers",
        verdict=verdict,
        **more,  # type: ignore[arg-type]  # texts only
    )


def part(name: str, *results: Result) -> dict[str, Json] | list[Json]:
    found = outline.coverage(results)[name]
    assert isinstance(found, dict | list)
    return found


def test_what_the_run_did_not_ask_for_is_named() -> None:
    found = part("not_selected", result("RFC7644-3.6-2"), result("OKTA-PUSH-2", idp="okta"))
    assert "RFC7644-3.6-2" not in found
    assert "OKTA-PUSH-2" not in found
    assert {"RFC7644-3.6-3", "OKTA-PUSH-1", "SEC-AUTH-1", "CON-READ-1"} <= {*found}
    assert [*found] == sorted(map(str, found))
    assert NOT_TESTABLE not in {catalogue()[str(name)].testable for name in found}


def test_only_idps_and_products_that_took_part_count() -> None:
    documents = {str(name).partition("-")[0] for name in part("not_selected", result("CON-READ-1"))}
    assert documents == {"RFC7643", "RFC7644", "RFC9865", "SEC", "CON"}
    promise = result("CLK-USER-8", idp="entra", product="clockify")
    documents = {str(name).partition("-")[0] for name in part("not_selected", promise)}
    assert "CLK" in documents
    assert "ENTRA" not in documents


@pytest.mark.parametrize("verdict", [Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.FAIL])
def test_what_the_run_asked_for_is_not_named_whatever_came_of_it(verdict: Verdict) -> None:
    assert "RFC7644-3.6-2" not in part("not_selected", result("RFC7644-3.6-2", verdict))


@pytest.mark.parametrize(
    ("requirement", "shown_by"),
    [(COVERED_BY.id, COVERED_BY.covered_by), (SAME_AS.id, SAME_AS.same_as)],
)
def test_what_another_result_shows_is_named_with_it(requirement: str, shown_by: str) -> None:
    given = result(shown_by)
    found = part("shown_by", given)
    assert isinstance(found, dict)
    assert found[requirement] == shown_by
    assert requirement not in part("not_selected", given)
    assert requirement in part("not_selected", result("CON-READ-1"))


def test_what_needs_a_server_set_up_for_it_is_named_apart() -> None:
    found = part("needs_setup", result("CON-READ-1"))
    assert "RFC7644-7.2-1" in found
    assert all(catalogue()[str(name)].testable == "needs-config" for name in found)


def test_every_requirement_of_a_server_is_somewhere_once() -> None:
    documents = ("RFC7643-4.1.1-1", "RFC7644-3.6-2", "RFC9865-2-1", "SEC-AUTH-1", "CON-READ-1")
    found = outline.coverage([result(name) for name in documents])
    places = ("checked", "skipped", "not_checkable", "not_selected", "needs_setup", "shown_by")
    named = [name for place in places for name in found[place]]  # type: ignore[union-attr]  # lists and objects
    wanted = [
        name
        for name, each in catalogue().items()
        if each.idp is None and each.product is None and each.role != "client"
    ]
    assert sorted(map(str, named)) == sorted(wanted)
