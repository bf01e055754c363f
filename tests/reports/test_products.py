from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from reports import FeatureOutline
from reports import IdpOutline
from reports import Json
from reports import Report
from reports import Result
from reports import Target
from reports import Verdict
from reports import idp_summaries
from reports import render_html
from reports import render_junit
from reports import render_markdown
from reports import render_terminal
from reports.products import WITHOUT_IDP
from reports.products import product_tables

HOSTILE = "</td><script>alert(1)</script> | **bold** \x1b[2J\u202egnp"
MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]


@pytest.fixture
def promise(result: MakeResult) -> MakeResult:
    """Return a maker of results of a simulated product."""

    def made(verdict: Verdict = Verdict.PASS, **given: object) -> Result:
        usual = {"suite": "product", "product": "clockify", "simulated": True, "idp": "okta"}
        usual |= {"dialect": "oin"} if "dialect" not in given else {}
        usual |= {"requirement": "CLK-USER-5", "title": "A time zone stays"}
        case = f"case[{given.get('requirement', '')}-{given.get('idp', '')}-{verdict}]"
        return result(verdict, **{**usual, "case": case, **given})

    return made


def terminal(report: Report) -> str:
    stream = io.StringIO()
    render_terminal(report, Path("/runs/latest"), Console(file=stream, width=200))
    return stream.getvalue()


def test_each_promise_has_a_row_and_each_idp_a_column(
    promise: MakeResult, report: MakeReport
) -> None:
    written = report(
        promise(idp="okta"),
        promise(Verdict.FAIL, idp="entra"),
        promise(requirement="CLK-LOCK-1", idp=None, title="A name is locked"),
    )
    (table,) = product_tables(written)
    assert table.columns == ("entra", "okta", WITHOUT_IDP)
    rows = {row.requirement: [cell and cell.label for cell in row.cells] for row in table.rows}
    assert rows == {
        "CLK-USER-5": ["broken", "kept", None],
        "CLK-LOCK-1": [None, None, "kept"],
    }


def test_the_worst_of_several_cases_decides_a_cell(promise: MakeResult, report: MakeReport) -> None:
    written = report(promise(Verdict.PASS), promise(Verdict.FAIL), promise(Verdict.SKIP))
    (table,) = product_tables(written)
    (cell,) = table.rows[0].cells
    assert cell is not None
    assert (cell.verdict, cell.label) == (Verdict.FAIL, "broken")


@pytest.mark.parametrize(
    ("certainties", "verdict", "label"),
    [
        (("inferred", "inferred"), Verdict.PASS, "kept on assumed traffic"),
        (("inferred", "doc"), Verdict.PASS, "kept"),
        (("inferred", None), Verdict.PASS, "kept"),
        (("inferred",), Verdict.WARN, "kept with warnings, on assumed traffic"),
        (("inferred",), Verdict.FAIL, "broken"),
        ((None,), Verdict.PASS, "kept"),
    ],
)
def test_what_rests_on_inference_alone_is_never_called_plainly_kept(
    promise: MakeResult,
    report: MakeReport,
    certainties: tuple[str | None, ...],
    verdict: Verdict,
    label: str,
) -> None:
    (table,) = product_tables(report(*(promise(verdict, certainty=each) for each in certainties)))
    (cell,) = table.rows[0].cells
    assert cell is not None
    assert cell.label == label


def test_a_column_is_summed_up_in_words(promise: MakeResult, report: MakeReport) -> None:
    verdicts = (Verdict.PASS, Verdict.PASS, Verdict.FAIL, Verdict.SKIP)
    written = [promise(each, requirement=f"CLK-{n}") for n, each in enumerate(verdicts)]
    (table,) = product_tables(report(*written))
    assert table.in_words(0) == "2 kept, 1 broken, 1 not tried, simulated"
    (real,) = product_tables(report(promise(simulated=False)))
    assert real.in_words(0) == "1 kept"


def test_a_row_has_the_words_of_the_promise_where_the_report_has_them(
    promise: MakeResult, report: MakeReport
) -> None:
    words: dict[str, Json] = {"CLK-USER-5": "The time zone that a user chose stays."}
    for strange in ({}, {"promises": None}, {"promises": {"CLK-USER-5": 7}}):
        (table,) = product_tables(report(promise(), coverage=strange))
        assert table.rows[0].title == "A time zone stays"
    (table,) = product_tables(report(promise(), coverage={"promises": words}))
    assert table.rows[0].title == "The time zone that a user chose stays."


def test_what_an_idp_cannot_achieve_is_said_and_never_called_kept(
    promise: MakeResult, report: MakeReport
) -> None:
    why: dict[str, Json] = {"CLK-USER-8": {"okta": "it sends no update after unassigning"}}
    results = promise(idp="okta"), promise(requirement="CLK-USER-8", idp="entra")
    written = report(*results, coverage={"not_achievable": why})
    (table,) = product_tables(written)
    cells = table.rows[1].cells
    assert [cell and (cell.verdict, cell.label) for cell in cells] == [
        (Verdict.PASS, "kept"),
        (None, "not achievable"),
    ]
    assert table.in_words(1) == "1 kept, 1 not achievable, simulated"
    assert "not achievable" in render_markdown(written)
    assert "CLK-USER-8: okta: it sends no update after unassigning" in render_html(written)


