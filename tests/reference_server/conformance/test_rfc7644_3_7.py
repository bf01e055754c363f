"""RFC 7644 sections 3.7, 3.7.3 and 3.7.4: bulk requests, their results and their limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
BASE = "http://scim.example.com/scim/v2"

honours = pytest.mark.honours


def post(name: str, /, bulk_id: str | None = None, **attributes: Json) -> dict[str, Any]:
    data = {"schemas": [USER], "userName": name, **attributes}
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id or f"id-{name}", "data": data}


def put(path: str, name: str, /, **attributes: Json) -> dict[str, Any]:
    data = {"schemas": [USER], "userName": name, **attributes}
    return {"method": "PUT", "path": path, "data": data}


def patch(path: str, *operations: Json) -> dict[str, Any]:
    data = {"schemas": [PATCH], "Operations": list(operations)}
    return {"method": "PATCH", "path": path, "data": data}


def delete(path: str) -> dict[str, Any]:
    return {"method": "DELETE", "path": path}


TITLE = {"op": "replace", "path": "title", "value": "x"}
WRONG = {"op": "remove", "path": "userName"}


def bulk(scim: Scim, *operations: Json, **more: Json) -> Reply:
    return scim.post("/Bulk", {"schemas": [REQUEST], "Operations": list(operations), **more})


def results(scim: Scim, *operations: Json, **more: Json) -> list[dict[str, Any]]:
    reply = bulk(scim, *operations, **more)
    assert reply.status == 200, reply.body
    found: list[dict[str, Any]] = reply.body["Operations"]
    return found


def names(scim: Scim) -> set[str]:
    return {each["userName"] for each in scim.get("/Users").body["Resources"]}


@honours("RFC7644-3.7-1")
def test_bulk_is_announced_and_works(scim: Scim) -> None:
    assert scim.get("/ServiceProviderConfig").body["bulk"]["supported"] is True
    assert bulk(scim, post("a")).status == 200
    assert names(scim) == {"a"}


@honours("RFC7644-3.7-2", "RFC7644-3.7-8")
def test_there_are_four_methods(scim: Scim) -> None:
    a, b, c = (scim.user(name) for name in "abc")
    found = results(scim, post("d"), put(a, "e"), patch(b, TITLE), delete(c))
    assert [each["status"] for each in found] == ["201", "200", "200", "204"]
    assert [each["method"] for each in found] == ["POST", "PUT", "PATCH", "DELETE"]
    assert names(scim) == {"b", "d", "e"}
    assert scim.get(b).body["title"] == "x"


@honours("RFC7644-3.7-3")
@pytest.mark.parametrize("schemas", [None, [], [RESPONSE], [USER], REQUEST])
def test_a_request_carries_its_uri(scim: Scim, schemas: Json) -> None:
    reply = bulk(scim, post("a"), schemas=schemas)
    assert reply.fault == (400, "invalidSyntax")
    assert names(scim) == set()


@honours("RFC7644-3.7-4", "RFC7644-3.7-6")
def test_a_response_carries_its_uri_and_no_limit_of_errors(scim: Scim) -> None:
    body = bulk(scim, post("a"), failOnErrors=3).body
    assert body["schemas"] == [RESPONSE]
    assert body.keys() == {"schemas", "Operations"}


@honours("RFC7644-3.7-7")
@pytest.mark.parametrize("operations", [None, [], {}, "x"])
def test_operations_are_required(scim: Scim, operations: Json) -> None:
    body = {"schemas": [REQUEST], "Operations": operations}
    assert scim.post("/Bulk", body).fault == (400, "invalidSyntax")
    del body["Operations"]
    assert scim.post("/Bulk", body).fault == (400, "invalidSyntax")


def without(operation: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in operation.items() if key != name}


FAULTY = [
    ("RFC7644-3.7-8", without(post("b"), "method"), "method"),
    ("RFC7644-3.7-8", {**post("b"), "method": None}, "method"),
    ("RFC7644-3.7-8", {**post("b"), "method": 5}, "method"),
    ("RFC7644-3.7-2", {**delete("/Users/A"), "method": "GET"}, "method"),
    ("RFC7644-3.7-2", {**post("b"), "method": "HEAD"}, "method"),
    ("RFC7644-3.7-9", without(post("b"), "bulkId"), "bulkId"),
    ("RFC7644-3.7-9", {**post("b"), "bulkId": ""}, "bulkId"),
    ("RFC7644-3.7-9", {**post("b"), "bulkId": 5}, "bulkId"),
    ("RFC7644-3.7-12", without(post("b"), "path"), "path"),
    ("RFC7644-3.7-12", without(delete("/Users/A"), "path"), "path"),
    ("RFC7644-3.7-12", {**post("b"), "path": ["/Users"]}, "path"),
    ("RFC7644-3.7-13", {**post("b"), "path": "/Users/A"}, "path"),
    ("RFC7644-3.7-13", delete("/Users"), "path"),
    ("RFC7644-3.7-13", put("/Users/", "b"), "path"),
    ("RFC7644-3.7-13", patch("/Users", TITLE), "path"),
    ("RFC7644-3.7-13", {**post("b"), "path": "/Bulk"}, "path"),
    ("RFC7644-3.7-13", {**post("b"), "path": "/Users/.search"}, "path"),
    ("RFC7644-3.7-13", {**post("b"), "path": "Users"}, "path"),
    ("RFC7644-3.7-14", without(post("b"), "data"), "data"),
    ("RFC7644-3.7-14", without(put("/Users/A", "b"), "data"), "data"),
    ("RFC7644-3.7-14", without(patch("/Users/A", TITLE), "data"), "data"),
    ("RFC7644-3.7-14", {**post("b"), "data": "x"}, "data"),
]


@pytest.mark.parametrize(
    ("operation", "part"), [pytest.param(*each[1:], marks=honours(each[0])) for each in FAULTY]
)
def test_a_faulty_operation_fails_alone(scim: Scim, operation: dict[str, Any], part: str) -> None:
    path = scim.user("a")
    if operation.get("path") == "/Users/A" and operation["method"] != "POST":
        operation = {**operation, "path": path}
    before = scim.get(path).body
    first, found, last = results(scim, post("y"), operation, post("z"))
    assert (first["status"], found["status"], last["status"]) == ("201", "400", "201")
    assert found["response"]["schemas"] == [ERROR]
    assert f"Operations[1].{part}" in found["response"]["detail"]
    assert scim.get(path).body == before
    assert names(scim) == {"a", "y", "z"}


@honours("RFC7644-3.7-10")
def test_a_bulk_id_is_unique(scim: Scim) -> None:
    reply = bulk(scim, post("a", "same"), post("b", "same"))
    assert reply.fault == (400, "invalidValue")
    assert "Operations[1].bulkId" in reply.body["detail"]
    assert names(scim) == set()


@honours("RFC7644-3.7-15", "RFC7644-3.7.3-2")
def test_all_but_a_failed_post_have_a_location(scim: Scim) -> None:
    a, b = scim.user("a"), scim.user("b")
    good = results(scim, post("c"), put(a, "a"), patch(a, TITLE), delete(b))
    assert (
        scim.get("/Users", filter='userName eq "c"').body["Resources"][0]["meta"]["location"]
        == (good[0]["location"])
    )
    assert [each["location"] for each in good[1:]] == [BASE + a, BASE + a, BASE + b]
    bad = results(scim, post("a"), put(a, ""), patch(a, WRONG), delete(b))
    assert "location" not in bad[0]
    assert [each["location"] for each in bad[1:]] == [BASE + a, BASE + a, BASE + b]


@honours("RFC7644-3.7-16", "RFC7644-3.7-19", "RFC7644-3.7.3-4")
def test_what_failed_says_why(scim: Scim) -> None:
    a = scim.user("a")
    found = results(scim, post("A"), put(a, ""), patch(a, WRONG), delete("/Users/nobody"))
    faults = [("409", "uniqueness"), ("400", "invalidValue"), ("400", "mutability"), ("404", None)]
    for each, (status, scim_type) in zip(found, faults, strict=True):
        error = each["response"]
        assert (each["status"], error["status"]) == (status, status)
        assert error["schemas"] == [ERROR]
        assert error.get("scimType") == scim_type
        assert error["detail"]


@honours("RFC7644-3.7-17")
def test_what_succeeded_says_no_more_than_it_has_to(scim: Scim) -> None:
    a = scim.user("a")
    found = results(scim, post("b"), put(a, "c"), patch(a, TITLE), delete(a))
    assert not any("response" in each for each in found)


@honours("RFC7644-3.7-18", "RFC7644-3.7.3-3")
def test_the_status_is_that_of_the_single_request(scim: Scim) -> None:
    a, g = scim.user("a"), scim.group("g")
    stale = {"headers": {"If-Match": 'W/"0"'}}
    name = {"op": "replace", "path": "displayName", "value": "h"}
    cases: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (post("b"), {}),
        (post("b"), {}),
        (post("c", title=5), {}),
        (put(a, "a"), {}),
        (put("/Users/nobody", "x"), {}),
        ({**put(a, "a"), "version": 'W/"0"'}, stale),
        (patch(a, TITLE), {}),
        (patch(a, WRONG), {}),
        ({**patch(a, TITLE), "version": 'W/"0"'}, stale),
        (patch(g, name), {}),
        ({**delete(a), "version": 'W/"0"'}, stale),
        (delete(a), {}),
        (delete(a), {}),
        ({**post("x"), "path": "/Nothing"}, {}),
        (delete("/ServiceProviderConfig/x"), {}),
    ]
    operations = [{**each, "bulkId": str(n)} for n, (each, _) in enumerate(cases)]
    together = [each["status"] for each in results(scim, *operations)]
    for path in [f"/Users/{each['id']}" for each in scim.get("/Users").body["Resources"]]:
        scim.delete(path)
    # The same once more, one by one, on users and a group as they were.
    b, h = scim.user("a"), scim.group("g")
    alone = []
    for each, more in cases:
        path = {a: b, g: h}.get(each["path"], each["path"])
        alone.append(str(scim.call(each["method"], path, each.get("data"), **more).status))
    assert together == alone
    assert together[:7] == ["201", "409", "400", "200", "404", "412", "200"]
    assert together[7:] == ["400", "412", "204", "412", "204", "404", "404", "404"]


@honours("RFC7644-3.7-11")
def test_the_version_of_an_operation_is_a_condition(scim: Scim) -> None:
    a, b, c = (scim.user(name) for name in "abc")
    stale = 'W/"0"'
    job = [put(a, "a", title="x"), patch(b, TITLE), delete(c)]
    found = results(scim, *({**each, "version": stale} for each in job))
    assert [each["status"] for each in found] == ["412"] * 3
    assert not any("title" in each for each in scim.get("/Users").body["Resources"])
    current = [scim.get(each).body["meta"]["version"] for each in (a, b, c)]
    found = results(scim, *({**job[n], "version": current[n]} for n in range(3)))
    assert [each["status"] for each in found] == ["200", "200", "204"]


@honours("RFC7644-3.7-18")
def test_the_version_is_the_new_one(scim: Scim) -> None:
    a, b = scim.user("a"), scim.user("b")
    old = scim.get(a).body["meta"]["version"]
    changed = {**put(a, "a", title="y"), "version": old}
    created, put_, patched, deleted = results(
        scim, post("c"), changed, patch(b, TITLE), {**delete(scim.user("d")), "version": "*"}
    )
    assert put_["version"] == scim.get(a).body["meta"]["version"] != old
    assert patched["version"] == scim.get(b).body["meta"]["version"]
    path = created["location"].removeprefix(BASE)
    assert created["version"] == scim.get(path).body["meta"]["version"]
    assert (deleted["status"], "version" in deleted) == ("204", False)


@honours("RFC7644-3.7-20")
def test_a_processed_job_is_200_and_another_an_error(scim: Scim) -> None:
    assert bulk(scim, post("a")).status == 200
    assert bulk(scim, post("a"), post("b")).status == 200
    assert bulk(scim, post("a"), post("b", "other")).status == 200
    for body in (b"", b"{", b"[]", json.dumps({"schemas": [REQUEST]}).encode()):
        reply = scim.post("/Bulk", body)
        assert (reply.status, reply.body["schemas"]) == (400, [ERROR])
    assert scim.get("/Bulk").status == 405


@honours("RFC7644-3.7-21", "RFC7644-3.7.3-1", "RFC7644-3.7.3-7")
def test_errors_do_not_stop_the_others(scim: Scim) -> None:
    found = results(scim, post("a"), delete("/Users/nobody"), post("A"), post("b"), 5)
    assert [each["status"] for each in found] == ["201", "404", "409", "201", "400"]
    assert names(scim) == {"a", "b"}
    found = results(scim, post("a"), delete("/Users/nobody"), put("/Users/x", "x"), failOnErrors=9)
    assert [each["status"] for each in found] == ["409", "404", "404"]


@honours("RFC7644-3.7-23")
@pytest.mark.parametrize(("limit", "done"), [(1, 2), (2, 4), (3, 6), (4, 7), (99, 7)])
def test_so_many_errors_stop_the_job(scim: Scim, limit: int, done: int) -> None:
    lost = delete("/Users/nobody")
    job = [post("a"), lost, post("b"), lost, post("c"), lost, post("d")]
    found = results(scim, *job, failOnErrors=limit)
    assert [each["status"] for each in found] == ["201", "404", "201", "404", "201", "404", "201"][
        :done
    ]
    assert names(scim) == set("abcd"[: (done + 1) // 2])


@honours("RFC7644-3.7-23")
@pytest.mark.parametrize("limit", ["1", 1.5, True, -1, []])
def test_the_number_of_errors_is_a_whole_number(scim: Scim, limit: Json) -> None:
    assert bulk(scim, post("a"), failOnErrors=limit).fault == (400, "invalidValue")
    assert names(scim) == set()


@honours("RFC7644-3.7-25")
def test_the_bulk_id_comes_back_with_the_new_resource(scim: Scim) -> None:
    found = results(scim, post("a", "qwerty"), post("b", "y: \u00fc/"), post("a", "again"))
    assert [each["bulkId"] for each in found] == ["qwerty", "y: \u00fc/", "again"]
    assert scim.get(found[1]["location"].removeprefix(BASE)).body["userName"] == "b"


@honours("RFC7644-3.7.3-5")
def test_the_example_of_a_whole_job(scim: Scim) -> None:
    bob, dave, gone = (scim.user(name, nickName="x") for name in ("bob", "dan", "gone"))
    versions = [scim.get(each).body["meta"]["version"] for each in (bob, dave, gone)]
    changes = [{"op": "remove", "path": "nickName"}, {"op": "add", "path": "userName"}]
    changes[1]["value"] = "Dave"
    found = results(
        scim,
        post("Alice", "qwerty"),
        {**put(bob, "Bob", id=bob[7:]), "version": versions[0]},
        {**patch(dave, *changes), "version": versions[1]},
        {**delete(gone), "version": versions[2]},
        failOnErrors=1,
    )
    assert [each["status"] for each in found] == ["201", "200", "200", "204"]
    assert names(scim) == {"Alice", "Bob", "Dave"}
    assert "nickName" not in scim.get(dave).body


@honours("RFC7644-3.7.3-6")
def test_the_example_of_a_job_that_stops_at_once(scim: Scim) -> None:
    bob = scim.user("bob")
    before = scim.get(bob).body
    wrong = {**post("Alice", "qwerty"), "data": {"schemas": [USER]}}
    [found] = results(scim, wrong, put(bob, "Bob"), delete(bob), failOnErrors=1)
    assert (found["method"], found["bulkId"], found["status"]) == ("POST", "qwerty", "400")
    assert scim.get(bob).body == before


@honours("RFC7644-3.7.4-1")
def test_the_limits_are_announced(scim: Scim) -> None:
    limits = scim.get("/ServiceProviderConfig").body["bulk"]
    assert limits["maxOperations"] > 0
    assert limits["maxPayloadSize"] > 0


@honours("RFC7644-3.7.4-3", "RFC7644-3.7.4-5")
def test_too_many_operations_are_refused(scim: Scim) -> None:
    most = scim.get("/ServiceProviderConfig").body["bulk"]["maxOperations"]
    reply = bulk(scim, post("a"), *([delete("/Users/x")] * most))
    assert (reply.status, reply.body["status"]) == (413, "413")
    assert f"maxOperations is {most}" in reply.body["detail"]
    assert names(scim) == set()
    assert len(results(scim, post("a"), *([delete("/Users/x")] * (most - 1)))) == most


@honours("RFC7644-3.7.4-4", "RFC7644-3.7.4-5")
def test_too_large_a_payload_is_refused(scim: Scim) -> None:
    most = scim.get("/ServiceProviderConfig").body["bulk"]["maxPayloadSize"]
    body = json.dumps({"schemas": [REQUEST], "Operations": [post("a")]}).encode()
    reply = scim.post("/Bulk", body.ljust(most + 1))
    assert (reply.status, reply.body["status"]) == (413, "413")
    assert f"maxPayloadSize ({most})" in reply.body["detail"]
    assert names(scim) == set()
    assert scim.post("/Bulk", body.ljust(most)).status == 200
