"""What changed between two reports: which cases belong together, and what that is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reports import Json
from reports import Report
from reports import Result
from reports import Run
from reports import Target
from reports import Verdict
from reports.findings.causes import causes
from reports.side_by_side.comparison import Change
from reports.side_by_side.comparison import Comparison
from reports.side_by_side.comparison import compare
from reports.side_by_side.comparison_view import groups
from reports.side_by_side.comparison_view import headline
from reports.side_by_side.comparison_view import notes

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]
RUN = Run(
    id="2222", version="0.1.0", started="2026-11-22T10:00:00+00:00", seconds=1.0, seed=1, options={}
)
TARGET = Target(url="https://scim.example.com/v2")


def of(*results: Result, target: Target = TARGET, **run: Any) -> Report:  # noqa: ANN401 - any field
    return Report(run=replace(RUN, **run), target=target, results=results)


def before(*results: Result, **more: Any) -> Report:  # noqa: ANN401 - any field
    return of(*results, **{"id": "1111", "started": "2026-11-21T10:00:00+00:00", **more})


def change(comparison: Comparison) -> Change:
    (pair,) = comparison.pairs
    return pair.change


# -- what became of a case -----------------------------------------------------------------------

# From the verdict in the rows to that in the columns.
COLUMNS = (Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.WAIVED, Verdict.SKIP)
TABLE = {
    Verdict.PASS: ("same", "new-warning", "regression", "accepted", "unknown"),
    Verdict.WARN: ("fixed", "still-warning", "regression", "accepted", "unknown"),
    Verdict.FAIL: ("fixed", "eased", "still-failing", "accepted", "unknown"),
    Verdict.WAIVED: ("fixed", "still-warning", "still-failing", "same", "unknown"),
    Verdict.SKIP: ("new", "new", "new-and-fails", "new", "same"),
    None: ("new", "new", "new-and-fails", "new", "same"),
}
STEPS = [
    (old, new, wanted)
    for old, row in TABLE.items()
    for new, wanted in zip(COLUMNS, row, strict=True)
]


@pytest.mark.parametrize(("old", "new", "wanted"), STEPS)
def test_every_step_from_one_verdict_to_another_has_its_name(
    result: MakeResult, old: Verdict | None, new: Verdict, wanted: str
) -> None:
    known = (result(old),) if old else ()
    assert change(compare(before(*known), of(result(new)))) is Change(wanted)


@pytest.mark.parametrize("unjudged", [Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.ERROR, None])
@pytest.mark.parametrize("judged", [Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.WAIVED])
def test_what_is_not_judged_any_more_is_unknown_and_no_regression(
    result: MakeResult, judged: Verdict, unjudged: Verdict | None
) -> None:
    left = (result(unjudged),) if unjudged else ()
    comparison = compare(before(result(judged)), of(*left))
    assert change(comparison) is Change.UNKNOWN
    assert not comparison.is_worse(strict=True)


@pytest.mark.parametrize("unjudged", [Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.ERROR, None])
def test_a_failure_of_what_was_not_judged_before_is_no_regression(
    result: MakeResult, unjudged: Verdict | None
) -> None:
    known = (result(unjudged),) if unjudged else ()
    comparison = compare(before(*known), of(result(Verdict.FAIL)))
    assert change(comparison) is Change.NEW_AND_FAILS
    assert not comparison.is_worse(strict=True)


@pytest.mark.parametrize(
    ("old", "new", "worse", "strictly"),
    [
        (Verdict.PASS, Verdict.FAIL, True, True),
        (Verdict.PASS, Verdict.WARN, False, True),
        (Verdict.FAIL, Verdict.WARN, False, False),
        (Verdict.WARN, Verdict.WARN, False, False),
        (Verdict.FAIL, Verdict.FAIL, False, False),
    ],
)
def test_regressions_alone_make_it_worse_and_with_strict_new_warnings(
    result: MakeResult, old: Verdict, new: Verdict, worse: bool, strictly: bool
) -> None:
    comparison = compare(before(result(old)), of(result(new)))
    assert comparison.is_worse() is worse
    assert comparison.is_worse(strict=True) is strictly
    assert headline(comparison).startswith("Worse: ") is worse
    assert headline(comparison, strict=True).startswith("Worse: ") is strictly


def test_a_report_compared_with_itself_has_no_change(broken: Report) -> None:
    comparison = compare(broken, broken)
    unchanged = (Change.SAME, Change.STILL_FAILING, Change.STILL_WARNING)
    assert len(comparison.of(*unchanged)) == len(comparison.pairs) == len(broken.results)
    assert not any(pair.fails_otherwise for pair in comparison.pairs)


def test_slower_is_not_worse(result: MakeResult) -> None:
    comparison = compare(
        before(result(Verdict.PASS, seconds=0.1)), of(result(Verdict.PASS, seconds=9.0))
    )
    assert change(comparison) is Change.SAME


def test_a_case_that_fails_for_another_reason_says_so(
    result: MakeResult, exchange: Callable[..., dict[str, Json]]
) -> None:
    by_read = result(Verdict.FAIL, evidence=(exchange(),))
    other = result(Verdict.FAIL, evidence=())
    (pair,) = compare(before(other), of(by_read)).pairs
    assert pair.fails_otherwise
    (same,) = compare(before(other), of(other)).pairs
    assert not same.fails_otherwise


# -- which cases belong together -----------------------------------------------------------------

CASE = "suites/idp/okta/test_push.py::test_rename[oin]"


@pytest.mark.parametrize(
    "moved",
    [
        CASE,
        f"../venv/lib/python3.11/site-packages/{CASE}",
        "suites/idp/okta/test_groups.py::test_rename[oin]",
        "suites/idp/okta/test_groups.py::test_a_rename[oin]",
    ],
)
def test_a_case_that_moved_is_found_again(result: MakeResult, moved: str) -> None:
    old, new = result(Verdict.PASS, case=CASE), result(Verdict.FAIL, case=moved)
    assert change(compare(before(old), of(new))) is Change.REGRESSION


def test_the_dialects_of_a_case_are_different_cases(result: MakeResult) -> None:
    old = [result(Verdict.PASS, case=f"{CASE[:-4]}{each}]", dialect=each) for each in ("a", "b")]
    new = [replace(old[0], verdict=Verdict.FAIL), old[1]]
    comparison = compare(before(*old), of(*reversed(new)))
    assert [pair.shown.dialect for pair in comparison.of(Change.REGRESSION)] == ["a"]
    assert [pair.shown.dialect for pair in comparison.of(Change.SAME)] == ["b"]


def test_where_two_cases_could_be_meant_nothing_is_guessed(result: MakeResult) -> None:
    old = [result(Verdict.PASS, case=f"old.py::test_{each}") for each in "ab"]
    new = [result(Verdict.FAIL, case=f"new.py::test_{each}") for each in "cd"]
    comparison = compare(before(*old), of(*new))
    assert comparison.counted()[Change.REGRESSION] == 0
    assert comparison.counted()[Change.UNKNOWN] == 2
    assert comparison.counted()[Change.NEW_AND_FAILS] == 2


def test_a_case_that_checks_another_requirement_now_is_another_case(result: MakeResult) -> None:
    old = result(Verdict.PASS, requirement="OKTA-PUSH-2")
    new = result(Verdict.FAIL, requirement="OKTA-PUSH-9")
    counted = compare(before(old), of(new)).counted()
    assert (counted[Change.UNKNOWN], counted[Change.NEW_AND_FAILS]) == (1, 1)


def test_every_result_of_both_sides_is_in_one_pair(broken: Report) -> None:
    half = replace(broken, results=broken.results[:400], run=replace(broken.run, id="h"))
    later = replace(broken, results=broken.results[200:])
    pairs = compare(half, later).pairs
    assert sorted(pair.old.case for pair in pairs if pair.old) == sorted(
        each.case for each in half.results
    )
    assert sorted(pair.new.case for pair in pairs if pair.new) == sorted(
        each.case for each in later.results
    )
    both = sum(pair.old is not None and pair.new is not None for pair in pairs)
    assert both == 200


# -- by cause ------------------------------------------------------------------------------------


def test_regressions_of_one_cause_stand_together(broken: Report) -> None:
    fine = replace(
        broken,
        run=replace(broken.run, id="fine"),
        results=tuple(replace(each, verdict=Verdict.PASS) for each in broken.results),
    )
    found = groups(compare(fine, broken), Change.REGRESSION)
    failing = {
        cause.id: {each.case for each in cause.results if each.verdict is Verdict.FAIL}
        for cause in causes(broken)
    }
    assert {each.id: {pair.shown.case for pair in each.pairs} for each in found} == {
        key: cases for key, cases in failing.items() if cases
    }
    order = [cause.id for cause in causes(broken) if failing[cause.id]]
    assert [each.id for each in found] == order
    mended = groups(compare(broken, fine), Change.FIXED)
    assert {each.id for each in mended} == {cause.id for cause in causes(broken)}


@pytest.mark.parametrize(
    ("options", "new", "why"),
    [
        ({"idp": ["entra"]}, None, "the new run did not replay okta"),
        ({"idp": ["okta"], "suite": ["protocol"]}, None, "the new run left out the suite idp"),
        ({}, None, "the new run has no such case, or did not ask for it"),
        ({}, Verdict.SKIP, "skipped: no groups"),
        ({}, Verdict.INCONCLUSIVE, "inconclusive: no groups"),
        ({}, Verdict.ERROR, "error in scimproof: no groups"),
    ],
)
def test_what_is_no_longer_checked_says_why(
    result: MakeResult, options: dict[str, Any], new: Verdict | None, why: str
) -> None:
    left = (result(new, actual="no groups", expected=None, idp="okta"),) if new else ()
    known = result(Verdict.PASS, idp="okta")
    comparison = compare(before(known), of(*left, options=options))
    (group,) = groups(comparison, Change.UNKNOWN)
    assert group.title == why


def test_what_was_accepted_stands_under_the_waiver(result: MakeResult) -> None:
    waiver = {"requirement": "X-1", "reason": "known", "owner": "ann", "expires": "2027-01-31"}
    new = [
        result(Verdict.WAIVED, case=each, requirement=each, waiver=waiver, notes=(f"note {each}",))
        for each in ("a", "b")
    ]
    old = [replace(each, verdict=Verdict.FAIL, waiver=None) for each in new]
    (group,) = groups(compare(before(*old), of(*new)), Change.ACCEPTED)
    assert (group.title, len(group.pairs)) == ("waived: known, ann, 2027-01-31", 2)


# -- what makes two runs less comparable ---------------------------------------------------------

PLAIN = {"idp": ["okta"], "suite": [], "strict": False}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({}, {"target": Target(url="https://other.example/v2")}, "about two targets"),
        ({}, {"target": Target(url=None)}, "about two targets"),
        ({}, {"target": replace(TARGET, software="Acme 2")}, "The server is Acme 2, and was"),
        ({}, {"target": replace(TARGET, simulated=True)}, "Only the new report is of a simulation"),
        ({"target": replace(TARGET, trouble="refused")}, {}, "not be tested in the old report"),
        ({"interrupted": True}, {}, "The run of the old report was interrupted"),
        ({}, {"interrupted": True}, "The run of the new report was interrupted"),
        ({"id": "2222"}, {}, "of one and the same run"),
        ({"started": "2026-12-01T10:00:00+00:00"}, {}, "the wrong way round"),
        ({"options": PLAIN}, {"options": {"idp": []}}, "--idp was okta and is not set"),
        ({"options": {}}, {"options": {"suite": ["idp"]}}, "--suite was not set and is idp"),
        ({}, {"options": {"large": True}}, "--large was not set and is true"),
        ({}, {"options": {"deviation": ["x"]}}, "misbehave in another way"),
        ({}, {"version": "0.2.0"}, "scimproof was 0.1.0 and is 0.2.0"),
        (
            {"versions": {"catalogue": {"requirements": 7}}},
            {"versions": {"catalogue": {"requirements": 8}}},
            'catalogue was {"requirements": 7} and is {"requirements": 8}',
        ),
        (
            {"versions": {"profiles": {"okta": "1", "entra": "1"}}},
            {"versions": {"profiles": {"okta": "2"}}},
            "okta was 1 and is 2",
        ),
    ],
)
def test_what_two_runs_differ_in_is_said_with_what_it_means(
    result: MakeResult, old: dict[str, Any], new: dict[str, Any], said: str
) -> None:
    found = notes(compare(before(result(Verdict.PASS), **old), of(result(Verdict.PASS), **new)))
    assert [said in each and ": " in each for each in found].count(True) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {}),
        ({"options": PLAIN}, {"options": {**PLAIN, "strict": True}}),
        ({"options": {"idp": ["a", "b"]}}, {"options": {"idp": ["b", "a"]}}),
        ({"versions": {}}, {"versions": {"catalogue": {"requirements": 8}}}),
        ({"versions": {"python": "3.11"}}, {"versions": {"python": "3.12"}}),
        (
            {"target": Target(url="http://127.0.0.1:1/", software="the embedded reference server")},
            {"target": Target(url="http://127.0.0.1:2/", software="the embedded reference server")},
        ),
        ({"seed": 1}, {"seed": 2}),
    ],
)
def test_what_says_nothing_about_the_verdicts_is_not_mentioned(
    result: MakeResult, old: dict[str, Any], new: dict[str, Any]
) -> None:
    found = compare(before(result(Verdict.PASS), **old), of(result(Verdict.PASS), **new))
    assert notes(found) == []


def test_a_simulation_on_either_side_is_called_one(result: MakeResult) -> None:
    simulated = replace(TARGET, simulated=True)
    for sides in ((simulated, TARGET), (TARGET, simulated), (simulated, simulated)):
        old, new = (result(Verdict.PASS),), (result(Verdict.PASS),)
        comparison = compare(before(*old, target=sides[0]), of(*new, target=sides[1]))
        assert "proves nothing about the product itself" in notes(comparison)[0]


def test_two_reports_without_a_common_case_prove_nothing(result: MakeResult) -> None:
    old = result(Verdict.PASS, case="a", requirement="X-1")
    new = result(Verdict.PASS, case="b", requirement="X-2")
    comparison = compare(before(old), of(new))
    assert headline(comparison) == "Nothing can be said: no case was judged in both reports."
    assert any("have no case in common" in each for each in notes(comparison))
    assert not comparison.is_worse(strict=True)


def test_two_runs_that_reached_nothing_prove_nothing(result: MakeResult) -> None:
    stuck = result(Verdict.INCONCLUSIVE)
    assert headline(compare(before(stuck), of(stuck))).startswith("Nothing can be said")
