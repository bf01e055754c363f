"""RFC 7644 sections 3.7, 3.7.1 and 3.7.2: references between the operations of a bulk request."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BASE = "http://scim.example.com/scim/v2"

honours = pytest.mark.honours


def user(name: str, manager: str | None = None) -> dict[str, Any]:
    data: dict[str, Any] = {"schemas": [USER], "userName": name}
    if manager is not None:
        data[ENTERPRISE] = {"employeeNumber": "11250", "manager": {"value": f"bulkId:{manager}"}}
    return {"method": "POST", "path": "/Users", "bulkId": name, "data": data}


def group(name: str, *members: str) -> dict[str, Any]:
    values = [{"value": f"bulkId:{each}"} for each in members]
    data = {"schemas": [GROUP], "displayName": name, "members": values}
    return {"method": "POST", "path": "/Groups", "bulkId": name, "data": data}


def results(scim: Scim, *operations: Json, **more: Json) -> list[dict[str, Any]]:
    body = {"schemas": [REQUEST], "Operations": list(operations), **more}
    reply = scim.post("/Bulk", body)
    assert reply.status == 200, reply.body
    found: list[dict[str, Any]] = reply.body["Operations"]
    return found


def path(result: dict[str, Any]) -> str:
    assert result["status"] == "201", result
    return str(result["location"]).removeprefix(BASE)


@honours("RFC7644-3.7.2-2")
def test_a_reference_becomes_the_id_of_the_new_resource(scim: Scim) -> None:
    alice, guides = results(scim, user("Alice"), group("Tour Guides", "Alice"))
    assert scim.members(path(guides)) == [path(alice)]
    shown = scim.get(path(guides))
    assert b"bulkId:" not in shown.response.body
    assert shown.body["meta"]["version"] == guides["version"]
    assert scim.get(path(alice)).body["groups"][0]["display"] == "Tour Guides"


@honours("RFC7644-3.7.2-2")
def test_a_reference_in_a_path_and_in_other_methods_becomes_the_id_too(scim: Scim) -> None:
    existing = scim.group("existing")
    add = {"op": "add", "path": "members", "value": [{"value": "bulkId:a"}]}
    message = {"schemas": [PATCH], "Operations": [add]}
    name = {"op": "replace", "path": "displayName", "value": "A"}
    found = results(
        scim,
        user("a"),
        user("b"),
        {"method": "PATCH", "path": existing, "data": message},
        {
            "method": "PATCH",
            "path": "/Users/bulkId:a",
            "data": {"schemas": [PATCH], "Operations": [name]},
        },
        {"method": "DELETE", "path": "/Users/bulkId:b"},
    )
    assert [each["status"] for each in found] == ["201", "201", "204", "200", "204"]
    assert scim.members(existing) == [path(found[0])]
    assert scim.get(path(found[0])).body["displayName"] == "A"
    assert found[3]["location"] == found[0]["location"]
    assert scim.get(path(found[1])).status == 404


@honours("RFC7644-3.7.2-4")
def test_a_reference_in_an_extension_becomes_the_id_too(scim: Scim) -> None:
    alice, bob = results(scim, user("Alice"), user("Bob", "Alice"))
    manager = scim.get(path(bob)).body[ENTERPRISE]["manager"]
    assert manager["value"] == path(alice)[7:]
    assert scim.get(path(bob)).body[ENTERPRISE]["employeeNumber"] == "11250"


@honours("RFC7644-3.7.2-5")
@pytest.mark.parametrize(
    "operation",
    [
        group("g", "none"),
        user("b", "none"),
        {"method": "DELETE", "path": "/Users/bulkId:none"},
    ],
)
def test_a_reference_to_nothing_fails_its_operation(scim: Scim, operation: Json) -> None:
    first, found = results(scim, user("a"), operation)
    assert (first["status"], found["status"]) == ("201", "400")
    assert "'none'" in found["response"]["detail"]
    assert "Operations[1]" in found["response"]["detail"]
    assert scim.get("/Users").body["totalResults"] == 1
    assert scim.get("/Groups").body["totalResults"] == 0


@honours("RFC7644-3.7.2-5")
def test_what_refers_to_a_failed_creation_fails_as_well(scim: Scim) -> None:
    scim.user("taken")
    found = results(scim, user("taken"), group("g", "taken"), user("b"))
    assert [each["status"] for each in found] == ["409", "409", "201"]
    assert "Operations[0]" in found[1]["response"]["detail"]
    assert scim.get("/Groups").body["totalResults"] == 0


@honours("RFC7644-3.7-27")
def test_the_order_of_operations_does_not_change_what_comes_of_them(scim: Scim) -> None:
    guides, alice, boss, report = results(
        scim, group("g", "alice", "report"), user("alice"), user("boss"), user("report", "boss")
    )
    assert sorted(scim.members(path(guides))) == sorted([path(alice), path(report)])
    assert scim.get(path(report)).body[ENTERPRISE]["manager"]["value"] == path(boss)[7:]
    # What does not refer to anything keeps its place: the later of two writes wins.
    title = {"schemas": [PATCH], "Operations": [{"op": "add", "path": "title", "value": "1"}]}
    again = {"schemas": [PATCH], "Operations": [{"op": "add", "path": "title", "value": "2"}]}
    target = path(alice)
    results(
        scim,
        {"method": "PATCH", "path": target, "data": title},
        {"method": "PATCH", "path": target, "data": again},
    )
    assert scim.get(target).body["title"] == "2"


@honours("RFC7644-3.7-27")
def test_a_name_can_be_freed_and_taken_in_one_job(scim: Scim) -> None:
    old = scim.user("name")
    found = results(scim, {"method": "DELETE", "path": old}, user("name"))
    assert [each["status"] for each in found] == ["204", "201"]
    taken = results(scim, user("name"), {"method": "DELETE", "path": path(found[1])})
    assert [each["status"] for each in taken] == ["409", "204"]


@honours("RFC7644-3.7.1-1")
def test_a_circle_of_references_is_resolved(scim: Scim) -> None:
    first, second = results(scim, group("qwerty", "ytrewq"), group("ytrewq", "qwerty"))
    assert scim.members(path(first)) == [path(second)]
    assert scim.members(path(second)) == [path(first)]
    for each in (first, second):
        assert scim.get(path(each)).body["meta"]["version"] == each["version"]


@honours("RFC7644-3.7.1-1")
def test_larger_circles_are_resolved_too(scim: Scim) -> None:
    found = results(
        scim,
        group("a", "b", "boss"),
        group("b", "c"),
        group("c", "a", "c"),
        user("boss", "report"),
        user("report", "boss"),
        group("outside", "a"),
    )
    a, b, c, boss, report, outside = (path(each) for each in found)
    assert sorted(scim.members(a)) == sorted([b, boss])
    assert scim.members(b) == [c]
    assert sorted(scim.members(c)) == sorted([a, c])
    assert scim.members(outside) == [a]
    assert scim.get(boss).body[ENTERPRISE]["manager"]["value"] == report[7:]
    assert scim.get(report).body[ENTERPRISE]["manager"]["value"] == boss[7:]


@honours("RFC7644-3.7.1-2")
def test_a_circle_that_cannot_be_resolved_is_a_conflict(scim: Scim) -> None:
    scim.user("taken")
    wrong = user("taken", "boss")
    boss, taken, other = results(scim, user("boss", "taken"), wrong, user("other"))
    assert (boss["status"], taken["status"], other["status"]) == ("409", "409", "201")
    assert "circle" in boss["response"]["detail"]
    assert taken["response"]["scimType"] == "uniqueness"
    assert scim.get("/Users", filter='userName eq "boss"').body["totalResults"] == 0
