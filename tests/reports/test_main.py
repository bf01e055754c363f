from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reports import Redactor
from reports import Report
from reports import Result
from reports import Verdict
from reports import write_report
from reports.__main__ import main


@pytest.fixture
def saved(result: Callable[..., Result], report: Callable[..., Report], tmp_path: Path) -> Path:
    return write_report(tmp_path, report(result(Verdict.FAIL)), Redactor())


@pytest.mark.parametrize(
    ("form", "beginning"),
    [
        ("html", "<!doctype html>"),
        ("md", "# SCIM compatibility"),
        ("junit", "<?xml"),
        ("terminal", "scimproof 0.1.0"),
    ],
)
def test_each_form_is_written_to_its_file(
    saved: Path, tmp_path: Path, form: str, beginning: str
) -> None:
    out = tmp_path / "out"
    assert main(["render", str(saved), "--format", form, "--output", str(out)]) == 0
    assert out.read_text("utf-8").lstrip().startswith(beginning)


def test_without_a_format_the_summary_is_printed(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", str(saved)]) == 0
    said = capsys.readouterr().out
    assert "1 failed in" in said
    assert "FAIL OKTA-PUSH-2" not in said


@pytest.mark.parametrize("to_a_file", [False, True])
def test_on_request_the_terminal_has_every_finding(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], to_a_file: bool
) -> None:
    output = ["--output", str(tmp_path / "said.txt")] if to_a_file else []
    assert main(["render", str(saved), "--full", *output]) == 0
    said = (tmp_path / "said.txt").read_text() if to_a_file else capsys.readouterr().out
    assert "FAIL OKTA-PUSH-2" in said


def test_only_the_terminal_has_a_long_form(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(saved), "--full", "--format", "md"]) == 4
    assert "--full is for the terminal" in capsys.readouterr().err


def test_without_an_output_the_form_is_printed(saved: Path) -> None:
    run = subprocess.run(  # noqa: S603 - our own command, our own arguments
        [sys.executable, "-m", "reports", "render", str(saved), "--format", "junit"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=True,
    )
    assert ElementTree.fromstring(run.stdout).tag == "testsuites"  # noqa: S314 - our own


@pytest.mark.parametrize(
    "arguments",
    [
        ["render"],
        ["render", "missing.json"],
        ["render", "."],
        ["compare", "x" * 300, "."],
        ["verify", "x" * 300],
        ["submission", "okta", "x" * 300],
        ["render", "missing.json", "--format", "pdf"],
        ["render", "missing.json", "--colour"],
        ["paint"],
    ],
    ids=" ".join,
)
def test_bad_input_is_one_sentence_and_status_4(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("scimproof: ")
    assert "Traceback" not in said.err
    assert len(said.err.splitlines()) == 1


def test_a_broken_report_is_one_sentence_and_status_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.json").write_text("<html>")
    assert main(["render", str(tmp_path / "report.json")]) == 4
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_full_disk_behind_what_is_printed_is_one_sentence_and_status_4(saved: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(  # noqa: S603 - our own command, our own arguments
            [sys.executable, "-m", "reports", "render", str(saved), "--format", "md"],
            cwd=Path(__file__).parents[2],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert run.returncode == 4
    assert run.stderr == "scimproof: cannot use the output: No space left on device\n"


def test_an_output_that_cannot_be_written_is_one_sentence_and_status_4(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "missing" / "report.md"
    assert main(["render", str(saved), "--format", "md", "--output", str(out)]) == 4
    assert "cannot write" in capsys.readouterr().err


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "--help"]) == 0
    assert "REPORT_JSON" in capsys.readouterr().out


def test_an_output_that_is_no_file_is_written_to_and_stays_what_it_is(
    saved: Path, tmp_path: Path
) -> None:
    """As root, whatever stands at the place could be replaced, be it /dev/stdout."""
    device, out = tmp_path / "device", tmp_path / "said"
    os.mkfifo(device)
    words = ["sh", "-c", 'cat "$0" > "$1"', str(device), str(out)]
    with subprocess.Popen(words) as reader:  # noqa: S603 - our own words
        assert main(["render", str(saved), "--format", "md", "--output", str(device)]) == 0
        assert reader.wait(20) == 0
    assert device.is_fifo()
    assert out.read_text("utf-8").startswith("# SCIM compatibility")


@pytest.mark.parametrize("output", ["/", ".", "/dev"])
def test_a_folder_as_output_is_one_sentence_and_status_4(
    saved: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    assert main(["render", str(saved), "--format", "md", "--output", output]) == 4
    assert capsys.readouterr().err == f"scimproof: cannot write {output!r}: Is a directory\n"
