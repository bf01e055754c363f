"""The guide names commands and options that exist, and shows what is really printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from idp_profiles.traffic.__main__ import command
from idp_profiles.traffic.__main__ import main
from tests.idp_profiles.traffic.booth import in_operations
from tests.idp_profiles.traffic.booth import record

GUIDE = Path(__file__).parents[3] / "docs" / "traffic.md"


def commands() -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line.partition("traffic ")[2]) for line in lines]


def test_every_command_of_the_guide_can_be_parsed() -> None:
    found = commands()
    assert {one[0] for one in found} == {"record", "replay", "compare"}
    for name, *arguments in found:
        chosen = command.commands[name]
        assert isinstance(chosen, click.Command)
        chosen.make_context(name, list(arguments))


def test_every_option_of_the_guide_exists() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    known = {
        option
        for chosen in command.commands.values()
        for parameter in chosen.params
        for option in parameter.opts
    }
    assert set(re.findall(r"--[a-z][a-z-]+", text)) <= known


def test_the_example_shows_what_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "okta.jsonl"
    twist = in_operations(lambda one: {**one, "op": "Replace"})
    record(path, "okta", "oin", "deactivate-user-oin", twist=twist)
    main(["compare", str(path), "--idp", "okta", "--dialect", "oin"])
    printed = [line.partition("; as well")[0] for line in capsys.readouterr().out.splitlines()]
    shown = re.findall(r"```text\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    example = [line.partition("; as well")[0] for line in shown[0].splitlines()]
    assert example == printed
