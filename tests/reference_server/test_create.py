"""POST: RFC 7644 section 3.3, and the attribute rules of RFC 7643 section 2."""

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


def test_create_answers_201_with_location_and_representation(scim: Scim) -> None:
    reply = scim.post("/Users", body(active=True))
    location = f"http://scim.example.com/scim/v2/Users/{reply.body['id']}"
    assert reply.status == 201
    assert reply.response.header("Location") == location
    assert reply.response.header("ETag") == reply.body["meta"]["version"]
    assert reply.response.header("Content-Type") == "application/scim+json"
    assert reply.body["meta"]["location"] == location
    assert reply.body["meta"]["resourceType"] == "User"
    assert reply.body["meta"]["created"] == reply.body["meta"]["lastModified"]
    assert (reply.body["schemas"], reply.body["userName"]) == ([USER], "bjensen")
    assert scim.get(f"/Users/{reply.body['id']}").body == reply.body


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param({"id": "mine"}, {}, id="RFC7644-3.3-2-id"),
        pytest.param({"meta": {"created": "x"}}, {}, id="RFC7644-3.3-2-meta"),
        pytest.param({"groups": [{"value": 5}]}, {}, id="RFC7644-3.3-2-groups"),
        pytest.param({"groups": []}, {}, id="empty-groups"),
        pytest.param({"shoeSize": 43}, {}, id="unknown-attribute"),
        pytest.param({"schemas": [USER, "urn:x", 5]}, {}, id="unknown-schema"),
        pytest.param({"schemas": [USER.upper()]}, {}, id="schema-without-case"),
        pytest.param({"title": None, "emails": []}, {}, id="null-and-empty-are-unassigned"),
        pytest.param({"name": {}}, {}, id="empty-object-is-unassigned"),
        pytest.param({"emails": [None]}, {}, id="array-of-nulls-is-unassigned"),
        pytest.param({"title": ""}, {"title": ""}, id="empty-text-is-kept"),
        pytest.param({"NICKNAME": "B"}, {"nickName": "B"}, id="RFC7643-2.1-names-without-case"),
        pytest.param(
            {"Name": {"GIVENNAME": "B", "pet": "cat"}},
            {"name": {"givenName": "B"}},
            id="sub-attribute-names-without-case",
        ),
        pytest.param({"password": "t1meMa$heen"}, {}, id="password-is-never-returned"),
        pytest.param(
            {"emails": [{"value": "a@b", "display": None, "type": "spaceship"}]},
            {"emails": [{"value": "a@b", "type": "spaceship"}]},
            id="canonical-values-are-suggestions",
        ),
        pytest.param(
            {
                ENTERPRISE.upper(): {
                    "department": "R",
                    "manager": {"value": "1", "displayName": "x"},
                }
            },
            {ENTERPRISE: {"department": "R", "manager": {"value": "1"}}},
            id="extension-that-schemas-does-not-name",
        ),
        pytest.param({ENTERPRISE: {}}, {}, id="empty-extension"),
        pytest.param({ENTERPRISE: None}, {}, id="null-extension"),
    ],
)
def test_create_keeps_what_the_schema_lets_a_client_write(
    scim: Scim, given: dict[str, Any], kept: dict[str, Any]
) -> None:
    reply = scim.post("/Users", body(**given))
    rest = {k: v for k, v in reply.body.items() if k not in ("schemas", "id", "meta", "userName")}
    urns = [USER, ENTERPRISE] if ENTERPRISE in kept else [USER]
    assert (reply.status, rest, reply.body["schemas"]) == (201, kept, urns)


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        pytest.param({"active": "yes"}, "active:", id="text-for-boolean"),
        pytest.param({"userName": 5}, "userName:", id="number-for-text"),
        pytest.param({"name": "Barbara"}, "name:", id="text-for-object"),
        pytest.param({"emails": "a"}, "emails:", id="text-for-array"),
        pytest.param({"emails": ["a"]}, "emails[0]:", id="text-for-object-in-array"),
        pytest.param({"emails": [{"value": "a"}, {"value": 1}]}, "emails[1].value:", id="deep"),
        pytest.param({"emails": [{"value": "a", "primary": 1}]}, "emails[0].primary:", id="one"),
        pytest.param({"x509Certificates": [{"value": "%"}]}, "x509Certificates[0]", id="binary"),
        pytest.param({ENTERPRISE: "x"}, ENTERPRISE, id="text-for-extension"),
        pytest.param({ENTERPRISE: {"manager": 7}}, f"{ENTERPRISE}:manager:", id="in-extension"),
        pytest.param({"userName": None}, "userName:", id="RFC7644-3.3-14-null"),
        pytest.param({"userName": ""}, "userName:", id="RFC7644-3.3-14-empty"),
        pytest.param({"schemas": []}, "schemas:", id="no-schemas"),
        pytest.param({"schemas": [GROUP]}, "schemas:", id="schema-of-another-type"),
        pytest.param({"schemas": USER}, "schemas:", id="schemas-as-text"),
        pytest.param({"schemas": None}, "schemas:", id="schemas-null"),
        pytest.param(
            {"emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]},
            "emails:",
            id="RFC7643-2.4-two-primaries",
        ),
        pytest.param({"password": ["p"]}, "password:", id="array-for-password"),
    ],
)
def test_create_refuses_a_wrong_value_and_names_the_attribute(
    scim: Scim, given: dict[str, Any], detail: str
) -> None:
    reply = scim.post("/Users", body(**given))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith(detail)
    assert scim.get("/Users").body["totalResults"] == 0


