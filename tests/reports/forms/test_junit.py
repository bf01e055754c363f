from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from reports import IdpSummary
from reports import Json
from reports import Report
from reports import Result
from reports import Verdict
from reports import render_junit

HOSTILE = "]]> <script>&\x00\x1b[31m\ud800\ufffe \"'" + "x" * 1_000_000


@cache
def schema() -> xmlschema.XMLSchema11:
    return xmlschema.XMLSchema11(Path(__file__).with_name("junit.xsd"))


def parsed(report: Report) -> ElementTree.Element:
    """Return the root of what is written, which every reader of JUnit results understands."""
    text = render_junit(report)
    schema().validate(text)
    return ElementTree.fromstring(text)  # noqa: S314 - ours


def cases(report: Report) -> list[ElementTree.Element]:
    return list(parsed(report).iter("testcase"))


def properties(element: ElementTree.Element) -> dict[str | None, str | None]:
    found = element.find("properties")
    assert found is not None
    return {each.get("name"): each.get("value") for each in found}


@pytest.mark.parametrize(
    ("verdict", "element"),
    [
        (Verdict.FAIL, "failure"),
        (Verdict.INCONCLUSIVE, "failure"),
        (Verdict.ERROR, "error"),
        (Verdict.SKIP, "skipped"),
        (Verdict.WAIVED, "skipped"),
    ],
)
def test_each_verdict_has_its_element_and_says_its_name(
    result: Callable[..., Result], report: Callable[..., Report], verdict: Verdict, element: str
) -> None:
    (case,) = cases(report(result(verdict, notes=("the reason",))))
    outcome = case.find(element)
    assert outcome is not None
    assert outcome.get("type") == verdict
    assert outcome.get("message") == "the reason"
    others = {"failure", "error", "skipped"} - {element}
    assert not [each for each in others if case.find(each) is not None]


