from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Report
from reports import Result
from reports import Target
from reports import Verdict
from reports import render_terminal

IDP = IdpSummary(
    idp="okta",
    title="Okta",
    dialect="oin",
    dialect_title="Catalog",
    verdict=Verdict.FAIL,
    features=(
        Feature(name="Import", verdict=Verdict.PASS, label="works"),
        Feature(name="Create Users", verdict=Verdict.FAIL, label="fails"),
    ),
)


def said(report: Report, encoding: str = "utf-8", width: int = 100) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    render_terminal(report, Path("/runs/latest"), Console(file=stream, width=width))
    stream.flush()
    return raw.getvalue().decode(encoding)


def test_a_failure_reads_as_promised(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
) -> None:
    failed = result(
        Verdict.FAIL,
        dialect="oin",
        expected="status 200",
        actual="status 400",
        consequence="This group fails.",
        hint="Accept it.",
        reproduce="curl -X PATCH " + "x" * 300,
        evidence=(exchange(),),
    )
    lines = said(report(failed)).splitlines()
    start = lines.index("FAIL OKTA-PUSH-2 (oin)  A pushed group takes its new name")
    assert lines[start + 1 : start + 6] == [
        "  expected status 200, got status 400",
        "  exchange 2 of 3: PATCH /Groups/81 -> 400",
        "  This group fails.",
        "  hint: Accept it.",
        "  reproduce: curl -X PATCH " + "x" * 300,
    ]


def test_the_features_are_listed_with_their_verdicts(report: Callable[..., Report]) -> None:
    lines = [" ".join(line.split()) for line in said(report(idps=(IDP,))).splitlines()]
    assert "Import ✓ works" in lines
    assert "Create Users ✗ fails" in lines


def test_dialects_stand_side_by_side(report: Callable[..., Report]) -> None:
    other = replace(IDP, dialect="aiw", features=IDP.features[:1])
    lines = [" ".join(line.split()) for line in said(report(idps=(other, IDP))).splitlines()]
    assert "feature aiw oin" in lines
    assert "Import ✓ works ✓ works" in lines
    assert "Create Users ✗ fails" in lines


def test_the_last_lines_are_the_counts_and_the_page(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    text = said(report(result(), result(Verdict.FAIL), result(Verdict.WARN)))
    assert text.splitlines()[-2:] == [
        "1 failed, 1 warning, 1 passed in 7.5 s",
        "report: /runs/latest/report.html",
    ]


def test_twenty_failures_are_shown_and_the_others_counted(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    text = said(report(*[result(Verdict.FAIL)] * 33))
    assert text.count("FAIL OKTA-PUSH-2") == 20
    assert "... and 13 more in report.html" in text


def test_warnings_come_after_failures(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    text = said(report(result(Verdict.WARN), result(Verdict.FAIL)))
    assert text.index("FAIL OKTA") < text.index("WARN OKTA")


def test_an_error_of_ours_is_shown_as_one(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    assert "ERROR OKTA-PUSH-2" in said(report(result(Verdict.ERROR, notes=("KeyError",))))


def test_a_target_that_nobody_reached_is_said_once(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    trouble = "http://127.0.0.1:9 refused the connection"
    results = [result(Verdict.INCONCLUSIVE, blocked_by=trouble)] * 30
    text = said(report(*results, target=Target(url="http://127.0.0.1:9", trouble=trouble)))
    assert text.count("refused the connection") == 1
    assert "INCONCLUSIVE" not in text
    assert "30 inconclusive" in text


def test_a_blocked_case_names_what_blocked_it(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    text = said(report(result(Verdict.INCONCLUSIVE, blocked_by="test_create_user")))
    assert "  blocked by test_create_user" in text


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_console_without_unicode_gets_plain_signs(
    result: Callable[..., Result], report: Callable[..., Report], encoding: str
) -> None:
    failed = result(Verdict.FAIL, title="→ שלום ✓ \U0001f600", actual="x" * 5_000)
    text = said(report(failed, idps=(IDP,)), encoding)
    assert "+ works" in text
    assert "x fails" in text
    assert "... (4,700 characters more)" in text
    assert "\\u05e9" in text


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J\x1b]0;owned\x07", "\r\x08\x9b31m", "[red]markup[/red] [link=x]", "a\nb\tc"]
)
def test_hostile_texts_cannot_steer_the_terminal(
    result: Callable[..., Result], report: Callable[..., Report], hostile: str
) -> None:
    fields = ("title", "requirement", "expected", "actual", "hint", "consequence", "reproduce")
    failed = result(Verdict.FAIL, notes=(hostile,), **dict.fromkeys(fields, hostile))
    target = Target(url=hostile, software=hostile, trouble=hostile)
    text = said(report(failed, target=target, idps=(replace(IDP, title=hostile),)))
    assert not set(text) & set("\x1b\x07\r\x08\x9b\t")
    if "markup" in hostile:
        assert "[red]markup[/red]" in text


def test_no_line_is_longer_than_a_reader_bears(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    fields = ("title", "requirement", "expected", "actual", "hint", "consequence", "reproduce")
    failed = result(Verdict.FAIL, **dict.fromkeys(fields, "y" * 1_000_000))
    assert max(map(len, said(report(failed)).splitlines())) < 2_100


def test_a_narrow_console_loses_no_feature(report: Callable[..., Report]) -> None:
    text = said(report(idps=(IDP,)), width=40)
    assert "Create Users" in text
    assert "fails" in text


def test_colours_appear_only_on_a_terminal(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    stream = io.StringIO()
    colourful = Console(file=stream, force_terminal=True, color_system="standard", width=100)
    render_terminal(report(result(Verdict.FAIL)), Path(), colourful)
    assert "\x1b[" in stream.getvalue()
    assert "\x1b[" not in said(report(result(Verdict.FAIL)))
