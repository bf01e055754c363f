"""RFC 7643 sections 4.1 and 4.1.1: the singular attributes of users."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

honours = pytest.mark.honours


def user(**attributes: Json) -> dict[str, Any]:
    return {"schemas": [USER], "userName": "bjensen", **attributes}


@honours("RFC7643-4.1-1")
def test_users_have_the_schema_of_users(scim: Scim) -> None:
    assert scim.get(scim.user()).body["schemas"] == [USER]
    reply = scim.get(f"/Schemas/{USER}")
    assert (reply.status, reply.body["id"], reply.body["name"]) == (200, USER, "User")


@honours("RFC7643-4.1.1-1", "RFC7643-4.1.1-2", "RFC7643-7-17")
@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u3000", None])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_user_name_is_never_empty(scim: Scim, method: str, name: str | None) -> None:
    path = scim.user()
    if method == "PATCH":
        reply = scim.patch(path, {"op": "replace", "path": "userName", "value": name})
    else:
        there = path if method == "PUT" else "/Users"
        reply = scim.call(method, there, user(userName=name))
    assert reply.status == 400
    assert reply.body["scimType"] in ("invalidValue", "mutability")
    assert "userName: required" in reply.body["detail"]
    assert [each["userName"] for each in scim.get("/Users").body["Resources"]] == ["bjensen"]


@honours("RFC7643-4.1.1-2", "RFC7643-7-17")
def test_a_user_has_a_name(scim: Scim) -> None:
    path = scim.user()
    for reply in (
        scim.post("/Users", {"schemas": [USER], "title": "t"}),
        scim.put(path, {"schemas": [USER], "title": "t"}),
    ):
        assert reply.fault == (400, "invalidValue")
        assert reply.body["detail"].startswith("userName: required")
    assert scim.patch(path, {"op": "remove", "path": "userName"}).status == 400
    assert scim.get(path).body["userName"] == "bjensen"


@honours("RFC7643-4.1.1-3", "RFC7643-4.1.1-4", "RFC7643-7-38")
@pytest.mark.parametrize("name", ["bjensen", "BJensen", "BJENSEN"])
def test_a_user_name_is_unique_without_regard_to_case(scim: Scim, name: str) -> None:
    scim.user("bjensen")
    reply = scim.post("/Users", user(userName=name))
    assert reply.fault == (409, "uniqueness")
    assert reply.body["detail"].startswith("userName:")
    assert scim.get("/Users").body["totalResults"] == 1


@honours("RFC7643-4.1.1-5", "RFC7643-7-20", "RFC7643-7-23")
@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('userName eq "bJENSEN@example.COM"', 1),
        ('userName eq "bjensen@example.org"', 0),
        ('userName sw "BJ"', 1),
        ('userName co "EXAMPLE"', 1),
        ('userName ew ".Com"', 1),
        ('userName ne "BJENSEN@EXAMPLE.COM"', 0),
        ('userName gt "BJENSEM"', 1),
        ('userName lt "BJENSEM"', 0),
    ],
)
def test_a_user_name_is_compared_without_case(scim: Scim, text: str, count: int) -> None:
    scim.user("BJensen@Example.Com")
    assert len(scim.get("/Users", filter=text).ids) == count


@honours("RFC7643-4.1.1-6")
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_cannot_take_the_name_of_another(scim: Scim, method: str) -> None:
    scim.user("a")
    path = scim.user("b")
    before = scim.get(path).body
    if method == "PUT":
        reply = scim.put(path, user(userName="A", title="t"))
    else:
        reply = scim.patch(path, {"op": "replace", "value": {"userName": "A", "title": "t"}})
    assert reply.fault == (409, "uniqueness")
    assert scim.get(path).body == before
    assert scim.put(path, user(userName="B")).body["userName"] == "B"


PARTS = {
    "familyName": "Jensen",
    "givenName": "Barbara",
    "middleName": "Jane",
    "honorificPrefix": "Ms.",
    "honorificSuffix": "III",
}
FORMATTED = {"formatted": "Ms. Barbara Jane Jensen, III"}


@honours("RFC7643-4.1.1-7", "RFC7643-4.1.1-8", "RFC7643-4.1.1-9", "RFC7643-4.1.1-11")
@pytest.mark.parametrize("name", [FORMATTED, PARTS, {**FORMATTED, **PARTS}, {"givenName": "B"}])
def test_a_name_comes_back_with_the_parts_it_was_given(scim: Scim, name: dict[str, str]) -> None:
    path = scim.user(name=name)
    assert scim.get(path).body["name"] == name
    for part, value in name.items():
        assert len(scim.get("/Users", filter=f'name.{part} eq "{value}"').ids) == 1


@honours("RFC7643-4.1.1-12", "RFC7643-4.1.1-14")
@pytest.mark.parametrize("given", [{}, {"displayName": "Babs Jensen"}, {"displayName": "bjensen"}])
def test_a_display_name_may_be_anything_or_nothing(scim: Scim, given: dict[str, str]) -> None:
    assert scim.get(scim.user(**given)).body.get("displayName") == given.get("displayName")


VALUES = [
    pytest.param("title", "Vice President", marks=honours("RFC7643-4.1.1-18"), id="title"),
    *(
        pytest.param("userType", each, marks=honours("RFC7643-4.1.1-19"), id=f"userType-{each}")
        for each in ("Contractor", "Employee", "Intern", "Temp", "External", "Unknown", "Pirate")
    ),
    *(
        pytest.param("preferredLanguage", each, marks=honours("RFC7643-4.1.1-20"), id=each)
        for each in ("en-US", "en-US,fr;q=0.5", "da, en-gb;q=0.8, *;q=0.1")
    ),
    *(
        pytest.param("locale", each, marks=honours("RFC7643-4.1.1-21"), id=f"locale-{each}")
        for each in ("fr", "en-US", "es-419", "az-Arab", "x-pig-latin", "man-Nkoo-GN")
    ),
    pytest.param("locale", "en_US", marks=honours("RFC7643-4.1.1-22"), id="underscore"),
    *(
        pytest.param("timezone", each, marks=honours("RFC7643-4.1.1-24"), id=each)
        for each in ("America/Los_Angeles", "Etc/GMT+5", "UTC")
    ),
    pytest.param(
        "profileUrl",
        "https://login.example.com/bjensen",
        marks=honours("RFC7643-4.1.1-17"),
        id="profileUrl",
    ),
]


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_a_text_of_the_right_form_is_kept(scim: Scim, name: str, value: str) -> None:
    path = scim.user(**{name: value})
    assert scim.get(path).body[name] == value
    assert len(scim.get("/Users", filter=f'{name} eq "{value}"').ids) == 1
    assert scim.put(path, user(**{name: value})).body[name] == value
    other = scim.user("other")
    operation = {"op": "add", "path": name, "value": value}
    assert scim.patch(other, operation).body[name] == value


@honours("RFC7643-4.1.1-23", "RFC7643-2.3.1-2")
@pytest.mark.parametrize("tag", ["en US", " en-US", "en-US\n", "en\u00a0US"])
def test_a_language_tag_has_no_white_space(scim: Scim, tag: str) -> None:
    path = scim.user("other", locale="fr")
    operation = {"op": "replace", "path": "locale", "value": tag}
    for reply in (
        scim.post("/Users", user(locale=tag)),
        scim.put(path, user(userName="other", locale=tag)),
        scim.patch(path, operation),
    ):
        assert reply.fault == (400, "invalidValue")
        assert reply.body["detail"].startswith("locale:")
    assert scim.get(path).body["locale"] == "fr"


@honours("RFC7643-4.1.1-25")
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_user_who_is_not_active_is_still_there(scim: Scim, method: str) -> None:
    path = scim.user(active=True)
    if method == "PUT":
        scim.put(path, user(active=False))
    else:
        scim.patch(path, {"op": "replace", "path": "active", "value": False})
    assert scim.get(path).body["active"] is False
    assert len(scim.get("/Users", filter="active eq false").ids) == 1
    assert scim.get("/Users", filter="active eq true").ids == []
    scim.patch(path, {"op": "replace", "value": {"active": True}})
    assert scim.get(path).body["active"] is True


SECRET = "t1meMa$heen"  # noqa: S105 - a password of nobody


def told(replies: list[Reply]) -> bytes:
    """Return everything that replies say."""
    headers = "".join(str(each.response.headers) for each in replies)
    return headers.encode() + b"".join(each.content for each in replies)


@honours("RFC7643-4.1.1-26", "RFC7643-7-29", "RFC7643-7-31")
def test_a_password_is_in_no_reply(scim: Scim) -> None:
    first = scim.post("/Users", user(password=SECRET))
    path = f"/Users/{first.body['id']}"
    replies = [
        first,
        scim.get(path),
        scim.put(path, user(password=SECRET)),
        scim.patch(path, {"op": "replace", "path": "password", "value": SECRET}),
        scim.patch(path, {"op": "add", "value": {"password": SECRET, "title": "t"}}),
        scim.get("/Users"),
        scim.post("/Users", user(password=SECRET)),
        scim.post("/Users", user(userName="b", password=[SECRET])),
        scim.post("/Users/.search", {"schemas": [SEARCH], "attributes": ["password"]}),
        scim.call("GET", path, attributes="password,userName"),
    ]
    data = user(userName="c", password=SECRET)
    operation = {"method": "POST", "path": "/Users", "bulkId": "q", "data": data}
    replies.append(scim.post("/Bulk", {"schemas": [BULK], "Operations": [operation]}))
    assert [each.status for each in replies] == [201, *[200] * 5, 409, 400, *[200] * 3]
    assert replies[-1].body["Operations"][0]["status"] == "201"
    assert SECRET.encode() not in told(replies)
    assert b'"password"' not in told(replies)


@honours("RFC7643-4.1.1-35", "RFC7643-7-28")
def test_a_password_can_be_set_and_changed_at_any_time(scim: Scim) -> None:
    assert scim.get("/ServiceProviderConfig").body["changePassword"] == {"supported": True}
    path = scim.user(password="first")  # noqa: S106 - a password of nobody
    versions = [scim.get(path).body["meta"]["version"]]
    replace = {"op": "replace", "path": "password", "value": "third"}
    for reply in (scim.put(path, user(password="second")), scim.patch(path, replace)):  # noqa: S106
        assert reply.status == 200
        assert reply.body["meta"]["version"] not in versions
        versions.append(reply.body["meta"]["version"])
    assert scim.patch(path, {"op": "remove", "path": "password"}).status == 200


@honours("RFC7643-4.1.1-28")
@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("Zo\u00eb pass", "Zoe\u0308 pass", True),
        ("caf\u00e9\u00a0\u3000bar", "cafe\u0301  bar", True),
        ("caf\u00e9", "cafe", False),
        ("Cafe", "cafe", False),
    ],
)
def test_a_password_is_prepared_for_international_comparison(
    scim: Scim, before: str, after: str, same: bool
) -> None:
    path = scim.user(password=before)
    version = scim.get(path).body["meta"]["version"]
    # What the server compares can be seen in this: the same password again changes nothing.
    assert (scim.put(path, user(password=after)).body["meta"]["version"] == version) is same


@honours("RFC7643-4.1.1-36", "RFC7643-7-31")
@pytest.mark.parametrize("names", ["password", "PASSWORD", f"{USER}:password", "password,id"])
def test_asking_for_the_password_does_not_reveal_it(scim: Scim, names: str) -> None:
    path = scim.user(password=SECRET)
    assert sorted(scim.get(path, attributes=names).body) == ["id", "schemas"]
    body = {"schemas": [SEARCH], "attributes": names.split(",")}
    (found,) = scim.post("/Users/.search", body).body["Resources"]
    assert sorted(found) == ["id", "schemas"]


@pytest.mark.parametrize("text", [f'password eq "{SECRET}"', 'password sw "t"', "password pr"])
def test_a_password_is_found_by_no_filter(scim: Scim, text: str) -> None:
    scim.user(password=SECRET)
    reply = scim.get("/Users", filter=text)
    assert reply.fault == (400, "invalidFilter")
    assert SECRET.encode() not in told([reply])
