from __future__ import annotations

from collections.abc import Callable

import pytest

from reports import Json
from reports import Report
from reports import Result
from reports.vendors.observed import Observed
from reports.vendors.observed import Sightings
from reports.vendors.observed import observed

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]


def sent(method: str, target: str, body: Json = None, status: int = 200, came: Json = None) -> Json:
    return {
        "scenario": "a-sequence",
        "request": {"method": method, "target": target, "headers": [], "body": body},
        "response": {"status": status, "headers": [], "body": came},
    }


def with_story(result: MakeResult, report: MakeReport, *story: Json) -> Observed:
    return observed(report(result(idp="okta", scenario="x", evidence=story)))


def counted(seen: Sightings) -> tuple[int, int]:
    return seen.holds, seen.fails


@pytest.mark.parametrize(
    "change",
    [
        sent("PUT", "/Users/1", {"userName": "ann", "active": False}, 200),
        sent(
            "PATCH",
            "/Users/1",
            {"Operations": [{"op": "Replace", "path": "active", "value": "False"}]},
        ),
        sent(
            "PATCH",
            "/Users/1",
            {"Operations": [{"op": "replace", "value": {"active": False}}]},
            204,
        ),
    ],
)
@pytest.mark.parametrize("listed", [True, False])
def test_every_way_to_set_somebody_inactive_counts(
    result: MakeResult, report: MakeReport, change: Json, listed: bool
) -> None:
    gone: Json = {"id": "1", "active": False}
    other: Json = {"id": "2", "active": True}
    look = (
        sent("GET", "/Users?filter=x", None, 200, {"Resources": [other, gone]})
        if listed
        else sent("GET", "/Users/1", None, 200, gone)
    )
    found = with_story(result, report, change, look)
    assert counted(found.inactive) == (1, 0)
    assert list(found.inactive.by) == ["OKTA-PUSH-2"]


def test_nothing_is_said_of_a_leaver_at_whom_nobody_looks(
    result: MakeResult, report: MakeReport
) -> None:
    off = sent("PUT", "/Users/1", {"active": False}, 200)
    on = sent("PUT", "/Users/1", {"active": True}, 200)
    look = sent("GET", "/Users/1", None, 200, {"id": "1", "active": True})
    found = with_story(result, report, off, on, look)
    assert counted(found.inactive) == (0, 0)
    refused = sent("PUT", "/Users/1", {"active": False}, 400)
    found = with_story(result, report, refused, look)
    assert counted(found.inactive) == (0, 0)


@pytest.mark.parametrize(
    ("operation", "there", "gone"),
    [
        ({"op": "remove", "path": 'members[value eq "7"]'}, ["8"], True),
        ({"op": "Remove", "path": "members", "value": [{"value": "7"}]}, ["8"], True),
        ({"op": "remove", "path": 'members[value eq "7"]'}, ["7", "8"], False),
    ],
)
def test_a_member_who_was_removed_is_gone_or_not(
    result: MakeResult, report: MakeReport, operation: Json, there: list[str], gone: bool
) -> None:
    members: Json = [{"value": each} for each in there]
    found = with_story(
        result,
        report,
        sent("PATCH", "/Groups/3", {"Operations": [operation]}, 204),
        sent("GET", "/Groups/3", None, 200, {"id": "3", "members": members}),
    )
    assert counted(found.membership) == ((1, 0) if gone else (0, 1))


@pytest.mark.parametrize(("status", "gone"), [(404, True), (410, True), (200, False)])
def test_a_deleted_account_is_gone_or_not(
    result: MakeResult, report: MakeReport, status: int, gone: bool
) -> None:
    story = (sent("DELETE", "/Users/1", None, 204), sent("GET", "/Users/1", None, status, {}))
    found = with_story(result, report, *story)
    assert counted(found.deleted) == ((1, 0) if gone else (0, 1))


def test_an_attribute_of_a_patch_is_looked_for_in_the_next_read(
    result: MakeResult, report: MakeReport
) -> None:
    change: Json = {
        "Operations": [
            {"op": "replace", "path": "title", "value": "Boss"},
            {"op": "add", "value": {"nickName": "Bee"}},
            {"op": "remove", "path": "locale"},
            {"op": "add", "path": 'emails[type eq "work"].value', "value": "x"},
        ]
    }
    found = with_story(
        result,
        report,
        sent("PATCH", "/Users/1", change, 204),
        sent("GET", "/Users/1?attributes=title", None, 200, {"id": "1", "title": "Boss"}),
    )
    assert found.attributes == {}
    found = with_story(
        result,
        report,
        sent("PATCH", "/Users/1", change, 204),
        sent("GET", "/Users/1", None, 200, {"id": "1", "title": "boss"}),
    )
    assert {path: counted(seen) for (_, path), seen in found.attributes.items()} == {
        "title": (1, 0),
        "nickName": (0, 1),
    }


@pytest.mark.parametrize(
    "exchange",
    [
        {"request": None, "response": None},
        {"request": {"target": 7, "method": None}, "response": {"status": "200"}},
        sent("PATCH", "/Users/1", "no JSON", 200, ["no", "object"]),
        sent("POST", "/Users", {"a": {"b": {"c": {"d": {"e": 1}}}}}, 201, {"id": 7}),
        sent("PATCH", "/Groups/1", {"Operations": [7, {"op": 7, "path": 7}, {}]}, 204),
        sent("GET", "/Users", None, 200, {"Resources": [7, None, {"id": None}]}),
    ],
)
def test_replies_of_any_shape_are_walked_without_an_error(
    result: MakeResult, report: MakeReport, exchange: Json
) -> None:
    write = sent("PUT", "/Users/1", {"active": False}, 200)
    found = with_story(result, report, write, exchange, write, exchange)
    assert counted(found.inactive) == (0, 0)


def test_on_a_server_with_one_such_fault_only_that_one_is_seen(broken: Report) -> None:
    found = observed(broken)
    assert found.inactive.fails > 10
    assert {"ENTRA-DISABLE-1", "ENTRA-GAL-3"} < set(found.inactive.against)
    assert not any(each.startswith("OKTA-DEACT") for each in found.inactive.against)
    assert counted(found.deleted) == (15, 0)
    assert counted(found.membership) == (64, 0)
