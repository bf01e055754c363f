from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from dataclasses import replace

import pytest

from reports import ChecklistItem
from reports import Claim
from reports import Contradiction
from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Outcome
from reports import Report
from reports import ReportError
from reports import Result
from reports import Target
from reports import Verdict

WORST_FIRST = ["error", "fail", "inconclusive", "warn", "waived", "pass", "skip"]


@pytest.mark.parametrize(("worse", "better"), list(itertools.combinations(WORST_FIRST, 2)))
def test_of_two_verdicts_the_worse_one_wins_in_either_order(worse: str, better: str) -> None:
    assert Verdict.worst([Verdict(better), Verdict(worse)]) is Verdict(worse)
    assert Verdict.worst([Verdict(worse), Verdict(better)]) is Verdict(worse)


def test_there_is_no_worst_of_no_verdicts() -> None:
    assert Verdict.worst([]) is None


def test_what_was_only_skipped_stays_a_skip() -> None:
    assert Verdict.worst([Verdict.SKIP, Verdict.SKIP]) is Verdict.SKIP


def test_every_verdict_has_its_own_badness() -> None:
    assert sorted(verdict.badness for verdict in Verdict) == list(range(len(Verdict)))


def test_a_tally_names_the_verdicts_that_never_came() -> None:
    tally = Verdict.tally([Verdict.PASS, Verdict.PASS, Verdict.FAIL])
    assert tally["pass"] == 2
    assert tally["fail"] == 1
    assert tally["waived"] == 0
    assert set(tally) == set(Verdict)


def test_a_result_comes_back_from_its_json_whole(
    result: Callable[..., Result], exchange: Callable[..., dict[str, Json]]
) -> None:
    full = result(
        Verdict.INCONCLUSIVE,
        idp="okta",
        dialect="oin",
        scenario="push-group-rename",
        certainty="doc",
        feature="Push Groups: rename",
        rfc="asks",
        rests_on=("RFC7644-3.5.2-1",),
        notes=("one", "two"),
        expected="status 200",
        actual="status 400",
        consequence="this group stops",
        hint="accept it",
        reproduce="curl",
        evidence=(exchange(), exchange(response=None, error="connection reset")),
        links=("https://www.rfc-editor.org/rfc/rfc7644",),
        blocked_by="another case",
        seconds=0.25,
        product="clockify",
        simulated=True,
    )
    assert Result.from_json(full.to_json()) == full


def test_a_report_comes_back_from_its_json_whole(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    idp = IdpSummary(
        idp="okta",
        title="Okta",
        dialect="oin",
        dialect_title="Catalog",
        verdict=None,
        features=(Feature(name="Import", verdict=None, label="not checked"),),
        checklist=(ChecklistItem(text="Log in", verdict=Verdict.PASS, results=("a",)),),
    )
    full = report(
        result(),
        result(Verdict.FAIL),
        idps=(idp,),
        run=replace(report().run, interrupted=True, options={"idp": ["okta"]}),
        target=Target(
            url=None,
            capabilities={"patch": {"value": True, "origin": "announced"}},
            software="Acme 3",
            simulated=True,
            trouble="connection refused",
        ),
        coverage={"checked": ["OKTA-PUSH-2"]},
        created=3,
        left_behind=({"type": "User", "id": "1"},),
        contradictions=(
            Contradiction(
                id="CLK-SAYS-1",
                product="clockify",
                question="Does it?",
                claims=(Claim(says="yes", source="a page", date="2026-01-20"),),
                outcome=Outcome.STATED,
                found="nobody can see it",
                requirements=("CLK-USER-1",),
                results=("a",),
            ),
        ),
    )
    assert Report.from_json(full.to_json()) == full


def test_the_summary_counts_the_results(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    written = report(result(), result(Verdict.FAIL), result(Verdict.FAIL)).to_json()
    assert written["summary"] == Verdict.tally([Verdict.PASS, Verdict.FAIL, Verdict.FAIL])


def test_the_members_of_a_report_come_in_the_published_order(report: Callable[..., Report]) -> None:
    assert list(report().to_json()) == [
        "format",
        "run",
        "target",
        "summary",
        "results",
        "idps",
        "coverage",
        "created",
        "left_behind",
        "contradictions",
        "transcript",
        "waivers",
    ]


def test_values_cannot_be_changed(result: Callable[..., Result]) -> None:
    with pytest.raises(FrozenInstanceError):
        result().title = "another"  # type: ignore[misc]  # the assignment is the point


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("case", None),
        ("verdict", "splendid"),
        ("verdict", 3),
        ("notes", "text"),
        ("notes", [1]),
        ("evidence", {}),
        ("seconds", True),
        ("seconds", "1"),
        ("idp", 3),
    ],
)
def test_a_result_with_a_wrong_member_is_refused_in_words(
    result: Callable[..., Result], member: str, value: Json
) -> None:
    with pytest.raises(ReportError, match=member if value != "splendid" else "splendid"):
        Result.from_json(result().to_json() | {member: value})


def test_another_format_is_refused_by_name(report: Callable[..., Report]) -> None:
    with pytest.raises(ReportError, match="scimproof-report/2"):
        Report.from_json(report().to_json() | {"format": "scimproof-report/2"})


def test_what_json_cannot_say_is_refused(result: Callable[..., Result]) -> None:
    with pytest.raises(ReportError, match="set"):
        result(waiver={"reason": {1, 2}}).to_json()
