"""The commands of docs/waivers.md and docs/compare.md run as they stand there."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import reference_server
from reference_server.http_adapter import Server
from reports.__main__ import main as report_command
from suites.outcome import waivers

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "t0k3n-of-the-pages"  # noqa: S105 - made up
_END = re.compile(r"\s+# ends with (\d)$")


@dataclass(frozen=True)
class Line:
    """One command of a page with the exit status that the page gives."""

    words: list[str]
    status: int


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return found


def lines(name: str) -> list[Line]:
    found = []
    for text in "".join(blocks(name, "sh")).splitlines():
        end = _END.search(text)
        words = shlex.split(_END.sub("", text))
        assert words[0] == "scimproof"
        found.append(Line(words[1:], int(end[1]) if end else 0))
    return found


def run(line: Line, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    if line.words[0] == "report":  # which needs no process of its own
        with contextlib.chdir(folder):
            assert report_command(line.words[1:]) == line.status, line
        return capsys.readouterr().out
    variables = {"PYTHONPATH": str(ROOT), "SCIM_TOKEN": TOKEN, "NO_COLOR": "1"}
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "scimproof", *line.words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == line.status, (line, done.stdout, done.stderr)
    return done.stdout


@pytest.fixture
def url() -> Iterator[str]:
    """A server that ignores the deletion of groups."""
    credential = reference_server.Credential("bearer", TOKEN)
    app = reference_server.create_app(credentials=[credential], deviations=["group-delete-ignored"])
    server = Server(app).start()
    yield server.url
    server.stop()


def test_the_commands_about_waivers_do_what_the_page_says(
    tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "scim-target.toml"
    file.write_text(f'url = "{url}"\n', encoding="utf-8")
    printed = [run(line, tmp_path, capsys) for line in lines("waivers.md")]
    assert len(printed) == 6
    assert "These findings could be accepted" in printed[4]
    assert tomllib.loads(printed[5])["waivers"][0]["expires"] == "2999-12-31"
    written = tomllib.loads(file.read_text(encoding="utf-8"))["waivers"]
    assert [each["found_in"] for each in written] == [["OKTA-DEL-1"]]


def test_the_waiver_that_the_page_shows_can_be_used() -> None:
    (example,) = blocks("waivers.md", "toml")
    (entry,) = tomllib.loads(example)["waivers"]
    waiver = waivers.read(entry)
    waivers.check([waiver])
    assert set(waiver.to_json()) == set(entry)


def test_the_commands_about_comparing_do_what_the_page_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = [run(line, tmp_path, capsys) for line in lines("compare.md")]
    assert "Worse: 2 regressions." in printed[2]
    assert (tmp_path / "compare.html").read_text("utf-8").startswith("<!doctype html>")
    assert (tmp_path / "compare.md").read_text("utf-8").startswith("# Comparison")
    assert "2 still failing" in printed[5]
    assert (tmp_path / "newer" / "compare.html").exists()
