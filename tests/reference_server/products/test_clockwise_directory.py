"""The directory in front of the simulated Clockwise: what becomes of what SCIM writes."""

from __future__ import annotations

from typing import Any

from reference_server.products.clockwise.directory import address
from tests.reference_server.products.clockwise_talk import GROUP
from tests.reference_server.products.clockwise_talk import PATCH
from tests.reference_server.products.clockwise_talk import USER
from tests.reference_server.products.clockwise_talk import Talk


def test_nobody_gets_in_before_a_directory_is_connected() -> None:
    talk = Talk(connected=False)
    assert talk.scim("GET", "/Users", None, "x").status == 401


def test_the_token_is_a_bearer_token_and_nothing_else() -> None:
    talk = Talk()
    assert talk.scim("GET", "/Users").status == 200
    assert talk.scim("GET", "/Users", None, "wrong").status == 401
    bare = ("Authorization", talk.token)
    assert talk.send("GET", "/scim/v2/Users", None, bare).status == 401


def test_a_new_token_ends_the_old_one() -> None:
    talk = Talk()
    new = talk.call("POST", "/simulation/v1/directory/token").body["token"]
    assert talk.scim("GET", "/Users").status == 401
    assert talk.scim("GET", "/Users", token=new).status == 200


def test_an_address_is_taken_once_whatever_its_capitals() -> None:
    talk = Talk()
    talk.push("one@example.com")
    body = {"schemas": [USER], "userName": "two", "emails": [{"value": "ONE@example.com"}]}
    refused = talk.scim("POST", "/Users", body)
    assert (refused.status, refused.body["scimType"]) == (409, "uniqueness")
    assert talk.scim("GET", "/Users").body["totalResults"] == 1


def test_a_refused_write_leaves_nothing_behind() -> None:
    talk = Talk()
    talk.push("one@example.com")
    other = talk.push("two@example.com")
    before = talk.events()
    assert talk.set(other, emails=[{"value": "one@example.com"}]).status == 409
    assert talk.events() == before
    assert talk.listed("two@example.com") is not None
    seen = talk.scim("GET", f"/Users/{other}").body
    assert seen["emails"][0]["value"] == "two@example.com"


def test_a_user_without_any_address_is_listed_and_matches_nobody() -> None:
    talk = Talk()
    answer = talk.scim("POST", "/Users", {"schemas": [USER], "userName": "no.address"})
    assert answer.status == 201
    listed = talk.call("GET", "/admin/v1/directory/users").body["data"]
    assert [(each["username"], each["emails"]) for each in listed] == [("no.address", [])]
    other = talk.scim("POST", "/Users", {"schemas": [USER], "userName": "none.either"})
    assert other.status == 201


def test_the_address_is_the_primary_one_else_the_first_else_the_user_name() -> None:
    given: dict[str, Any] = {
        "userName": "login@example.com",
        "emails": [{"value": "home@example.com"}, {"value": "work@example.com", "primary": True}],
    }
    assert address(given) == "work@example.com"
    assert address({**given, "emails": given["emails"][:1]}) == "home@example.com"
    assert address({**given, "emails": [{"value": " "}, {"type": "work"}]}) == "login@example.com"
    assert address({"userName": "login"}) == ""


def test_an_inactive_user_is_deleted_and_comes_back_as_another_one() -> None:
    talk = Talk()
    user = talk.push("new@example.com")
    first = talk.listed("new@example.com")
    talk.set(user, active=False)
    assert talk.listed("new@example.com") is None
    assert talk.scim("GET", f"/Users/{user}").body["active"] is False
    talk.set(user, active=True)
    second = talk.listed("new@example.com")
    assert first is not None
    assert second is not None
    assert first["id"] != second["id"]
    assert first["idp_id"] == second["idp_id"] == user
    told = [each for each in talk.events() if each.startswith("dsync.user")]
    assert told == ["dsync.user.created", "dsync.user.deleted", "dsync.user.created"]


def test_an_update_that_says_nothing_of_the_state_brings_nobody_back() -> None:
    talk = Talk()
    user = talk.push("new@example.com")
    talk.set(user, active=False)
    body = {
        "schemas": [USER],
        "userName": "new@example.com",
        "emails": [{"value": "new@example.com"}],
    }
    assert talk.scim("PUT", f"/Users/{user}", body).status == 200
    assert talk.listed("new@example.com") is None
    talk.scim("PUT", f"/Users/{user}", {**body, "active": True})
    assert talk.listed("new@example.com") is not None


