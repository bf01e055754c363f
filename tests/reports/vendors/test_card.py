from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Redactor
from reports import Report
from reports import Result
from reports import Verdict
from reports import write_report
from reports.__main__ import main
from reports.vendors.card import card
from reports.vendors.card_forms import render_card_markdown
from reports.vendors.card_forms import render_card_page
from reports.vendors.card_model import Block
from reports.vendors.card_model import Card
from reports.vendors.card_model import Field
from reports.vendors.card_model import Origin
from reports.vendors.vendor import read_vendor
from tests.browser import Browser

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]
HOSTILE = "</script><script>alert('card')</script>\x1b[31m\u202e`|<b>"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "card.md"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def sent(method: str, target: str, body: Json = None, status: int = 200, came: Json = None) -> Json:
    return {
        "scenario": "a-sequence",
        "request": {"method": method, "target": target, "headers": [], "body": body},
        "response": {"status": status, "headers": [], "body": came},
    }


def fields(made: Card) -> dict[str, Field]:
    blocks: tuple[Block, ...] = (made.facts, *made.blocks)
    return {field.name: field for block in blocks for field in block.fields}


def said(field: Field) -> list[str]:
    return [line.text for line in field.lines]


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """The example of the documentation, as a file."""
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    file = tmp_path / "acme.toml"
    file.write_text(example, "utf-8")
    return file


@pytest.fixture
def okta() -> IdpSummary:
    works = Feature(name="Import", verdict=Verdict.PASS, label="works", results=("a",))
    stops = Feature(name="Deactivate", verdict=Verdict.FAIL, label="stops here", results=("b",))
    return IdpSummary(
        idp="okta",
        title="Okta",
        dialect="oin",
        dialect_title="Catalogue",
        verdict=Verdict.FAIL,
        features=(works, stops),
    )


@pytest.fixture
def seen(result: MakeResult, report: MakeReport, okta: IdpSummary) -> Report:
    """Somebody is created, and stays active after being set inactive."""
    body: Json = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ann@example.com",
        "name": {"givenName": "Ann"},
        "emails": [{"value": "ann@example.com", "type": "work"}],
        "nickName": "Nan",
        "password": "secret-of-hers",
        "active": True,
        ENTERPRISE: {"department": "Sales", "manager": "7"},
    }
    stored: Json = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "1",
        "userName": "ann@example.com",
        "name": {"givenName": "Ann"},
        "emails": [{"value": "ann@example.com", "type": "work"}],
        "active": True,
        ENTERPRISE: {"department": "Sales", "manager": {"value": "7"}},
    }
    change: Json = {"Operations": [{"op": "replace", "value": {"active": "False"}}]}
    create = sent("POST", "/Users", body, 201, stored)
    return report(
        result(
            case="a",
            requirement="OKTA-CREATE-1",
            idp="okta",
            dialect="oin",
            scenario="create-user",
            evidence=(create, sent("GET", "/Users/1", None, 200, stored)),
        ),
        result(
            Verdict.FAIL,
            case="b",
            requirement="OKTA-DEACT-1",
            idp="okta",
            dialect="oin",
            scenario="deactivate-user",
            certainty="doc",
            feature="Deactivate",
            expected="an inactive user",
            actual="active true",
            evidence=(
                create,
                sent("PATCH", "/Users/1", change, 204),
                {**sent("GET", "/Users/1", None, 200, stored), "shows": True},  # type: ignore[dict-item]  # JSON
            ),
        ),
        idps=(okta,),
    )


def test_each_measured_field_has_a_date_a_run_and_the_requirements_that_showed_it(
    seen: Report,
) -> None:
    measured = [each for each in fields(card(seen)).values() if each.origin is Origin.MEASURED]
    assert len(measured) > 7
    for each in measured:
        assert each.basis.startswith("2026-11-22, run r-1"), each.name
    assert fields(card(seen))["SCIM available?"].basis == "2026-11-22, run r-1: OKTA-CREATE-1"


def test_attributes_are_those_that_came_back_as_they_were_sent(seen: Report) -> None:
    found = fields(card(seen))
    assert said(found["Attributes accepted and returned"]) == [
        "Users: active, emails.type, emails.value, name.givenName, userName",
        "Enterprise extension: department, manager",
    ]
    assert said(found["Attributes sent, but not returned"]) == ["Users: nickName"]


def test_operations_are_those_of_cases_that_passed(seen: Report) -> None:
    assert said(fields(card(seen))["Operations seen to work"]) == ["Users: create, read"]
    assert said(fields(card(seen))["SCIM version"]) == ["2.0"]


