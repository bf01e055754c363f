"""The page on the architecture says what is so: rooms, imports, files, commands."""

from __future__ import annotations

import re

from tests.docs import copies
from tests.docs.copies import ROOT
from tests.test_imports import MAY_IMPORT

PAGE = copies.page("architecture.md")
_ROW = re.compile(r"^\| `(\w+)/` \| .* \| (.*) \|$", re.MULTILINE)
_PLACE = re.compile(r"`((?:suites|reports|reference_server|idp_profiles|tests|docs)/[\w./*-]+)`")


def test_the_table_of_rooms_says_who_may_import_what() -> None:
    told = dict(_ROW.findall(PAGE.partition("## What is what")[0]))
    assert set(told) == set(MAY_IMPORT)
    for room, others in MAY_IMPORT.items():
        wanted = "the three above" if len(others) == 3 else "nothing else here"
        assert told[room] == wanted, room


def test_every_place_that_is_named_is_there() -> None:
    named = [name for name in _PLACE.findall(PAGE) if "NAME" not in name]
    assert len(named) > 15
    assert [name for name in named if not list(ROOT.glob(name.rstrip("/")))] == []


def test_every_generated_page_is_made_by_the_command_that_make_docs_runs() -> None:
    section = PAGE.partition("## The generated pages")[2]
    commands = re.findall(r"`python (-m )?([\w./-]+ --(?:write|pages)[^`]*)`", section)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert len(commands) == 6
    lines = [line.partition("python ")[2].removeprefix("-m ") for line in makefile.splitlines()]
    assert [each for _, each in commands if each not in lines] == []
