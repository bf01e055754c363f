"""The commands in docs/submission.md and docs/verify.md, run as they stand."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

import scimproof
from reports import Redactor
from reports import Report
from reports import transcript_proof
from reports import write_renderings
from reports import write_report
from reports.__main__ import main
from reports.vendors.submission import State
from reports.wording import wording

DOCS = Path(__file__).resolve().parents[3] / "docs"


def commands(name: str) -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / name).read_text("utf-8"), re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: Callable[..., Report]) -> Path:
    folder = tmp_path / ".scim-reports" / "latest"
    folder.mkdir(parents=True)
    (folder / "transcript.jsonl").touch()
    proof = transcript_proof(folder / "transcript.jsonl")
    write_report(folder, report(transcript=proof), Redactor(()))
    write_renderings(folder, report(transcript=proof))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["submission.md", "verify.md"])
def test_every_command_about_a_report_runs(name: str, there: Path) -> None:
    asked = [words for words in commands(name) if words[1] == "report"]
    assert len(asked) >= 3
    for words in asked:
        assert main(words[2:]) == 0, words
        if "--output" in words:
            assert (there / words[words.index("--output") + 1]).stat().st_size > 1_000


def test_every_option_of_a_run_that_is_named_exists() -> None:
    known = {option.removeprefix("--scim-").removeprefix("--") for option in scimproof.OPTIONS}
    for name in ("submission.md", "verify.md"):
        for words in commands(name):
            if words[1] == "run":
                assert {word[2:] for word in words if word[:2] == "--"} <= known


def test_every_state_of_a_line_is_explained() -> None:
    told = (DOCS / "submission.md").read_text("utf-8")
    for state in State:
        assert f"| {wording('submission')(f'state.{state}')} |" in told
