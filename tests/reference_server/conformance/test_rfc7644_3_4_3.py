"""RFC 7644 section 3.4.3: queries by POST."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@pytest.fixture
def people(scim: Scim) -> Scim:
    for name, family, department in (("c", "X", "2"), ("a", "Z", "1"), ("b", "Y", "3")):
        scim.user(
            name,
            displayName=f"Smith {name}",
            name={"familyName": family, "givenName": name},
            **{ENTERPRISE: {"department": department}},
        )
    scim.group("Smith Family")
    return scim


def search(scim: Scim, endpoint: str = "/Users", **parameters: Json) -> Reply:
    return scim.post(f"{endpoint}/.search", {"schemas": [SEARCH], **parameters})


def letters(reply: Reply) -> str:
    assert reply.status == 200, reply.body
    return "".join(each["name"]["givenName"] for each in reply.body["Resources"])


@honours("RFC7644-3.4.3-2")
def test_the_suffix_makes_a_query_of_a_post(people: Scim) -> None:
    before = people.get("/Users").body
    body = {"schemas": [SEARCH, USER], "userName": "new", "filter": 'userName eq "a"'}
    reply = people.post("/Users/.search", body)
    assert (reply.status, reply.body["schemas"]) == (200, [LIST])
    assert reply.response.header("Content-Type") == "application/scim+json"
    assert people.get("/Users").body == before


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"filter": 'userName eq "a" or userName eq "b"'},
        {"filter": "noSuch pr and ("},
        {"filter": ""},
        {"sortBy": "userName", "sortOrder": "descending"},
        {"sortBy": "name"},
        {"sortBy": "userName", "sortOrder": "up"},
        {"startIndex": 2, "count": 1},
        {"startIndex": -3, "count": 2},
        {"startIndex": 99},
        {"count": 0},
        {"count": -1},
        {"count": 10**30, "startIndex": 10**30},
        {"attributes": ["userName", "name.familyName"]},
        {"excludedAttributes": ["name", "meta", "id"]},
        {"attributes": ["userName"], "excludedAttributes": ["name"]},
        {"filter": "displayName pr", "sortBy": "displayName", "count": 2, "attributes": ["id"]},
    ],
)
@pytest.mark.parametrize("endpoint", ["/Users", "/Groups", ""])
@honours("RFC7644-3.4.3-18", "RFC7644-3.4.3-10", "RFC7644-3.4.3-12")
def test_the_answer_is_that_of_the_get_with_the_same_parameters(
    people: Scim, endpoint: str, parameters: dict[str, Json]
) -> None:
    query = {
        name: ",".join(value) if isinstance(value, list) else value
        for name, value in parameters.items()
    }
    by_get = people.get(endpoint, **query)
    by_post = search(people, endpoint, **parameters)
    assert (by_post.status, by_post.body) == (by_get.status, by_get.body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="no-schemas"),
        pytest.param({"schemas": [USER]}, id="another-schema"),
        pytest.param({"schemas": [LIST]}, id="another-message"),
        pytest.param({"schemas": []}, id="none"),
        pytest.param({"schemas": SEARCH}, id="not-an-array"),
    ],
)
@honours("RFC7644-3.4.3-4")
def test_a_search_says_that_it_is_one(people: Scim, body: Json) -> None:
    reply = people.post("/Users/.search", body)
    assert reply.status == 400
    assert reply.body["scimType"] in ("invalidSyntax", "invalidValue")
    assert "SearchRequest" in reply.body["detail"]


@honours("RFC7644-3.4.3-6", "RFC7644-3.4.3-9")
def test_attributes_are_named_in_standard_notation(people: Scim) -> None:
    names = [f"{USER}:userName", "NAME.familyName", f"{ENTERPRISE}:department"]
    found = search(people, attributes=names, filter='userName eq "a"').body["Resources"]
    shown = {key: value for key, value in found[0].items() if key not in ("id", "schemas")}
    assert shown == {
        "userName": "a",
        "name": {"familyName": "Z"},
        ENTERPRISE: {"department": "1"},
    }
    rest = search(people, excludedAttributes=names, filter='userName eq "a"').body["Resources"][0]
    assert rest["name"] == {"givenName": "a"}
    assert "displayName" in rest
    assert not {"userName", ENTERPRISE} & rest.keys()


@honours("RFC7644-3.4.3-8")
def test_what_is_always_returned_cannot_be_excluded(people: Scim) -> None:
    found = search(people, excludedAttributes=["id", "schemas", "userName"]).body["Resources"]
    assert len(found) == 3
    for each in found:
        assert {"id", "schemas"} <= each.keys()
        assert "userName" not in each


@honours("RFC7644-3.4.3-10")
def test_a_filter_in_the_body_is_a_filter(people: Scim) -> None:
    assert letters(search(people, filter='name.familyName eq "y"')) == "b"
    assert letters(search(people, filter='userName gt "a" and not (userName eq "b")')) == "c"
    for wrong in ("userName", 'userName regex "x"', "noSuch pr", "", "("):
        assert search(people, filter=wrong).fault == (400, "invalidFilter"), wrong
    assert search(people, filter=["userName pr"]).status == 400
    assert search(people, filter=5).status == 400


@honours("RFC7644-3.4.3-12", "RFC7644-3.4.3-13")
def test_results_are_ordered_by_the_attribute_that_is_named(people: Scim) -> None:
    assert letters(search(people, sortBy="userName")) == "abc"
    assert letters(search(people, sortBy="userName", sortOrder="descending")) == "cba"
    for name in ("name.familyName", f"{USER}:name.familyName", "NAME.FAMILYNAME"):
        assert letters(search(people, sortBy=name)) == "cba", name
    assert letters(search(people, sortBy=f"{ENTERPRISE}:department")) == "acb"
    for wrong in ("name", "name familyName", "noSuch", 5):
        assert search(people, sortBy=wrong).fault == (400, "invalidValue"), wrong


@honours("RFC7644-3.4.3-19")
def test_a_search_at_the_root_covers_the_types(people: Scim) -> None:
    reply = search(
        people,
        "",
        attributes=["displayName", "userName"],
        filter='displayName sw "smith"',
        startIndex=1,
        count=10,
    )
    assert (reply.status, reply.body["totalResults"]) == (200, 4)
    found = {each["displayName"]: each.get("userName") for each in reply.body["Resources"]}
    assert found == {"Smith a": "a", "Smith b": "b", "Smith c": "c", "Smith Family": None}


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"count": "5"}, "count"),
        ({"count": 1.5}, "count"),
        ({"count": True}, "count"),
        ({"startIndex": "x"}, "startIndex"),
        ({"attributes": "userName"}, "attributes"),
        ({"attributes": [5]}, "attributes"),
        ({"excludedAttributes": {"a": 1}}, "excludedAttributes"),
        ({"sortOrder": "up"}, "sortOrder"),
        ({"sortOrder": 1}, "sortOrder"),
    ],
)
@honours("RFC7644-3.4.3-18")
def test_parameters_of_the_wrong_type_are_named_in_the_refusal(
    people: Scim, parameters: dict[str, Json], name: str
) -> None:
    reply = search(people, **parameters)
    assert reply.status == 400
    assert reply.body["scimType"] in ("invalidValue", "invalidSyntax")
    assert name in reply.body["detail"]
