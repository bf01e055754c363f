"""What whole runs say while they go on: on a terminal of their own, and in a log."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ESCAPE = "\x1b"
LETTERS = re.compile(r"[.FEswxI]{2}")  # what pytest prints for tests


@dataclass
class OnTerminal:
    """A run that was watched on a terminal."""

    status: int
    text: str

    @property
    def screen(self) -> list[str]:
        """The lines that stay on the screen."""
        shown = []
        for line in self.text.replace("\r\n", "\n").split("\n"):
            screen = ""
            for part in line.split("\r"):  # each begins the line anew
                screen = part + screen[len(part) :]
            shown.append(screen.rstrip())
        return shown


@pytest.fixture
def watched(
    tmp_path: Path, quiet_environment: Callable[..., dict[str, str]]
) -> Callable[..., OnTerminal]:
    """Run `scimproof run` on a terminal of its own; `interrupt` types Ctrl-C at that text."""

    def run(*options: str, interrupt: str = "") -> OnTerminal:
        ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 72, 0, 0))
        environment = quiet_environment(TERM="xterm")
        environment.pop("COLUMNS", None)
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "scimproof", "run", "--report", "report", *options],
            cwd=tmp_path,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            # The terminal speaks to the run as to a command in the foreground, Ctrl-C included.
            preexec_fn=_take_the_terminal,
        )
        os.close(theirs)
        text = _read(ours, interrupt)
        os.close(ours)
        return OnTerminal(process.wait(30), text)

    return run


def _take_the_terminal() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ioctl(0, termios.TIOCSCTTY, 0)


def _read(terminal: int, interrupt: str) -> str:
    """Return all that is written, typing Ctrl-C once a text has come."""
    seen = b""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and select.select([terminal], [], [], 30)[0]:
        try:
            part = os.read(terminal, 65_536)
        except OSError:  # Linux says so when the last one at the other end has closed it
            break
        seen += part
        if interrupt and interrupt.encode() in seen:
            os.write(terminal, b"\x03")
            interrupt = ""
        if not part:
            break
    return seen.decode()


OKTA = ROOT / "suites" / "idp" / "okta"
PUSH = ("--idp", "okta", "--deviation", "group-delete-ignored", f"{OKTA / 'test_push_groups.py'}")


def test_a_run_on_a_terminal_shows_one_line_and_leaves_none(
    watched: Callable[..., OnTerminal], tmp_path: Path
) -> None:
    done = watched(*PUSH, "-n", "2")
    assert done.status == 1
    cases = len(json.loads((tmp_path / "report" / "report.json").read_text())["results"])
    # With workers the results come from other processes, and the requests with them.
    assert re.search(rf"\rOkta: \d+ of {cases} cases, [1-9]\d* requests, \d+ failed", done.text)
    assert "\rdeleting what is left and writing the report" in done.text
    assert done.screen.count("stops: Okta, Push Groups: delete") == 1
    assert not [line for line in done.screen if re.search("cases, .* requests", line)]
    assert not [line for line in done.screen if LETTERS.match(line)]
    for path in (tmp_path / "report").iterdir():
        assert ESCAPE not in path.read_text(encoding="utf-8"), path.name


def test_ctrl_c_leaves_no_line_behind(watched: Callable[..., OnTerminal], tmp_path: Path) -> None:
    done = watched("--idp", "okta", str(OKTA), interrupt=" cases, ")
    assert done.status == 2
    assert re.search(r"\rOkta: \d+ of \d+ cases, \d+ requests, 0 failed, \d+ s", done.text)
    assert not [line for line in done.screen if re.search("cases, .* requests", line)]
    assert not [line for line in done.screen if LETTERS.match(line)]
    assert "Traceback" not in done.text
    assert json.loads((tmp_path / "report" / "report.json").read_text())["run"]["interrupted"]


def test_a_log_has_whole_lines_and_no_letters(
    command_in: Callable[[Path], Any], tmp_path: Path
) -> None:
    done = command_in(tmp_path).run(*PUSH)
    before = done.out.partition("= scimproof =")[0]
    assert "stops: Okta, Push Groups: delete\n" in before
    assert not set("\r\x1b") & set(done.said)
    assert not [line for line in before.splitlines() if LETTERS.match(line)]


def test_a_reader_who_has_gone_gets_no_traceback_and_the_report_is_written(
    tmp_path: Path, quiet_environment: Callable[..., dict[str, str]]
) -> None:
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "scimproof", "run", "--report", "report", *PUSH],
        cwd=tmp_path,
        env=quiet_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert "Traceback" not in said
    assert (tmp_path / "report" / "report.html").exists()


def test_the_tests_of_others_are_shown_as_ever(
    tmp_path: Path, quiet_environment: Callable[..., dict[str, str]]
) -> None:
    (tmp_path / "test_mine.py").write_text("def test_mine(): pass\ndef test_other(): pass\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "scimproof",
            "-p",
            "no:cacheprovider",
            "test_mine.py",
        ],
        cwd=tmp_path,
        env=quiet_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.search(r"^test_mine\.py \.\. +\[100%\]$", done.stdout, re.MULTILINE)
    assert "requests" not in done.stdout