def test_a_refused_password_is_not_quoted(scim: Scim) -> None:
    reply = scim.post("/Users", body(password=481516))
    assert reply.status == 400
    assert "481516" not in reply.body["detail"]


def test_a_name_in_two_spellings_is_refused(scim: Scim) -> None:
    assert scim.post("/Users", body(title="a", Title="b")).fault == (400, "invalidSyntax")


@pytest.mark.parametrize("name", ["bjensen", "BJensen"])
def test_a_second_user_of_the_same_name_is_a_conflict(scim: Scim, name: str) -> None:
    scim.user("bjensen")
    assert scim.post("/Users", body(userName=name)).fault == (409, "uniqueness")
    assert scim.get("/Users").body["totalResults"] == 1


def test_names_equal_after_unicode_folding_are_a_conflict(scim: Scim) -> None:
    scim.user("stra\u00dfe-\u00c9")
    reply = scim.post("/Users", body(userName="STRASSE-e\u0301"))
    assert reply.fault == (409, "uniqueness")


def test_external_ids_and_group_names_may_repeat(scim: Scim) -> None:
    scim.user("a", externalId="1")
    scim.user("b", externalId="1")
    scim.group("g")
    scim.group("g")
    assert scim.get("/Users", filter='externalId eq "1"').body["totalResults"] == 2


def test_the_name_of_a_deleted_user_is_free_again(scim: Scim) -> None:
    scim.delete(scim.user("bjensen"))
    assert scim.get(scim.user("bjensen")).status == 200


def test_text_beyond_ascii_comes_back_unchanged(scim: Scim) -> None:
    text = "Zo\u00eb \u738b\u5c0f\u660e \U0001f600 \u0000"
    assert scim.get(scim.user(nickName=text)).body["nickName"] == text


@pytest.mark.parametrize(
    ("member", "status"),
    [
        pytest.param({"value": "nobody"}, 400, id="unknown-id"),
        pytest.param({"display": "x"}, 400, id="no-id"),
        pytest.param({"value": ""}, 400, id="empty-id"),
        pytest.param({"value": 5}, 400, id="number"),
    ],
)
def test_a_member_who_does_not_exist_is_refused(
    scim: Scim, member: dict[str, Any], status: int
) -> None:
    reply = scim.post("/Groups", {"schemas": [GROUP], "displayName": "g", "members": [member]})
    assert reply.fault == (status, "invalidValue")
    assert reply.body["detail"].startswith("members[0]")
    assert scim.get("/Groups").body["totalResults"] == 0


