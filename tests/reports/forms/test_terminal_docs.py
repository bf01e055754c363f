"""What docs/terminal.md says, held against what is printed and written."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

import scimproof
from reports import Redactor
from reports import Report
from reports import Result
from reports import Verdict
from reports import render_junit
from reports import render_terminal
from reports import write_report
from reports.__main__ import main
from reports.wording import wording

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "terminal.md").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def test_the_command_for_the_long_form_runs_as_it_stands(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    result: Callable[..., Result],
    report: Callable[..., Report],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".scim-reports" / "latest").mkdir(parents=True)
    folder = tmp_path / ".scim-reports" / "latest"
    write_report(folder, report(result(Verdict.FAIL)), Redactor(()))
    (words,) = [words for words in commands() if words[1] == "report"]
    assert main(words[2:]) == 0
    assert "FAIL OKTA-PUSH-2" in capsys.readouterr().out


def test_every_option_of_a_run_that_is_named_exists() -> None:
    known = {option.removeprefix("--scim-").removeprefix("--") for option in scimproof.OPTIONS}
    (words,) = [words for words in commands() if words[1] == "run"]
    assert {word[2:] for word in words if word[:2] == "--"} <= known


def test_the_example_has_the_lines_of_a_summary(broken: Report) -> None:
    stream = io.StringIO()
    render_terminal(broken, Path(), Console(file=stream, width=300))
    printed = stream.getvalue().splitlines()
    example = PAGE.partition("## At the end")[2].partition("```text\n")[2].partition("```")[0]
    say = wording("terminal")
    for line in (
        say("causes.title"),
        say("undecided.title"),
        "   seen: DELETE /Groups/{id} -> a later request shows otherwise",
        "   expected status 404 or 410, got 200",
        "✗ Okta, aiw: 10 of 12 features work, 2 stop: Push Groups: delete, Histories",
        "- 1 case of okta not tried: the server gives every member a display, so Okta never sends "
        "null",
    ):
        assert line in example.splitlines()
        assert line in printed


def test_every_property_of_a_test_case_is_named(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    names = ("idp", "dialect", "feature", "scenario", "certainty", "rfc", "scope", "product")
    full = result(Verdict.FAIL, simulated=True, **dict.fromkeys(names, "asks"))
    known = replace(report(full), results=(full,))
    root = ElementTree.fromstring(render_junit(known))  # noqa: S314 - ours
    (case,) = root.iter("testcase")
    (row,) = [line for line in PAGE.splitlines() if line.startswith("| properties |")]
    assert re.findall("`([a-z]+)`", row) == [each.get("name") for each in case.iter("property")]
