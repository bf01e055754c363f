"""A comparison in its forms, each read back by another tool; hostile reports do nothing in any."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from reports import Redactor
from reports import Report
from reports import Result
from reports import Run
from reports import Target
from reports import Verdict
from reports import write_report
from reports.__main__ import main
from reports.findings.causes import causes
from reports.side_by_side.comparison import Change
from reports.side_by_side.comparison import Comparison
from reports.side_by_side.comparison import compare
from reports.side_by_side.comparison_page import render_html
from reports.side_by_side.comparison_text import print_comparison
from reports.side_by_side.comparison_text import render_markdown
from tests.browser import Browser
from tests.reports.commonmark import HOSTILE
from tests.reports.commonmark import automatic
from tests.reports.commonmark import headings
from tests.reports.commonmark import kinds
from tests.reports.page.parsed import Page

MakeResult = Callable[..., Result]
SCRIPTS = (
    "</style></title><script>alert(1)</script><img src=x onerror=alert(2)>\" onload='x' {{ 7*7 }}"
)
STEPS: Mapping[str, tuple[Verdict | None, Verdict | None]] = {
    "X-FAILS-NOW": (Verdict.PASS, Verdict.FAIL),
    "X-WARNS-NOW": (Verdict.PASS, Verdict.WARN),
    "X-FAILS-STILL": (Verdict.FAIL, Verdict.FAIL),
    "X-IS-NEW-AND-FAILS": (None, Verdict.FAIL),
    "X-IS-GONE": (Verdict.PASS, None),
    "X-IS-WAIVED": (Verdict.FAIL, Verdict.WAIVED),
    "X-WARNS-STILL": (Verdict.WARN, Verdict.WARN),
    "X-ONLY-WARNS": (Verdict.FAIL, Verdict.WARN),
    "X-IS-MENDED": (Verdict.FAIL, Verdict.PASS),
    "X-APPEARED": (None, Verdict.PASS),
    "X-IS-THE-SAME": (Verdict.PASS, Verdict.PASS),
}


def run(number: int, text: str = "") -> Run:
    return Run(
        id=f"run-{number}{text}",
        version=f"0.{number}.0{text}",
        started=f"2026-11-2{number}T10:00:00+00:00",
        seconds=1.0,
        seed=1,
        options={"idp": [f"x{text}"] if text else []},
    )


def both(result: MakeResult, text: str = "", **more: object) -> tuple[Report, Report]:
    """Two reports with a case of each change; `text` goes wherever a target or a user may write."""
    sides: tuple[list[Result], list[Result]] = ([], [])
    for requirement, verdicts in STEPS.items():
        for side, verdict in zip(sides, verdicts, strict=True):
            if verdict is not None:
                side.append(_result(result, requirement, verdict, text, more))
    target = Target(url=f"https://scim.example.com/{text}", software=text or None)
    return (
        Report(run=run(1, text), target=target, results=tuple(sides[0])),
        Report(
            run=run(2, text), target=replace(target, simulated=bool(text)), results=tuple(sides[1])
        ),
    )


def _result(
    result: MakeResult, requirement: str, verdict: Verdict, text: str, more: Mapping[str, object]
) -> Result:
    texts = {"expected": text, "actual": text, "hint": text, "notes": (text,)} if text else {}
    waiver = {"reason": text or "known", "owner": text} if verdict is Verdict.WAIVED else None
    return result(
        verdict,
        case=f"suites/test_x.py::test_{requirement}",
        requirement=f"{requirement}{text}",
        title=f"It answers{text}",
        waiver=waiver,
        **{**texts, **more},
    )


def printed(comparison: Comparison, encoding: str = "utf-8", *, brief: bool = False) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    print_comparison(comparison, Console(file=stream, width=100), brief=brief)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.fixture
def comparison(result: MakeResult) -> Comparison:
    return compare(*both(result))


# -- every form says the same --------------------------------------------------------------------


def test_every_form_names_each_case_that_changed_and_none_that_did_not(
    comparison: Comparison,
) -> None:
    for text in (printed(comparison), render_markdown(comparison), render_html(comparison)):
        for requirement in STEPS:
            counted_only = requirement in ("X-IS-THE-SAME",)
            listed_by_place = requirement == "X-APPEARED" and text.startswith(("#", "Old"))
            assert (requirement in text) is not (counted_only or listed_by_place)
        assert "Worse: 1 regression." in text
        assert "1 regression, 1 new warning, 1 still failing" in text
        assert text.index("X-FAILS-NOW") < text.index("X-WARNS-NOW") < text.index("X-IS-MENDED")


def test_the_forms_tell_that_warnings_count_when_they_do(comparison: Comparison) -> None:
    assert "Worse: 1 regression, 1 new warning." in render_markdown(comparison, strict=True)
    assert "Worse: 1 regression, 1 new warning." in render_html(comparison, strict=True)


def test_the_end_of_a_run_lists_what_got_worse_and_counts_the_rest(comparison: Comparison) -> None:
    text = printed(comparison, brief=True)
    assert "X-FAILS-NOW" in text
    assert "X-IS-NEW-AND-FAILS" in text
    assert "X-IS-MENDED" not in text
    assert "1 newly passing" in text
    assert "does not fail this run" not in text
    old, new = comparison.old, comparison.new
    known = tuple(each for each in new.results if each.requirement != "X-FAILS-NOW")
    text = printed(compare(old, replace(new, results=known)), brief=True)
    assert "What fails now failed in the baseline too" in text


# -- for a terminal ------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("brief", [False, True])
def test_any_console_shows_a_hostile_comparison_line_by_line(
    result: MakeResult, encoding: str, brief: bool
) -> None:
    text = printed(compare(*both(result, "\x1b[2J\u202e[bold]ä€\nnew line")), encoding, brief=brief)
    assert all(line.isprintable() for line in text.splitlines())
    assert "[bold]" in text
    assert not [line for line in text.splitlines() if line.startswith("new line")]


# -- Markdown ------------------------------------------------------------------------------------


def test_the_markdown_has_its_sections_in_order(comparison: Comparison) -> None:
    assert headings(render_markdown(comparison)) == [
        *("h1 Comparison of two SCIM reports", "h2 What makes the two less comparable"),
        *("h2 Regressions", "h2 New warnings", "h2 Newly checked, and failing"),
        *("h2 Still failing", "h2 No longer checked", "h2 Newly waived"),
        *("h2 Failing before, warning now", "h2 Newly passing", "h2 Still warning"),
        "h2 Newly checked",
    ]


def test_hostile_reports_add_nothing_to_the_markdown(
    result: MakeResult, comparison: Comparison
) -> None:
    text = render_markdown(compare(*both(result, HOSTILE)))
    assert kinds(text) <= kinds(render_markdown(comparison)) | {"code_inline"}
    assert not {"html_block", "html_inline", "image", "link_open"} & kinds(text)
    assert automatic(text) == []


def test_the_markdown_stays_below_the_limit_of_a_comment(result: MakeResult) -> None:
    new = [
        result(
            Verdict.FAIL, case=f"case {n}", requirement=f"X-{n}", hint="ä" * 3000, title="€" * 900
        )
        for n in range(2_000)
    ]
    old = [replace(each, verdict=Verdict.PASS) for each in new]
    text = render_markdown(
        compare(
            Report(run=run(1), target=Target(url="x"), results=tuple(old)),
            Report(run=run(2), target=Target(url="x"), results=tuple(new)),
        )
    )
    assert 20_000 < len(text.encode()) < 60_000
    assert "Worse: 2,000 regressions." in text
    assert "more: the page compare.html" in text
    assert text.rstrip().endswith("cannot have got worse.")


# -- the page ------------------------------------------------------------------------------------


def test_the_page_is_whole_runs_nothing_and_asks_for_nothing(comparison: Comparison) -> None:
    page = Page(render_html(comparison))
    assert (page.unbalanced, page.left_open) == ([], [])
    assert not page.tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base"}
    (policy,) = [
        attrs["content"]
        for _, attrs in page.elements
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert str(policy).startswith("default-src 'none'; style-src 'unsafe-inline'")
    ids = page.values("id")
    assert len(set(ids)) == len(ids)
    assert {href.removeprefix("#") for href in page.values("href")} == set(ids)


@pytest.mark.parametrize("text", [SCRIPTS, HOSTILE])
def test_hostile_reports_add_nothing_to_the_page(
    result: MakeResult, comparison: Comparison, text: str
) -> None:
    page, plain = Page(render_html(compare(*both(result, text)))), Page(render_html(comparison))
    assert page.tags <= plain.tags | {"strong", "div"}
    assert not [key for _, attrs in page.elements for key in attrs if key.startswith("on")]
    assert set(page.values("href")) == set(plain.values("href"))
    assert (page.unbalanced, page.left_open) == ([], [])
    assert "proves nothing about the product itself" in page.text


def test_a_long_list_is_cut_and_says_so(result: MakeResult) -> None:
    new = tuple(
        result(Verdict.FAIL, case=f"case {n}", requirement=f"X-{n}", title="It answers")
        for n in range(300)
    )
    old = tuple(replace(each, verdict=Verdict.PASS) for each in new)
    comparison = compare(
        Report(run=run(1), target=Target(url="x"), results=old),
        Report(run=run(2), target=Target(url="x"), results=new),
    )
    # Each requirement is a cause of its own here, so no group is long.
    assert render_html(comparison).count('class="name"') == 300
    gone = replace(comparison.new, results=())
    assert "and 100 more" in render_html(compare(comparison.old, gone))


def test_a_browser_shows_it_and_runs_nothing(
    browser: Browser, result: MakeResult, tmp_path: Path, broken: Report
) -> None:
    mended = tuple(replace(each, verdict=Verdict.PASS) for each in broken.results)
    fine = replace(broken, run=replace(broken.run, id="fine"), results=mended)
    hostile = compare(*both(result, SCRIPTS))
    for name, comparison in (("real", compare(fine, broken)), ("hostile", hostile)):
        (tmp_path / f"{name}.html").write_bytes(render_html(comparison).encode())
    browser.call("Network.enable")
    browser.open((tmp_path / "hostile.html").as_uri())
    assert "alert(1)" in browser.text()
    browser.open((tmp_path / "real.html").as_uri())
    assert (browser.complaints, browser.dialogs) == ([], [])
    assert browser.run("performance.getEntriesByType('resource').length") == 0
    assert browser.text(".verdict").startswith("✗ Worse: ")
    shown = "[...document.querySelectorAll('#regression .cause')].map((each) => each.textContent)"
    failing = [each.id for each in causes(broken) if each.verdict is Verdict.FAIL]
    assert browser.run(shown) == failing
    browser.size(400, 800, phone=True)
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")


# -- the command ---------------------------------------------------------------------------------


@pytest.fixture
def saved(result: MakeResult, tmp_path: Path) -> tuple[str, str]:
    for name, report in zip(("old", "new"), both(result), strict=True):
        write_report(tmp_path / name, report, Redactor())
    return str(tmp_path / "old"), str(tmp_path / "new")


def test_a_regression_is_exit_1_and_the_other_way_round_is_not(
    saved: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = saved
    assert main(["compare", old, new]) == 1
    assert "Worse: 1 regression." in capsys.readouterr().out
    assert main(["compare", f"{old}/report.json", f"{old}/report.json"]) == 0
    assert "No regression" in capsys.readouterr().out


def test_new_warnings_are_exit_1_with_strict_alone(result: MakeResult, tmp_path: Path) -> None:
    old, new = both(result)
    only = [each for each in (*old.results, *new.results) if each.requirement == "X-WARNS-NOW"]
    for name, report, found in zip(("old", "new"), (old, new), only, strict=True):
        write_report(tmp_path / name, replace(report, results=(found,)), Redactor())
    words = ["compare", str(tmp_path / "old"), str(tmp_path / "new")]
    assert main(words) == 0
    assert main([*words, "--strict"]) == 1


@pytest.mark.parametrize(
    ("form", "beginning"), [("md", "# Comp"), ("html", "<!doctype html>"), ("terminal", "Old: ")]
)
def test_each_form_is_written_to_its_file_or_printed(
    saved: tuple[str, str],
    tmp_path: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    form: str,
    beginning: str,
) -> None:
    words = ["compare", *saved, "--format", form]
    assert main([*words, "--output", str(tmp_path / "out")]) == 1
    assert (tmp_path / "out").read_text("utf-8").startswith(beginning)
    assert main(words) == 1
    assert capfdbinary.readouterr().out.decode().startswith(beginning)


@pytest.mark.parametrize("broken_side", [0, 1])
def test_what_is_no_report_is_exit_4(
    saved: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    broken_side: int,
) -> None:
    (tmp_path / "no.json").write_text(json.dumps({"format": "other"}), encoding="utf-8")
    for wrong in (str(tmp_path / "no.json"), str(tmp_path / "nowhere"), str(tmp_path)):
        words = list(saved)
        words[broken_side] = wrong
        assert main(["compare", *words]) == 4
        assert capsys.readouterr().err.count("\n") == 1


def test_every_change_has_its_words(comparison: Comparison) -> None:
    assert set(comparison.counted()) == set(Change)
    assert all(count == 1 for count in comparison.counted().values())
