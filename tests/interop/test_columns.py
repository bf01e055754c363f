from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from peers import columns
from peers import pages
from peers.environments import version
from peers.findings import expected

HOME = Path(__file__).resolve().parents[2]
SERVERS = tuple(columns.TITLES)
LINK = re.compile(r"\]\(<([^>#]+)#?([^>]*)>\)")


def test_the_page_of_all_servers_is_of_what_is_kept() -> None:
    assert columns.PAGE.read_text("utf-8") == columns.written()


@pytest.mark.parametrize("name", SERVERS)
def test_what_is_kept_of_a_server_is_what_is_expected_of_it(name: str) -> None:
    said: dict[str, dict[str, str]] = {}
    for part in columns.kept(name).parts:
        for mark in part.marks:
            said.setdefault(f"{part.title}: {mark.feature}", {})[part.dialect] = mark.label
    assert said == expected(name).features


@pytest.mark.parametrize("name", SERVERS)
def test_what_is_kept_of_a_server_is_of_the_pinned_version(name: str) -> None:
    one = columns.kept(name)
    assert one.name == f"{columns.TITLES[name]} {version(name)}"
    assert one.reservations == ()
    assert one.rules["kept"] != 0


def links() -> Iterator[tuple[str, str]]:
    yield from LINK.findall(columns.PAGE.read_text("utf-8"))


def test_every_link_leads_to_a_section_that_is_there() -> None:
    found = set(links())
    assert len(found) > 5
    for address, anchor in found:
        page = columns.PAGE.parent / address
        known = {each.anchor for each in pages.sections(page.read_text("utf-8"))}
        assert anchor in {*known, ""}, (address, anchor)


@pytest.mark.parametrize("name", SERVERS)
def test_whatever_stops_leads_to_its_explanation(name: str) -> None:
    for line in columns.PAGE.read_text("utf-8").splitlines():
        for cell in re.findall(r"\[✗ [^\]]*\]\(<[^>]*>\)", line):
            assert "#" in cell, line


def test_a_column_that_is_written_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = columns.kept("scimmy")
    monkeypatch.setattr("peers.columns.HERE", tmp_path)
    columns.write("scimmy", one.to_json())
    assert columns.kept("scimmy") == one
    assert (tmp_path / "columns" / "scimmy.json").read_text("utf-8").count("\n") > len(one.parts)
