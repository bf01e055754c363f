"""The commands in docs/trend.md, run as they stand."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

import scimproof
from reports import Redactor
from reports import Report
from reports import write_report

PAGE = Path(__file__).resolve().parents[3] / "docs" / "trend.md"


def commands() -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: Callable[..., Report]) -> Path:
    for name in ("one", "two"):
        write_report(tmp_path / ".scim-reports" / name, report(), Redactor())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_command_of_the_page_does_what_the_page_says(
    there: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    found = commands()
    assert len(found) == 3
    for program, *arguments in found:
        assert program == "scimproof"
        assert scimproof.main(arguments) == 0

    assert "<title>One run" in (there / "trend.html").read_text("utf-8")
    markdown, _, data = capsysbinary.readouterr().out.decode().partition("\n{")
    assert markdown.startswith("# One run")
    assert json.loads("{" + data)["format"] == "scimproof-trend/1"
