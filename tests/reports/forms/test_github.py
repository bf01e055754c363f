from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Report
from reports import Result
from reports import Target
from reports import Verdict
from reports.findings.causes import causes
from reports.forms.github import MOST_ANNOTATIONS
from reports.forms.github import command
from reports.forms.github import outputs
from reports.forms.github import step_summary
from reports.forms.github import workflow_commands
from reports.side_by_side.comparison import compare
from reports.side_by_side.comparison_view import headline
from tests.ci.commands import Command
from tests.ci.commands import commands
from tests.reports.commonmark import HOSTILE
from tests.reports.commonmark import automatic
from tests.reports.commonmark import headings
from tests.reports.commonmark import kinds
from tests.reports.commonmark import rendered
from tests.reports.commonmark import tables

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]
PAGE = "scim-report/report.html"


def said(report: Report) -> list[Command]:
    return commands("\n".join(workflow_commands(report, PAGE)))


def of_kind(report: Report, kind: str) -> list[Command]:
    return [each for each in said(report) if each.name == kind]


def test_each_cause_is_one_annotation_and_the_counts_are_a_notice(broken: Report) -> None:
    found = causes(broken)
    errors = [each.title for each in found if each.verdict is Verdict.FAIL]
    warnings = [each.title for each in found if each.verdict is Verdict.WARN]
    assert [each.title for each in of_kind(broken, "error")] == errors
    assert [each.title for each in of_kind(broken, "warning")] == warnings
    (notice,) = of_kind(broken, "notice")
    assert notice.title == "scimproof: fail"
    assert notice.text.endswith(f"All evidence: {PAGE}")


def test_an_annotation_says_whom_it_stops_what_was_seen_and_how_to_mend_it(broken: Report) -> None:
    first = causes(broken)[0]
    text = of_kind(broken, "error")[0].text
    for wanted in (first.harm.says, first.seen, first.id, "Stops here: ", "Fix: ", PAGE):
        assert wanted in text
    assert first.harm.stops[0][0] in text
    assert f"cases: {len(first.results)}" in text


def test_there_are_at_most_ten_of_a_kind_and_the_most_harmful_are_kept(
    result: MakeResult, report: MakeReport
) -> None:
    many = [
        result(verdict, requirement=f"R-{n}", title=f"{verdict} {n}", feature=f"f{n}")
        for verdict in (Verdict.FAIL, Verdict.WARN)
        for n in range(30)
    ]
    written = report(*many)
    for kind, verdict in (("error", Verdict.FAIL), ("warning", Verdict.WARN)):
        found = [each.title for each in causes(written) if each.verdict is verdict]
        shown = [each.title for each in of_kind(written, kind)]
        assert shown == found[:MOST_ANNOTATIONS]


def test_in_a_strict_run_a_warning_is_an_error(result: MakeResult, report: MakeReport) -> None:
    written = report(result(Verdict.WARN))
    assert [each.name for each in said(written)] == ["warning", "notice"]
    strict = replace(written, run=replace(written.run, options={"strict": True}))
    assert [each.name for each in said(strict)] == ["error", "notice"]


def test_what_is_no_worse_than_in_the_baseline_is_a_warning(
    result: MakeResult, report: MakeReport
) -> None:
    """With a baseline only regressions fail the run, so only they are errors."""
    old, new = (
        result(Verdict.FAIL, case=f"test_{name}", requirement=name, title=name)
        for name in ("known", "fresh")
    )
    before, after = report(old), report(old, new)
    lines = workflow_commands(after, PAGE, frozenset({old.case}))
    assert [each.name for each in commands("\n".join(lines))] == ["error", "warning", "notice"]
    assert "fresh" in commands(lines[0])[0].title
    page = rendered(step_summary(after, "r", compare(before, after)))
    assert "Compared with the baseline: <strong>" in page
    assert headline(compare(before, after)) in page
    assert "Compared" not in step_summary(after, "r")


def test_what_could_not_be_judged_is_an_error_unless_it_is_allowed(
    result: MakeResult, report: MakeReport
) -> None:
    stuck = [result(Verdict.INCONCLUSIVE, blocked_by="test_create")] * 3
    written = report(*stuck)
    (error,) = of_kind(written, "error")
    assert error.title == "Not judged: test_create"
    assert "3 case(s)" in error.text
    allowed = replace(written, run=replace(written.run, options={"allow_inconclusive": True}))
    assert [each.name for each in said(allowed)] == ["warning", "notice"]


def test_a_target_that_was_not_reached_is_said_once(result: MakeResult, report: MakeReport) -> None:
    stuck = [
        result(Verdict.INCONCLUSIVE, requirement=f"R-{n}", notes=(f"no {n}",)) for n in range(9)
    ]
    written = report(*stuck, target=Target(url="http://x/", trouble="connection refused"))
    (error,) = of_kind(written, "error")
    assert error.text == "The target could not be tested: connection refused"


def test_waivers_and_our_own_errors_are_not_pushed_out_by_causes(
    result: MakeResult, report: MakeReport
) -> None:
    many = [result(Verdict.FAIL, requirement=f"R-{n}", title=f"{n}") for n in range(30)]
    waivers: tuple[Json, ...] = ({"requirement": "A-1", "reason": "x", "state": "needless"},)
    written = report(*many, result(Verdict.ERROR, notes=("KeyError",)), waivers=waivers)
    first, second, *others = of_kind(written, "error")
    assert first.text == "The waiver of A-1 is not needed any more, remove it: x"
    assert (second.title, second.text) == ("Error in scimproof: OKTA-PUSH-2", "KeyError")
    assert len(others) == MOST_ANNOTATIONS - 2


