from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from peers import findings
from peers import pages
from peers.environments import requirements
from peers.findings import Finding
from peers.findings import Outcome
from peers.findings import expected

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent
TESTERS = ("scim-sanity", "scim2-tester")
SERVERS = ("django-scim2", "scim2-server", "scimmy")
PINS = HERE / "wiring" / "scimmy" / "package.json"

PAGE = f"""# A server

{pages.BEGIN}
old
{pages.END}

## A first thing

Concerns: X-1, RFC7644-3.5.2-10.

RFC 7644 section 3.5.2 has it so.

## A second (`thing`)

Concerns: X-2.
"""


@pytest.fixture
def paged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let `some-server` have a page, and three findings, of which the page explains two."""
    monkeypatch.setattr("peers.findings.HERE", tmp_path)
    monkeypatch.setattr("peers.pages.PAGES", tmp_path)
    (tmp_path / "expected").mkdir()
    (tmp_path / "some-server.md").write_text(PAGE, "utf-8")
    found = {
        Finding("RFC7644-3.5.2-10", "It is | so", "fail"),
        Finding("RFC7644-3.5.2-1", "It is not", "warn"),
        Finding("X-1", "It is", "warn"),
        Finding("X-3", "It may be", "skip", "there is none"),
        Finding("X-4", "It may be", "skip"),
    }
    features = {"Okta: Import": {"aiw": "works", "oin": "fails"}, "X: Sync": {"a": "works"}}
    outcome = Outcome(frozenset(found), counts={"protocol: pass": 7}, features=features)
    findings.write("some-server", outcome)


@pytest.mark.usefixtures("paged")
def test_a_page_says_what_it_does_not_explain_and_what_it_explains_for_nothing() -> None:
    assert pages.unexplained("some-server") == [
        "some-server: not explained: warn RFC7644-3.5.2-1 It is not",
        "some-server: explained, but not found: X-2",
    ]


@pytest.mark.usefixtures("paged")
def test_the_list_of_a_page_is_written_between_its_marks_alone() -> None:
    text = pages.written("some-server")
    head, _, rest = text.partition(pages.BEGIN)
    written, _, tail = rest.partition(pages.END)
    assert (head, tail) == (PAGE.partition(pages.BEGIN)[0], PAGE.partition(pages.END)[2])
    link = "[A first thing](#a-first-thing)"
    assert f"| fail | RFC7644-3.5.2-10 | It is \\| so | {link} |" in written
    assert "| warn | RFC7644-3.5.2-1 | It is not | **not explained** |" in written
    assert "- there is none: X-3" in written
    assert "- for a reason that the report does not give: X-4" in written
    assert "| protocol | 7 | 0 | 0 | 0 | 0 |" in written
    assert "| Okta: Import | works (aiw); fails (oin) |" in written
    assert "| X: Sync | works |" in written


def test_a_link_leads_to_the_heading_as_it_is_written() -> None:
    _, section = pages.sections(PAGE)
    assert section.link == "[A second (`thing`)](#a-second-thing)"


@pytest.mark.parametrize("party", TESTERS)
def test_the_page_of_a_tester_explains_every_finding_that_is_expected(party: str) -> None:
    page = (HOME / "docs" / "interop" / f"{party}.md").read_text("utf-8")
    for finding in expected(party).findings:
        assert finding.check in page, finding
        assert finding.says in page, finding


@pytest.mark.parametrize("party", SERVERS)
def test_the_page_of_a_server_explains_every_finding_that_is_expected(party: str) -> None:
    assert pages.unexplained(party) == []


@pytest.mark.parametrize("party", SERVERS)
def test_the_list_in_the_page_of_a_server_is_of_what_is_expected(party: str) -> None:
    assert pages.page(party).read_text("utf-8") == pages.written(party)


@pytest.mark.parametrize("party", SERVERS)
def test_every_fail_of_a_server_is_shown_by_replies_and_by_the_text(party: str) -> None:
    fails = {each.check for each in expected(party).findings if each.status == "fail"}
    for section in pages.sections(pages.page(party).read_text("utf-8")):
        if section.concerns & fails:
            assert "```text\n" in section.text, section.title
            assert re.search(r"RFC [0-9]+ section [0-9]", section.text), section.title
            assert re.search(r"^(Verdict: defended by|Right)", section.text, re.MULTILINE), (
                section.title
            )


@pytest.mark.parametrize("party", SERVERS)
def test_no_error_of_the_suite_is_expected(party: str) -> None:
    assert [each for each in expected(party).findings if each.status == "error"] == []


@pytest.mark.parametrize("party", [*TESTERS, "django-scim2", "scim2-server"])
def test_the_page_of_a_party_names_the_version_that_is_pinned(party: str) -> None:
    page = (HOME / "docs" / "interop" / f"{party}.md").read_text("utf-8")
    (pinned,) = (
        line.removeprefix(f"{party}==")
        for line in requirements(party).read_text("utf-8").splitlines()
        if line.startswith(f"{party}==")
    )
    assert f" {pinned} from the Python package index" in page


def test_the_page_of_scimmy_names_the_versions_that_are_pinned() -> None:
    page = (HOME / "docs" / "interop" / "scimmy.md").read_text("utf-8")
    for version in json.loads(PINS.read_text("utf-8"))["dependencies"].values():
        assert f" {version}" in page
