from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reports import Cause
from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Report
from reports import Result
from reports import Verdict
from reports import blocked
from reports import cause_key
from reports import causes

ROOT = Path(__file__).resolve().parents[3]
MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]


def refused(target: str, status: int = 400, method: str = "POST") -> tuple[Json, ...]:
    request: Json = {"method": method, "target": target, "headers": [], "body": {}}
    return ({"shows": True, "request": request, "response": {"status": status, "body": {}}},)


def said(found: tuple[Cause, ...]) -> list[str]:
    return [cause.title for cause in found]


def test_the_faults_of_a_server_are_named_once_each(broken: Report) -> None:
    """Four of its five: the three IdPs of the run do not rely on what the fifth breaks."""
    assert said(causes(broken)) == [
        "The server does not let the identity provider in, though its credential is right "
        "(status 401)",
        "Deleting a group is answered as done, but the group is still there",
        'Setting a person inactive by the text "False" is answered as done, but does not lock the '
        "person out",
        "Setting the members of a group is refused with status 400",
    ]


def test_every_finding_has_one_cause(broken: Report) -> None:
    found = causes(broken)
    behind = [result.case for cause in found for result in cause.results]
    bad = [each.case for each in broken.results if each.verdict in (Verdict.FAIL, Verdict.WARN)]
    assert sorted(behind) == sorted(bad)
    assert all(cause.keys[0] == cause.id for cause in found)
    assert all(len({*cause.keys}) == len(cause.keys) for cause in found)
    assert len({cause.id for cause in found}) == len(found)
    for cause in found:
        assert {cause_key(result) for result in cause.results} == {*cause.keys}
        assert re.fullmatch(r"C-[0-9a-f]{8}", cause.id)


def test_the_order_of_the_results_changes_nothing(broken: Report) -> None:
    def cases(report: Report) -> dict[str, list[str]]:
        return {each.id: [result.case for result in each.results] for each in causes(report)}

    assert cases(broken) == cases(replace(broken, results=broken.results[::-1]))


def test_only_findings_have_a_key(result: MakeResult) -> None:
    for verdict in Verdict:
        wanted = verdict in (Verdict.FAIL, Verdict.WARN)
        assert bool(cause_key(result(verdict, evidence=refused("/Users")))) is wanted


def test_a_report_without_findings_has_no_causes(result: MakeResult, report: MakeReport) -> None:
    assert causes(report(result(Verdict.PASS), result(Verdict.SKIP))) == ()


def test_the_most_telling_result_comes_first(result: MakeResult, report: MakeReport) -> None:
    evidence = refused("/Users")
    nothing: Json = {"request": {}, "response": {}}
    long = (*(20 * [nothing]), *evidence)
    given = [
        result(Verdict.WARN, case="warns", idp="okta", certainty="doc", evidence=evidence),
        result(Verdict.FAIL, case="long", idp="okta", certainty="doc", evidence=long),
        result(Verdict.FAIL, case="test", idp="okta", level="TEST", evidence=evidence),
        result(Verdict.FAIL, case="guess", idp="okta", certainty="inferred", evidence=evidence),
        result(Verdict.FAIL, case="sure", idp="okta", certainty="doc", evidence=evidence),
    ]
    (cause,) = causes(report(*given))
    assert [each.case for each in cause.results] == ["sure", "guess", "long", "test", "warns"]
    assert (cause.verdict, cause.certainty) == (Verdict.FAIL, "doc")


def test_the_rfc_alone_has_no_certainty(result: MakeResult, report: MakeReport) -> None:
    given = result(Verdict.FAIL, requirement="RFC7644-3.3-1", certainty="doc", idp=None)
    (cause,) = causes(report(given))
    assert cause.certainty is None


def test_what_an_idp_needs_joins_the_requirement_that_the_same_request_breaks(
    result: MakeResult, report: MakeReport
) -> None:
    rfc = result(Verdict.FAIL, requirement="RFC7644-3.3-1", idp=None, evidence=refused("/Users"))
    need = replace(rfc, case="need", idp="okta", requirement="OKTA-1", rests_on=("RFC7644-3.3-1",))
    elsewhere = replace(need, case="other", evidence=refused("/Groups"))
    unrelated = replace(need, case="third", rests_on=("RFC7644-3.3-2",), evidence=refused("/Me"))
    found = causes(report(rfc, need, elsewhere, unrelated))
    assert sorted(len(cause.results) for cause in found) == [1, 1, 2]


