"""The commands of `docs/triage.md` do what it says, on a server that it tells of."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any
from typing import TypeAlias

from tests.suites.bad_targets import habits
from tests.suites.bad_targets.hostile import TOKEN
from tests.suites.bad_targets.hostile import Hostile

# The fixture of the folder above.
Command: TypeAlias = Any
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "triage.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[list[str], int]]:
    """Every command with the status that it has to end with."""
    lines = [
        line for block in BLOCK.findall(GUIDE.read_text("utf-8")) for line in block.split("\n")
    ]
    return [
        (shlex.split(line, comments=True)[1:], 1 if "# ends with 1" in line else 0)
        for line in lines
        if line
    ]


def test_every_command_of_the_guide_does_what_it_says(command: Command) -> None:
    with Hostile(habits.fails_on_every_create) as server:
        file = command.folder / "scim-target.toml"
        file.write_text(f'url = "{server.url}"\n', encoding="utf-8")
        for words, status in commands():
            done = command(*words, SCIM_TOKEN=TOKEN)
            assert done.status == status, f"{words}: {done.said}"
            assert "Traceback" not in done.said


def test_the_guide_has_commands_at_all() -> None:
    assert len(commands()) >= 5
