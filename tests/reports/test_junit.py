from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from reports import Json
from reports import Report
from reports import Result
from reports import Verdict
from reports import render_junit

HOSTILE = "]]> <script>&\x00\x1b[31m\ud800\ufffe \"'" + "x" * 1_000_000


def cases(report: Report) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(render_junit(report)).iter("testcase"))  # noqa: S314 - ours


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
    assert (case.findtext("failure") or "").splitlines() == [
        "expected status 200, got status 400",
        "exchange 2 of 3: PATCH /Groups/81 -> 400",
        "This group stops.",
        "hint: Accept it.",
        "reproduce: curl -X PATCH",
        "https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2",
    ]


def test_the_properties_name_requirement_level_and_idp(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    (case,) = cases(report(result(idp="okta", dialect="oin")))
    properties = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert properties == {
        "requirement": "OKTA-PUSH-2",
        "level": "MUST",
        "verdict": "pass",
        "idp": "okta",
        "dialect": "oin",
    }
    assert case.get("classname") == "idp.okta.oin"


def test_the_counts_are_right_as_a_whole_and_for_each_suite(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    verdicts = [result(verdict, suite="idp") for verdict in Verdict]
    text = render_junit(report(*verdicts, result(Verdict.FAIL, suite="protocol")))
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    counted = [
        [each.get(key) for key in ("name", "tests", "failures", "errors", "skipped")]
        for each in [root, *root.iter("testsuite")]
    ]
    assert counted == [
        ["scimproof", "8", "3", "1", "2"],
        ["idp", "7", "2", "1", "2"],
        ["protocol", "1", "1", "0", "0"],
    ]


def test_hostile_texts_are_still_xml_and_do_not_grow_it_without_bounds(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    fields = ("case", "requirement", "level", "suite", "title", "idp", "dialect", "feature")
    texts = ("expected", "actual", "consequence", "hint", "reproduce", "blocked_by")
    failed = result(
        Verdict.FAIL, notes=(HOSTILE,), links=(HOSTILE,), **dict.fromkeys(fields + texts, HOSTILE)
    )
    text = render_junit(report(failed))
    (case,) = cases(report(failed))
    assert "<script>" in (case.findtext("failure") or "")
    assert "\\x1b" in (case.findtext("failure") or "")
    assert len(text) < 30_000
    text.encode("utf-8")