def test_a_warning_passes_and_is_said_in_the_output(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    (case,) = cases(report(result(Verdict.WARN, expected="200", actual="204")))
    assert {each.tag for each in case} == {"properties", "system-out"}
    assert "expected 200, got 204" in (case.findtext("system-out") or "")


def test_a_pass_is_quiet(result: Callable[..., Result], report: Callable[..., Report]) -> None:
    (case,) = cases(report(result()))
    assert {each.tag for each in case} == {"properties"}


def test_a_failure_tells_what_a_reader_needs(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
) -> None:
    failed = result(
        Verdict.FAIL,
        expected="status 200",
        actual="status 400",
        consequence="This group stops.",
        hint="Accept it.",
        reproduce="curl -X PATCH",
        evidence=(exchange(),),
        links=("https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2",),
    )
    (case,) = cases(report(failed))
    text = (case.findtext("failure") or "").splitlines()
    assert text[:7] == [
        "expected status 200, got status 400",
        "exchange 2 of 3: PATCH /Groups/81 -> 400",
        "This group stops.",
        "the server said: id is readOnly",
        "hint: Accept it.",
        "reproduce: curl -X PATCH",
        "source: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2",
    ]
    assert [line for line in text[7:] if line] == [
        "PATCH /Groups/81",
        "Accept: application/scim+json",
        "{",
        '  "displayName": "Sales"',
        "}",
        "status 400",
        "{",
        '  "detail": "id is readOnly"',
        "}",
    ]


def test_the_message_of_a_failure_is_short(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    (case,) = cases(report(result(Verdict.FAIL, expected="x" * 900, actual="y" * 900)))
    failure = case.find("failure")
    assert failure is not None
    message = failure.get("message", "")
    assert len(message) < 500
    assert "(700 characters more), got yyy" in message


def test_a_reply_that_never_came_is_said_in_the_evidence(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
) -> None:
    silent = exchange(response=None, error="timed out after 30 s")
    (case,) = cases(report(result(Verdict.INCONCLUSIVE, evidence=(silent,))))
    assert (case.findtext("failure") or "").endswith("\nno reply: timed out after 30 s")


def test_the_properties_of_a_case_say_what_a_list_can_be_sorted_by(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    (case,) = cases(
        report(
            result(
                idp="okta",
                dialect="oin",
                feature="Push Groups: rename",
                certainty="doc",
                scenario="push-group-rename",
            )
        )
    )
    assert properties(case) == {
        "requirement": "OKTA-PUSH-2",
        "level": "MUST",
        "verdict": "pass",
        "idp": "okta",
        "dialect": "oin",
        "feature": "Push Groups: rename",
        "certainty": "doc",
        "scenario": "push-group-rename",
    }


def test_a_finding_names_its_cause_which_those_alike_share(broken: Report) -> None:
    found = [properties(case) for case in cases(broken)]
    causes = Counter(each.get("cause") for each in found if each["verdict"] in ("fail", "warn"))
    assert None not in causes
    assert len(causes) < sum(causes.values())
    assert not [each for each in found if each["verdict"] == "pass" and "cause" in each]


def test_the_tree_has_a_branch_for_the_feature_of_each_console(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    named = result(idp="okta", dialect="oin", feature="v2.0: Okta's own")
    (case,) = cases(report(named))
    assert case.get("classname") == "idp.okta.oin.v2 0: Okta's own"
    assert case.get("name") == "OKTA-PUSH-2 A pushed group takes its new name [test_rename[oin]]"


def test_a_case_of_no_feature_stands_under_its_module(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    case = "suites/patching/test_rfc7644_3_5_2.py::test_no_path"
    (element,) = cases(report(result(suite="protocol", case=case)))
    assert element.get("classname") == "protocol.patching.test_rfc7644_3_5_2"


def test_the_properties_of_a_suite_let_a_reader_repeat_the_run(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    (suite,) = parsed(report(result()))
    assert properties(suite) == {
        "version": "0.1.0",
        "run": "r-1",
        "seed": "4711",
        "target": "http://127.0.0.1:8080/scim/v2",
    }
    assert suite.get("timestamp") == "2026-11-22T00:31:05"


@pytest.mark.parametrize(
    ("started", "said"),
    [
        ("2026-11-22T02:31:05+02:00", "2026-11-22T00:31:05"),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_moment_is_told_in_utc_or_not_at_all(
    result: Callable[..., Result], report: Callable[..., Report], started: str, said: str | None
) -> None:
    known = report(result())
    (suite,) = parsed(replace(known, run=replace(known.run, started=started)))
    assert suite.get("timestamp") == said


def test_each_idp_and_each_product_has_a_suite_of_its_own(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    okta = IdpSummary(
        idp="okta", title="Okta", dialect="oin", dialect_title="Catalog", verdict=Verdict.PASS
    )
    results = [
        result(idp="okta"),
        result(idp="new-idp", requirement="NEW-1"),
        result(suite="protocol"),
        result(suite="product", product="clockify", idp="okta", requirement="CLK-1"),
    ]
    root = parsed(report(*results, idps=(okta,)))
    names = ["idp: Okta", "idp: new-idp", "protocol", "product: clockify"]
    assert [suite.get("name") for suite in root] == names


def test_the_times_are_those_of_the_run_and_the_sums_of_the_cases(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    timed = [result(seconds=0.25, case=f"a::test_{number}") for number in range(3)]
    root = parsed(report(*timed))
    assert [element.get("time") for element in [root, *root]] == ["7.500", "0.750"]


@pytest.mark.parametrize(
    ("options", "verdict", "element"),
    [
        ({"strict": True}, Verdict.WARN, "failure"),
        ({"strict": False}, Verdict.WARN, "system-out"),
        ({"allow_inconclusive": True}, Verdict.INCONCLUSIVE, "skipped"),
        ({"strict": "yes"}, Verdict.WARN, "system-out"),
    ],
)
def test_a_verdict_counts_as_it_did_in_the_run(
    result: Callable[..., Result],
    report: Callable[..., Report],
    options: dict[str, Json],
    verdict: Verdict,
    element: str,
) -> None:
    known = report(result(verdict, actual="odd"))
    root = parsed(replace(known, run=replace(known.run, options=options)))
    assert next(root.iter("testcase"))[-1].tag == element
    assert root.get("failures") == str(int(element == "failure"))


def test_the_report_of_a_broken_server_is_valid_and_counted(broken: Report) -> None:
    root = parsed(broken)
    assert root.get("tests") == str(len(broken.results))
    assert root.get("failures") == str(broken.summary["fail"])
    assert root.get("skipped") == str(broken.summary["skip"])
    assert {suite.get("name") for suite in root} > {"protocol", "idp: Okta", "idp: JumpCloud"}


def test_the_counts_are_right_as_a_whole_and_for_each_suite(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    verdicts = [result(verdict, case=f"a::test_{verdict}") for verdict in Verdict]
    root = parsed(report(*verdicts, result(Verdict.FAIL, suite="protocol")))
    counted = [
        [each.get(key) for key in ("name", "tests", "failures", "errors", "skipped")]
        for each in [root, *root.iter("testsuite")]
    ]
    assert counted == [
        ["scimproof", "8", "3", "1", "2"],
        ["idp", "7", "2", "1", "2"],
        ["protocol", "1", "1", "0", "0"],
    ]


@pytest.mark.parametrize("nothing", [" ", "\n", ".", "..."])
def test_names_of_nothing_are_still_names(
    result: Callable[..., Result], report: Callable[..., Report], nothing: str
) -> None:
    fields = ("requirement", "level", "suite", "title", "idp", "dialect", "feature", "actual")
    assert cases(report(result(Verdict.FAIL, **dict.fromkeys(fields, nothing))))


def test_hostile_texts_are_still_xml_and_do_not_grow_it_without_bounds(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
) -> None:
    fields = ("case", "requirement", "level", "suite", "title", "idp", "dialect", "feature")
    texts = ("expected", "actual", "consequence", "hint", "reproduce", "blocked_by")
    body = {"method": HOSTILE, "target": HOSTILE, "headers": [[HOSTILE, HOSTILE]], "body": HOSTILE}
    shown = exchange(request=body, response={"status": HOSTILE, "headers": [[HOSTILE]]})
    failed = result(
        Verdict.FAIL,
        notes=(HOSTILE,),
        links=(HOSTILE,),
        evidence=(shown,),
        **dict.fromkeys(fields + texts, HOSTILE),
    )
    text = render_junit(report(failed))
    (case,) = cases(report(failed))
    assert "<script>" in (case.findtext("failure") or "")
    assert "\\x1b" in (case.findtext("failure") or "")
    assert len(text) < 30_000
    text.encode("utf-8")
