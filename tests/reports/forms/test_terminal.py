from __future__ import annotations

import io
import re
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
from reports.forms.printing import console_on

MakeReport = Callable[..., Report]
MakeResult = Callable[..., Result]

IDP = IdpSummary(
    idp="okta",
    title="Okta",
    dialect="oin",
    dialect_title="Catalog",
    verdict=Verdict.FAIL,
    features=(
        Feature(name="Import", verdict=Verdict.PASS, label="works"),
        Feature(name="Push Groups: delete", verdict=Verdict.FAIL, label="stops here"),
        Feature(name="Create Users", verdict=Verdict.FAIL, label="stops here"),
        Feature(name="Histories", verdict=None, label="not checked"),
    ),
)


def said(report: Report, encoding: str = "utf-8", width: int = 100, *, full: bool = False) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    console = Console(file=stream, width=width)
    render_terminal(report, Path("/runs/latest"), console, full=full)
    stream.flush()
    return raw.getvalue().decode(encoding)


def failures(
    result: MakeResult, exchange: Callable[..., dict[str, Json]], count: int
) -> list[Result]:
    """Return findings that are as many causes: each path of a request is another."""
    return [
        result(
            Verdict.FAIL,
            case=f"a::test_{number}",
            requirement=f"RFC-{number}",
            evidence=(
                exchange(request={"method": "POST", "target": f"/Things{chr(97 + number)}"}),
            ),
        )
        for number in range(count)
    ]


# -- whom the server works with -----------------------------------------------------------------


def test_an_idp_has_one_line_that_names_what_stops(report: MakeReport) -> None:
    lines = said(report(idps=(IDP,))).splitlines()
    assert (
        "✗ Okta: 1 of 4 features works, 2 stop: Push Groups: delete, Create Users; 1 not checked"
    ) in lines


def test_each_dialect_has_a_line_of_its_own(report: MakeReport) -> None:
    other = replace(IDP, dialect="aiw", features=IDP.features[:1])
    lines = said(report(idps=(other, IDP))).splitlines()
    assert "✓ Okta, aiw: 1 of 1 feature works" in lines
    assert [line[:12] for line in lines if "Okta, oin" in line] == ["✗ Okta, oin:"]


def test_a_feature_that_works_with_warnings_works_and_is_named(report: MakeReport) -> None:
    warned = replace(IDP.features[0], verdict=Verdict.WARN, label="works with warnings")
    text = said(report(idps=(replace(IDP, features=(warned, IDP.features[0])),)))
    assert "! Okta: 2 of 2 features work; 1 with warnings: Import" in text


def test_a_dialect_that_was_not_looked_at_is_not_said_to_work_nowhere(report: MakeReport) -> None:
    text = said(report(idps=(replace(IDP, features=IDP.features[3:]),)))
    assert "· Okta: not checked" in text.splitlines()


def test_more_names_than_a_reader_takes_in_are_counted(report: MakeReport) -> None:
    features = [replace(IDP.features[1], name=f"Feature {letter}") for letter in "abcdefgh"]
    text = said(report(idps=(replace(IDP, features=tuple(features)),)), width=120)
    assert "8 stop: Feature a, Feature b, Feature c, Feature d, Feature e and 3 more" in text


def test_each_suite_without_an_idp_has_a_line(result: MakeResult, report: MakeReport) -> None:
    results = [result(suite="protocol"), result(Verdict.FAIL, suite="protocol"), result(idp="okta")]
    assert "✗ protocol: 1 failed, 1 passed" in said(report(*results)).splitlines()


def test_a_simulation_is_called_one_in_each_line(report: MakeReport) -> None:
    features = tuple(replace(each, label=f"{each.label}, simulated") for each in IDP.features)
    simulated = replace(IDP, features=features)
    text = said(report(idps=(simulated,), target=Target(url=None, simulated=True)))
    assert re.search(r"Okta: [^✗]*; simulated$", text, re.MULTILINE)
    assert "proves nothing about the product itself" in text