def test_an_inactive_user_is_kept_where_that_is_set() -> None:
    talk = Talk(inactive="keep")
    user = talk.push("new@example.com")
    first = talk.listed("new@example.com")
    talk.set(user, active=False)
    kept = talk.listed("new@example.com")
    talk.set(user, active=True)
    again = talk.listed("new@example.com")
    assert first is not None
    assert kept is not None
    assert again is not None
    assert [each["state"] for each in (first, kept, again)] == ["active", "inactive", "active"]
    assert first["id"] == kept["id"] == again["id"]
    told = [each for each in talk.events() if each.startswith("dsync.user")]
    assert told == ["dsync.user.created", "dsync.user.updated", "dsync.user.updated"]


def test_the_address_of_a_deleted_user_is_free_for_another() -> None:
    talk = Talk()
    user = talk.push("new@example.com")
    talk.set(user, active=False)
    talk.push("new@example.com", user_name="another")
    entry = talk.listed("new@example.com")
    assert entry is not None
    assert entry["username"] == "another"


def test_groups_are_followed_from_beginning_to_end() -> None:
    talk = Talk()
    ada, ben = talk.push("a@example.com"), talk.push("b@example.com")
    group = talk.form("Crew", ada)
    assert talk.groups() == {"Crew": ["a@example.com"]}
    path = f"/Groups/{group}"
    talk.patch(path, {"op": "add", "path": "members", "value": [{"value": ben}]})
    talk.patch(path, {"op": "remove", "path": f'members[value eq "{ada}"]'})
    talk.patch(path, {"op": "replace", "value": {"displayName": "Team"}})
    assert talk.groups() == {"Team": ["b@example.com"]}
    entry = talk.listed("b@example.com")
    assert entry is not None
    assert entry["groups"] == ["Team"]
    talk.scim("DELETE", path)
    assert talk.groups() == {}
    assert [each for each in talk.events() if each.startswith("dsync.group")] == [
        "dsync.group.created",
        "dsync.group.user_added",
        "dsync.group.user_added",
        "dsync.group.user_removed",
        "dsync.group.updated",
        "dsync.group.deleted",
    ]


def test_a_deleted_user_is_in_no_group() -> None:
    talk = Talk()
    user = talk.push("a@example.com")
    talk.form("Crew", user)
    talk.scim("DELETE", f"/Users/{user}")
    assert talk.groups() == {"Crew": []}


def test_replies_about_groups_are_bare_where_that_is_set() -> None:
    talk = Talk(group_replies="bare")
    user = talk.push()
    group = talk.form("Crew", user)
    assert talk.scim("GET", f"/Groups/{group}").body["members"] == []
    listed = talk.scim("GET", "/Groups").body["Resources"]
    assert [each["members"] for each in listed] == [[]]
    body = {"schemas": [GROUP], "displayName": "Team", "members": [{"value": user}]}
    assert talk.scim("PUT", f"/Groups/{group}", body).body["members"] == []
    assert talk.groups() == {"Team": ["pushed1@example.com"]}
    deleted = talk.scim("DELETE", f"/Groups/{group}")
    assert (deleted.status, deleted.body) == (200, {})
    empty = talk.scim("GET", "/Groups").body
    assert (empty["totalResults"], "members" in empty) == (0, False)


def test_removing_the_directory_removes_what_came_from_it_and_leaves_the_seats() -> None:
    talk = Talk()
    email = talk.email("free")
    talk.push(email)
    talk.form("Crew")
    assert talk.call("DELETE", "/simulation/v1/directory").status == 204
    assert talk.plan(email) == "paid"
    assert talk.scim("GET", "/Users").status == 401
    talk.token = talk.connect("onelogin").body["token"]
    assert talk.scim("GET", "/Users").body["totalResults"] == 0
    assert talk.groups() == {}
    assert talk.events()[-2:] == ["dsync.deleted", "dsync.activated"]


def test_a_bulk_request_takes_effect_as_a_whole() -> None:
    talk = Talk()
    operation = {"method": "POST", "path": "/Users"}
    people = [
        {**operation, "bulkId": str(number), "data": {"schemas": [USER], "userName": name}}
        for number, name in enumerate(("a@example.com", "b@example.com"))
    ]
    urn = PATCH.replace("PatchOp", "BulkRequest")
    assert talk.scim("POST", "/Bulk", {"schemas": [urn], "Operations": people}).status == 200
    assert talk.listed("a@example.com") is not None
    assert talk.listed("b@example.com") is not None
