from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from urllib.parse import urlsplit

import pytest

from reports import Feature
from reports import IdpSummary
from reports import Redactor
from reports import Report
from reports import ReportError
from reports import Result
from reports import Target
from reports import Verdict
from reports import write_report
from reports.__main__ import main
from reports.side_by_side.matrix import Column
from reports.side_by_side.matrix import column
from reports.side_by_side.matrix import groups
from reports.side_by_side.matrix import mark_of
from reports.side_by_side.matrix import newest
from reports.side_by_side.matrix import rules_in_words
from reports.side_by_side.matrix_forms import FIELDS
from reports.side_by_side.matrix_forms import evidence_from
from reports.side_by_side.matrix_forms import render_csv
from reports.side_by_side.matrix_forms import render_markdown_matrix
from reports.side_by_side.matrix_forms import render_page
from reports.side_by_side.matrix_forms import write_matrix
from tests.browser import Browser

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]
HOSTILE = "</script><script>alert('matrix')</script>\x1b[31m\u202e"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0")


def idp(*features: Feature, name: str = "okta", dialect: str = "oin") -> IdpSummary:
    return IdpSummary(
        idp=name,
        title=name.capitalize(),
        dialect=dialect,
        dialect_title=f"The dialect {dialect}",
        verdict=Verdict.worst(each.verdict for each in features if each.verdict),
        features=features,
    )


WORKS = Feature(name="Import", verdict=Verdict.PASS, label="works", results=("case-1",))
STOPS = Feature(name="Push Groups", verdict=Verdict.FAIL, label="stops here", results=("case-2",))
UNTRIED = Feature(name="Passwords", verdict=None, label="not checked")


@pytest.fixture
def tried(result: MakeResult, report: MakeReport) -> Report:
    """Of three features one works, one stops and one was not checked; two rules are kept."""
    return report(
        result(case="case-1", requirement="OKTA-IMP-1", idp="okta", dialect="oin"),
        result(Verdict.FAIL, case="case-2", requirement="OKTA-PUSH-2", idp="okta", dialect="oin"),
        result(case="case-3", requirement="RFC7644-3.5.2-3"),
        result(case="case-4", requirement="RFC7644-3.6-2"),
        result(Verdict.PASS, case="case-5", requirement="RFC7644-3.12-1"),
        result(Verdict.FAIL, case="case-6", requirement="RFC7644-3.12-1"),
        result(Verdict.WARN, case="case-7", requirement="RFC7644-3.3-9"),
        result(Verdict.SKIP, case="case-8", requirement="RFC7644-3.7-1"),
        idps=(idp(WORKS, STOPS, UNTRIED),),
        coverage={
            "not_checkable": {"RFC7643-3.3-6": "a person judges", "OKTA-X-1": "no"},
            "not_selected": ["RFC7644-3.9-1", "OKTA-IMP-9"],
        },
    )


@pytest.fixture
def other(result: MakeResult, report: MakeReport) -> Report:
    """Another target, which was tried with another IdP, and of which the RFC was not asked."""
    return report(
        result(case="case-1", requirement="ENTRA-X-1", idp="entra", dialect="default"),
        idps=(idp(WORKS, name="entra", dialect="default"),),
        target=Target(url="https://scim.example.com/v2", software="Other 2.0"),
    )


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