def test_a_leaver_who_is_still_active_is_said_so(seen: Report) -> None:
    found = fields(card(seen))
    assert said(found["Leaver: inactive at once"]) == [
        "no: 1 of 1 times the next look showed a person who is still active"
    ]
    assert said(found["Leaver: set inactive"]) == ["Okta: stops in 1 of 1 cases"]
    assert said(found["Joiner: an account is there before the first login"]) == [
        "Okta: works in the one case there is"
    ]
    assert said(found["Leaver: deleted"]) == ["not shown by this run"]
    (limitation,) = said(found["Key limitations"])
    assert limitation.startswith("Setting a person inactive")


def test_what_neither_the_run_nor_the_vendor_says_is_not_stated(seen: Report) -> None:
    found = fields(card(seen))
    for name in ("Plan tier required", "Price", "Documentation", "Contractors", "Prerequisites"):
        assert said(found[name]) == ["not stated"]
        assert found[name].origin is Origin.UNKNOWN


def test_a_statement_is_marked_and_dated_and_none_is_measured(seen: Report, acme: Path) -> None:
    made = card(seen, read_vendor(acme))
    stated = [each for each in fields(made).values() if each.origin is Origin.STATED]
    assert {each.origin_words for each in stated} == {"stated by the vendor, not measured"}
    assert {each.basis for each in stated} == {"2026-11-01", "2026-10-12"}
    assert said(fields(made)["Single sign-on required first?"]) == ["yes"]
    assert made.product == "Acme Rooms"


def test_every_identity_provider_that_buyers_ask_for_is_there(seen: Report, acme: Path) -> None:
    rows = {each.title: each for each in card(seen, read_vendor(acme)).idps}
    assert list(rows) == [
        *("Okta", "Microsoft Entra ID", "Google Workspace", "OneLogin", "JumpCloud", "PingOne")
    ]
    assert said(rows["OneLogin"].scim) == ["not checked"]
    assert said(rows["Okta"].sso) == ["SAML 2.0"]
    assert said(rows["Okta"].scim) == [
        "Catalogue: stops in part (1 of 2 features works, 1 stops here)"
    ]
    stops, notes = rows["Okta"].notes
    assert said(stops)[0].startswith("Stops at Deactivate: Setting a person inactive")
    assert "OKTA-DEACT-1" in stops.basis
    assert said(notes) == ["In the Okta catalogue as Acme Rooms"]


def test_the_cost_is_the_guides_and_scaled_only_when_the_vendor_gives_a_number(
    seen: Report, acme: Path
) -> None:
    names = ("Orphaned accounts", "Unused licences", "Hours a year")
    found = fields(card(seen))
    assert [said(found[name]) for name in names] == [["7"], ["12"], ["101"]]
    found = fields(card(seen, read_vendor(acme)))
    assert [said(found[name]) for name in names] == [["17"], ["29"], ["242"]]
    for name in names:
        assert found[name].origin_words == "the guide's aggregate, not measured here"
        assert "from 500 to 1,200 employees" in found[name].basis


@pytest.mark.parametrize("given", [{"options": {"only": ["X"]}}, {"interrupted": True}])
def test_a_partial_run_claims_nothing_without_saying_so(
    seen: Report, given: dict[str, Any]
) -> None:
    partial = card(replace(seen, run=replace(seen.run, **given)))
    for each in fields(partial).values():
        if each.origin is Origin.MEASURED:
            assert "as far as checked" in each.origin_words
    assert any("as far as checked" in notice for notice in partial.notices)
    assert "supported" not in render_card_markdown(replace(seen, run=partial_run(seen, given)))


def partial_run(seen: Report, given: dict[str, Any]) -> Any:  # noqa: ANN401 - a Run
    return replace(seen.run, **given)


def test_a_simulation_says_so_in_every_measured_field(seen: Report) -> None:
    made = card(replace(seen, target=replace(seen.target, simulated=True)))
    for each in fields(made).values():
        if each.origin is Origin.MEASURED:
            assert "simulated" in each.origin_words
    assert "proves nothing about the product itself" in made.notices[0]


def test_promises_of_a_product_are_shown_with_the_identity_provider_they_were_tried_with(
    result: MakeResult, report: MakeReport
) -> None:
    made = card(report(result(product="deskly", idp="okta", simulated=True)))
    rows = {each.title: said(each.scim) for each in made.idps}
    assert rows["Okta"] == ["promises of Deskly, simulated: 1 kept, simulated"]
    assert rows["OneLogin"] == ["not checked"]


