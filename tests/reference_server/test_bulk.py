"""Bulk requests: RFC 7644 section 3.7."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from reference_server import Credential
from reference_server import RateLimit
from reference_server import Request
from reference_server import create_app
from reference_server.bulk_messages import MAX_OPERATIONS
from reference_server.bulk_messages import MAX_PAYLOAD
from reference_server.bulk_messages import BulkOperation
from reference_server.bulk_plan import plan
from reference_server.messages import joined

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
BASE = "http://scim.example.com/scim/v2"


def bulk(scim: Scim, *operations: Json, **more: Json) -> Reply:
    return scim.post("/Bulk", {"schemas": [REQUEST], "Operations": list(operations), **more})


def post(endpoint: str, bulk_id: str | None, **data: Json) -> Json:
    operation = {"method": "POST", "path": endpoint, "data": data}
    return operation if bulk_id is None else {**operation, "bulkId": bulk_id}


def user(name: str, bulk_id: str | None = "u", **more: Json) -> Json:
    return post("/Users", bulk_id, schemas=[USER], userName=name, **more)


def group(name: str, bulk_id: str, *members: str) -> Json:
    values = [{"value": each} for each in members]
    return post("/Groups", bulk_id, schemas=[GROUP], displayName=name, members=values)


def managed(name: str, bulk_id: str, manager: str) -> Json:
    return user(name, bulk_id, **{ENTERPRISE: {"manager": {"value": manager}}})


def patch(path: str, *operations: Json) -> Json:
    data = {"schemas": [PATCH], "Operations": list(operations)}
    return {"method": "PATCH", "path": path, "data": data}


def statuses(reply: Reply) -> list[str]:
    assert (reply.status, reply.body["schemas"]) == (200, [RESPONSE])
    return [each["status"] for each in reply.body["Operations"]]


def path_of(result: Json) -> str:
    return str(result["location"]).removeprefix(BASE)


def test_the_four_methods_do_what_single_requests_do(scim: Scim) -> None:
    changed, patched, gone = scim.user("a"), scim.user("b"), scim.user("c")
    reply = bulk(
        scim,
        user("new", "qwerty"),
        {
            "method": "PUT",
            "path": changed,
            "data": {"schemas": [USER], "userName": "a", "title": "x"},
        },
        patch(patched, {"op": "add", "path": "title", "value": "y"}),
        {"method": "DELETE", "path": gone},
    )
    assert statuses(reply) == ["201", "200", "200", "204"]
    created = reply.body["Operations"][0]
    assert (created["method"], created["bulkId"]) == ("POST", "qwerty")
    assert scim.get(path_of(created)).body["userName"] == "new"
    assert [path_of(each) for each in reply.body["Operations"][1:]] == [changed, patched, gone]
    assert (scim.get(changed).body["title"], scim.get(patched).body["title"]) == ("x", "y")
    assert scim.get(gone).status == 404


def test_results_carry_the_version_and_no_body_of_what_went_well(scim: Scim) -> None:
    path = scim.user("a")
    reply = bulk(scim, user("b"), patch(path, {"op": "add", "path": "title", "value": "x"}))
    for result in reply.body["Operations"]:
        assert result["version"] == scim.get(path_of(result)).body["meta"]["version"]
        assert "response" not in result
    assert "failOnErrors" not in reply.body


def test_a_failure_has_the_error_of_the_single_request_and_stops_nobody(scim: Scim) -> None:
    scim.user("taken")
    reply = bulk(
        scim, user("taken", "1"), {"method": "DELETE", "path": "/Users/nobody"}, user("free", "2")
    )
    assert statuses(reply) == ["409", "404", "201"]
    refused, missing, _ = reply.body["Operations"]
    assert (refused["response"]["schemas"], refused["response"]["scimType"]) == (
        [ERROR],
        "uniqueness",
    )
    assert refused["response"]["status"] == "409"
    assert "taken" in refused["response"]["detail"]
    assert "location" not in refused
    assert missing["location"] == f"{BASE}/Users/nobody"
    assert scim.get("/Users").body["totalResults"] == 2


def test_an_operation_that_is_none_has_no_location(scim: Scim) -> None:
    (result,) = bulk(scim, "DELETE /Users/1").body["Operations"]
    assert (result["status"], "location" in result) == ("400", False)


@pytest.mark.parametrize(("limit", "done"), [(None, 5), (3, 5), (2, 3), (1, 2), (0, 2), (10, 5)])
def test_the_job_ends_at_the_given_number_of_errors(
    scim: Scim, limit: int | None, done: int
) -> None:
    wrong = {"method": "DELETE", "path": "/Users/nobody"}
    reply = bulk(
        scim, user("a", "1"), wrong, wrong, user("b", "2"), user("c", "3"), failOnErrors=limit
    )
    assert len(statuses(reply)) == done
    assert scim.get("/Users").body["totalResults"] == {5: 3, 3: 1, 2: 1}[done]


@pytest.mark.parametrize("order", [1, -1], ids=["backward", "forward"])
def test_a_reference_finds_its_resource_in_either_order(scim: Scim, order: int) -> None:
    operations = [user("alice", "a"), group("Guides", "g", "bulkId:a")]
    reply = bulk(scim, *operations[::order])
    assert statuses(reply) == ["201", "201"]
    person, guides = (path_of(each) for each in reply.body["Operations"][::order])
    assert scim.members(guides) == [person]


def test_results_stay_in_the_order_of_the_request(scim: Scim) -> None:
    reply = bulk(scim, group("g", "3", "bulkId:1", "bulkId:2"), user("a", "1"), user("b", "2"))
    assert [each["bulkId"] for each in reply.body["Operations"]] == ["3", "1", "2"]


def test_references_work_in_extensions(scim: Scim) -> None:
    reply = bulk(scim, managed("bob", "b", "bulkId:a"), user("alice", "a"))
    bob, alice = (path_of(each) for each in reply.body["Operations"])
    manager = scim.get(bob).body[ENTERPRISE]["manager"]
    assert f"/Users/{manager['value']}" == alice


def test_references_work_in_paths_and_in_patch_values_and_filters(scim: Scim) -> None:
    reply = bulk(
        scim,
        patch(
            "/Groups/bulkId:g",
            {"op": "add", "path": "members", "value": [{"value": "bulkId:b"}]},
            {"op": "remove", "path": 'members[value eq "bulkId:a"]'},
        ),
        group("Guides", "g", "bulkId:a"),
        user("a", "a"),
        user("b", "b"),
        patch("/Users/bulkId:a", {"op": "add", "path": "title", "value": "x"}),
        {"method": "DELETE", "path": "/Users/bulkId:c"},
        user("c", "c"),
    )
    assert statuses(reply) == ["204", "201", "201", "201", "200", "204", "201"]
    changed, guides, a, b, *_ = (path_of(each) for each in reply.body["Operations"])
    assert changed == guides
    assert scim.members(guides) == [b]
    assert scim.get(a).body["title"] == "x"
    assert scim.get("/Users").body["totalResults"] == 2


def test_a_reference_at_the_end_of_an_address_is_resolved(scim: Scim) -> None:
    manager = {"value": "bulkId:a", "$ref": "../Users/bulkId:a"}
    reply = bulk(scim, user("a", "a"), user("b", "b", **{ENTERPRISE: {"manager": manager}}))
    a, b = (path_of(each) for each in reply.body["Operations"])
    assert scim.get(b).body[ENTERPRISE]["manager"]["$ref"] == f"{BASE}{a}"


def test_operations_on_one_resource_keep_their_order(scim: Scim) -> None:
    path = scim.group("g")
    reply = bulk(
        scim,
        patch(path, {"op": "add", "path": "members", "value": [{"value": "bulkId:a"}]}),
        {"method": "DELETE", "path": path},
        user("a", "a"),
    )
    assert statuses(reply) == ["204", "204", "201"]


def test_a_name_may_be_freed_before_it_is_taken_again(scim: Scim) -> None:
    path = scim.user("bob")
    guides = scim.group("g")
    member = {"op": "add", "path": "members", "value": [{"value": "bulkId:new"}]}
    reply = bulk(
        scim, patch(guides, member), {"method": "DELETE", "path": path}, user("bob", "new")
    )
    assert statuses(reply) == ["204", "204", "201"]


def test_a_circle_of_groups_is_closed(scim: Scim) -> None:
    reply = bulk(
        scim,
        group("A", "a", "bulkId:c"),
        user("u", "u"),
        group("B", "b", "bulkId:a", "bulkId:u"),
        group("C", "c", "bulkId:b"),
        patch("/Groups/bulkId:b", {"op": "add", "path": "externalId", "value": "x"}),
    )
    assert statuses(reply) == ["201", "201", "201", "201", "204"]
    a, person, b, c, _ = (path_of(each) for each in reply.body["Operations"])
    assert [scim.members(each) for each in (a, c)] == [[c], [b]]
    assert sorted(scim.members(b)) == sorted([a, person])
    assert scim.get(b).body["externalId"] == "x"


def test_a_resource_may_refer_to_itself(scim: Scim) -> None:
    reply = bulk(scim, managed("boss", "b", "bulkId:b"))
    result = reply.body["Operations"][0]
    shown = scim.get(path_of(result)).body
    assert (statuses(reply), shown[ENTERPRISE]["manager"]["value"]) == (["201"], shown["id"])
    assert result["version"] == shown["meta"]["version"]


def test_a_circle_that_breaks_leaves_nothing_behind(scim: Scim) -> None:
    scim.user("taken")
    reply = bulk(
        scim,
        managed("a", "a", "bulkId:b"),
        managed("taken", "b", "bulkId:a"),
        group("g", "g", "bulkId:a"),
        user("free", "f"),
    )
    assert statuses(reply) == ["409", "409", "409", "201"]
    circle, culprit, outside, _ = reply.body["Operations"]
    assert culprit["response"]["scimType"] == "uniqueness"
    assert "Operations[1]" in circle["response"]["detail"]
    assert "bulkId 'a'" in outside["response"]["detail"]
    names = [each["userName"] for each in scim.get("/Users").body["Resources"]]
    assert names == ["taken", "free"]
    assert scim.get("/Groups").body["totalResults"] == 0


def test_what_depends_on_a_failure_fails_and_says_why(scim: Scim) -> None:
    scim.user("taken")
    reply = bulk(
        scim,
        user("taken", "t"),
        group("g", "g", "bulkId:t"),
        patch("/Groups/bulkId:g", {"op": "add", "path": "externalId", "value": "x"}),
    )
    assert statuses(reply) == ["409", "409", "409"]
    _, second, third = (each["response"]["detail"] for each in reply.body["Operations"])
    assert "Operations[1].data.members[0].value" in second
    assert "Operations[0] failed" in second
    assert "Operations[2].path" in third
    assert scim.get("/Groups").body["totalResults"] == 0


def test_a_reference_to_nothing_is_refused(scim: Scim) -> None:
    reply = bulk(
        scim, group("g", "g", "bulkId:nobody"), {"method": "DELETE", "path": "/Users/bulkId:x"}
    )
    assert statuses(reply) == ["400", "400"]
    first, second = (each["response"] for each in reply.body["Operations"])
    assert (first["scimType"], second["scimType"]) == ("invalidValue", "invalidValue")
    assert "data.members[0].value" in first["detail"]
    assert "'nobody'" in first["detail"]


def test_a_version_makes_an_operation_conditional(scim: Scim) -> None:
    path = scim.user("a")
    version = scim.get(path).body["meta"]["version"]
    title = {"op": "replace", "path": "title", "value": "x"}
    stale = {**patch(path, {**title, "value": "y"}), "version": 'W/"0"'}
    reply = bulk(scim, {**patch(path, title), "version": version}, stale)
    assert statuses(reply) == ["200", "412"]
    assert scim.get(path).body["title"] == "x"


def test_conditions_of_the_whole_request_are_not_those_of_an_operation(scim: Scim) -> None:
    path = scim.user("a")
    body = {"schemas": [REQUEST], "Operations": [{"method": "DELETE", "path": path}]}
    reply = scim.call("POST", "/Bulk", body, headers={"If-Match": '"stale"', "If-None-Match": "*"})
    assert statuses(reply) == ["204"]


@pytest.mark.parametrize(
    ("operation", "scim_type", "where"),
    [
        pytest.param(7, "invalidSyntax", "Operations[0]:", id="no-object"),
        pytest.param({"path": "/Users/1"}, "invalidSyntax", ".method", id="no-method"),
        pytest.param({"method": "GET", "path": "/Users"}, "invalidSyntax", ".method", id="get"),
        pytest.param({"method": "post", "path": "/Users"}, "invalidSyntax", ".method", id="case"),
        pytest.param(user("a", None), "invalidValue", ".bulkId", id="post-without-bulkId"),
        pytest.param(user("a", ""), "invalidValue", ".bulkId", id="empty-bulkId"),
        pytest.param({"method": "DELETE"}, "invalidValue", ".path", id="no-path"),
        pytest.param({"method": "DELETE", "path": "/Users"}, "invalidValue", ".path", id="no-id"),
        pytest.param({"method": "DELETE", "path": "Users/1"}, "invalidValue", ".path", id="slash"),
        pytest.param({"method": "DELETE", "path": "/Me/"}, "invalidValue", ".path", id="alias"),
        pytest.param(post("/Users/1", "x"), "invalidValue", ".path", id="post-to-a-resource"),
        pytest.param(post("/Bulk", "x"), "invalidValue", ".path", id="bulk-in-bulk"),
        pytest.param(post("/Users/.search", "x"), "invalidValue", ".path", id="search"),
        pytest.param(post("/Users?a=b", "x"), "invalidValue", ".path", id="query"),
        pytest.param(
            {"method": "PATCH", "path": "/Users/1"}, "invalidValue", ".data", id="no-data"
        ),
        pytest.param(
            {"method": "PUT", "path": "/Users/1", "data": []}, "invalidValue", ".data", id="array"
        ),
        pytest.param(
            {"method": "DELETE", "path": "/Users/1", "version": 1},
            "invalidValue",
            ".version",
            id="version",
        ),
        pytest.param(post("/Users", "x"), "invalidValue", "schemas", id="empty-data"),
    ],
)
def test_a_wrong_operation_fails_alone(
    scim: Scim, operation: Json, scim_type: str, where: str
) -> None:
    reply = bulk(scim, operation, user("fine", "f"))
    assert statuses(reply) == ["400", "201"]
    error = reply.body["Operations"][0]["response"]
    assert error["scimType"] == scim_type
    assert where in error["detail"]


@pytest.mark.parametrize(
    ("body", "scim_type", "where"),
    [
        ({"Operations": [user("a")]}, "invalidSyntax", "schemas"),
        ({"schemas": [PATCH], "Operations": [user("a")]}, "invalidSyntax", "schemas"),
        ({"schemas": [REQUEST]}, "invalidSyntax", "Operations"),
        ({"schemas": [REQUEST], "Operations": []}, "invalidSyntax", "Operations"),
        ({"schemas": [REQUEST], "Operations": {}}, "invalidSyntax", "Operations"),
        (
            {"schemas": [REQUEST], "Operations": [user("a")], "failOnErrors": "1"},
            "invalidValue",
            "failOnErrors",
        ),
        (
            {"schemas": [REQUEST], "Operations": [user("a")], "failOnErrors": -1},
            "invalidValue",
            "failOnErrors",
        ),
        (
            {"schemas": [REQUEST], "Operations": [user("a"), user("b")]},
            "invalidValue",
            "Operations[1].bulkId",
        ),
    ],
)
def test_a_wrong_message_is_refused_as_a_whole(
    scim: Scim, body: Json, scim_type: str, where: str
) -> None:
    reply = scim.post("/Bulk", body)
    assert reply.fault == (400, scim_type)
    assert where in reply.body["detail"]
    assert scim.get("/Users").body["totalResults"] == 0


def test_the_number_of_operations_is_limited_as_announced(scim: Scim) -> None:
    announced = scim.get("/ServiceProviderConfig").body["bulk"]
    assert announced == {
        "supported": True,
        "maxOperations": MAX_OPERATIONS,
        "maxPayloadSize": MAX_PAYLOAD,
    }
    wrong = {"method": "DELETE", "path": "/Users/x"}
    assert len(statuses(bulk(scim, *[wrong] * MAX_OPERATIONS))) == MAX_OPERATIONS
    reply = bulk(scim, *[wrong] * (MAX_OPERATIONS + 1))
    assert reply.fault == (413, None)
    assert f"maxOperations is {MAX_OPERATIONS}" in reply.body["detail"]


@pytest.mark.parametrize("size", [MAX_PAYLOAD + 1, 9 * 1024 * 1024])
def test_the_payload_is_limited_as_announced(scim: Scim, size: int) -> None:
    body = json.dumps({"schemas": [REQUEST], "Operations": [user("a")]}).encode()
    assert scim.call("POST", "/Bulk", body.ljust(MAX_PAYLOAD)).status == 200
    reply = scim.call("POST", "/Bulk", body.ljust(size))
    assert reply.fault == (413, None)
    assert f"maxPayloadSize ({MAX_PAYLOAD})" in reply.body["detail"]


def test_a_long_chain_and_a_large_circle_are_no_burden(scim: Scim) -> None:
    size = 200
    chain = [managed(f"c{n}", f"c{n}", f"bulkId:c{n + 1}") for n in range(size)]
    ring = [managed(f"r{n}", f"r{n}", f"bulkId:r{(n + 1) % size}") for n in range(size)]
    reply = bulk(scim, *chain, user("last", f"c{size}"), *ring)
    assert set(statuses(reply)) == {"201"}
    ids = [path_of(each).rpartition("/")[2] for each in reply.body["Operations"]]
    managers = [
        scim.get(f"/Users/{each}").body[ENTERPRISE]["manager"]["value"] for each in ids[:size]
    ]
    assert managers == ids[1 : size + 1]


@pytest.mark.parametrize("depth", [900, 5000])
def test_data_without_bottom_is_refused(scim: Scim, depth: int) -> None:
    nested = "[" * depth + "]" * depth
    body = json.dumps({"schemas": [REQUEST], "Operations": [user("a", emails="@")]})
    reply = scim.call("POST", "/Bulk", body.replace('"@"', nested).encode())
    assert reply.fault == (400, "invalidSyntax")
    assert scim.get("/Users").body["totalResults"] == 0


def test_a_bulk_request_counts_once_against_a_limit(make_scim: Callable[..., Scim]) -> None:
    scim = make_scim(credentials=[Credential("bearer", "secret", limit=RateLimit(2, 60))])
    assert statuses(bulk(scim, *(user(f"u{n}", str(n)) for n in range(5)))) == ["201"] * 5
    assert scim.get("/Users").status == 200


def test_operations_on_a_plain_json_reply_are_labelled_once(scim: Scim) -> None:
    body = {"schemas": [REQUEST], "Operations": [user("a")]}
    reply = scim.call("POST", "/Bulk", body, headers={"Accept": "application/json"})
    assert reply.response.header("Content-Type") == "application/json"


names = st.sampled_from("abcdef")


@st.composite
def jobs(draw: st.DrawFn) -> list[BulkOperation]:
    """Operations that refer to each other at random; some refer to nothing that exists."""
    made: list[BulkOperation] = []
    for number, name in enumerate(draw(st.lists(names, unique=True, max_size=6))):
        wanted = draw(st.lists(names, max_size=3))
        data: Json = {"members": [{"value": f"bulkId:{each}"} for each in wanted]}
        made.append(
            BulkOperation(number=number, method="POST", path="/Groups", bulk_id=name, data=data)
        )
    for number in range(len(made), len(made) + draw(st.integers(0, 3))):
        path = draw(st.sampled_from(["/Groups/1", "/Groups/2", "/Groups/bulkId:a"]))
        data = {"members": [{"value": f"bulkId:{draw(names)}"}]}
        made.append(BulkOperation(number=number, method="PUT", path=path, data=data))
    shuffled = draw(st.permutations(made))
    return [
        BulkOperation(
            number=n, method=each.method, path=each.path, bulk_id=each.bulk_id, data=each.data
        )
        for n, each in enumerate(shuffled)
    ]


@given(jobs())
@settings(deadline=None)
def test_a_plan_has_each_operation_once_and_after_what_it_refers_to(
    operations: list[BulkOperation],
) -> None:
    circles = list(plan(operations))
    done = [each.number for circle in circles for each in circle]
    assert sorted(done) == list(range(len(operations)))
    creators = {each.bulk_id: each.number for each in operations if each.bulk_id}
    place = {each.number: n for n, circle in enumerate(circles) for each in circle}
    for each in operations:
        text = json.dumps(each.data) + each.path
        for name, creator in creators.items():
            if f"bulkId:{name}" in text:
                assert place[creator] <= place[each.number]
    for path in {each.path for each in operations if each.method == "PUT"}:
        order = [place[each.number] for each in operations if each.path == path]
        assert order == sorted(order)


@given(jobs())
@settings(deadline=None, max_examples=40)
def test_a_job_links_what_it_says_whatever_the_order(operations: list[BulkOperation]) -> None:
    wanted = {
        str(each.bulk_id): {text[7:] for text in re.findall(r"bulkId:\w", json.dumps(each.data))}
        for each in operations
        if each.method == "POST"
    }
    wanted = {name: members & wanted.keys() for name, members in wanted.items()}
    sent = [group(name, name, *(f"bulkId:{each}" for each in wanted[name])) for name in wanted]
    app = create_app(credentials=[Credential("bearer", "s")])
    headers = (("Authorization", "Bearer s"),)

    def ask(method: str, path: str, body: Json = None) -> Json:
        content = json.dumps(body).encode()
        answer = app.handle(Request(method, f"/scim/v2{path}", "", headers, content))
        return json.loads(joined(answer.body))

    if sent:
        made = ask("POST", "/Bulk", {"schemas": [REQUEST], "Operations": sent})["Operations"]
        assert {each["status"] for each in made} == {"201"}
    groups = ask("GET", "/Groups")["Resources"]
    names = {each["id"]: each["displayName"] for each in groups}
    assert wanted == {
        each["displayName"]: {names[member["value"]] for member in each.get("members", [])}
        for each in groups
    }