def test_what_was_tried_on_a_server_beside_a_simulation_is_not_called_simulated(
    result: MakeResult, report: MakeReport
) -> None:
    promise = result(suite="product", idp="okta", product="clockify", simulated=True)
    rule = result(suite="protocol", idp=None, requirement="RFC7644-3.6-2")
    text = said(report(promise, rule, idps=(IDP,), target=Target(url=None, simulated=True)))
    assert re.search(r"^. protocol: 1 passed$", text, re.MULTILINE)
    assert not re.search(r"^. Okta: .*simulated", text, re.MULTILINE)


# -- what goes wrong ----------------------------------------------------------------------------


def test_a_cause_says_whom_it_stops_what_came_and_what_to_do(broken: Report) -> None:
    text = said(broken)
    start = text.index("Deleting a group is answered as done, but the group is still there")
    cause = text[start : text.index("\n3. ", start)]
    (stops,) = re.findall(r"^   stops (.*)\n   seen", cause, re.MULTILINE | re.DOTALL)
    assert "Okta (Push Groups: delete, " in " ".join(stops.split())
    assert re.search(r"^   seen: DELETE /Groups/\{id\} -> ", cause, re.MULTILINE)
    assert re.search(r"^   expected .*, got ", cause, re.MULTILINE)
    assert re.search(r"^   hint: ", cause, re.MULTILINE)
    assert re.search(r"^   \d+ cases, such as [A-Z]+-", cause, re.MULTILINE)
    assert len(text.splitlines()) < 90


def test_eight_causes_are_shown_and_the_others_counted(
    result: MakeResult, report: MakeReport, exchange: Callable[..., dict[str, Json]]
) -> None:
    text = said(report(*failures(result, exchange, 11)))
    assert re.findall(r"^(\d+)\. ", text, re.MULTILINE) == [str(n) for n in range(1, 9)]
    assert "3 more of these in report.html" in text


def test_a_warning_is_one_line_after_the_failures(
    result: MakeResult, report: MakeReport, exchange: Callable[..., dict[str, Json]]
) -> None:
    failed, other = failures(result, exchange, 2)
    warned = replace(other, verdict=Verdict.WARN, dialect="oin", idp="okta")
    lines = said(report(warned, failed)).splitlines()
    start = lines.index("Warnings")
    assert any(line.startswith("1. ") for line in lines[:start])
    assert lines[start + 1].startswith("! ")
    assert lines[start + 1].endswith("(RFC-1, oin)")
    assert lines[start + 2] == ""


def test_a_warning_that_fails_a_strict_run_is_among_the_failures(
    result: MakeResult, report: MakeReport, exchange: Callable[..., dict[str, Json]]
) -> None:
    (warned,) = [replace(each, verdict=Verdict.WARN) for each in failures(result, exchange, 1)]
    known = report(warned)
    strict = replace(known, run=replace(known.run, options={"strict": True}))
    assert "1. " not in said(known)
    assert "\n1. " in said(strict)
    assert "Warnings" not in said(strict)


def test_an_error_of_ours_is_shown_as_one(result: MakeResult, report: MakeReport) -> None:
    text = said(report(result(Verdict.ERROR, actual="KeyError: 'x' (replay.py:7)")))
    assert "Errors of scimproof itself" in text
    assert "✗ OKTA-PUSH-2: KeyError: 'x' (replay.py:7)" in text


def test_a_run_without_findings_is_short(result: MakeResult, report: MakeReport) -> None:
    good = replace(IDP, features=IDP.features[:1])
    assert said(report(result(idp="okta"), idps=(good,))).splitlines() == [
        "scimproof 0.1.0: http://127.0.0.1:8080/scim/v2",
        "",
        "✓ Okta: 1 of 1 feature works",
        "",
        "1 passed in 7.5 s",
        "report: /runs/latest/report.html",
    ]


# -- what was not judged ------------------------------------------------------------------------


def test_a_target_that_nobody_reached_is_said_once(result: MakeResult, report: MakeReport) -> None:
    trouble = "http://127.0.0.1:9 refused the connection"
    results = [result(Verdict.INCONCLUSIVE, blocked_by=trouble)] * 30
    for full in (False, True):
        target = Target(url="http://127.0.0.1:9", trouble=trouble)
        text = said(report(*results, target=target), full=full)
        assert text.count("refused the connection") == 1
        assert "not judged" not in text
        assert "30 inconclusive" in text


