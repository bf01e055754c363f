"""Every requirement has a page that says what is checked and how servers fail it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from suites.pages.__main__ import main
from suites.pages.books import books
from suites.pages.books import cell
from suites.pages.books import entries
from suites.pages.books import plain
from suites.pages.facts import Facts
from suites.pages.facts import gather
from suites.pages.real_servers import read
from suites.pages.requirement import page
from suites.pages.tables import cases
from suites.pages.tables import tables
from suites.requirements import by_id
from suites.requirements import catalogue
from tests.docs import said
from tests.docs.copies import ROOT
from tests.docs.test_links import anchors
from tests.docs.test_links import links

# One of each kind: with cases, shown by another, not to be seen, of an IdP, of a product, large.
KINDS = (
    *("RFC7644-3.5.2-3", "RFC7644-3.5.2-9", "RFC7644-4-3", "RFC7643-2.1-1", "SEC-TENANT-1"),
    *("OKTA-PUSH-2", "ENTRA-HIST-1", "CLK-USER-5", "CON-RACE-1", "AUTHENTIK-NAME-1"),
)
_WITHOUT_CASES = r"^(Nobody can see|It says the same as|The cases of|No case of its own)"


@pytest.fixture(scope="module")
def facts() -> Facts:
    return gather(cases(), ROOT / "docs" / "interop")


@pytest.fixture(scope="module")
def pages(facts: Facts) -> dict[str, str]:
    return {entry.id: page(entry, facts) for entry in catalogue().values()}


def test_the_tables_are_current() -> None:
    folder = ROOT / "docs" / "requirements"
    kept = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
    assert kept == tables(), "run: python -m suites.pages --write docs/requirements"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("GET /Users/{id}", "GET /Users/\\{id\\}"),
        ("`a[b] *` and [c]", "`a[b] *` and \\[c\\]"),
        ("with <script>", "with &lt;script>"),
        ("en_US, _posts and */*", "en_US, \\_posts and \\*/\\*"),
    ],
)
def test_a_text_is_not_taken_for_markdown(text: str, wanted: str) -> None:
    assert plain(text) == wanted


def test_every_requirement_stands_in_one_table() -> None:
    listed = [entry.id for book in books() for entry in entries(book)]
    assert sorted(listed) == sorted(catalogue())
    shown = "".join(tables().values())
    assert [each for each in catalogue() if shown.count(f"\n| {each} |") != 1] == []


def test_every_requirement_has_a_page_with_its_wording(pages: dict[str, str]) -> None:
    assert len(pages) == len(catalogue()) > 1600
    for entry in catalogue().values():
        assert pages[entry.id].startswith(f"# {entry.id}\n")
        assert f"\n> {plain(entry.wording)}\n" in pages[entry.id]


def test_a_page_names_every_case_and_every_deviation(pages: dict[str, str]) -> None:
    for case in cases():
        text = pages[case.requirement]
        assert cell(case.title) in text, case.name
        assert f"`suites/{case.name.partition('[')[0]}`" in text, case.name
        for part in (each for proof in case.proof for each in proof.split("+")):
            assert f"`{part}`" in text, (case.name, part)


def test_what_nobody_can_see_has_its_reason(pages: dict[str, str]) -> None:
    hidden = [entry for entry in catalogue().values() if entry.reason]
    assert len(hidden) > 100
    assert [each.id for each in hidden if plain(str(each.reason)) not in pages[each.id]] == []


def test_a_page_without_cases_says_who_shows_it_or_why_not(pages: dict[str, str]) -> None:
    with_cases = {case.requirement for case in cases()}
    for entry in catalogue().values():
        if entry.id not in with_cases:
            checked = pages[entry.id].partition("## What is checked\n")[2]
            told = re.findall(_WITHOUT_CASES, checked, re.MULTILINE)
            assert len(told) == 1, entry.id


def test_every_link_of_every_page_leads_somewhere(pages: dict[str, str]) -> None:
    made = {f"{name}.md": text for name, text in pages.items()} | tables()
    known = {name: anchors(text) for name, text in made.items()}
    for place in sorted({link for text in pages.values() for link in links(text)}):
        name, _, anchor = place.partition("#")
        if name.startswith("../"):
            file = ROOT / "docs" / name.removeprefix("../")
            known[name] = known.get(name) or anchors(file.read_text(encoding="utf-8"))
        if not name.startswith("https:"):
            assert name in known, place
            assert not anchor or anchor in known[name], place


@pytest.mark.parametrize("name", KINDS)
def test_the_commands_of_a_page_can_be_typed(name: str, pages: dict[str, str]) -> None:
    blocks = re.findall(r"```sh\n(.*)\n```", pages[name])
    assert [said.problem(line) for line in blocks if said.problem(line)] == []
    assert bool(blocks) == any(case.requirement == name for case in cases())


def test_every_command_of_every_page_can_be_typed(pages: dict[str, str]) -> None:
    lines = {line for text in pages.values() for line in re.findall(r"```sh\n(.*)\n```", text)}
    assert len(lines) > 2000
    assert [said.problem(line) for line in lines if said.problem(line)] == []


def test_an_identity_providers_need_names_sources_and_where_the_rfc_stands(
    pages: dict[str, str],
) -> None:
    text = pages["OKTA-PUSH-2"]
    assert "## Sources\n" in text
    assert "Where the RFC stands:** The RFC asks for the same" in text
    assert "RFC7643-4.2-5" in text
    assert "OKTA-PUSH-2" in pages["RFC7643-4.2-5"]


def test_real_servers_are_named_with_the_section_that_explains_them(
    pages: dict[str, str],
) -> None:
    told = read(ROOT / "docs" / "interop")
    assert len(told) > 100
    for name, found in told.items():
        assert by_id(name)
        for each in found:
            assert f"../interop/{each.page}.md#{each.anchor}" in pages[name]


def test_a_row_about_a_real_server_is_read(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(
        "# The One\n\n| Verdict | Requirement | Case | Why |\n|---|---|---|---|\n"
        "| fail | X-1 | a \\| b | [It is (`so`)](#it-is-so) |\n"
        "| fail | X-1 | c | [It is (`so`)](#it-is-so) |\n"
        "| skip | X-2 | c | d |\n",
        encoding="utf-8",
    )
    assert set(read(tmp_path)) == {"X-1"}
    (found,) = read(tmp_path)["X-1"]
    assert (found.server, found.verdict, found.cases) == ("The One", "fail", 2)
    assert read(None) == {}


def test_the_pages_are_written(tmp_path: Path, pages: dict[str, str]) -> None:
    told = ["--write", str(tmp_path / "a"), "--every", str(tmp_path / "b")]
    done = CliRunner().invoke(main, [*told, "--interop", str(ROOT / "docs" / "interop")])
    assert done.exit_code == 0, done.output
    assert {file.name for file in (tmp_path / "a").iterdir()} == set(tables())
    written = {file.stem: file.read_text("utf-8") for file in (tmp_path / "b").iterdir()}
    assert written == pages
