"""A command forked from a warm process does what one with an interpreter of its own does."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites.warm import Warm

# The fixture of the folder: runs the command.
Command: TypeAlias = Any
NOBODY = ("run", "--idp", "nobody")


@pytest.mark.parametrize("words", [NOBODY, ("cleanup", "no-such-folder")])
def test_it_ends_and_says_as_a_cold_one_does(command: Command, words: tuple[str, ...]) -> None:
    warm, cold = command(*words), command.cold(*words)
    assert (warm.status, warm.out, warm.err) == (cold.status, cold.out, cold.err)
    assert warm.status != 0


def test_it_has_the_folder_and_the_variables_of_its_own(command: Command, tmp_path: Path) -> None:
    (tmp_path / "here.toml").write_text("url = ", encoding="utf-8")
    said = command("run", "--idp", "okta", "--target", "here.toml").said
    assert "here.toml is not valid TOML" in said
    assert "SCIM_TIMEOUT" in command("run", "--idp", "okta", SCIM_TIMEOUT="soon", SCIM_URL="x").said
    assert "SCIM_TIMEOUT" not in command(*NOBODY).said


def test_what_an_interpreter_reads_as_it_starts_needs_one_of_its_own(
    warm: Warm, tmp_path: Path
) -> None:
    assert warm.run(NOBODY, tmp_path, {"PYTHONPATH": "elsewhere"}, 30) is None
