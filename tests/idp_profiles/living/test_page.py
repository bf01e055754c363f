"""The tables of the page about living mock IdPs are those of the commands."""

from __future__ import annotations

from pathlib import Path

import click.testing
import pytest

from idp_profiles import PROFILES
from idp_profiles.living import page as module
from idp_profiles.living.commands import COMMANDS
from idp_profiles.living.opening import has_engine

PAGE = Path(__file__).parents[3] / "docs" / "mock-idp.md"


def test_the_page_is_up_to_date() -> None:
    text = PAGE.read_text(encoding="utf-8")
    wanted = "python -m idp_profiles.living.page --write docs/mock-idp.md"
    assert module.written(text) == text, f"run: {wanted}"


def test_every_command_and_every_idp_that_lives_has_a_place() -> None:
    tables = module.tables()
    for name in COMMANDS:
        assert f"| `{name}" in tables["commands"]
    for name in filter(has_engine, PROFILES):
        assert f"| `{name}` |" in tables["idps"]
    assert "| `cycle` | wait for the next cycle and run it | - |" in tables["commands"]


def test_what_stands_between_the_marks_is_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    places = (f"<!-- {mark} -->\noutdated\n<!-- end of {mark} -->\n" for mark in module.tables())
    marks = "".join(places)
    file.write_text(f"before\n{marks}after\n", encoding="utf-8")
    done = click.testing.CliRunner().invoke(module.command, ["--write", str(file)])
    assert done.exit_code == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- commands -->\n| Command |")
    assert "outdated" not in text
    assert text.endswith("<!-- end of idps -->\nafter\n")


def test_a_page_without_a_place_for_them_is_named() -> None:
    with pytest.raises(ValueError, match="no place between '<!-- commands -->'"):
        module.written("nothing")
