"""A run that is a step of a workflow on GitHub: hands over what GitHub shows of it.

The texts come from `reports.github`. Nothing happens outside of GitHub Actions.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reports.forms import github
from reports.view import REPORT_PAGE
from suites.outcome import baseline

from . import finish

NAME = "scimproof-github"
WRITTEN = pytest.StashKey[finish.Written]()
# All summaries of a step together; GitHub shows none of them when they are larger.
_MOST_SUMMARY = 1024 * 1024


def watch(config: pytest.Config) -> None:
    """Hand the run over at its end, when it is a step of a workflow."""
    is_worker = hasattr(config, "workerinput")
    if os.environ.get("GITHUB_ACTIONS") == "true" and not is_worker:
        config.pluginmanager.register(Step(config, dict(os.environ)), NAME)


class Step:
    """One step of a workflow, with the environment that GitHub gave it."""

    def __init__(self, config: pytest.Config, environment: Mapping[str, str]) -> None:
        self._config = config
        self._environment = environment

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> Generator[None, object, object]:  # noqa: ANN401 - pytest's own class
        """Let no line of the summary be a command to GitHub, then say what GitHub shows.

        The summary quotes the target, and a line that begins with `::` is a command. The word
        that ends this is made up in each run, so that no target knows it.
        """
        token = secrets.token_hex(16)
        terminalreporter.ensure_newline()
        terminalreporter.write_line(f"::stop-commands::{token}")
        try:
            return (yield)
        finally:
            terminalreporter.ensure_newline()
            terminalreporter.write_line(f"::{token}::")
            if (written := self._config.stash.get(WRITTEN, None)) is not None:
                self._hand_over(written, terminalreporter)

    def _hand_over(self, written: finish.Written, terminalreporter: Any) -> None:  # noqa: ANN401 - as above
        folder = finish.readable(written.directory)
        try:
            self._append(
                "GITHUB_STEP_SUMMARY",
                github.step_summary(written.report, str(folder), written.comparison),
                most=_MOST_SUMMARY,
            )
            self._append("GITHUB_OUTPUT", github.outputs(written.report, written.directory))
        except OSError as problem:
            terminalreporter.write_line(
                f"scimproof: GitHub gets no summary: {problem.filename}: {problem.strerror}"
            )
        page = str(folder / REPORT_PAGE)
        known = baseline.excused(written.comparison)
        for line in github.workflow_commands(written.report, page, known):
            terminalreporter.write_line(line)

    def _append(self, variable: str, text: str, *, most: int | None = None) -> None:
        """Append to the file that a variable names, as long as it stays below `most` bytes."""
        if not (name := self._environment.get(variable)):
            return
        data = text.encode("utf-8", "backslashreplace")
        with Path(name).open("ab") as file:
            if most is None or file.tell() + len(data) < most:
                file.write(data)