def test_what_was_waived_is_a_limitation(seen: Report) -> None:
    taken_back = tuple(
        replace(each, verdict=Verdict.WAIVED, notes=("we know",), actual=None, expected=None)
        for each in seen.results
    )
    found = said(fields(card(replace(seen, results=taken_back)))["Key limitations"])
    assert any("we know" in each for each in found)
    assert not any("none was found" in each for each in found)


def test_an_empty_report_makes_a_card_that_claims_nothing(report: MakeReport) -> None:
    made = card(report())
    assert not [each for each in fields(made).values() if each.origin is Origin.MEASURED]
    assert render_card_page(report())


class Tags(HTMLParser):
    """Every tag of a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    text = json.dumps(HOSTILE)
    file = tmp_path / "hostile.toml"
    file.write_text(
        f"product = {text}\nby = {text}\nstated = 2026-11-01\n[facts]\nplan = {text}\n"
        'documentation = "javascript:alert(1)"\nprice = "https://ok.example.com/\\"><i>"\n'
        f"[idps.okta]\nnotes = {text}\n[idps.other]\ntitle = {text}\nsso = {text}\n",
        "utf-8",
    )
    return file


def test_hostile_texts_of_vendor_and_target_stay_text(seen: Report, hostile: Path) -> None:
    bad = replace(
        seen,
        target=replace(seen.target, software=HOSTILE, capabilities={HOSTILE: {"value": True}}),
        run=replace(seen.run, id=HOSTILE),
        idps=(replace(seen.idps[0], title=HOSTILE, dialect_title=HOSTILE),),
    )
    vendor = read_vendor(hostile)
    page, markdown = render_card_page(bad, vendor), render_card_markdown(bad, vendor)
    for text in (page, markdown):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert not {"script", "b", "i"} & Tags(page).tags
    assert [each for each in Tags(page).links if not each.startswith("https://ok.")] == []
    assert not re.search(r"(?<![\\`])<(script|b|i)>", re.sub(r"`+[^`]*`+", "", markdown))
    table = [line for line in markdown.splitlines() if line.startswith("|")]
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
    assert widths == {4, 5}


def test_the_markdown_says_what_the_page_says(seen: Report, acme: Path) -> None:
    vendor = read_vendor(acme)
    markdown = render_card_markdown(seen, vendor)
    for name in fields(card(seen, vendor)):
        assert f"| {name} |" in markdown
    assert "| Documentation | <https://rooms.example.com/docs/scim> |" in markdown


def test_the_command_writes_both_forms_with_the_example_of_the_documentation(
    seen: Report, acme: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_report(tmp_path, seen, Redactor())
    source = str(tmp_path / "report.json")
    out = tmp_path / "card.html"
    assert main(["card", source, "--vendor", str(acme), "--output", str(out)]) == 0
    assert "Acme Rooms" in out.read_text("utf-8")
    assert main(["card", source, "--format", "md"]) == 0
    assert "| Price | not stated |" in capsys.readouterr().out
    assert main(["card", source, "--vendor", str(tmp_path / "none")]) == 4
    assert capsys.readouterr().err.count("\n") == 1


def test_every_command_of_the_documentation_works(
    seen: Report, acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(acme.parent)
    for place in (".scim-reports/latest", "runs/acme", "runs/desks"):
        (tmp_path / place).mkdir(parents=True)
        write_report(tmp_path / place, seen, Redactor())
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    lines = [shlex.split(line) for block in blocks for line in block.splitlines()]
    assert len(lines) == 7
    for _, _, *arguments in lines:
        assert main(arguments) == 0, arguments
    made = ("card.html", "badge.svg", "okta.svg", "badge.json", "matrix.csv")
    assert all((tmp_path / name).is_file() for name in made)
    assert (tmp_path / "compatibility" / "matrix.html").is_file()


def test_the_page_stands_in_a_browser_on_a_phone_and_dark(
    broken: Report, hostile: Path, tmp_path: Path, browser: Browser
) -> None:
    file = tmp_path / "card.html"
    file.write_text(render_card_page(broken, read_vendor(hostile)), "utf-8")
    for wide, dark in ((1280, False), (390, True)):
        browser.size(wide, 844, phone=wide == 390)
        browser.colours(dark=dark)
        browser.open(file.as_uri())
        assert browser.run("document.documentElement.scrollWidth <= window.innerWidth")
    text = browser.text("main")
    for wanted in ("stated by the vendor, not measured", "not stated", "Deleting a group"):
        assert wanted in text
    assert browser.run("document.scripts.length") == 0
    assert browser.dialogs == []
    assert browser.complaints == []