def test_cases_that_could_not_be_judged_stand_under_what_blocks_them(
    result: MakeResult, report: MakeReport
) -> None:
    fault = result(Verdict.FAIL, requirement="OKTA-1", idp="okta", evidence=refused("/Users"))
    waits = result(Verdict.INCONCLUSIVE, case="w1", requirement="OKTA-2", blocked_by="OKTA-1")
    further = result(Verdict.INCONCLUSIVE, case="w2", requirement="OKTA-3", blocked_by="OKTA-2")
    lost = result(Verdict.INCONCLUSIVE, case="w3", requirement="OKTA-4", actual="no reply")
    loop = result(Verdict.INCONCLUSIVE, case="w4", requirement="OKTA-5", blocked_by="OKTA-5")
    given = report(fault, waits, further, lost, loop)
    (cause,) = causes(given)
    assert [each.case for each in cause.blocks] == ["w1", "w2"]
    assert [(each.sentence, len(each.results)) for each in blocked(given)] == [
        ("OKTA-1 (failed)", 1),
        ("OKTA-2 (not judged either)", 1),
        ("no reply", 1),
        ("OKTA-5", 1),
    ]


def test_nobody_who_is_ever_locked_out_is_one_cause(result: MakeResult, report: MakeReport) -> None:
    def ignored(method: str, body: Json, shown: bool) -> tuple[Json, ...]:
        user: Json = {"schemas": ["user"], "id": "u1", "active": shown}
        write: Json = {"method": method, "target": "/Users/u1", "headers": [], "body": body}
        read: Json = {"method": "GET", "target": "/Users/u1", "headers": [], "body": None}
        return (
            {"shows": False, "request": write, "response": {"status": 200, "body": user}},
            {"shows": True, "request": read, "response": {"status": 200, "body": user}},
        )

    operation: Json = {"op": "replace", "path": "active", "value": False}
    patched = ignored("PATCH", {"Operations": [operation]}, shown=True)
    put = ignored("PUT", {"active": False}, shown=True)
    both = [
        result(Verdict.FAIL, case=f"c{n}", idp="okta", evidence=each, expected="active false")
        for n, each in enumerate((patched, put))
    ]
    assert len(causes(report(*both))) == 1
    works = result(Verdict.FAIL, case="x", evidence=ignored("POST", {}, shown=False))
    assert len(causes(report(*both, works))) == 3


def test_harm_tells_which_features_stop(result: MakeResult, report: MakeReport) -> None:
    bad = result(Verdict.FAIL, case="a", idp="okta", evidence=refused("/Users"))
    warns = replace(bad, case="b", verdict=Verdict.WARN)
    features = (
        Feature(name="Create", verdict=Verdict.FAIL, label="stops here", results=("a", "z")),
        Feature(name="Import", verdict=Verdict.WARN, label="works with warnings", results=("b",)),
        Feature(name="Push", verdict=Verdict.FAIL, label="stops here", results=("q", "b")),
    )
    okta = IdpSummary(
        idp="okta",
        title="Okta",
        dialect="aiw",
        dialect_title="Wizard",
        verdict=Verdict.FAIL,
        features=features,
    )
    (cause,) = causes(report(bad, warns, idps=(okta,)))
    assert cause.harm.stops == (("Okta", "Wizard", "Create"),)
    assert cause.harm.warns == (("Okta", "Wizard", "Import"),)


@pytest.mark.parametrize("text", ["<script>\x1b[0m\u202e", "{0}{title}", "%s"])
def test_texts_of_others_cannot_break_a_cause(
    result: MakeResult, report: MakeReport, text: str
) -> None:
    given = result(
        Verdict.FAIL,
        idp="okta",
        actual=text,
        consequence=text,
        expected=text,
        evidence=refused(f"/Users/{text}"),
    )
    (cause,) = causes(report(given))
    for shown in (cause.title, cause.seen, cause.harm.says):
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_the_example_of_the_documentation_works(
    broken_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "causes.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(broken_file.parent)
    exec(code, {})  # noqa: S102 - the documentation's own example
    assert "C-ad13515a Deleting a group is answered as done" in capsys.readouterr().out
    assert "C-ad13515a" in page


def test_a_crash_has_the_time_of_one_request_as_its_hint(
    result: MakeResult, report: MakeReport
) -> None:
    def crashed(second: int) -> Result:
        date: Json = [["date", f"Mon, 23 Nov 2026 12:00:0{second} GMT"]]
        return result(
            Verdict.FAIL,
            case=str(second),
            hint="Keep one record per person.",
            evidence=(
                {
                    "shows": True,
                    "request": {"method": "POST", "target": "/Users"},
                    "response": {"status": 500, "headers": date, "body": {"detail": "Oh no"}},
                },
            ),
        )

    (cause,) = causes(report(crashed(1), crashed(2)))
    assert cause.said == "Oh no"
    assert cause.hints == (
        "Look in the server's log at 12:00:01 (UTC) for what POST /Users met: the server failed "
        "with 500.",
    )