class Cells(HTMLParser):
    """The cells of the table, row by row, with the address of each link."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: dict[str, str] = {}
        self._inside = False
        self._href = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._inside = True
        if tag == "a":
            self._href = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._inside = False
        if tag == "a":
            self._href = ""

    def handle_data(self, data: str) -> None:
        if self._inside and data.strip():
            self.rows[-1][-1] += " ".join(data.split()) + " "
            if self._href:
                self.links[data.strip()] = self._href


def table(page: str) -> dict[str, list[str]]:
    return {cells[0].strip(): [each.strip() for each in cells[1:]] for cells in Cells(page).rows}


def test_an_identity_provider_that_was_not_run_reads_not_checked_and_no_cell_is_blank(
    tried: Report, other: Report, tmp_path: Path
) -> None:
    both = (column(tried, "One"), column(other, "Other"))
    found = table(render_page(both, evidence_from(tmp_path), tmp_path))
    assert found["Push Groups"] == ["✗ stops here", "· not checked"]
    assert found["Passwords"] == ["· not checked", "· not checked"]
    assert found["Entra The dialect default default"][0] == "not checked"
    assert all(cell for cells in found.values() for cell in cells)


def test_each_cell_leads_to_the_requirement_that_decided_it_or_to_the_identity_provider(
    tried: Report, tmp_path: Path
) -> None:
    page = tmp_path / "a run" / "report.html"
    one = column(tried, "One", page)
    links = Cells(render_page([one], evidence_from(tmp_path / "out"), tmp_path / "out")).links
    assert links["stops here"] == "../a%20run/report.html#OKTA-PUSH-2"
    assert links["works"] == "../a%20run/report.html#okta"
    assert links["One"] == "../a%20run/report.html"
    assert "not checked" not in links


def test_without_a_page_beside_the_report_no_cell_is_a_link(tried: Report, tmp_path: Path) -> None:
    one = column(tried, "One")
    assert Cells(render_page([one], evidence_from(tmp_path), tmp_path)).links == {}
    assert {each["evidence"] for each in rows(render_csv([one], evidence_from(tmp_path)))} == {""}


def test_the_rules_of_the_rfc_are_counted_once_each_by_their_worst_verdict(tried: Report) -> None:
    assert rules_in_words(column(tried, "One")) == (
        "2 kept, 1 broken, 1 not followed as recommended, 2 not checked, "
        "1 not checkable from outside"
    )


def test_a_run_that_asked_for_no_rule_says_so(other: Report) -> None:
    assert rules_in_words(column(other, "Other")) == "not checked"


def test_the_table_is_read_back_by_another_reader(tried: Report, tmp_path: Path) -> None:
    one = column(tried, "One", tmp_path / "run" / "report.html")
    first, *found = rows(render_csv([one], evidence_from(tmp_path)))
    assert tuple(first) == FIELDS
    assert first["feature"] == "Requirements of the RFC"
    assert [each["label"] for each in found] == ["works", "stops here", "not checked"]
    assert found[1] == {
        "target": "One",
        "reservations": "",
        "date": "2026-11-22",
        "run": "r-1",
        "scimproof": "0.1.0",
        "catalogue": "",
        "seed": "4711",
        "idp": "okta",
        "idp_title": "Okta",
        "dialect": "oin",
        "dialect_title": "The dialect oin",
        "feature": "Push Groups",
        "verdict": "fail",
        "label": "stops here",
        "requirement": "OKTA-PUSH-2",
        "evidence": "./run/report.html#OKTA-PUSH-2",
    }


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_becomes_a_formula_of_a_spreadsheet(
    tried: Report, tmp_path: Path, formula: str
) -> None:
    feature = replace(WORKS, name=formula, label=formula)
    bad = replace(tried, idps=(replace(idp(feature), title=formula, dialect=formula),))
    text = render_csv([column(bad, formula)], evidence_from(tmp_path))
    for each in rows(text):
        for value in each.values():
            assert not re.match(r"\s*[=+\-@\t\r]", value), value


def test_hostile_texts_stay_texts_in_every_form(tried: Report, tmp_path: Path) -> None:
    feature = replace(STOPS, name=HOSTILE, label=HOSTILE)
    bad = replace(
        tried,
        idps=(replace(idp(feature), title=HOSTILE, dialect=HOSTILE, dialect_title=HOSTILE),),
        run=replace(tried.run, id=HOSTILE, started=HOSTILE, versions={"catalogue": HOSTILE}),
    )
    one = column(bad, HOSTILE, tmp_path / "javascript:alert(1)" / "report.html")
    href = evidence_from(tmp_path)
    for text in (
        render_page([one], href, tmp_path),
        render_markdown_matrix([one], href),
        render_csv([one], href),
    ):
        assert "\x1b" not in text
        assert "\u202e" not in text
    page = render_page([one], href, tmp_path)
    assert "<script" not in page
    assert "javascript:" not in page.replace("./javascript", "")
    assert "<script" not in render_markdown_matrix([one], href).replace("\\<script", "")


def test_a_simulation_and_an_interrupted_run_say_so(
    tried: Report, other: Report, tmp_path: Path
) -> None:
    simulated = replace(other, target=replace(other.target, simulated=True))
    cut = replace(tried, run=replace(tried.run, interrupted=True))
    both = (column(simulated, "Sim"), column(cut, "Cut"))
    page = render_page(both, evidence_from(tmp_path), tmp_path)
    head = table(page)["Feature"]
    assert "simulated" in head[0]
    assert "interrupted" in head[1]
    assert "It proves nothing about the product itself." in page
    assert "proves nothing" in render_markdown_matrix(both, evidence_from(tmp_path))
    found = {each["reservations"] for each in rows(render_csv(both, evidence_from(tmp_path)))}
    assert found == {"simulated", "interrupted"}


def test_of_several_runs_on_one_target_the_newest_counts(tried: Report) -> None:
    old = column(replace(tried, run=replace(tried.run, started="2026-10-01T00:00:00Z")), "One")
    new = column(tried, "One")
    (one, other) = newest([("one", old), ("other", old), ("one", new)])
    assert one.date == "2026-11-22"
    assert [each.date for each in one.older] == ["2026-10-01"]
    assert other.older == ()


def test_a_column_comes_back_from_json(tried: Report, tmp_path: Path) -> None:
    one = column(tried, "One", tmp_path / "report.html")
    assert Column.from_json(one.to_json()) == replace(one, page=None)
    with pytest.raises(ReportError, match="seed"):
        Column.from_json({**one.to_json(), "seed": "many"})


def test_a_feature_that_a_dialect_lacks_is_told_from_one_that_was_not_checked(
    tried: Report,
) -> None:
    part = column(tried, "One").parts[0]
    assert mark_of(part, "Entitlements").label == "not in this dialect"
    assert mark_of(None, "Entitlements").label == "not checked"


def test_the_promises_of_a_product_are_rows_that_lead_to_their_cases(
    result: MakeResult, report: MakeReport, tmp_path: Path
) -> None:
    promised = {"product": "deskly", "idp": "okta", "suite": "product", "simulated": True}
    made = report(
        result(case="a", requirement="DSK-1", title="A leaver is locked out", **promised),
        result(Verdict.FAIL, case="b", requirement="DSK-2", title="A seat is freed", **promised),
    )
    one = column(made, "Deskly", tmp_path / "report.html")
    page = render_page([one], evidence_from(tmp_path), tmp_path)
    assert table(page)["DSK-1 A leaver is locked out"] == ["✓ kept"]
    assert Cells(page).links["broken"] == "./report.html#DSK-2"
    assert Cells(page).links["1 kept, 1 broken, simulated"] == "./report.html#products"
    assert "simulated" in table(page)["Feature"][0]
    assert Column.from_json(one.to_json()) == replace(one, page=None)


def test_every_target_gets_the_rows_of_all(tried: Report, other: Report) -> None:
    found = groups([column(other, "Other"), column(tried, "One")])
    assert [(each.title, each.dialect) for each in found] == [("Entra", "default"), ("Okta", "oin")]
    assert found[1].features == ("Import", "Push Groups", "Passwords")


@pytest.fixture
def folder(tried: Report, other: Report, tmp_path: Path) -> Path:
    """A folder as it grows: two runs on one target, one on another, and a link to the latest."""
    older = replace(tried, run=replace(tried.run, id="r-0", started="2026-10-01T00:00:00Z"))
    for name, report in (("a", older), ("b", tried), ("c", other)):
        (tmp_path / "runs" / name).mkdir(parents=True)
        target = replace(report.target, software=report.target.software or "One 1.0")
        write_report(tmp_path / "runs" / name, replace(report, target=target), Redactor())
        (tmp_path / "runs" / name / "report.html").write_text("the evidence", "utf-8")
    (tmp_path / "runs" / "latest").symlink_to("c")
    return tmp_path / "runs"


def test_the_command_makes_a_page_and_a_table_whose_links_lead_to_files(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "out"
    assert main(["matrix", str(folder), "--output", str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out / "matrix.html")
    found = rows((out / "matrix.csv").read_text("utf-8"))
    assert {each["target"] for each in found} == {
        "One 1.0",
        "Other 2.0 (https://scim.example.com/v2)",
    }
    assert {each["run"] for each in found if each["target"] == "One 1.0"} == {"r-1"}
    page = Cells((out / "matrix.html").read_text("utf-8"))
    assert len(page.links) > 3
    for address in page.links.values():
        assert (out / unquote(urlsplit(address).path)).is_file(), address
    assert "earlier: " in (out / "matrix.html").read_text("utf-8")


def test_an_unreadable_report_in_a_folder_is_named_and_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a" / "report.json").write_text("{", "utf-8")
    assert main(["matrix", str(folder), "--format", "csv"]) == 0
    told = capsys.readouterr()
    assert "left out: " in told.err
    assert {each["target"] for each in rows(told.out)} > {"One 1.0"}
    assert main(["matrix", str(folder / "a")]) == 4


def test_a_target_can_be_given_its_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["matrix", f"Ours={folder / 'b'}", str(folder / "c"), "--format", "csv"]) == 0
    found = {each["target"] for each in rows(capsys.readouterr().out)}
    assert found == {"Ours", "Other 2.0 (https://scim.example.com/v2)"}


def test_a_single_form_goes_where_it_is_wanted(folder: Path, tmp_path: Path) -> None:
    for form in ("html", "md", "csv"):
        file = tmp_path / f"one.{form}"
        assert main(["matrix", str(folder), "--format", form, "--output", str(file)]) == 0
        assert "runs/b/report.html#OKTA-PUSH-2" in file.read_text("utf-8")


@pytest.mark.parametrize("place", ["missing", "empty", "file"])
def test_a_place_without_reports_is_bad_input(
    tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("{}", "utf-8")
    assert main(["matrix", str(tmp_path / place)]) == 4
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(tmp_path / place) in said


def test_a_file_in_the_way_of_the_folder_is_bad_input(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("", "utf-8")
    assert main(["matrix", str(folder), "--output", str(tmp_path / "taken")]) == 4
    assert "--format" in capsys.readouterr().err


def test_the_page_stands_in_a_browser_on_a_phone_and_keeps_its_heads_in_sight(
    broken: Report, tried: Report, tmp_path: Path, browser: Browser
) -> None:
    feature = replace(STOPS, name=HOSTILE, label=HOSTILE)
    bad = replace(tried, idps=(replace(idp(feature), title=HOSTILE),))
    columns = [column(broken, "Five faults"), column(bad, HOSTILE * 3), column(tried, "One")]
    write_matrix(tmp_path, columns)
    browser.size(390, 844, phone=True)
    browser.open((tmp_path / "matrix.html").as_uri())
    assert browser.run("document.documentElement.scrollWidth <= window.innerWidth")
    assert browser.run(
        "(() => { const box = document.querySelector('.matrix'); box.scrollTo(200, 900);"
        " const head = box.querySelector('thead th:last-child').getBoundingClientRect();"
        " const row = box.querySelector('tbody th').getBoundingClientRect();"
        " const place = box.getBoundingClientRect();"
        " return box.scrollWidth > box.clientWidth && Math.abs(head.top - place.top) < 3"
        " && Math.abs(row.left - place.left) < 3; })()"
    )
    assert "stops here" in browser.text(".matrix")
    assert browser.run("document.scripts.length") == 0
    assert browser.dialogs == []
    assert browser.complaints == []
