from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reports import Json
from reports import Report
from reports import Result
from reports import Verdict
from reports import causes
from reports.findings.harm import ORDER
from reports.wording import wording

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]


def one(method: str, target: str, status: int = 400, body: Json = None) -> tuple[Json, ...]:
    request: Json = {"method": method, "target": target, "headers": [], "body": body}
    return ({"shows": True, "request": request, "response": {"status": status, "body": None}},)


OFF: Json = {"Operations": [{"op": "replace", "path": "active", "value": False}]}
IDP: dict[str, Any] = {"idp": "okta", "level": "NEEDS", "expected": "success"}
CASES: dict[str, dict[str, Any]] = {
    "job": IDP | {"evidence": one("GET", "/Users"), "scope": "job"},
    "access": IDP | {"evidence": one("PATCH", "/Users/1", body=OFF), "scope": "object"},
    "security": {
        **{"suite": "security", "requirement": "SEC-AUTH-1"},
        "evidence": one("GET", "/Users", 200),
    },
    "unsafe": {
        **{"suite": "security", "requirement": "SEC-ERROR-1", "expected": "no stack trace"},
        "evidence": one("POST", "/Users"),
    },
    "missing": IDP | {"evidence": one("POST", "/Users")},
    "data": IDP | {"evidence": one("PUT", "/Users/1", body={})},
    "console": IDP | {"evidence": one("GET", "/Schemas"), "level": "TEST"},
    "protocol": {"suite": "protocol", "evidence": one("POST", "/Bulk", 200)},
}


@pytest.mark.parametrize("kind", CASES)
def test_what_a_cause_does_has_a_kind(result: MakeResult, report: MakeReport, kind: str) -> None:
    (cause,) = causes(report(result(Verdict.FAIL, **CASES[kind])))
    assert cause.harm.kind == kind
    assert f"scope.{cause.harm.scope}" in wording("causes")
    assert f"harm.{kind}" in wording("causes")


def test_a_password_that_is_shown_is_unsafe_whichever_suite_found_it(
    result: MakeResult, report: MakeReport
) -> None:
    shown: dict[str, Any] = {
        **{"suite": "protocol", "requirement": "RFC7643-4.1.1-26", "feature": "security"},
        **{"expected": "no `password`", "evidence": one("GET", "/Users/1", 200)},
    }
    console = result(Verdict.FAIL, case="console", **CASES["console"])
    found = causes(report(console, result(Verdict.FAIL, case="shown", **shown)))
    assert [cause.harm.kind for cause in found] == ["unsafe", "console"]


@pytest.mark.parametrize(
    ("requirement", "word"),
    [("RFC7644-3.7-1", "protocol"), ("HOUSE-TITLE-1", "own"), ("CON-RACE-2", "own")],
)
def test_no_standard_is_named_where_none_asks(
    result: MakeResult, report: MakeReport, requirement: str, word: str
) -> None:
    given = CASES["protocol"] | {"requirement": requirement}
    (cause,) = causes(report(result(Verdict.FAIL, **given)))
    assert cause.harm.kind == "protocol"
    assert cause.harm.says == wording("causes")(f"harm.{word}")
    assert cause.harm.scope == word
    assert ("standard asks" in cause.harm.says) is (word == "protocol")


def test_the_most_harmful_comes_first(result: MakeResult, report: MakeReport) -> None:
    given = [result(Verdict.FAIL, case=kind, **CASES[kind]) for kind in reversed(ORDER)]
    assert [cause.harm.kind for cause in causes(report(*given))] == [*ORDER]


def test_a_failure_comes_before_a_warning_and_the_better_known_first(
    result: MakeResult, report: MakeReport
) -> None:
    def need(verdict: Verdict, target: str, certainty: str) -> Result:
        given = IDP | {"evidence": one("POST", target), "certainty": certainty}
        return result(verdict, case=target, **given)

    found = causes(
        report(
            need(Verdict.WARN, "/Users", "doc"),
            need(Verdict.FAIL, "/Groups", "inferred"),
            need(Verdict.FAIL, "/Me", "doc"),
        )
    )
    assert [cause.results[0].case for cause in found] == ["/Me", "/Groups", "/Users"]


def test_a_report_from_before_scopes_tells_the_job_by_its_words(
    result: MakeResult, report: MakeReport
) -> None:
    said = "Okta stops for the whole job; its console shows: Error authenticating"
    given = IDP | {"evidence": one("POST", "/Users"), "consequence": said}
    (cause,) = causes(report(result(Verdict.FAIL, **given)))
    assert cause.harm.kind == "job"
    (cause,) = causes(report(result(Verdict.FAIL, **given, scope="object")))
    assert cause.harm.kind == "missing"


def test_what_happens_is_said_in_the_words_of_the_catalogue(
    result: MakeResult, report: MakeReport
) -> None:
    texts = [
        "Okta stops for this object; its console shows: <b>no</b>",
        "which of these forms Okta sends is not settled",
        "The person gets no account.",
    ]
    given = [
        result(Verdict.FAIL, case=text, consequence=text, **IDP, evidence=one("POST", "/Users"))
        for text in texts
    ]
    (cause,) = causes(report(*given))
    assert cause.harm.says == "The person gets no account."
    (cause,) = causes(report(*given[:2]))
    assert cause.harm.says == wording("causes")("harm.missing")
