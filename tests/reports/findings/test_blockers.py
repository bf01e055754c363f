from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from reports import Report
from reports import Result
from reports import Verdict
from reports import blocked
from reports.findings.blockers import shown_reason

MakeResult: TypeAlias = Callable[..., Result]
MakeReport: TypeAlias = Callable[..., Report]


@pytest.mark.parametrize(
    "reasons",
    [
        (
            "transport trouble at PATCH /Users/81: the connection broke before the reply was whole",
            "transport trouble: scim.example:8443 closed the connection before it answered "
            "PATCH /Users/2d6a1e9c-0b0e-4b7c-9d5e-8f7a6b5c4d3e.",
        ),
        (
            "the server stopped answering after request 149 (the last reply was to GET /Groups/7): "
            "the connection was refused",
            "the server stopped answering after request 3 (the last reply was to GET /Groups/x-1): "
            "the connection was refused",
        ),
        (
            "Okta stopped while the case was being prepared (assign): GET /Users?filter=userName%20"
            "eq%20%22scimproof-2e-7a-ben1%40example.com%22&count=1 was answered with 500; Okta "
            "goes on after 200 only",
            "Okta stopped while the case was being prepared (assign): GET /Users?filter=userName%20"
            "eq%20%22scimproof-2e-8b-ada1%40example.com%22&count=1 was answered with 500; Okta "
            "goes on after 200 only",
        ),
    ],
)
def test_reasons_that_differ_in_ids_alone_are_one(
    result: MakeResult, report: MakeReport, reasons: tuple[str, str]
) -> None:
    stuck = [result(Verdict.INCONCLUSIVE, case=text, actual=text) for text in reasons]
    (blocker,) = blocked(report(*stuck))
    assert len(blocker.results) == 2
    assert not any(part in blocker.reason for part in ("81", "2d6a1e9c", "example.com", "%22"))


@pytest.mark.parametrize(
    "reasons",
    [
        ("POST /Users answered 500", "POST /Users answered 404"),
        (
            "transport trouble at PATCH /Users/81: the connection broke",
            "transport trouble at PUT /Users/81: the connection broke",
        ),
        (
            "transport trouble at GET /Users: no reply in time",
            "transport trouble at GET /Users: the connection was refused",
        ),
        ("no groups", "no users"),
    ],
)
def test_reasons_that_say_different_things_stay_apart(
    result: MakeResult, report: MakeReport, reasons: tuple[str, str]
) -> None:
    stuck = [result(Verdict.INCONCLUSIVE, case=text, actual=text) for text in reasons]
    assert len(blocked(report(*stuck))) == 2


def test_a_blocker_says_what_its_own_cases_came_to_and_the_largest_comes_first(
    result: MakeResult, report: MakeReport
) -> None:
    judged = [
        result(Verdict.FAIL, case="a", requirement="RFC7644-3.3-7"),
        result(Verdict.PASS, case="b", requirement="RFC7644-3.3-7"),
    ]
    waits = [
        result(
            Verdict.INCONCLUSIVE,
            case=f"w{n}",
            requirement=f"X-{n}",
            blocked_by="RFC7644-3.3-7",
            actual=f"POST /Users answered 500{' before' if n == 2 else ''}",
        )
        for n in range(3)
    ]
    other = result(Verdict.INCONCLUSIVE, case="o", requirement="Y-1", actual="no reply")
    first, second = blocked(report(*judged, other, *waits))
    assert first.sentence == "POST /Users answered 500; blocked by RFC7644-3.3-7 (failed)"
    assert (len(first.results), first.verdict) == (3, Verdict.FAIL)
    assert (second.sentence, second.verdict) == ("no reply", None)


def test_a_case_that_another_of_its_requirement_blocks_says_nothing_of_that(
    result: MakeResult, report: MakeReport
) -> None:
    judged = result(Verdict.WARN, case="a", requirement="RFC7644-3.6-4")
    stuck = result(
        Verdict.INCONCLUSIVE,
        case="b",
        requirement="RFC7644-3.6-4",
        actual="the create answered 409",
        blocked_by="RFC7644-3.6-4",
    )
    (blocker,) = blocked(report(judged, stuck))
    assert blocker.sentence == "the create answered 409; blocked by RFC7644-3.6-4 (warned)"


def test_a_blocker_that_passed_is_not_called_one_and_what_was_refused_is_said(
    result: MakeResult, report: MakeReport, exchange: Callable[..., dict[str, Any]]
) -> None:
    sent = {"method": "POST", "target": "/Users", "body": {"userName": "anna", "active": True}}
    refused = exchange(request=sent, response={"status": 422})
    later = exchange(request={"method": "GET", "target": "/Users"}, response={"status": 200})
    why = {
        "requirement": "X-1",
        "blocked_by": "RFC7644-3.3-7",
        "actual": "POST /Users answered 422",
    }
    stuck = result(Verdict.INCONCLUSIVE, case="w", evidence=(refused, later), **why)
    bare = result(Verdict.INCONCLUSIVE, case="w", **why)
    judged = result(Verdict.PASS, case="a", requirement="RFC7644-3.3-7")
    (blocker,), (other,) = blocked(report(judged, stuck)), blocked(report(judged, bare))
    said = "POST /Users answered 422 to a body of userName, active, though RFC7644-3.3-7 passed"
    assert blocker.sentence == said
    assert other.sentence == "POST /Users answered 422, though RFC7644-3.3-7 passed"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /Users/81 answered 404", "GET /Users/… answered 404"),
        ("POST /Users/.search answered 501", "POST /Users/.search answered 501"),
        ("GET /ServiceProviderConfig was empty", "GET /ServiceProviderConfig was empty"),
        ("Nothing listens at 127.0.0.1:4711: refused", "Nothing listens at the server: refused"),
        ("the wait budget of 60 s", "the wait budget of 60 s"),
    ],
)
def test_what_differs_from_case_to_case_is_not_shown(text: str, shown: str) -> None:
    assert shown_reason(text) == shown