def test_a_group_completes_its_members(scim: Scim) -> None:
    person = scim.user("bjensen", displayName="Babs")
    identifier = person.rpartition("/")[2]
    member = {"value": identifier, "display": None, "type": "Robot", "shoeSize": 3}
    given = {"schemas": [GROUP], "displayName": "g", "members": [member, member]}
    reply = scim.post("/Groups", given)
    assert reply.body["members"] == [
        {
            "value": identifier,
            "$ref": f"http://scim.example.com/scim/v2{person}",
            "type": "User",
            "display": "Babs",
        }
    ]


@pytest.mark.parametrize("name", ["", None])
def test_a_group_needs_a_name(scim: Scim, name: str | None) -> None:
    reply = scim.post("/Groups", {"schemas": [GROUP], "displayName": name})
    assert reply.fault == (400, "invalidValue")


def test_create_obeys_projection(scim: Scim) -> None:
    reply = scim.post("/Users", body(title="Dr"), attributes="title")
    assert sorted(reply.body) == ["id", "schemas", "title"]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        pytest.param(b"", "empty", id="RFC7644-3.3-16-empty"),
        pytest.param(b'{"a":\n 1,,}', "line 2, column 4", id="RFC7644-3.3-16-comma"),
        pytest.param(b"[]", "an array", id="array"),
        pytest.param(b'"text"', "a string", id="string"),
        pytest.param(b'{"a":1,"a":2}', "'a' appears twice", id="key-twice"),
        pytest.param(b'{"b":{"a":1,"a":2}}', "'a' appears twice", id="key-twice-inside"),
        pytest.param(b'{"a":NaN}', "NaN", id="nan"),
        pytest.param(b'{"a":-Infinity}', "Infinity", id="infinity"),
        pytest.param(b'{"a":1e999}', "too large", id="beyond-double"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", "not JSON", id="enormous-integer"),
        pytest.param(b'{"a":"\xff"}', "UTF-8 at byte 6", id="not-utf-8"),
        pytest.param(b'{"a":"\\ud800"}', "surrogate", id="half-a-surrogate-pair"),
        pytest.param(b'{"\\udc00":1}', "surrogate", id="half-a-surrogate-pair-in-a-key"),
        pytest.param(b'{"a":' + b"[" * 100_000, "nested", id="deep-and-open"),
        pytest.param(b"[" * 50_000 + b"]" * 50_000, "nested", id="deep"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', "not JSON", id="byte-order-mark"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_body_that_is_no_json_object_is_refused_with_the_place(
    scim: Scim, method: str, content: bytes, where: str
) -> None:
    path = "/Users" if method == "POST" else scim.user()
    reply = scim.call(method, path, content)
    assert reply.fault == (400, "invalidSyntax")
    assert where in reply.body["detail"]


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/scim+json", 201),
        ("application/json", 201),
        ("Application/SCIM+JSON; charset=UTF-8", 201),
        ('application/json;charset="utf-8"', 201),
        (None, 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json; charset=iso-8859-1", 415),
        ("", 415),
    ],
)
def test_the_media_type_of_a_body_must_be_json(
    scim: Scim, content_type: str | None, status: int
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    assert scim.call("POST", "/Users", body(), headers).status == status


def test_an_encoded_body_is_refused_before_it_is_read(scim: Scim) -> None:
    encoded = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    reply = scim.call("POST", "/Users", b"\x1f\x8b", encoded)
    assert (reply.status, reply.response.header("Accept-Encoding")) == (415, "identity")
    encoded["Content-Encoding"] = "Identity"
    assert scim.call("POST", "/Users", body(), encoded).status == 201
