from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reports import Json
from reports import Report
from reports import Target
from reports import Verdict
from reports import view
from reports.pictures.latency import OPERATIONS
from reports.pictures.latency import explanation
from reports.pictures.latency import operation_of
from reports.pictures.latency import operations
from reports.pictures.latency import percentile
from reports.pictures.latency import requests
from reports.pictures.latency import scenarios

Make = Callable[..., Any]


def took(
    milliseconds: Json,
    method: str = "GET",
    target: str = "/Users/1",
    status: Json = 200,
    **given: Json,
) -> Json:
    headers: Json = [["Accept", "application/scim+json"]]
    found: dict[str, Json] = {
        "request": {"method": method, "target": target, "headers": headers, "body": None},
        "response": {"status": status, "headers": [], "body": None},
        "milliseconds": milliseconds,
    }
    return found | given


@pytest.mark.parametrize(
    ("share", "count", "expected"),
    [
        (50, 1, 1),
        (95, 1, 1),
        (50, 2, 1),
        (50, 3, 2),
        (50, 100, 50),
        (95, 100, 95),
        (95, 20, 19),
        (95, 21, 20),
    ],
)
def test_a_percentile_is_the_nearest_rank(share: int, count: int, expected: float) -> None:
    durations = [float(n) for n in range(1, count + 1)]

    assert percentile(durations, share) == expected
    # By its definition: at least so many did not take longer, and of the one before too few.
    within = sum(each <= expected for each in durations)
    assert within * 100 >= share * count
    assert (within - 1) * 100 < share * count


@pytest.mark.parametrize(
    ("method", "target", "name"),
    [
        ("POST", "/Users", "create-user"),
        ("POST", "/Users/", "create-user"),
        ("POST", "/Users/.search", "search-user"),
        ("POST", "/Users/1", "create-user"),
        ("GET", "/Users/1", "read-user"),
        ("GET", "/scim/v2/Groups/1?attributes=id", "read-group"),
        ("GET", "/Groups?filter=id+eq+1", "search-group"),
        ("GET", "/Groups?count=1&filter=a", "search-group"),
        ("GET", "/Users?attributes=filter", "list-user"),
        ("GET", "/Users", "list-user"),
        ("PUT", "/users/1", "replace-user"),
        ("PATCH", "/Groups/1", "change-group"),
        ("DELETE", "/Groups/1", "delete-group"),
        ("DELETE", "/Groups", "other"),
        ("HEAD", "/Users/1", "other"),
        ("GET", "/Users/1/more", "other"),
        ("GET", "/Schemas/urn:x", "discovery"),
        ("GET", "/ServiceProviderConfig", "discovery"),
        ("POST", "/Bulk", "bulk"),
        ("GET", "/Me", "other"),
        ("GET", "/Users2", "other"),
        ("", "", "other"),
    ],
)
def test_a_request_is_of_one_kind(method: str, target: str, name: str) -> None:
    exchange = took(1, method, target)
    assert isinstance(exchange, dict)

    assert operation_of(exchange) == name
    assert name in OPERATIONS


def test_the_durations_of_each_operation_are_told(result: Make, report: Make) -> None:
    evidence = [took(float(n), target=f"/Users/{n}") for n in range(1, 101)]
    found = report(result(evidence=(*evidence, took(7, "DELETE", "/Groups/1", 204))))

    read, delete = operations(found)

    assert (read.name, read.count, read.p50, read.p95, read.slowest) == (
        "read-user",
        100,
        50,
        95,
        100,
    )
    assert (delete.name, delete.count, delete.p50, delete.p95) == ("delete-group", 1, 7, 7)
    assert read.label == "read a user"


def test_a_request_without_reply_has_no_duration_but_is_one(result: Make, report: Make) -> None:
    odd: list[Json] = [None, True, "3", -1.0, {}]
    evidence = [took(each, target=f"/Users/{n}") for n, each in enumerate(odd)]
    lost = took(30_000, response=None, error="timed out")
    found = report(result(evidence=(*evidence, lost, "odd", None)))

    assert operations(found) == ()
    assert requests(found) == 6


def test_what_several_cases_show_counts_once(result: Make, report: Make) -> None:
    shared = took(1.5, "POST", "/Users", 201)
    outline = took(1.5, "POST", "/Users", 201)
    assert isinstance(outline, dict)
    outline["request"] = {**view.part(outline, "request"), "headers": []}

    once = report(result(evidence=(shared,)), result(evidence=(shared, outline)))
    twice = report(result(evidence=(shared, shared)), result(evidence=(shared,)))
    alone = report(result(evidence=(outline,)), result(evidence=(outline,)))

    assert [requests(each) for each in (once, twice, alone)] == [1, 2, 1]


def test_equal_requests_of_two_cases_are_two_when_their_headers_tell(
    result: Make, report: Make
) -> None:
    def by(case: str) -> Json:
        headers: Json = [["X-Scimproof-Case", case]]
        request: Json = {"method": "GET", "target": "/Users", "headers": headers}
        return took(1, request=request)

    assert requests(report(result(evidence=(by("A"),)), result(evidence=(by("B"),)))) == 2


def test_the_requests_of_a_scenario_are_counted_per_idp_and_dialect(
    result: Make, report: Make
) -> None:
    def own(n: int, scenario: str | None = "create") -> Json:
        return took(1, target=f"/Users/{n}", scenario=scenario, step="a step")

    found = report(
        result(idp="okta", dialect="oin", evidence=(own(1), own(2), own(3, None))),
        result(Verdict.FAIL, idp="okta", dialect="oin", evidence=(own(4),)),
        result(idp="okta", dialect="aiw", evidence=(own(5, "update"),)),
        result(evidence=(own(6),)),
    )

    first, second = scenarios(found)

    assert (first.idp, first.dialect, first.scenario) == ("okta", "oin", "create")
    assert (first.requests, first.results, first.per_result) == (3, 2, 1.5)
    assert (second.scenario, second.requests) == ("update", 1)


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        (None, True),
        ("http://127.0.0.1:8080/scim", True),
        ("http://localhost/scim", True),
        ("http://[::1]:1/scim", True),
        ("https://scim.example.com/v2", False),
        ("http://[broken", False),
    ],
)
def test_the_page_says_where_the_time_was_taken(
    report: Make, url: str | None, is_local: bool
) -> None:
    first, second = explanation(report(target=Target(url=url)))

    assert ("same machine" in first) is is_local
    assert "nearest rank" in second


def test_the_figures_of_a_real_report_add_up(broken: Report) -> None:
    found = operations(broken)

    assert len(found) > 10
    assert all(0 <= each.p50 <= each.p95 <= each.slowest for each in found)
    assert sum(each.count for each in found) <= requests(broken)
    # Fewer than the exchanges of all results, since cases share some of them.
    shown = sum(len(view.exchanges(each)) for each in broken.results)
    assert shown / 4 < requests(broken) < shown
    # Nothing is counted twice when the same results come twice.
    doubled = replace(broken, results=broken.results * 2)
    assert requests(doubled) == requests(broken)
    assert len(scenarios(broken)) > 60
