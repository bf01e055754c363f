"""Queries by POST and queries of all types at once: RFC 7644 sections 3.4.2.1 and 3.4.3."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def search(scim: Scim, path: str = "/.search", **parameters: Json) -> Reply:
    return scim.post(path, {"schemas": [SEARCH], **parameters})


def shown(reply: Reply) -> list[str]:
    assert (reply.status, reply.body["schemas"]) == (200, [LIST])
    return [each.get("displayName") or each["userName"] for each in reply.body["Resources"]]


@pytest.fixture
def mixed(make_scim: Callable[..., Scim]) -> Scim:
    """Users and groups made in turns, and nothing else."""
    scim = make_scim()
    scim.user("bob", displayName="Bob", title="c")
    scim.group("Guides", [scim.user("alice", displayName="Alice")])
    scim.user("carol", title="a")
    scim.group("Cooks")
    return scim


EVERYTHING = ["Bob", "Alice", "Guides", "carol", "Cooks"]


def test_the_root_has_the_resources_of_all_types_in_creation_order(mixed: Scim) -> None:
    for path in ("", "/"):
        reply = mixed.get(path)
        assert shown(reply) == EVERYTHING
        assert (reply.body["totalResults"], reply.body["startIndex"]) == (5, 1)
    kinds = [each["meta"]["resourceType"] for each in mixed.get("").body["Resources"]]
    assert kinds == ["User", "User", "Group", "User", "Group"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('meta.resourceType eq "User"', ["Bob", "Alice", "carol"]),
        ('meta.resourceType eq "Group"', ["Guides", "Cooks"]),
        ('(meta.resourceType eq "User") or (meta.resourceType eq "Group")', EVERYTHING),
        ('not (meta.resourceType eq "User")', ["Guides", "Cooks"]),
        ('userName eq "ALICE"', ["Alice"]),
        ('displayName sw "c"', ["Cooks"]),
        ('userName eq "bob" or displayName eq "Guides"', ["Bob", "Guides"]),
        ("members pr", ["Guides"]),
        ("not (members pr)", ["Bob", "Alice", "carol", "Cooks"]),
        ('meta.resourceType eq "Group" and userName pr', []),
        ("title pr", ["Bob", "carol"]),
    ],
)
def test_a_filter_at_the_root_takes_what_a_type_has_not_for_no_value(
    mixed: Scim, text: str, expected: list[str]
) -> None:
    for reply in (mixed.get("", filter=text), search(mixed, filter=text)):
        assert shown(reply) == expected
        assert reply.body["totalResults"] == len(expected)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"sortBy": "displayName"}, ["Alice", "Bob", "Cooks", "Guides", "carol"]),
        (
            {"sortBy": "displayName", "sortOrder": "descending"},
            ["carol", "Guides", "Cooks", "Bob", "Alice"],
        ),
        ({"sortBy": "title"}, ["carol", "Bob", "Alice", "Guides", "Cooks"]),
        ({"sortBy": "title", "sortOrder": "descending", "count": 2}, ["Alice", "Guides"]),
        ({"sortBy": "meta.created", "startIndex": 2, "count": 3}, EVERYTHING[1:4]),
        ({"startIndex": 4}, EVERYTHING[3:]),
        ({"startIndex": 9}, []),
        ({"count": 0}, []),
    ],
)
def test_pages_and_order_work_across_types(
    mixed: Scim, parameters: Json, expected: list[str]
) -> None:
    for reply in (mixed.get("", **parameters), search(mixed, **parameters)):
        assert shown(reply) == expected
        assert reply.body["totalResults"] == 5


def test_attributes_are_chosen_for_each_type(mixed: Scim) -> None:
    reply = search(mixed, attributes=["userName", "members"], sortBy="displayName")
    keys = [sorted(each.keys() - {"schemas", "id"}) for each in reply.body["Resources"]]
    assert keys == [["userName"], ["userName"], [], ["members"], ["userName"]]
    without = search(mixed, excludedAttributes=["meta", "title", "groups"]).body["Resources"][0]
    assert sorted(without) == ["displayName", "id", "schemas", "userName"]


def test_a_search_at_a_type_stays_in_it(mixed: Scim) -> None:
    assert shown(search(mixed, "/Users/.search")) == ["Bob", "Alice", "carol"]
    assert shown(search(mixed, "/Groups/.search", filter='displayName co "oo"')) == ["Cooks"]
    assert search(mixed, "/Groups/.search", filter="userName pr").fault == (400, "invalidFilter")


def test_names_in_the_message_may_have_any_capitals_and_null_is_no_value(mixed: Scim) -> None:
    body = {"SCHEMAS": [SEARCH], "Filter": "title pr", "SORTBY": "title", "count": None}
    assert shown(mixed.post("/Users/.search", body)) == ["carol", "Bob"]


@pytest.mark.parametrize(
    ("body", "scim_type", "where"),
    [
        ({"filter": "title pr"}, "invalidSyntax", "schemas"),
        ({"schemas": [LIST]}, "invalidSyntax", "schemas"),
        ({"schemas": SEARCH}, "invalidSyntax", "schemas"),
        ({"schemas": [SEARCH], "filter": ["title pr"]}, "invalidValue", "filter"),
        ({"schemas": [SEARCH], "filter": "title"}, "invalidFilter", "character 6"),
        ({"schemas": [SEARCH], "attributes": "title"}, "invalidValue", "attributes"),
        ({"schemas": [SEARCH], "attributes": ["id", 1]}, "invalidValue", "attributes[1]"),
        ({"schemas": [SEARCH], "excludedAttributes": {}}, "invalidValue", "excludedAttributes"),
        (
            {"schemas": [SEARCH], "attributes": ["id"], "excludedAttributes": ["title"]},
            "invalidValue",
            "attributes and excludedAttributes",
        ),
        ({"schemas": [SEARCH], "sortBy": 1}, "invalidValue", "sortBy"),
        ({"schemas": [SEARCH], "sortBy": "nothing"}, "invalidValue", "sortBy"),
        ({"schemas": [SEARCH], "sortOrder": "up"}, "invalidValue", "sortOrder"),
        ({"schemas": [SEARCH], "startIndex": "1"}, "invalidValue", "startIndex"),
        ({"schemas": [SEARCH], "startIndex": 1.5}, "invalidValue", "startIndex"),
        ({"schemas": [SEARCH], "count": True}, "invalidValue", "count"),
        ({"schemas": [SEARCH], "count": "5", "cursor": ""}, "invalidCount", "count"),
        ({"schemas": [SEARCH], "cursor": 1}, "invalidValue", "cursor"),
    ],
)
def test_a_wrong_message_is_refused_with_the_place(
    mixed: Scim, body: Json, scim_type: str, where: str
) -> None:
    for path in ("/.search", "/Users/.search"):
        reply = mixed.post(path, body)
        assert reply.fault == (400, scim_type)
        assert where in reply.body["detail"]


@pytest.mark.parametrize("number", [-5, 0, 10**30])
def test_numbers_of_any_size_are_taken_like_those_in_a_query(mixed: Scim, number: int) -> None:
    reply = search(mixed, count=number, startIndex=number)
    assert reply.body["startIndex"] == max(1, min(number, 2**62))
    assert reply.ids == []
    assert reply.body["totalResults"] == 5


def test_discovery_lists_can_be_searched_but_not_filtered(scim: Scim) -> None:
    for path in ("/Schemas", "/ResourceTypes"):
        assert search(scim, f"{path}/.search", count=1).body == scim.get(path).body
        assert search(scim, f"{path}/.search", filter="id pr").status == 403
    assert search(scim, "/ServiceProviderConfig/.search").status == 404
    assert search(scim, "/Users/1/.search").status == 404


def test_conditions_do_not_apply_to_a_search(mixed: Scim) -> None:
    headers = {"If-Match": '"stale"', "If-None-Match": "*"}
    reply = mixed.call("POST", "/.search", {"schemas": [SEARCH]}, headers=headers)
    assert shown(reply) == EVERYTHING
    assert mixed.call("GET", "/Users", headers=headers).status == 200
