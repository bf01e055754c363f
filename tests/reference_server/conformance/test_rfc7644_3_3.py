"""RFC 7644 sections 3.3 and 3.3.1: creating resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def bjensen(**attributes: Json) -> dict[str, Json]:
    return {"schemas": [USER], "userName": "bjensen", **attributes}


@honours("RFC7644-3.3-1", "RFC7644-3.3-7")
def test_post_to_the_endpoint_of_a_type_creates_one_with_status_201(scim: Scim) -> None:
    bodies = {"/Users": bjensen(), "/Groups": {"schemas": [GROUP], "displayName": "g"}}
    for endpoint, body in bodies.items():
        made = scim.post(endpoint, body)
        assert made.status == 201
        assert scim.get(f"{endpoint}/{made.body['id']}").status == 200
        assert scim.get(endpoint).ids == [made.body["id"]]


@honours("RFC7644-3.3-2")
def test_read_only_attributes_of_the_body_are_ignored(scim: Scim) -> None:
    group = scim.group("g")
    false = {"created": "1999-01-01T00:00:00Z", "version": "1", "location": "http://evil/"}
    made = scim.post(
        "/Users",
        bjensen(
            id="mine",
            meta=false,
            groups=[{"value": group[8:]}],
            **{ENTERPRISE: {"manager": {"value": "1", "displayName": "Boss"}}},
        ),
    )
    assert made.status == 201
    assert made.body["id"] != "mine"
    assert not made.body["meta"].items() & false.items()
    assert "groups" not in made.body
    assert scim.members(group) == []
    assert made.body[ENTERPRISE]["manager"].get("displayName") != "Boss"


@honours("RFC7644-3.3-3")
def test_omitted_attributes_are_not_asserted(scim: Scim) -> None:
    made = scim.post("/Users", bjensen())
    assert made.status == 201
    assert made.body.keys() == {"schemas", "id", "userName", "meta"}


@honours("RFC7644-3.3-4")
def test_a_member_that_does_not_say_its_type_gets_the_type_it_has(scim: Scim) -> None:
    person = scim.user("bjensen", displayName="Barbara")
    outer = scim.group("outer", [person, scim.group("inner")])
    found = scim.get(outer).body["members"]
    assert sorted(each["type"] for each in found) == ["Group", "User"]
    person_entry = next(each for each in found if each["type"] == "User")
    assert person_entry["display"] == "Barbara"


@honours("RFC7644-3.3-8")
def test_the_reply_shows_the_new_resource(scim: Scim) -> None:
    given = {"title": "Dr", "emails": [{"value": "b@example.com", "type": "work"}]}
    made = scim.post("/Users", bjensen(**given))
    assert made.body["id"]
    assert made.body.items() >= given.items()
    assert made.body == scim.get(f"/Users/{made.body['id']}").body


@honours("RFC7644-3.3-9", "RFC7644-3.3-10")
def test_the_address_is_in_the_header_and_in_the_body(scim: Scim) -> None:
    bodies = {"/Users": bjensen(), "/Groups": {"schemas": [GROUP], "displayName": "g"}}
    for endpoint, body in bodies.items():
        made = scim.post(endpoint, body)
        location = made.response.header("Location") or ""
        base = "http://scim.example.com/scim/v2"
        assert location == f"{base}{endpoint}/{made.body['id']}"
        assert made.body["meta"]["location"] == location
        assert scim.get(location.removeprefix(base)).body == made.body


@honours("RFC7644-3.3-11")
def test_what_the_server_does_not_know_is_left_out_and_nothing_changes_its_type(
    scim: Scim,
) -> None:
    given = {
        "title": "5",
        "active": False,
        "nickName": "null",
        "displayName": " a\tb ",
        "shoeSize": 9,
        "name": {"familyName": "true", "pet": "cat"},
    }
    made = scim.post("/Users", bjensen(**given))
    kept = {**given, "name": {"familyName": "true"}}
    del kept["shoeSize"]
    shown = {key: value for key, value in made.body.items() if key not in ("id", "meta")}
    assert shown == bjensen(**kept)


@pytest.mark.parametrize("name", ["bjensen", "BJENSEN", "bJensen"])
@honours("RFC7644-3.3-12")
def test_a_name_that_is_taken_is_a_conflict(scim: Scim, name: str) -> None:
    scim.user("bjensen")
    reply = scim.post("/Users", {"schemas": [USER], "userName": name})
    assert reply.fault == (409, "uniqueness")
    assert (reply.body["schemas"], reply.body["status"]) == ([ERROR], "409")
    assert "userName" in reply.body["detail"]
    assert scim.get("/Users").body["totalResults"] == 1


@honours("RFC7644-3.3-13")
def test_the_reply_carries_the_version_as_entity_tag(scim: Scim) -> None:
    made = scim.post("/Users", bjensen())
    assert made.response.header("ETag") == made.body["meta"]["version"]


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/Users", {"schemas": [USER], "displayName": "x"}, "userName"),
        ("/Users", {"schemas": [USER], "userName": None}, "userName"),
        ("/Users", {"schemas": [USER], "userName": ""}, "userName"),
        ("/Groups", {"schemas": [GROUP]}, "displayName"),
    ],
)
@honours("RFC7644-3.3-14")
def test_without_something_required_nothing_is_created(
    scim: Scim, path: str, body: Json, name: str
) -> None:
    reply = scim.post(path, body)
    assert reply.fault == (400, "invalidValue")
    assert name in reply.body["detail"]
    assert scim.get(path).body["totalResults"] == 0


@pytest.mark.parametrize(
    ("attributes", "where"),
    [
        pytest.param({"userName": 5}, "userName", id="a-number-for-a-text"),
        pytest.param({"userName": ["bjensen"]}, "userName", id="an-array-for-a-text"),
        pytest.param({"active": {"value": True}}, "active", id="an-object-for-a-boolean"),
        pytest.param({"active": 1}, "active", id="a-number-for-a-boolean"),
        pytest.param({"name": "Barbara"}, "name", id="a-text-for-an-object"),
        pytest.param({"emails": "x"}, "emails", id="a-text-for-an-array"),
        pytest.param({"emails": ["x"]}, "emails[0]", id="a-text-for-an-object-in-an-array"),
        pytest.param({"emails": [{"value": True}]}, "emails[0].value", id="within-a-value"),
        pytest.param({ENTERPRISE: []}, ENTERPRISE, id="an-array-for-an-extension"),
    ],
)
@honours("RFC7644-3.3-15")
def test_a_wrong_type_creates_nothing(scim: Scim, attributes: dict[str, Json], where: str) -> None:
    reply = scim.post("/Users", bjensen(**attributes))
    assert reply.fault == (400, "invalidValue")
    assert where in reply.body["detail"]
    assert scim.get("/Users").body["totalResults"] == 0


@pytest.mark.parametrize(
    "body",
    [
        b'{"schemas": ["',
        b"",
        b"userName=bjensen",
        b"[]",
        b'"bjensen"',
        b'{"userName": "a"} {"userName": "b"}',
        b'{"userName": "\xff"}',
        b'{"userName": "a", "userName": "b"}',
        b'{"title": NaN}',
    ],
)
@honours("RFC7644-3.3-16")
def test_a_body_that_is_no_json_object_creates_nothing(scim: Scim, body: bytes) -> None:
    assert scim.post("/Users", body).fault == (400, "invalidSyntax")
    assert scim.get("/Users").body["totalResults"] == 0


@honours("RFC7644-3.3.1-1")
def test_the_resource_type_is_that_of_the_endpoint(scim: Scim) -> None:
    lie = {"resourceType": "Group"}
    made = scim.post("/Users", bjensen(meta=lie))
    assert made.body["meta"]["resourceType"] == "User"
    group = {"schemas": [GROUP], "displayName": "g", "meta": {"resourceType": "User"}}
    assert scim.post("/Groups", group).body["meta"]["resourceType"] == "Group"
    assert scim.get("/Roles").body["Resources"][0]["meta"]["resourceType"] == "Role"
