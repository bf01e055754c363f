"""Lists and projections: RFC 7644 sections 3.4.2, 3.4.2.3, 3.4.2.4, 3.9 and 3.10."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from reference_server import Request
from reference_server import searches
from reference_server.memory_store import MemoryStore
from reference_server.sqlite_store import SqliteStore

if TYPE_CHECKING:
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@pytest.fixture
def seven(scim: Scim) -> list[str]:
    return [scim.user(f"user{number}")[7:] for number in range(7)]


def test_an_empty_list_says_so(scim: Scim) -> None:
    for parameters in ({}, {"filter": 'userName eq "x"'}):
        reply = scim.get("/Users", **parameters)
        assert reply.status == 200
        assert reply.body == {
            "schemas": [LIST],
            "totalResults": 0,
            "startIndex": 1,
            "itemsPerPage": 0,
            "Resources": [],
        }


@pytest.mark.parametrize(
    ("parameters", "start", "expected"),
    [
        pytest.param({}, 1, slice(0, 7), id="RFC7644-3.4.2.4-4"),
        pytest.param({"startIndex": 1, "count": 3}, 1, slice(0, 3), id="RFC7644-3.4.2.4-5"),
        pytest.param({"startIndex": 4, "count": 3}, 4, slice(3, 6), id="RFC7644-3.4.2.4-16"),
        pytest.param({"startIndex": 7, "count": 3}, 7, slice(6, 7), id="last-page"),
        pytest.param({"startIndex": 8}, 8, slice(7, 7), id="RFC7644-3.4.2.4-17"),
        pytest.param({"startIndex": 0, "count": 2}, 1, slice(0, 2), id="RFC7644-3.4.2.4-3"),
        pytest.param({"startIndex": -5, "count": 2}, 1, slice(0, 2), id="negative-start"),
        pytest.param({"count": 0}, 1, slice(0, 0), id="RFC7644-3.4.2.4-8"),
        pytest.param({"count": -1}, 1, slice(0, 0), id="RFC7644-3.4.2.4-7"),
        pytest.param({"count": 10**17}, 1, slice(0, 7), id="count-above-the-maximum"),
        pytest.param({"startIndex": 10**17}, 10**17, slice(7, 7), id="enormous-start"),
        pytest.param({"unknown": "x"}, 1, slice(0, 7), id="RFC7644-3.4.2-3"),
    ],
)
@pytest.mark.parametrize("text", [None, "userName pr"])
def test_pages(
    scim: Scim,
    seven: list[str],
    parameters: dict[str, object],
    start: int,
    expected: slice,
    text: str | None,
) -> None:
    reply = scim.get("/Users", **parameters, **({"filter": text} if text else {}))
    assert reply.status == 200
    assert reply.ids == seven[expected]
    assert reply.body["totalResults"] == 7
    assert reply.body["itemsPerPage"] == len(reply.ids)
    assert reply.body["startIndex"] == start


@pytest.mark.parametrize(
    "parameters",
    [
        {"count": "ten"},
        {"count": ""},
        {"startIndex": "1.5"},
        {"startIndex": "1_0"},
        {"count": "\u0661"},
        {"count": "9" * 5000},
        {"sortOrder": "upwards"},
        {"sortBy": "shoeSize"},
        {"sortBy": "name"},
        {"sortBy": "password"},
        {"sortBy": "a b"},
        {"attributes": "id", "excludedAttributes": "name"},
    ],
)
def test_a_wrong_parameter_is_refused(scim: Scim, parameters: dict[str, object]) -> None:
    assert scim.get("/Users", **parameters).fault == (400, "invalidValue")


def test_pages_have_a_default_and_a_greatest_size(
    scim: Scim, monkeypatch: pytest.MonkeyPatch, seven: list[str]
) -> None:
    assert (searches.DEFAULT_COUNT, searches.MAX_COUNT) == (100, 1000)
    monkeypatch.setattr(searches, "DEFAULT_COUNT", 2)
    monkeypatch.setattr(searches, "MAX_COUNT", 4)
    assert scim.get("/Users").ids == seven[:2]
    assert scim.get("/Users", count=5).ids == seven[:4]


def test_the_order_is_that_of_creation_and_survives_changes(scim: Scim, seven: list[str]) -> None:
    scim.patch(f"/Users/{seven[0]}", {"op": "replace", "path": "userName", "value": "zz"})
    scim.delete(f"/Users/{seven[3]}")
    assert scim.get("/Users").ids == seven[:3] + seven[4:]
    text = 'userName eq "user5" or userName eq "zz" or userName eq "user1"'
    assert scim.get("/Users", filter=text).ids == [seven[0], seven[1], seven[5]]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("filter=userName+eq+%22a%2bb%22", 200),
        ("filter=userName%20eq%20%22a%2Bb%22", 200),
        ("filter=userName%20eq%20%22%ff%22", 400),
        ("count=1&count=2", 400),
        ("&".join("a=1" for _ in range(60)), 400),
    ],
)
def test_the_query_string_is_decoded_as_a_form(scim: Scim, raw: str, status: int) -> None:
    scim.user("a+b")
    headers = (("Authorization", scim.authorization),)
    response = scim.app.handle(Request("GET", f"{scim.app.base_path}/Users", raw, headers))
    assert response.status == status
    assert (b'"totalResults":1' in response.body) == (status == 200)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param({"sortBy": "userName"}, "adbc", id="RFC7644-3.4.2.3-10"),
        pytest.param(
            {"sortBy": "userName", "sortOrder": "descending"}, "cbda", id="RFC7644-3.4.2.3-8"
        ),
        pytest.param({"sortBy": "name.familyName"}, "bacd", id="RFC7644-3.4.2.3-7-last"),
        pytest.param(
            {"sortBy": "name.familyName", "sortOrder": "Descending"},
            "cdab",
            id="RFC7644-3.4.2.3-7-first",
        ),
        pytest.param({"sortBy": "emails"}, "cabd", id="RFC7644-3.4.2.3-5"),
        pytest.param({"sortBy": "active"}, "bacd", id="boolean"),
        pytest.param({"sortBy": "meta.created"}, "abcd", id="dates"),
        pytest.param({"sortBy": "userName", "startIndex": 2, "count": 2}, "db", id="3.4.2.3-12"),
        pytest.param(
            {"sortBy": f"{ENTERPRISE}:department", "filter": "userName pr"}, "badc", id="extension"
        ),
    ],
)
def test_sorting(scim: Scim, parameters: dict[str, object], expected: str) -> None:
    names = {
        "a": scim.user("Alice", name={"familyName": "Young"}, active=True),
        "b": scim.user("carol", name={"familyName": "adams"}, active=False),
        "c": scim.user("Dave"),
        "d": scim.user("bob"),
    }
    emails = {
        "a": [{"value": "z"}, {"value": "b", "primary": True}],
        "b": [{"value": "c"}],
        "c": [{"value": "a"}, {"value": "z"}],
    }
    for key, value in emails.items():
        scim.patch(names[key], {"op": "add", "path": "emails", "value": value})
    for key, value in {"a": "S", "b": "r", "d": "t"}.items():
        path = f"{ENTERPRISE}:department"
        scim.patch(names[key], {"op": "add", "path": path, "value": value})
    letters = {path[7:]: key for key, path in names.items()}
    reply = scim.get("/Users", **parameters)
    assert "".join(letters[each] for each in reply.ids) == expected


SHOWN = [
    ({"attributes": "userName"}, {"userName"}, "RFC7644-3.9-5"),
    ({"attributes": "USERNAME, Title"}, {"userName", "title"}, "RFC7644-3.9-6"),
    ({"attributes": f"{USER}:userName"}, {"userName"}, "qualified"),
    ({"attributes": f"{ENTERPRISE}:department"}, {ENTERPRISE}, "RFC7644-3.9-11"),
    ({"attributes": ENTERPRISE}, {ENTERPRISE}, "RFC7644-3.9-11-whole"),
    ({"attributes": "shoeSize,,a b,urn:x:y"}, set(), "RFC7644-3.9-10"),
    ({"attributes": "password"}, set(), "never"),
    ({"attributes": "meta"}, {"meta"}, "meta"),
    ({"attributes": "groups"}, {"groups"}, "computed"),
    (
        {"excludedAttributes": "id,schemas,name,emails"},
        {"userName", "title", "groups", "meta", ENTERPRISE},
        "RFC7644-3.9-7",
    ),
    (
        {"excludedAttributes": f"{ENTERPRISE},meta,groups,name,emails"},
        {"userName", "title"},
        "RFC7644-3.9-8",
    ),
    (
        {"attributes": ""},
        {"userName", "title", "name", "emails", "groups", "meta", ENTERPRISE},
        "empty-means-absent",
    ),
]


@pytest.mark.parametrize(
    ("parameters", "shown"), [pytest.param(p, shown, id=name) for p, shown, name in SHOWN]
)
def test_projection(scim: Scim, parameters: dict[str, object], shown: set[str]) -> None:
    path = scim.user(
        title="Dr",
        name={"givenName": "B", "familyName": "J"},
        emails=[{"value": "a"}],
        **{"password": "t1meMa$heen", ENTERPRISE: {"department": "R", "costCenter": "1"}},
    )
    scim.group(members=[path])
    one = scim.get(path, **parameters).body
    assert set(one) == shown | {"id", "schemas"}
    assert scim.get("/Users", **parameters).body["Resources"] == [one]
    replaced = scim.put(path, scim.get(path).body, **parameters)
    assert replaced.body == one


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"attributes": "name.givenName"}, {"name": {"givenName": "B"}}),
        (
            {"attributes": "NAME.GIVENNAME,emails.type"},
            {"name": {"givenName": "B"}, "emails": [{"type": "x"}]},
        ),
        ({"attributes": f"{ENTERPRISE}:manager.value"}, {ENTERPRISE: {"manager": {"value": "1"}}}),
        ({"attributes": "addresses.locality"}, {}),
    ],
)
def test_sub_attributes_can_be_chosen(
    scim: Scim, parameters: dict[str, object], expected: dict[str, Any]
) -> None:
    path = scim.user(
        name={"givenName": "B", "familyName": "J"},
        emails=[{"value": "a", "type": "x"}, {"value": "b"}],
        **{ENTERPRISE: {"manager": {"value": "1"}, "costCenter": "1"}},
    )
    shown = scim.get(path, **parameters).body
    assert {k: v for k, v in shown.items() if k not in ("id", "schemas")} == expected


def test_sub_attributes_can_be_left_out(scim: Scim) -> None:
    path = scim.user(name={"givenName": "B", "familyName": "J"})
    shown = scim.get(path, excludedAttributes="name.familyName,meta.version").body
    assert shown["name"] == {"givenName": "B"}
    assert "version" not in shown["meta"]


def test_leaving_members_out_does_not_read_them(
    scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scim.group("g", [scim.user()])
    for store in (MemoryStore, SqliteStore):
        monkeypatch.delattr(store, "members")
    reply = scim.get(path, excludedAttributes="members")
    assert (reply.status, "members" in reply.body) == (200, False)