def test_what_blocks_cases_is_said_once_with_their_number(
    result: MakeResult, report: MakeReport
) -> None:
    blocked = result(
        Verdict.INCONCLUSIVE, idp="okta", actual="nobody can be made", blocked_by="OKTA-USER-1"
    )
    text = said(report(*[blocked] * 12))
    assert text.count("OKTA-USER-1") == 1
    assert "? 12 cases of okta not judged: nobody can be made; blocked by OKTA-USER-1" in text


def test_why_cases_were_not_tried_is_said_the_commonest_reason_first(
    result: MakeResult, report: MakeReport
) -> None:
    no_key = "the key of the product is not set: SCIM_PRODUCT_KEY"
    skipped = [result(Verdict.SKIP, suite="product", product="clockify", actual=no_key)] * 7
    others = [result(Verdict.SKIP, actual=f"reason {number}") for number in range(6)]
    lines = said(report(*others, *skipped)).splitlines()
    start = lines.index("Not judged or not tried")
    assert lines[start + 1] == f"- 7 cases of clockify not tried: {no_key}"
    assert lines[start + 5] == "- 3 cases of idp for 3 other reasons, each in report.html"
    assert lines[start + 6] == ""


def test_a_waived_case_says_why(result: MakeResult, report: MakeReport) -> None:
    waived = result(Verdict.WAIVED, notes=("waived until 2027-01-01: on purpose",))
    text = said(report(waived))
    assert "~ 1 case of idp waived until 2027-01-01: on purpose" in text


# -- the end ------------------------------------------------------------------------------------


def test_the_last_lines_are_the_counts_the_page_and_how_to_see_more(
    result: MakeResult, report: MakeReport
) -> None:
    text = said(report(result(), result(Verdict.FAIL), result(Verdict.WARN)))
    assert text.splitlines()[-3:] == [
        "1 failed, 1 warning, 1 passed in 7.5 s",
        "report: /runs/latest/report.html",
        "each finding, with its exchange and a curl line: "
        "scimproof report render /runs/latest/report.json --full",
    ]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({}, "(pytest counts the 1 inconclusive as failed as well)"),
        ({"strict": True}, "(pytest counts the 1 inconclusive and the 2 with warnings as failed"),
        ({"allow_inconclusive": True}, ""),
        ({"allow_inconclusive": True, "strict": True}, "(pytest counts the 2 with warnings"),
    ],
)
def test_what_pytest_counts_as_failed_is_said_beside_the_counts(
    result: MakeResult, report: MakeReport, options: dict[str, Json], line: str
) -> None:
    verdicts = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.WARN, Verdict.WARN)
    made = report(*(result(each) for each in verdicts))
    text = said(replace(made, run=replace(made.run, options=options)))
    lines = [each for each in text.splitlines() if "pytest counts" in each]
    assert [each.startswith(line) for each in lines] == ([True] if line else [])


# -- the long form ------------------------------------------------------------------------------