@pytest.mark.parametrize("strange", [None, [], "x", {"CLK-USER-5": "okta"}, {"CLK-USER-5": None}])
def test_a_strange_coverage_breaks_no_table(
    promise: MakeResult, report: MakeReport, strange: Json
) -> None:
    (table,) = product_tables(report(promise(), coverage={"not_achievable": strange}))
    assert [cell and cell.label for cell in table.rows[0].cells] == ["kept"]


def test_results_without_a_product_have_no_table(result: MakeResult, report: MakeReport) -> None:
    written = report(result(idp="okta"))
    assert product_tables(written) == ()
    for text in (render_html(written), render_markdown(written), terminal(written)):
        assert "imulat" not in text


def test_what_a_product_promises_is_no_feature_of_an_idps_console(
    promise: MakeResult, result: MakeResult
) -> None:
    console = IdpOutline(
        idp="okta",
        title="Okta",
        dialects=(("oin", "Catalog"),),
        features=(FeatureOutline(name="Import"),),
    )
    replay = result(idp="okta", dialect="oin", feature="Import")
    broken = promise(Verdict.FAIL, dialect="bare", feature="Import")
    (summary,) = idp_summaries([replay, broken], [console])
    assert (summary.verdict, summary.features[0].label) == (Verdict.PASS, "works")


def test_a_feature_tried_on_a_simulation_says_so(result: MakeResult) -> None:
    console = IdpOutline(
        idp="okta",
        title="Okta",
        dialects=(("oin", "Catalog"),),
        features=(FeatureOutline(name="Import"), FeatureOutline(name="Push Groups")),
        partial=True,
        simulated=True,
    )
    (summary,) = idp_summaries([result(idp="okta", dialect="oin", feature="Import")], [console])
    labels = [feature.label for feature in summary.features]
    assert labels == ["works, as far as checked, simulated", "not checked"]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_rendering_calls_a_simulated_result_simulated(
    promise: MakeResult, report: MakeReport, verdict: Verdict
) -> None:
    target = Target(url="http://127.0.0.1/scim/v2", simulated=True)
    written = report(promise(verdict), target=target)
    page, comment, shown = render_html(written), render_markdown(written), terminal(written)
    for text in (page, comment, shown):
        assert "Clockify, simulated" in text
        assert "(simulated)" in text  # beside the counts
        assert "proves nothing about the product itself" in " ".join(text.split())  # it is folded
    assert "simulated · clockify · okta" in page
    if verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.WARN):
        assert "CLK-USER-5 (okta, simulated)" in comment.replace("\\", "")
    if verdict in (Verdict.FAIL, Verdict.ERROR):  # the short summary names no other case
        assert "CLK-USER-5 (okta, simulated)" in shown


def test_simulated_results_make_a_simulated_run_whatever_the_target_says(
    promise: MakeResult, report: MakeReport
) -> None:
    written = report(promise())
    assert not written.target.simulated
    for text in (render_html(written), render_markdown(written), terminal(written)):
        assert "http://127.0.0.1:8080/scim/v2, simulated" in text


def test_junit_says_simulated_in_name_and_properties(
    promise: MakeResult, result: MakeResult, report: MakeReport
) -> None:
    root = ElementTree.fromstring(render_junit(report(promise(), result())))  # noqa: S314 - ours
    simulated, real = sorted(root.iter("testcase"), key=lambda case: str(case.get("name")))
    assert str(simulated.get("classname")).startswith("product.clockify.okta.oin.")
    assert properties(simulated)["simulated"] == "true"
    assert properties(simulated)["product"] == "clockify"
    assert "CLK-USER-5 (simulated)" in str(simulated.get("name"))
    assert "simulated" not in properties(real)
    suites = {suite.get("name"): properties(suite) for suite in root.iter("testsuite")}
    assert suites["product: clockify"]["simulated"] == "true"
    assert "simulated" not in suites["idp"]


def properties(element: ElementTree.Element) -> dict[str | None, str | None]:
    return {each.get("name"): each.get("value") for each in element.findall("properties/property")}


def test_hostile_names_are_shown_and_do_nothing(promise: MakeResult, report: MakeReport) -> None:
    written = report(promise(product=HOSTILE, idp=HOSTILE, requirement=HOSTILE, title=HOSTILE))
    comment = MarkdownIt("commonmark").enable("table").render(render_markdown(written))
    for text in (str(comment), render_html(written)):
        assert "<script>alert" not in text
        assert "<strong>bold" not in text
        assert not set(text) & {"\x1b", "\u202e"}
    assert not set(terminal(written)) & {"\x1b", "\u202e"}
    ElementTree.fromstring(render_junit(written))  # noqa: S314 - ours


def test_a_thousand_promises_fit_a_comment(promise: MakeResult, report: MakeReport) -> None:
    many = [promise(requirement=f"X-{n}", title="é" * 500, idp=f"{n % 50}") for n in range(2_000)]
    text = render_markdown(report(*many))
    assert len(text.encode()) < 60_000
    assert " more in `report.html`" in text
    wide = [promise(idp="é" * 90 + str(n)) for n in range(2_000)]
    assert len(render_markdown(report(*wide)).encode()) < 60_000


def test_every_cell_leads_to_the_case_that_decided_it(
    promise: MakeResult, report: MakeReport
) -> None:
    page = render_html(report(promise(Verdict.PASS), promise(Verdict.FAIL)))
    assert '<a href="#CLK-USER-5"><span class="pill fail">' in page
    assert '<details class="case" id="CLK-USER-5" data-v="fail"' in page
