"""A run hands over to GitHub what GitHub shows, and nothing elsewhere."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import reports
from suites.run import ci
from suites.run import finish
from tests.ci.commands import commands

FOUND = reports.Result(
    case="suites/idp/test_push.py::test_rename[oin]",
    requirement="OKTA-PUSH-2",
    level="MUST",
    suite="idp",
    title="A pushed group takes its new name",
    verdict=reports.Verdict.FAIL,
)
REPORT = reports.Report(
    run=reports.Run(id="r-1", version="0.1.0", started="2026-11-22T00:31:05Z", seconds=7, seed=1),
    target=reports.Target(url="http://127.0.0.1:8080/scim/v2"),
    results=(FOUND,),
)


class Terminal:
    """Takes the lines that pytest would show."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def ensure_newline(self) -> None:
        pass

    def write_line(self, line: str) -> None:
        self.lines.append(line)


class Plugins:
    """Remembers what was registered."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def register(self, plugin: object, name: str) -> None:
        self.names.append(name)


@pytest.fixture
def config() -> Any:  # noqa: ANN401 - as much of pytest's configuration as is needed
    return SimpleNamespace(stash=pytest.Stash(), pluginmanager=Plugins())


def summary(config: Any, files: Path, *lines: str) -> Terminal:  # noqa: ANN401 - as above
    """Let pytest show a summary with these lines in it."""
    terminal = Terminal()
    environment = {
        "GITHUB_STEP_SUMMARY": str(files / "summary"),
        "GITHUB_OUTPUT": str(files / "output"),
    }
    hook = ci.Step(config, environment).pytest_terminal_summary(terminal)
    next(hook)
    terminal.lines += lines
    with pytest.raises(StopIteration):
        hook.send(None)
    return terminal


def written(config: Any, place: Path) -> None:  # noqa: ANN401 - as above
    config.stash[ci.WRITTEN] = finish.Written(place / "scim-report", REPORT)


@pytest.mark.parametrize(
    ("value", "worker", "names"),
    [("true", False, [ci.NAME]), ("true", True, []), ("false", False, []), (None, False, [])],
)
def test_only_the_process_that_reports_in_a_workflow_hands_over(
    config: Any,  # noqa: ANN401 - as above
    monkeypatch: pytest.MonkeyPatch,
    value: str | None,
    worker: bool,
    names: list[str],
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    if value is not None:
        monkeypatch.setenv("GITHUB_ACTIONS", value)
    if worker:
        config.workerinput = {}
    ci.watch(config)
    assert config.pluginmanager.names == names


def test_summary_and_outputs_are_appended_to_what_others_wrote(config: Any, tmp_path: Path) -> None:  # noqa: ANN401 - as above
    written(config, tmp_path)
    (tmp_path / "summary").write_text("# Of an earlier step\n", "utf-8")
    (tmp_path / "output").write_text("mine=1\n", "utf-8")
    terminal = summary(config, tmp_path)
    text = (tmp_path / "summary").read_text("utf-8")
    assert text.startswith("# Of an earlier step\n# SCIM compatibility: ")
    outputs = (tmp_path / "output").read_text("utf-8")
    assert outputs.startswith("mine=1\nverdict=fail\n")
    assert f"report={tmp_path / 'scim-report'}\n" in outputs
    assert [each.name for each in commands("\n".join(terminal.lines))] == ["error", "notice"]


@pytest.mark.parametrize(
    "line",
    [
        "::error title=forged::x",
        "  ::set-output name=verdict::pass",
        "it said ##[add-mask]pass",
        "::stop-commands::x",
        "::x::",
        "::::",
    ],
)
def test_no_line_of_a_summary_is_a_command(config: Any, tmp_path: Path, line: str) -> None:  # noqa: ANN401 - as above
    written(config, tmp_path)
    plain = summary(config, tmp_path, "a line")
    evil = summary(config, tmp_path, line, "a line")
    assert line in evil.lines
    assert commands("\n".join(evil.lines)) == commands("\n".join(plain.lines))


def test_the_word_that_ends_the_silence_is_another_one_each_time(
    config: Any,  # noqa: ANN401 - as above
    tmp_path: Path,
) -> None:
    words = {summary(config, tmp_path).lines[0] for _ in range(2)}
    assert len(words) == 2
    assert all(len(word) >= len("::stop-commands::") + 32 for word in words)


def test_a_run_without_a_report_hands_nothing_over(config: Any, tmp_path: Path) -> None:  # noqa: ANN401 - as above
    terminal = summary(config, tmp_path)
    assert commands("\n".join(terminal.lines)) == []
    assert list(tmp_path.iterdir()) == []


def test_commands_are_on_again_when_the_summary_breaks(config: Any, tmp_path: Path) -> None:  # noqa: ANN401 - as above
    terminal = Terminal()
    hook = ci.Step(config, {}).pytest_terminal_summary(terminal)
    next(hook)
    with pytest.raises(ZeroDivisionError):
        hook.throw(ZeroDivisionError())
    assert commands("\n".join([*terminal.lines, "::error::later"]))


def test_a_summary_that_has_no_room_left_is_not_added(config: Any, tmp_path: Path) -> None:  # noqa: ANN401 - as above
    """GitHub shows nothing of a step whose summaries are larger together than it takes."""
    written(config, tmp_path)
    full = b"x" * (1024 * 1024 - 100)
    (tmp_path / "summary").write_bytes(full)
    summary(config, tmp_path)
    assert (tmp_path / "summary").read_bytes() == full
    assert "verdict=fail" in (tmp_path / "output").read_text("utf-8")


def test_a_file_that_cannot_be_written_does_not_end_the_run(config: Any, tmp_path: Path) -> None:  # noqa: ANN401 - as above
    written(config, tmp_path)
    (tmp_path / "summary").mkdir()
    terminal = summary(config, tmp_path)
    assert any("GitHub gets no summary" in line for line in terminal.lines)
    assert [each.name for each in commands("\n".join(terminal.lines))] == ["error", "notice"]