def test_in_full_a_failure_tells_all_that_is_known(
    result: MakeResult, report: MakeReport, exchange: Callable[..., dict[str, Json]]
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
    lines = said(report(failed), full=True).splitlines()
    start = lines.index("FAIL OKTA-PUSH-2 (oin)  A pushed group takes its new name")
    assert lines[start + 1 : start + 7] == [
        "  expected status 200, got status 400",
        "  exchange 2 of 3: PATCH /Groups/81 -> 400",
        "  This group fails.",
        "  the server said: id is readOnly",
        "  hint: Accept it.",
        "  reproduce: curl -X PATCH " + "x" * 300,
    ]


def test_in_full_every_finding_is_there_the_worst_first(
    result: MakeResult, report: MakeReport
) -> None:
    verdicts = (Verdict.WARN, Verdict.INCONCLUSIVE, *[Verdict.FAIL] * 33)
    text = said(report(*map(result, verdicts)), full=True)
    assert re.findall("^(FAIL|INCONCLUSIVE|WARN) OKTA-PUSH-2", text, re.MULTILINE) == [
        *["FAIL"] * 33,
        "INCONCLUSIVE",
        "WARN",
    ]
    assert "--full" not in text


def test_in_full_dialects_stand_side_by_side(report: MakeReport) -> None:
    other = replace(IDP, dialect="aiw", features=IDP.features[:1])
    text = said(report(idps=(other, IDP)), full=True)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "feature aiw oin" in lines
    assert "Import ✓ works ✓ works" in lines
    assert "Create Users ✗ stops here" in lines


# -- consoles -----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("full", [False, True])
def test_a_console_without_unicode_gets_plain_signs(
    result: MakeResult, report: MakeReport, encoding: str, full: bool
) -> None:
    odd = "→ שלום ✓ \U0001f600"
    failed = result(Verdict.FAIL, title=odd, hint=odd, actual="x" * 5_000)
    text = said(report(failed, idps=(IDP,)), encoding, full=full)
    assert ("+ works" if full else "x Okta: ") in text
    assert "characters more)" in text
    assert "\\u05e9" in text


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J\x1b]0;owned\x07", "\r\x08\x9b31m", "[red]markup[/red] [link=x]", "a\nb\tc"]
)
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    "verdict", [Verdict.FAIL, Verdict.WARN, Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.ERROR]
)
def test_hostile_texts_cannot_steer_the_terminal(
    result: MakeResult,
    report: MakeReport,
    exchange: Callable[..., dict[str, Json]],
    hostile: str,
    full: bool,
    verdict: Verdict,
) -> None:
    fields = ("title", "requirement", "expected", "actual", "hint", "consequence", "reproduce")
    names = ("suite", "idp", "dialect", "feature", "blocked_by", "level")
    shown = exchange(
        request={"method": hostile, "target": hostile, "headers": [], "body": hostile},
        response={"status": hostile, "headers": [], "body": hostile},
    )
    found = result(
        verdict, notes=(hostile,), evidence=(shown,), **dict.fromkeys(fields + names, hostile)
    )
    feature = Feature(name=hostile, verdict=Verdict.FAIL, label=hostile)
    idp = replace(IDP, idp=hostile, title=hostile, dialect=hostile, features=(feature,))
    target = Target(url=hostile, software=hostile)
    text = said(report(found, replace(found, idp=None), target=target, idps=(idp,)), full=full)
    assert not set(text) & set("\x1b\x07\r\x08\x9b\t")
    if "markup" in hostile:
        assert "[red]markup[/red]" in text


@pytest.mark.parametrize("full", [False, True])
def test_no_line_is_longer_than_a_reader_bears(
    result: MakeResult, report: MakeReport, full: bool
) -> None:
    fields = ("title", "requirement", "expected", "actual", "hint", "consequence", "reproduce")
    failed = result(Verdict.FAIL, **dict.fromkeys(fields, "y" * 1_000_000))
    text = said(report(failed), full=full)
    assert max(map(len, text.splitlines())) < 2_100
    assert len(text) < 10_000


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_prose_fits_the_console(broken: Report, width: int) -> None:
    lines = said(broken, width=width).splitlines()
    # Paths and commands stay whole, so that they can be copied.
    whole = ("scimproof 0.1.0", "report: ", "each finding")
    assert [line for line in lines if len(line) > width and not line.startswith(whole)] == []


def test_a_console_of_no_width_loses_no_feature(report: MakeReport) -> None:
    for full in (False, True):
        text = said(report(idps=(IDP,)), width=40, full=full)
        assert "Create Users" in " ".join(text.split())


def test_colours_appear_only_on_a_terminal(result: MakeResult, report: MakeReport) -> None:
    stream = io.StringIO()
    colourful = Console(file=stream, force_terminal=True, color_system="standard", width=100)
    render_terminal(report(result(Verdict.FAIL)), Path(), colourful)
    assert "\x1b[" in stream.getvalue()
    assert "\x1b[" not in said(report(result(Verdict.FAIL)))


def test_no_color_means_no_escape_code_at_all(
    result: MakeResult, report: MakeReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value, coloured in (("", True), ("1", False)):
        monkeypatch.setenv("NO_COLOR", value)
        monkeypatch.setenv("TERM", "xterm")
        stream = Terminal()
        render_terminal(report(result(Verdict.FAIL)), Path(), console_on(stream, 100))
        assert ("\x1b[" in stream.getvalue()) is coloured


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True
