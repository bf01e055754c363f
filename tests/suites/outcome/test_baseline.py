"""Runs that are held against an earlier report: regressions alone fail them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Credential
from reports import Redactor
from reports import Report
from reports import Result
from reports import Run
from reports import Target as ReportTarget
from reports import Verdict
from reports import write_report
from reports.side_by_side.comparison import Comparison
from reports.side_by_side.comparison import compare
from suites.outcome import baseline
from suites.outcome.waiver_states import Standing
from suites.outcome.waiver_states import State
from suites.outcome.waivers import Waiver
from suites.preflight.look import Look
from suites.run import finish
from suites.run.state import Options
from suites.run.state import RunState
from suites.target.model import Target

# The fixture of the folder: runs the command.
Command: TypeAlias = Any
BAD_INPUT, TESTS_FAILED = 4, 1


def result(verdict: Verdict, case: str = "a") -> Result:
    return Result(
        case=case, requirement="X-1", level="MUST", suite="idp", title=case, verdict=verdict
    )


def report(*results: Result) -> Report:
    run = Run(id=f"r{len(results)}", version="1", started="2026-11-22T10:00:00Z", seconds=1, seed=1)
    return Report(run=run, target=ReportTarget(url=None), results=results)


def held(old: tuple[Result, ...], new: tuple[Result, ...]) -> Comparison:
    return compare(report(*old), report(*new))


def status(
    old: tuple[Result, ...],
    new: tuple[Result, ...],
    *,
    waivers: tuple[Standing, ...] = (),
    interrupted: bool = False,
    elsewhere: bool = False,
    **options: bool,
) -> int:
    credential = Credential(kind="bearer", secret="secret-of-test")  # noqa: S106 - made up
    target = Target(url="http://127.0.0.1:1", credential=credential)
    ended = finish.Ended(
        RunState(Options(**options), target, None, owner="main"),  # type: ignore[arg-type]  # flags only
        new,
        Look(),
        interrupted=interrupted,
        waivers=waivers,
        failed_elsewhere=elsewhere,
    )
    bad = {Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.ERROR} | (
        {Verdict.WARN} if options.get("strict") else set()
    )
    failed = any(each.verdict in bad for each in new)
    return finish.exit_status(ended, TESTS_FAILED if failed else 0, held(old, new))


PASSES = result(Verdict.PASS, "b")


@pytest.mark.parametrize(
    ("old", "new", "plain", "strict"),
    [
        (Verdict.PASS, Verdict.FAIL, 1, 1),
        (Verdict.WARN, Verdict.FAIL, 1, 1),
        (Verdict.FAIL, Verdict.FAIL, 0, 0),
        (Verdict.WAIVED, Verdict.FAIL, 0, 0),
        (None, Verdict.FAIL, 0, 0),
        (Verdict.SKIP, Verdict.FAIL, 0, 0),
        (Verdict.INCONCLUSIVE, Verdict.FAIL, 0, 0),
        (Verdict.PASS, Verdict.WARN, 0, 1),
        (Verdict.WARN, Verdict.WARN, 0, 0),
        (Verdict.FAIL, Verdict.WARN, 0, 0),
        (Verdict.FAIL, Verdict.PASS, 0, 0),
        (Verdict.PASS, Verdict.SKIP, 0, 0),
        (Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE, 0, 0),
        (Verdict.ERROR, Verdict.ERROR, 0, 0),
    ],
)
def test_only_what_got_worse_fails_the_run(
    old: Verdict | None, new: Verdict, plain: int, strict: int
) -> None:
    before = (result(old),) if old else ()
    assert status((*before, PASSES), (result(new), PASSES)) == plain
    assert status((*before, PASSES), (result(new), PASSES), strict=True) == strict


@pytest.mark.parametrize("old", [Verdict.PASS, Verdict.FAIL, Verdict.WARN])
def test_what_cannot_be_judged_any_more_is_trouble_and_stays_bad(old: Verdict) -> None:
    before = (result(old), PASSES)
    assert status(before, (result(Verdict.ERROR), PASSES)) == 1
    stuck = (result(Verdict.INCONCLUSIVE), PASSES)
    assert status(before, stuck) == 1
    assert status(before, stuck, allow_inconclusive=True) == 0


def test_a_run_that_judged_nothing_is_no_success() -> None:
    stuck = (result(Verdict.INCONCLUSIVE),)
    assert status(stuck, stuck) == 1
    assert status(stuck, stuck, allow_inconclusive=True) == 1


def test_what_is_no_regression_of_a_case_fails_the_run_all_the_same() -> None:
    known = (result(Verdict.FAIL), PASSES)
    assert status(known, known) == 0
    assert status(known, known, elsewhere=True) == 1
    assert status(known, known, interrupted=True) == 1
    for state in State:
        waiver = Standing(waiver=Waiver(requirement="X-1", reason="r"), state=state)
        assert status(known, known, waivers=(waiver,)) == int(waiver.fails_the_run)


def test_without_a_baseline_nothing_is_excused() -> None:
    assert baseline.excused(None) == frozenset()


def test_the_comparison_of_an_earlier_run_does_not_stay_in_the_folder(tmp_path: Path) -> None:
    one = report(PASSES)
    baseline.held_against(one, one, tmp_path, Options())
    assert sorted(each.name for each in tmp_path.iterdir()) == ["compare.html", "compare.md"]
    assert baseline.held_against(None, one, tmp_path, Options()) is None
    assert list(tmp_path.iterdir()) == []


def test_the_files_say_that_new_warnings_count_with_strict(tmp_path: Path) -> None:
    old, new = report(result(Verdict.PASS)), report(result(Verdict.WARN), PASSES)
    for strict, said in ((False, "No regression"), (True, "Worse: 1 new warning.")):
        baseline.held_against(old, new, tmp_path, Options(strict=strict))
        for name in ("compare.html", "compare.md"):
            assert said in (tmp_path / name).read_text(encoding="utf-8")


# -- the whole way -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "workers", "exit_status", "said"),
    [
        (Verdict.FAIL, ("-n", "2"), 0, "No regression: no case that passed or warned before"),
        (Verdict.PASS, (), 1, "Worse: 1 regression."),
    ],
)
def test_a_run_no_worse_than_its_baseline_is_fine_and_a_worse_one_is_not(
    command: Command,
    before: Verdict,
    workers: tuple[str, ...],
    exit_status: int,
    said: str,
) -> None:
    title = "Unlink and delete removes the group, and its people stay"
    old = replace(result(before), requirement="OKTA-DEL-1", idp="okta", title=title)
    both = (replace(old, dialect="oin"), replace(old, dialect="aiw", verdict=Verdict.FAIL))
    folder = command.folder / "old"
    write_report(folder, report(*both), Redactor())
    words = ("--only", "OKTA-DEL-1", "--deviation", "group-delete-ignored", *workers)
    done = command.run(*words, "--baseline", folder)
    assert done.status == exit_status, done.said
    assert said in done.out
    assert "comparison: report/compare.html" in done.out
    assert "Still failing" in (done.directory / "compare.md").read_text(encoding="utf-8")
    assert "<!doctype html>" in (done.directory / "compare.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [None, "{}", "no json"])
def test_a_baseline_that_is_no_report_is_exit_4_before_anything(
    command: Command, content: str | None
) -> None:
    file = command.folder / "old.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    done = command.run("--only", "OKTA-DEL-1", "--baseline", file)
    assert done.status == BAD_INPUT
    assert "scimproof: --scim-baseline: " in done.err
    assert "Traceback" not in done.said
    assert not command.directory.exists()


def test_results_of_the_same_name_are_compared_by_their_own_verdicts() -> None:
    old = (result(Verdict.FAIL, "a"), result(Verdict.PASS, "b"))
    new = (replace(old[0], verdict=Verdict.FAIL), replace(old[1], verdict=Verdict.FAIL))
    assert baseline.excused(held(old, new)) == {"a"}
