from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reports import Outcome
from reports import Result
from reports import Verdict
from suites.outcome.contradictions import Known
from suites.outcome.contradictions import contradictions
from suites.outcome.contradictions import known
from suites.requirements import catalogue
from suites.requirements import judged_products

KEPT = Result(
    case="suites/products/clockify/test_users.py::test_it[okta]",
    requirement="CLK-USER-4",
    level="PROMISE",
    suite="product",
    title="A status changes at once",
    verdict=Verdict.PASS,
    idp="okta",
    product="clockify",
)
ABOUT_STATUS = "CLK-CONTRADICTION-3"


def about(each: str, *results: Result) -> tuple[Outcome, str]:
    (found,) = [one for one in contradictions(results) if one.id == each]
    return found.outcome, found.found


@pytest.mark.parametrize("each", known(), ids=lambda each: each.id)
def test_every_contradiction_names_sources_and_what_would_show_it(each: Known) -> None:
    assert re.fullmatch(r"(CLK|CWS)-CONTRADICTION-\d+", each.id)
    assert each.product in judged_products()
    assert len(each.claims) >= 2
    assert all(claim.says and claim.source for claim in each.claims)
    products = {need: catalogue()[need].product for need in each.shown_by}
    assert set(products.values()) <= {each.product}
    if each.shown_by:
        assert each.kept
        assert each.broken
        assert not each.stated
    else:
        assert each.stated


def test_the_ids_are_unique_and_the_dated_sources_bear_their_dates() -> None:
    assert len({each.id for each in known()}) == len(known())
    dates = {claim.date for each in known() for claim in each.claims}
    assert {"updated 2026-01-11", "published 2026-01-20", None} <= dates


def test_only_the_products_of_the_run_are_spoken_of() -> None:
    assert {each.product for each in contradictions([KEPT])} == {"clockify"}
    assert contradictions([replace(KEPT, product=None)]) == ()
    assert contradictions([]) == ()


def test_a_run_on_the_product_shows_what_its_cases_showed() -> None:
    outcome, kept = about(ABOUT_STATUS, KEPT)
    assert outcome is Outcome.SHOWN
    assert "counted from different moments" in kept
    assert about(ABOUT_STATUS, KEPT, replace(KEPT, verdict=Verdict.FAIL))[1] != kept


def test_a_run_on_the_simulation_settles_nothing() -> None:
    outcome, found = about(ABOUT_STATUS, replace(KEPT, simulated=True))
    assert outcome is Outcome.SIMULATED
    assert found.startswith("In the simulation: ")
    assert found.endswith("settles nothing.")


def test_what_no_run_can_show_stays_stated() -> None:
    for simulated in (True, False):
        outcome, _ = about("CLK-CONTRADICTION-5", replace(KEPT, simulated=simulated))
        assert outcome is Outcome.STATED


@pytest.mark.parametrize("verdict", [Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.ERROR])
def test_what_was_not_judged_stays_open_with_the_reason(verdict: Verdict) -> None:
    skipped = replace(KEPT, verdict=verdict, actual="by hand: switch SCIM on")
    outcome, found = about(ABOUT_STATUS, skipped)
    assert outcome is Outcome.OPEN
    assert found == "Not judged in this run (CLK-USER-4): by hand: switch SCIM on"


@pytest.mark.parametrize("verdict", [Verdict.WARN, Verdict.WAIVED])
def test_a_verdict_that_says_neither_settles_nothing(verdict: Verdict) -> None:
    outcome, found = about(ABOUT_STATUS, replace(KEPT, verdict=verdict))
    assert outcome is Outcome.OPEN
    assert str(verdict) in found


def test_every_requirement_that_it_rests_on_has_to_be_judged() -> None:
    ten = replace(KEPT, product="clockwise", requirement="CWS-PLAN-1")
    assert about("CWS-CONTRADICTION-1", ten)[0] is Outcome.OPEN
    both = (ten, replace(ten, requirement="CWS-PLAN-2"))
    assert about("CWS-CONTRADICTION-1", *both)[0] is Outcome.SHOWN


def test_the_cases_behind_it_are_named() -> None:
    (found,) = [each for each in contradictions([KEPT]) if each.id == ABOUT_STATUS]
    assert found.results == (KEPT.case,)
    assert found.requirements == ("CLK-USER-4",)
