"""RFC 7643 sections 4.2 and 4.3: groups, and the enterprise extension of users."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

honours = pytest.mark.honours


def group(**attributes: Json) -> dict[str, Any]:
    return {"schemas": [GROUP], "displayName": "guides", **attributes}


def id_of(path: str) -> str:
    return path.rpartition("/")[2]


def at(scim: Scim, uri: str) -> Json:
    """Return what is at an address that the server gave."""
    reply = scim.get(urlsplit(uri).path.removeprefix(scim.app.base_path))
    assert reply.status == 200
    return reply.body


@honours("RFC7643-4.2-1")
def test_groups_have_the_schema_of_groups(scim: Scim) -> None:
    assert scim.get(scim.group()).body["schemas"] == [GROUP]
    reply = scim.get(f"/Schemas/{GROUP}")
    assert (reply.status, reply.body["id"], reply.body["name"]) == (200, GROUP, "Group")


@honours("RFC7643-4.2-2")
@pytest.mark.parametrize("given", [{}, {"displayName": None}, {"displayName": " "}])
def test_a_group_has_a_display_name(scim: Scim, given: dict[str, Any]) -> None:
    path = scim.group("guides")
    for reply in (
        scim.post("/Groups", {"schemas": [GROUP], **given}),
        scim.put(path, {"schemas": [GROUP], **given}),
    ):
        assert reply.fault == (400, "invalidValue")
        assert reply.body["detail"].startswith("displayName: required")
    assert scim.patch(path, {"op": "remove", "path": "displayName"}).status == 400
    assert scim.get("/Groups").body["totalResults"] == 1
    assert scim.get(path).body["displayName"] == "guides"
    assert scim.attributes(GROUP)[f"{GROUP}:displayName"]["required"] is True


@honours("RFC7643-4.2-3")
def test_members_come_and_go(scim: Scim) -> None:
    a, b, c = (scim.user(name) for name in "abc")
    path = scim.group("guides", [a])
    values = [{"value": id_of(each)} for each in (b, c)]
    assert scim.put(path, group(members=values)).status == 200
    assert sorted(scim.members(path)) == sorted([b, c])
    scim.patch(path, {"op": "add", "path": "members", "value": [{"value": id_of(a)}]})
    scim.patch(path, {"op": "remove", "path": f'members[value eq "{id_of(b)}"]'})
    assert sorted(scim.members(path)) == sorted([a, c])
    assert scim.put(path, group(members=[])).status == 200
    assert scim.members(path) == []


@honours("RFC7643-4.2-4")
@pytest.mark.parametrize("sub", ["value", "$ref", "type"])
def test_the_parts_of_a_member_do_not_change(scim: Scim, sub: str) -> None:
    a, b = scim.user("a"), scim.user("b")
    path = scim.group("guides", [a])
    before = scim.get(path).body
    other = {"value": id_of(b), "$ref": f"http://scim.example.com/scim/v2{b}", "type": "Group"}[sub]
    for where in (f'members[value eq "{id_of(a)}"].{sub}', f"members.{sub}"):
        operation = {"op": "replace", "path": where, "value": other}
        assert scim.patch(path, operation).fault == (400, "mutability")
    assert scim.get(path).body == before
    whole = {"op": "replace", "path": "members", "value": [{"value": id_of(b)}]}
    assert scim.patch(path, whole).status == 204
    assert scim.members(path) == [b]


@honours("RFC7643-4.2-5", "RFC7643-4.2-6", "RFC7643-4.2-7", "RFC7643-8.4-1")
def test_members_are_users_and_groups_by_id_and_address(scim: Scim) -> None:
    person = scim.user("bjensen", displayName="Babs Jensen")
    inner = scim.group("inner")
    members = [
        {"value": id_of(person), "$ref": "https://elsewhere.example/x", "display": "not kept"},
        {"value": id_of(inner), "type": "Group"},
    ]
    reply = scim.post("/Groups", group(members=members))
    assert reply.status == 201
    shown = {
        each["value"]: each for each in scim.get(f"/Groups/{reply.body['id']}").body["members"]
    }
    assert shown.keys() == {id_of(person), id_of(inner)}
    assert [shown[id_of(each)]["type"] for each in (person, inner)] == ["User", "Group"]
    assert [shown[id_of(each)]["display"] for each in (person, inner)] == ["Babs Jensen", "inner"]
    for identifier, each in shown.items():
        assert at(scim, each["$ref"])["id"] == identifier


@honours("RFC7643-4.2-7")
def test_groups_nest_as_deep_as_anybody_wants(scim: Scim) -> None:
    path = scim.user()
    for level in range(60):
        path = scim.group(f"level {level}", [path])
    assert scim.members(path)[0].startswith("/Groups/")
    (person,) = scim.get("/Users").body["Resources"]
    assert len(person["groups"]) == 60
    assert [each["type"] for each in person["groups"]] == ["direct", *["indirect"] * 59]


@honours("RFC7643-4.2-8")
@pytest.mark.parametrize("member", [{}, {"display": "x"}, {"value": ""}, {"value": None}])
def test_a_member_needs_a_value_as_the_schema_says(scim: Scim, member: dict[str, Any]) -> None:
    assert scim.attributes(GROUP)[f"{GROUP}:members.value"]["required"] is True
    given = {"type": "User", **member}
    reply = scim.post("/Groups", group(members=[given]))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("members[0].value:")
    path = scim.group()
    assert scim.put(path, group(members=[given])).fault == (400, "invalidValue")
    operation = {"op": "add", "path": "members", "value": [given]}
    assert scim.patch(path, operation).fault == (400, "invalidValue")


@honours("RFC7643-4.2-9")
@pytest.mark.parametrize("given", [{}, {"members": []}, {"members": None}])
def test_a_group_may_have_no_members(scim: Scim, given: dict[str, Any]) -> None:
    reply = scim.post("/Groups", group(**given))
    assert reply.status == 201
    assert "members" not in reply.body


@honours("RFC7643-4.2-10")
def test_the_members_of_a_deleted_group_live_on(scim: Scim) -> None:
    person = scim.user()
    inner = scim.group("inner", [person])
    outer = scim.group("outer", [inner])
    assert scim.delete(outer).status == 204
    assert scim.members(inner) == [person]
    assert scim.delete(inner).status == 204
    shown = scim.get(person)
    assert (shown.status, "groups" in shown.body) == (200, False)


TEXTS = {
    "employeeNumber": "701984",
    "costCenter": "4130",
    "organization": "Universal Studios",
    "division": "Theme Park",
    "department": "Tour Operations",
}


@honours("RFC7643-4.3-1")
def test_the_extension_has_the_schema_of_enterprise_users(scim: Scim) -> None:
    kind = scim.get("/ResourceTypes/User").body
    assert {"schema": ENTERPRISE, "required": False} in kind["schemaExtensions"]
    assert scim.get(f"/Schemas/{ENTERPRISE}").body["id"] == ENTERPRISE
    path = scim.user(**{ENTERPRISE: {"division": "d"}})
    assert scim.get(path).body["schemas"] == [USER, ENTERPRISE]


@honours("RFC7643-4.3-2")
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_singular_attributes_of_the_extension_are_texts(scim: Scim, name: str) -> None:
    path = scim.user(**{ENTERPRISE: TEXTS})
    assert scim.get(path).body[ENTERPRISE] == TEXTS
    assert len(scim.get("/Users", filter=f'{ENTERPRISE}:{name} eq "{TEXTS[name]}"').ids) == 1
    reply = scim.post("/Users", {"schemas": [USER], "userName": "b", ENTERPRISE: {name: 5}})
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith(f"{ENTERPRISE}:{name}:")


def managed(scim: Scim, **manager: Json) -> str:
    return scim.user(**{ENTERPRISE: {"manager": manager}})


@honours("RFC7643-4.3-3", "RFC7643-4.3-4", "RFC7643-4.3-5", "RFC7643-4.3-6")
def test_a_manager_is_a_user_by_id_and_address(scim: Scim) -> None:
    boss = scim.user("boss", displayName="The Boss")
    shown = scim.get(managed(scim, value=id_of(boss))).body[ENTERPRISE]["manager"]
    assert shown["value"] == id_of(boss)
    assert at(scim, shown["$ref"])["userName"] == "boss"
    assert shown["displayName"] == "The Boss"


@honours("RFC7643-4.3-4", "RFC7643-4.3-5", "RFC7643-8.7.1-10")
@pytest.mark.parametrize(
    "manager", [{"value": "701984"}, {"$ref": "https://hr.example.com/people/7"}]
)
def test_a_manager_who_is_no_user_here_is_kept_as_given(scim: Scim, manager: Json) -> None:
    assert scim.get(managed(scim, **manager)).body[ENTERPRISE] == {"manager": manager}


@honours("RFC7643-4.3-6", "RFC7643-4.3-7")
def test_the_name_of_a_manager_is_that_of_the_user(scim: Scim) -> None:
    boss = scim.user("boss", displayName="The Boss")
    path = managed(scim, value=id_of(boss), displayName="Somebody Else")
    field = f"{ENTERPRISE}:manager.displayName"
    before = scim.get(path).body
    assert before[ENTERPRISE]["manager"]["displayName"] == "The Boss"
    operation = {"op": "replace", "path": field, "value": "Somebody Else"}
    assert scim.patch(path, operation).fault == (400, "mutability")
    assert scim.get(path).body == before
    scim.patch(boss, {"op": "replace", "path": "displayName", "value": "Boss II"})
    after = scim.get(path).body
    assert after[ENTERPRISE]["manager"]["displayName"] == "Boss II"
    assert after["meta"]["version"] != before["meta"]["version"]
    assert after["meta"]["lastModified"] == before["meta"]["lastModified"]
    assert scim.get("/Users", filter=f'{field} eq "boss ii"').ids == [id_of(path)]
    scim.delete(boss)
    assert scim.get(path).body[ENTERPRISE]["manager"] == {"value": id_of(boss)}


@honours("RFC7643-4.3-7")
def test_what_a_read_shows_of_a_manager_can_be_written_back(scim: Scim) -> None:
    boss = scim.user("boss", displayName="The Boss")
    path = managed(scim, value=id_of(boss))
    shown = scim.get(path).body
    assert scim.put(path, shown).body == shown
    operation = {"op": "replace", "value": {ENTERPRISE: shown[ENTERPRISE]}}
    assert scim.patch(path, operation).body == shown
