"""PUT and DELETE: RFC 7644 sections 3.5.1 and 3.6."""

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


def body(**attributes: Json) -> dict[str, Any]:
    return {"schemas": [USER], "userName": "bjensen", **attributes}


def test_put_replaces_and_clears(scim: Scim) -> None:
    path = scim.user(title="Dr", emails=[{"value": "a"}], **{ENTERPRISE: {"department": "R"}})
    before = scim.get(path).body
    reply = scim.put(path, body(nickName="Babs"))
    assert reply.status == 200
    assert reply.body["nickName"] == "Babs"
    assert not {"title", "emails", ENTERPRISE} & set(reply.body)
    assert reply.body["schemas"] == [USER]
    assert reply.body["meta"]["created"] == before["meta"]["created"]
    assert reply.body["meta"]["lastModified"] > before["meta"]["lastModified"]
    assert reply.body["meta"]["version"] != before["meta"]["version"]
    assert reply.response.header("ETag") == reply.body["meta"]["version"]
    assert reply.response.header("Location") == reply.body["meta"]["location"]
    assert scim.get(path).body == reply.body


def test_put_of_what_get_returned_changes_nothing(scim: Scim) -> None:
    path = scim.user(title="Dr", emails=[{"value": "a", "primary": True}], active=False)
    scim.group(members=[path])
    before = scim.get(path).body
    assert scim.put(path, before).body == before


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"id": "other"}, id="RFC7644-3.5.1-13-id"),
        pytest.param({"meta": {"created": "1999-01-01T00:00:00Z"}}, id="RFC7644-3.5.1-13-meta"),
        pytest.param({"groups": [{"value": "x"}]}, id="RFC7644-3.5.1-13-groups"),
        pytest.param({"meta": 5}, id="readOnly-of-a-wrong-type"),
    ],
)
def test_put_ignores_what_only_the_server_writes(scim: Scim, given: dict[str, Any]) -> None:
    path = scim.user(title="Dr")
    before = scim.get(path).body
    assert scim.put(path, body(title="Dr", **given)).body == before


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        pytest.param({"userName": None}, (400, "invalidValue"), id="required-is-null"),
        pytest.param({"userName": ""}, (400, "invalidValue"), id="required-is-empty"),
        pytest.param({"userName": "JSMITH"}, (409, "uniqueness"), id="RFC7644-3.5.1-18"),
        pytest.param({"active": "yes"}, (400, "invalidValue"), id="wrong-type"),
        pytest.param({"schemas": []}, (400, "invalidValue"), id="no-schemas"),
    ],
)
def test_a_refused_put_changes_nothing(
    scim: Scim, given: dict[str, Any], fault: tuple[int, str]
) -> None:
    scim.user("jsmith")
    path = scim.user(title="Dr")
    before = scim.get(path).body
    assert scim.put(path, body(nickName="x", **given)).fault == fault
    assert scim.get(path).body == before


def test_a_rename_keeps_the_id_and_frees_the_name(scim: Scim) -> None:
    path = scim.user("old")
    assert scim.put(path, body(userName="new")).body["id"] == path.rpartition("/")[2]
    assert scim.get("/Users", filter='userName eq "old"').body["totalResults"] == 0
    assert scim.get("/Users", filter='userName eq "NEW"').body["totalResults"] == 1
    scim.user("old")


def test_put_does_not_create(scim: Scim) -> None:
    assert scim.put("/Users/nobody", body()).status == 404
    assert scim.get("/Users").body["totalResults"] == 0


def test_put_sets_the_members(scim: Scim) -> None:
    a, b, c = (scim.user(name) for name in "abc")
    path = scim.group("g", [a, b])
    members = [{"value": each.rpartition("/")[2]} for each in (b, c)]
    reply = scim.put(path, {"schemas": [GROUP], "displayName": "g", "members": members})
    assert reply.status == 200
    assert sorted(scim.members(path)) == sorted([b, c])
    scim.put(path, {"schemas": [GROUP], "displayName": "g"})
    assert scim.members(path) == []


def test_delete_is_final(scim: Scim) -> None:
    path = scim.user()
    reply = scim.delete(path)
    assert (reply.status, reply.response.body) == (204, b"")
    assert [scim.call(m, path, body()).status for m in ("GET", "PUT", "DELETE")] == [404] * 3
    assert scim.patch(path, {"op": "replace", "value": {"title": "x"}}).status == 404
    assert scim.get("/Users").body["totalResults"] == 0
    assert scim.get("/Users", filter='userName eq "bjensen"').body["totalResults"] == 0


def test_a_deleted_user_leaves_the_groups(scim: Scim) -> None:
    a, b = scim.user("a"), scim.user("b")
    path = scim.group("g", [a, b])
    version = scim.get(path).body["meta"]["version"]
    scim.delete(a)
    assert scim.members(path) == [b]
    assert scim.get(path).body["meta"]["version"] != version


def test_a_deleted_group_leaves_the_users(scim: Scim) -> None:
    person = scim.user()
    inner = scim.group("inner", [person])
    outer = scim.group("outer", [inner])
    scim.delete(inner)
    assert "groups" not in scim.get(person).body
    assert scim.members(outer) == []


def test_groups_of_a_user_are_direct_and_indirect(scim: Scim) -> None:
    person = scim.user()
    inner = scim.group("inner", [person])
    outer = scim.group("outer", [inner])
    # A circle of groups is legal, and must not be walked for ever.
    scim.patch(inner, {"op": "add", "path": "members", "value": {"value": outer[8:]}})
    found = [(each["display"], each["type"]) for each in scim.get(person).body["groups"]]
    assert found == [("inner", "direct"), ("outer", "indirect")]


def test_the_version_of_a_user_moves_with_the_groups(scim: Scim) -> None:
    person = scim.user()
    before = scim.get(person).body["meta"]["version"]
    scim.group("g", [person])
    assert scim.get(person).body["meta"]["version"] != before


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"If-Match": "CURRENT"}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": 'W/"0", CURRENT'}, 200),
        ({"If-Match": 'W/"0"'}, 412),
        ({"If-None-Match": "*"}, 412),
        ({"If-None-Match": 'W/"0"'}, 200),
    ],
)
def test_writes_obey_preconditions(scim: Scim, header: dict[str, str], status: int) -> None:
    path = scim.user()
    version = scim.get(path).body["meta"]["version"]
    headers = {name: value.replace("CURRENT", version) for name, value in header.items()}
    assert scim.call("PUT", path, body(title="x"), headers).status == status
    assert ("title" in scim.get(path).body) == (status == 200)


def test_a_stale_delete_is_refused(scim: Scim) -> None:
    path = scim.user()
    assert scim.call("DELETE", path, headers={"If-Match": 'W/"0"'}).status == 412
    assert scim.get(path).status == 200


def test_a_known_version_is_not_sent_again(scim: Scim) -> None:
    path = scim.user()
    version = scim.get(path).body["meta"]["version"]
    reply = scim.call("GET", path, headers={"If-None-Match": version})
    assert (reply.status, reply.response.body) == (304, b"")
    assert scim.call("GET", path, headers={"If-None-Match": 'W/"0"'}).status == 200
