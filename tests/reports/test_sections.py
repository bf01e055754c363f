from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator

import pytest

from reports import Json
from reports import Report
from reports import Result
from reports import Section
from reports import Verdict
from reports import coverage_tree
from reports.sections import State
from reports.wording import wording
from suites.outcome import outline
from suites.requirements import catalogue

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]
COVERAGE: dict[str, Json] = {
    "checked": ["RFC7644-3.5.2-3", "RFC7644-3.5.2.1-1", "OKTA-PUSH-2", "RFC7644-3.10-1"],
    "skipped": {"RFC7644-3.5.2-10": "no PATCH", "RFC7643-4.1.1-2": "error: KeyError"},
    "not_checkable": {"RFC7644-3.5.2-2": "nothing shows on the wire"},
    "not_selected": ["SEC-AUTH-1", "RFC7644-3.9-1"],
    "needs_setup": ["RFC7644-6.1-1"],
    "shown_by": {"RFC7644-3.5.2-4": "RFC7644-3.5.2-3"},
}


def every(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from every(section.sections)


@pytest.fixture
def tree(result: MakeResult, report: MakeReport) -> tuple[Section, ...]:
    given = report(
        result(Verdict.FAIL, requirement="RFC7644-3.5.2-3"),
        result(Verdict.PASS, requirement="RFC7644-3.5.2-3"),
        result(Verdict.WARN, requirement="RFC7644-3.5.2.1-1"),
        result(Verdict.PASS, requirement="OKTA-PUSH-2"),
        result(Verdict.PASS, requirement="RFC7644-3.10-1"),
        coverage=COVERAGE,
    )
    return coverage_tree(given)


def test_the_documents_stand_with_the_rfcs_first(tree: tuple[Section, ...]) -> None:
    assert [section.title for section in tree] == [
        "RFC 7643: Core Schema",
        "RFC 7644: Protocol",
        "OKTA",
        "Security",
    ]


def test_sections_stand_below_each_other_in_the_order_of_the_document(
    tree: tuple[Section, ...],
) -> None:
    chapters = {section.number: section for section in tree[1].sections}
    assert [*chapters] == ["3", "6"]
    assert [each.number for each in chapters["3"].sections] == ["3.5", "3.9", "3.10"]
    patch = next(each for each in every(tree) if each.number == "3.5.2")
    assert (patch.title, patch.id) == ("Modifying with PATCH", "RFC7644-3.5.2")
    assert patch.link == "https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2"
    assert [each.requirement for each in patch.entries] == [
        f"RFC7644-3.5.2-{number}" for number in (2, 3, 4, 10)
    ]


def test_a_section_counts_everything_below_it(tree: tuple[Section, ...]) -> None:
    protocol = tree[1]
    assert protocol.total == 8
    assert protocol.counts[State.CHECKED] == 3
    assert protocol.verdicts == {Verdict.FAIL: 1, Verdict.WARN: 1, Verdict.PASS: 1}
    assert protocol.counts[State.NOT_SELECTED] == protocol.counts[State.NEEDS_SETUP] == 1
    assert len([*protocol.everything()]) == protocol.total


def test_an_entry_says_what_came_of_it_and_why(tree: tuple[Section, ...]) -> None:
    found = {each.requirement: each for section in tree for each in section.everything()}
    assert found["RFC7644-3.5.2-3"].verdict is Verdict.FAIL
    assert (found["RFC7644-3.5.2-4"].state, found["RFC7644-3.5.2-4"].reason) == (
        State.SHOWN,
        "RFC7644-3.5.2-3",
    )
    assert found["RFC7644-3.5.2-10"].reason == "no PATCH"
    assert found["RFC7644-3.5.2-2"].state is State.NOT_CHECKABLE
    assert found["SEC-AUTH-1"].state is State.NOT_SELECTED


def test_every_section_of_the_catalogue_has_a_title(result: MakeResult, report: MakeReport) -> None:
    names: Json = [name for name in catalogue() if name.startswith("RFC")]
    sections = [*every(coverage_tree(report(result(), coverage={"checked": names})))]
    assert [each.id for each in sections if not each.title] == []
    for section in sections:
        for entry in section.entries:
            title = catalogue()[entry.requirement].title or ""
            assert title.partition(":")[0] == section.title


def test_every_requirement_that_a_run_could_check_is_in_the_tree(
    result: MakeResult, report: MakeReport
) -> None:
    results = (
        result(Verdict.PASS, requirement="OKTA-PUSH-2", idp="okta"),
        result(Verdict.FAIL, requirement="RFC7644-3.6-2"),
        result(Verdict.SKIP, requirement="RFC9865-2-1", actual="no cursors"),
        result(Verdict.PASS, requirement="SEC-AUTH-1"),
        result(Verdict.PASS, requirement="RFC7643-4.1.1-1"),
    )
    tree = coverage_tree(report(*results, coverage=outline.coverage(results)))
    shown = {each.requirement for section in tree for each in section.everything()}
    server = {
        name
        for name, each in catalogue().items()
        if each.idp in (None, "okta") and each.product is None and each.role != "client"
    }
    assert shown == server


def test_every_state_has_its_words() -> None:
    assert all(f"state.{state}" in wording("coverage") for state in State)


def test_a_report_of_an_earlier_version_has_a_tree(broken: Report) -> None:
    titles = [section.title for section in coverage_tree(broken)]
    assert {"RFC 7644: Protocol", "Okta", "JumpCloud", "Microsoft Entra ID"} <= {*titles}


@pytest.mark.parametrize(
    "strange",
    [
        {"checked": 3, "skipped": ["RFC7644-3-1"], "not_checkable": None},
        {"checked": [None, {}, "", "-", "RFC7644", "RFC7644-", "RFC7644-x.y-1", "RFC7644--1"]},
        {"skipped": {"RFC7644-3.5-1": {"a": 1}, "<script>-1": "\x1b[0m"}},
    ],
)
def test_a_strange_coverage_breaks_no_tree(report: MakeReport, strange: dict[str, Json]) -> None:
    for section in every(coverage_tree(report(coverage=strange))):
        assert section.total >= 0
        assert all("\x1b" not in entry.reason for entry in section.entries)