@pytest.mark.parametrize("text", ["100 %", "a,b:c", "%0A::error::x", "x\r\n::stop-commands::y"])
def test_a_command_says_what_it_was_given_and_is_one_line(text: str) -> None:
    line = command("error", text, text)
    assert "\n" not in line
    assert "\r" not in line
    plain = " ".join(text.split())
    assert commands(line) == [Command("error", plain, plain)]


@pytest.mark.parametrize(
    "evil",
    [
        HOSTILE,
        "\n::error title=forged::x",
        "\r\n::stop-commands::x",
        "::set-output name=verdict::pass",
        "##[error]forged",
        "x,file=app.py,line=1::forged",
        "%0A::error::x",
        "\u2028::error::x",
    ],
)
def test_no_text_of_a_target_is_a_command_of_its_own(
    result: MakeResult, report: MakeReport, evil: str
) -> None:
    fields = ("requirement", "title", "idp", "dialect", "feature", "actual", "hint", "consequence")
    results = [
        result(verdict, notes=(evil,), blocked_by=evil, **dict.fromkeys(fields, evil))
        for verdict in Verdict
    ]
    feature = Feature(name=evil, verdict=Verdict.FAIL, label=evil, results=(results[0].case,))
    idp = IdpSummary(
        idp=evil, title=evil, dialect="", dialect_title=evil, verdict=None, features=(feature,)
    )
    waivers: tuple[Json, ...] = ({"requirement": evil, "reason": evil, "state": "expired"},)
    target = Target(url=evil, software=evil)
    written = report(*results, idps=(idp,), target=target, waivers=waivers)
    lines = workflow_commands(written, PAGE)
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert all(len(line.splitlines()) == 1 for line in lines)
    # Read one by one and as a whole: as many commands as lines, and each of a kind of ours.
    found = commands("\n".join(lines))
    assert len(found) == len(lines)
    assert {each.name for each in found} <= {"error", "warning", "notice"}
    for line in outputs(written, Path("r")).splitlines():
        assert line.partition("=")[0] in (
            *("verdict", "failed", "warnings", "inconclusive", "summary", "report"),
        )


# -- the summary of the step -------------------------------------------------------------------


def test_the_summary_has_the_verdicts_and_the_ten_most_harmful_causes(broken: Report) -> None:
    text = step_summary(broken, "scim-report")
    found = causes(broken)
    assert headings(text)[1:] == [
        "h2 Verdict per identity provider",
        f"h2 What to fix, the most harmful first ({len(found)})",
    ]
    assert len(set(tables(text)[0])) == 1
    assert len(tables(text)[0]) == len(broken.idps) + 1
    page = rendered(text)
    positions = [page.index(f"<code>{cause.id}</code>") for cause in found[:10]]
    assert positions == sorted(positions)
    assert page.count("<li>") == min(len(found), 10)
    if len(found) > 10:
        assert f"{len(found) - 10} more in" in page
    assert "All evidence: <code>scim-report</code>" in page


def test_a_summary_without_findings_is_short(result: MakeResult, report: MakeReport) -> None:
    text = step_summary(report(result()), "scim-report")
    assert "1 passed" in text
    assert "What to fix" not in text


@pytest.mark.parametrize("filler", ["x", "é", "|", "\u202e"])
def test_the_summary_stays_far_below_the_limit_of_github(
    result: MakeResult, report: MakeReport, filler: str
) -> None:
    long = filler * 5_000
    results = [
        result(verdict, requirement=f"{n}{long}", title=long, hint=long, consequence=long)
        for verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE)
        for n in range(50)
    ]
    idps = tuple(
        IdpSummary(idp="x", title=long, dialect="d", dialect_title=long, verdict=None)
        for _ in range(200)
    )
    assert len(step_summary(report(*results, idps=idps), long).encode()) < 40_000


def test_the_summary_of_a_hostile_report_does_nothing(
    result: MakeResult, report: MakeReport
) -> None:
    fields = ("requirement", "title", "idp", "dialect", "feature", "actual", "hint", "consequence")
    results = [
        result(verdict, notes=(HOSTILE,), blocked_by=HOSTILE, **dict.fromkeys(fields, HOSTILE))
        for verdict in Verdict
    ]
    target = Target(url=HOSTILE, software=HOSTILE, trouble=HOSTILE)
    text = step_summary(report(*results, target=target), HOSTILE)
    assert kinds(text) & {"html_inline", "html_block", "image", "link_open", "fence"} == set()
    assert automatic(text) == []
    assert sum(each.startswith("h1") for each in headings(text)) == 1


# -- outputs -----------------------------------------------------------------------------------


def test_the_outputs_are_one_line_each(result: MakeResult, report: MakeReport) -> None:
    written = report(
        result(Verdict.FAIL), result(Verdict.ERROR), result(Verdict.WARN), result(), result()
    )
    lines = outputs(written, Path("/work space/scim-report")).splitlines()
    assert dict(line.split("=", 1) for line in lines) == {
        "verdict": "error",
        "failed": "2",
        "warnings": "1",
        "inconclusive": "0",
        "summary": "1 failed, 1 error in scimproof, 1 warning, 2 passed",
        "report": "/work space/scim-report",
    }


def test_a_run_without_results_has_outputs_too(report: MakeReport) -> None:
    assert outputs(report(), Path("r")).startswith("verdict=skip\nfailed=0\n")
