"""Each finding tells whom it stops and where the RFC stands."""

from __future__ import annotations

from typing import Any

import pytest

from reports import Result
from reports import Verdict
from reports.dimensions import Dimensions
from reports.dimensions import stance

ADD = "RFC7644-3.5.2.1-1"
SPEAKS = "speaks of this; whether it is broken is judged by its own cases"
BROKEN = "asks for the same, and is broken"
KEPT = "is kept where it speaks of this, so this alone is no violation"


def result(requirement: str, verdict: Verdict = Verdict.FAIL, **more: Any) -> Result:  # noqa: ANN401
    return Result(
        case=f"{requirement}-{verdict}",
        requirement=requirement,
        level="NEEDS",
        suite="idp",
        title="Members stay.",
        verdict=verdict,
        **more,
    )


def of_okta(verdict: Verdict = Verdict.FAIL, rfc: str = "asks") -> Result:
    rests_on = (ADD,) if rfc == "asks" else ()
    return result("OKTA-MEM-1", verdict, idp="okta", rfc=rfc, rests_on=rests_on)


@pytest.mark.parametrize(
    ("rfc", "words"),
    [
        ("asks", f"{SPEAKS} ({ADD})"),
        ("beyond", "does not ask for this, so this alone is no violation"),
        ("open", "leaves this open, so this alone is no violation"),
    ],
)
def test_a_finding_about_an_idp_says_where_the_rfc_stands(rfc: str, words: str) -> None:
    assert stance(of_okta(rfc=rfc)) == words


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.SKIP])
def test_what_is_no_finding_says_nothing(verdict: Verdict) -> None:
    sides = Dimensions([of_okta(verdict), result(ADD, verdict)])
    assert (stance(of_okta(verdict)), sides.rfc(of_okta(verdict))) == ("", "")
    assert sides.idps(result(ADD, verdict)) == ""


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.PASS, f"{KEPT} ({ADD} passes here)"),
        (Verdict.SKIP, f"{KEPT} ({ADD} skipped here)"),
        (Verdict.FAIL, f"{BROKEN} ({ADD} fails here)"),
        (Verdict.WARN, f"{BROKEN} ({ADD} warns here)"),
        (Verdict.WAIVED, f"{SPEAKS} ({ADD} waived here)"),
        (Verdict.ERROR, f"{SPEAKS} ({ADD} not judged here)"),
        (Verdict.INCONCLUSIVE, f"{SPEAKS} ({ADD} not judged here)"),
    ],
)
def test_that_the_rfc_is_broken_says_nobody_but_its_own_cases(verdict: Verdict, words: str) -> None:
    assert Dimensions([of_okta(), result(ADD, verdict)]).rfc(of_okta()) == words


@pytest.mark.parametrize("rfc", ["beyond", "open"])
def test_what_the_rfc_does_not_ask_for_is_no_violation_whatever_else_fails(rfc: str) -> None:
    sides = Dimensions([of_okta(rfc=rfc), result(ADD)])
    assert sides.rfc(of_okta(rfc=rfc)).endswith("so this alone is no violation")


def test_a_requirement_that_did_not_run_is_only_named() -> None:
    assert Dimensions([of_okta()]).rfc(of_okta()) == f"{SPEAKS} ({ADD})"


def test_a_finding_about_the_rfc_names_what_it_breaks_for_idps() -> None:
    finding = result(ADD)
    assert Dimensions([finding, of_okta(), of_okta()]).idps(finding) == "OKTA-MEM-1"
    assert Dimensions([finding, of_okta(Verdict.PASS)]).idps(finding) == ""


def test_a_finding_about_the_rfc_has_no_stance() -> None:
    assert Dimensions([result(ADD)]).rfc(result(ADD)) == ""


def test_a_finding_about_an_idp_breaks_nothing_for_idps() -> None:
    assert Dimensions([of_okta()]).idps(of_okta()) == ""
