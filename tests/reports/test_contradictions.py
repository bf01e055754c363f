from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from reports import Claim
from reports import Contradiction
from reports import Json
from reports import Outcome
from reports import Redactor
from reports import Report
from reports import ReportError
from reports import Result
from reports import Verdict
from reports import read_report
from reports import render_html
from reports import render_junit
from reports import render_markdown
from reports import render_terminal
from reports import write_report

TOKEN = "s3cr3t-value-1"  # noqa: S105 - made up, so that its masking can be seen
HOSTILE = "`</dd><script>alert(1)</script>` | **bold** @octocat \x1b[2J\u202egnp"
FOUND = Contradiction(
    id="CLK-SAYS-1",
    product="clockify",
    question="Does Clockify offer SCIM?",
    claims=(
        Claim(says="It does not.", source="A guide", date="updated 2026-01-11"),
        Claim(says="It does.", source="Its help page", link="https://clockify.me/help"),
    ),
    outcome=Outcome.SHOWN,
    found="It answered.",
    requirements=("CLK-USER-1",),
    results=("a",),
)
WORDS = {
    Outcome.SHOWN: "shown by this run",
    Outcome.SIMULATED: "simulated: settles nothing",
    Outcome.STATED: "stated: a run cannot show it",
    Outcome.OPEN: "open: this run did not try it",
}


def terminal(report: Report) -> str:
    stream = io.StringIO()
    render_terminal(report, Path("/runs/latest"), Console(file=stream, width=200))
    return stream.getvalue()


def renderings(report: Report) -> tuple[str, str]:
    """Return the two that a person reads as prose."""
    return render_markdown(report), render_html(report)


def test_both_sources_stand_there_with_their_dates(report: Callable[..., Report]) -> None:
    for text in renderings(report(contradictions=(FOUND,))):
        words = text.replace("\\", "")
        for part in ("Does Clockify offer SCIM?", "It does not.", "It does.", "It answered."):
            assert part in words
        assert "A guide, updated 2026-01-11" in words
        assert "Its help page, undated" in words


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_outcome_says_what_it_is_worth(
    report: Callable[..., Report], outcome: Outcome
) -> None:
    written = report(contradictions=(replace(FOUND, outcome=outcome),))
    for text in (*renderings(written), terminal(written)):
        assert WORDS[outcome] in text
        assert not [words for words in WORDS.values() if words != WORDS[outcome] and words in text]


def test_the_terminal_tells_what_was_shown_and_counts_the_rest(
    report: Callable[..., Report],
) -> None:
    stated = replace(FOUND, question="Who may sign in?", outcome=Outcome.STATED)
    said = terminal(report(contradictions=(FOUND, stated, stated)))
    counted = "1 shown by this run, 2 stated: a run cannot show it"
    assert f"where documents contradict each other: {counted}\n" in said
    assert "  CLK-SAYS-1  Does Clockify offer SCIM?\n    It answered.\n" in said
    assert "Who may sign in?" not in said


def test_a_run_without_contradictions_has_no_such_section(report: Callable[..., Report]) -> None:
    for text in (*renderings(report()), terminal(report())):
        assert "contradict" not in text.lower()


def test_the_source_is_a_link_only_when_it_is_an_address(report: Callable[..., Report]) -> None:
    assert 'href="https://clockify.me/help"' in render_html(report(contradictions=(FOUND,)))
    for link in ("javascript:alert(1)", 'https://x/"onload=x>', "see https://x.example/ there"):
        bad = replace(FOUND, claims=(replace(FOUND.claims[1], link=link),) * 2)
        assert link.partition("(")[0] not in render_html(report(contradictions=(bad,)))


def test_hostile_texts_are_shown_and_do_nothing(report: Callable[..., Report]) -> None:
    claim = Claim(says=HOSTILE, source=HOSTILE, date=HOSTILE, link=HOSTILE)
    written = report(
        contradictions=(
            Contradiction(
                id=HOSTILE,
                product=HOSTILE,
                question=HOSTILE,
                claims=(claim, claim),
                outcome=Outcome.SHOWN,
                found=HOSTILE,
            ),
        )
    )
    page = str(MarkdownIt("commonmark").render(render_markdown(written)))
    for text in (page, render_html(written)):
        assert "<script>alert" not in text
        assert "<strong>bold" not in text
        assert not set(text) & {"\x1b", "\u202e"}
    assert "@octocat" not in re.sub(r"(?s)<code>.*?</code>", "", page)
    assert not set(terminal(written)) & {"\x1b", "\u202e"}


def test_findings_cannot_push_the_contradictions_out_of_a_comment(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    failed = [result(Verdict.FAIL, title="x" * 10**4, actual="y" * 10**4)] * 500
    text = render_markdown(report(*failed, contradictions=(FOUND,) * 10))
    assert len(text.encode()) < 60_000
    assert text.count("Does Clockify offer SCIM?") == 10


def test_long_claims_fit_a_comment_too(report: Callable[..., Report]) -> None:
    long = replace(FOUND, question="é" * 10**5, found="|" * 10**5, claims=FOUND.claims * 500)
    assert len(render_markdown(report(contradictions=(long,) * 500)).encode()) < 60_000


def test_a_contradiction_comes_back_from_its_file(
    report: Callable[..., Report], tmp_path: Path
) -> None:
    written = report(contradictions=(FOUND,))
    assert read_report(write_report(tmp_path, written, Redactor())) == written


def test_a_report_from_before_there_were_contradictions_is_still_read(
    result: Callable[..., Result], report: Callable[..., Report], tmp_path: Path
) -> None:
    file = write_report(tmp_path, report(result()), Redactor())
    data = json.loads(file.read_bytes())
    del data["contradictions"], data["results"][0]["product"], data["results"][0]["simulated"]
    file.write_text(json.dumps(data))
    assert read_report(file) == report(result())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("outcome", "settled"),
        ("claims", []),
        ("claims", [{"says": "x"}] * 2),
        ("found", None),
        ("id", ""),
        ("requirements", [1]),
        ("rumour", True),
    ],
)
def test_a_tampered_contradiction_is_refused(
    report: Callable[..., Report], tmp_path: Path, key: str, value: object
) -> None:
    file = write_report(tmp_path, report(contradictions=(FOUND,)), Redactor())
    data = json.loads(file.read_bytes())
    data["contradictions"][0][key] = value
    file.write_text(json.dumps(data))
    with pytest.raises(ReportError, match="contradictions/0"):
        read_report(file)


def test_an_outcome_that_nobody_knows_is_refused_in_words() -> None:
    data = {**FOUND_JSON, "outcome": "settled"}
    with pytest.raises(ReportError, match="'settled' is no outcome of a contradiction"):
        Contradiction.from_json(data)


def test_no_secret_reaches_a_contradiction(report: Callable[..., Report], tmp_path: Path) -> None:
    leaky = replace(FOUND, found=f"skipped: {TOKEN}", results=(f"case[{TOKEN}]",))
    file = write_report(tmp_path, report(contradictions=(leaky,)), Redactor((TOKEN,)))
    assert TOKEN not in file.read_text()


def test_junit_stays_about_cases(report: Callable[..., Report]) -> None:
    assert "Does Clockify" not in render_junit(report(contradictions=(FOUND,)))


FOUND_JSON: dict[str, Json] = {
    "id": "CLK-SAYS-1",
    "product": "clockify",
    "question": "?",
    "claims": [],
    "outcome": "shown",
    "found": "",
}
