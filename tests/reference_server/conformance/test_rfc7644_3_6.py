"""RFC 7644 section 3.6: deleting resources."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

honours = pytest.mark.honours


def user(**attributes: Any) -> dict[str, Any]:  # noqa: ANN401 - attributes of any type
    return {"schemas": [USER], "userName": "bjensen", **attributes}


@honours("RFC7644-3.6-2")
@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("GET", None),
        ("HEAD", None),
        ("PUT", user(title="x")),
        ("PATCH", {"schemas": [PATCH], "Operations": [{"op": "add", "value": {"title": "x"}}]}),
        ("DELETE", None),
    ],
)
def test_nothing_can_be_done_with_a_deleted_resource(
    scim: Scim, method: str, body: dict[str, Any] | None
) -> None:
    path = scim.user()
    assert scim.delete(path).status == 204
    for headers in ({}, {"If-Match": 'W/"1"'}, {"If-None-Match": "*"}):
        reply = scim.call(method, path, body, headers=headers)
        assert reply.status == 404
        if reply.body is not None:
            assert (reply.body["schemas"], reply.body["status"]) == ([ERROR], "404")
            assert path[7:] in reply.body["detail"]
    assert scim.get("/Users").body["totalResults"] == 0


@honours("RFC7644-3.6-3")
def test_a_deleted_resource_is_in_no_result(scim: Scim) -> None:
    stays, goes = scim.user("stays", emails=[{"value": "a@x"}]), scim.user("goes", title="Dr")
    scim.delete(goes)
    queries = [
        {},
        {"sortBy": "userName"},
        {"filter": "userName pr"},
        {"filter": f'id eq "{goes[7:]}" or id eq "{stays[7:]}"'},
        {"filter": 'userName eq "goes" or userName eq "stays"'},
        {"filter": 'not (title eq "x")'},
    ]
    for query in queries:
        found = scim.get("/Users", **query).body
        assert (found["totalResults"], [each["id"] for each in found["Resources"]]) == (
            1,
            [stays[7:]],
        )
    assert scim.get("/Users", filter='title eq "Dr"').body["totalResults"] == 0


@honours("RFC7644-3.6-4", "RFC7644-3.6-5")
def test_the_values_of_a_deleted_resource_are_free_again(scim: Scim) -> None:
    old = scim.user("bjensen", externalId="7")
    other = scim.user("other")
    assert scim.post("/Users", user()).fault == (409, "uniqueness")
    scim.delete(old)
    renamed = scim.patch(other, {"op": "replace", "path": "userName", "value": "BJensen"})
    assert renamed.status == 200
    scim.delete(other)
    again = scim.post("/Users", user(externalId="7"))
    assert again.status == 201
    assert again.body["id"] not in (old[7:], other[7:])


@honours("RFC7644-3.6-6")
def test_success_is_204_without_a_body(scim: Scim) -> None:
    for path in (scim.user(), scim.group()):
        reply = scim.delete(path)
        assert (reply.status, reply.response.body) == (204, b"")
        assert reply.response.header("Content-Type") is None


@honours("RFC7644-3.6-7")
@pytest.mark.parametrize("path", ["/Users/nobody", "/Groups/nobody", "/Users/%2F", "/Nothing/1"])
def test_an_unknown_resource_is_not_found(scim: Scim, path: str) -> None:
    reply = scim.delete(path)
    assert reply.status == 404
    assert (reply.body["schemas"], reply.body["status"]) == ([ERROR], "404")


def test_a_resource_is_deleted_by_its_own_type_only(scim: Scim) -> None:
    path = scim.user()
    assert scim.delete(path.replace("Users", "Groups")).status == 404
    assert scim.get(path).status == 200
    assert scim.delete("/Users").status == 405


@honours("RFC7644-3.6-8")
def test_a_stale_version_is_not_deleted(scim: Scim) -> None:
    path = scim.user()
    stale = scim.get(path).response.header("ETag") or ""
    scim.put(path, user(title="x"))
    reply = scim.call("DELETE", path, headers={"If-Match": stale})
    assert (reply.status, reply.body["status"]) == (412, "412")
    assert scim.get(path).status == 200
    current = scim.get(path).response.header("ETag") or ""
    assert scim.call("DELETE", path, headers={"If-Match": current}).status == 204
    assert scim.get(path).status == 404


@honours("RFC7644-3.6-9")
def test_a_group_outlives_its_members(scim: Scim) -> None:
    a, b = scim.user("a"), scim.user("b")
    group = scim.group("g", [a, b])
    before = scim.get(group).body["meta"]
    scim.delete(a)
    assert scim.members(group) == [b]
    after = scim.get(group).body["meta"]
    assert after["version"] != before["version"]
    assert after["lastModified"] > before["lastModified"]
    scim.delete(b)
    assert "members" not in scim.get(group).body


def test_members_outlive_their_group(scim: Scim) -> None:
    person = scim.user("a")
    inner = scim.group("inner", [person])
    outer = scim.group("outer", [inner])
    scim.delete(inner)
    assert "groups" not in scim.get(person).body
    assert scim.members(outer) == []
    scim.delete(outer)
    assert scim.get(person).status == 200
