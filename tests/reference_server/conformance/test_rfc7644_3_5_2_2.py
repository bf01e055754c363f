"""RFC 7644 section 3.5.2.2: the remove operation of PATCH on a user."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

WORK = {"value": "w@x.org", "type": "work", "primary": True}
HOME = {"value": "h@x.org", "type": "home"}
HOUSE = {"type": "home", "locality": "Bonn", "primary": True}
OFFICE = {"type": "work", "locality": "Ulm", "region": "BW"}
NAME = {"givenName": "Barbara", "familyName": "Jensen", "middleName": "J"}
START: dict[str, Any] = {
    "name": NAME,
    "title": "Dr",
    "emails": [WORK, HOME],
    "addresses": [HOUSE, OFFICE],
    ENTERPRISE: {"department": "R", "manager": {"value": "7"}},
}
UNSET = object()

honours = pytest.mark.honours


def op(op: str, path: str | None = None, value: Json = UNSET) -> dict[str, Any]:
    operation = {"op": op, "path": path, "value": value}
    return {key: each for key, each in operation.items() if each not in (None, UNSET)}


def row(ids: str, operation: Json, *, id: str, **changes: Json) -> object:
    """Build a row: the requirements it shows, an operation and what it changes of START."""
    marks = honours(*(f"RFC7644-{each}" for each in ids.split()))
    return pytest.param(operation, changes, marks=marks, id=id)


def observed(scim: Scim, path: str) -> dict[str, Any]:
    shown = scim.get(path).body
    return {k: v for k, v in shown.items() if k not in ("schemas", "id", "meta", "userName")}


ROWS = [
    row("3.5.2.2-2", op("remove", "title"), title=UNSET, id="a-text"),
    row("3.5.2.2-2", op("remove", "name"), name=UNSET, id="a-complex-value"),
    row(
        "3.5.2.2-2",
        op("remove", f"{ENTERPRISE}:department"),
        id="in-an-extension",
        **{ENTERPRISE: {"manager": {"value": "7"}}},
    ),
    row("3.5.2.2-2", op("remove", "nickName"), id="what-is-not-there"),
    row("3.5.2.2-2", op("remove", ENTERPRISE), id="an-extension", **{ENTERPRISE: UNSET}),
    row("3.5.2.2-3", op("remove", "emails"), emails=UNSET, id="all-values"),
    row("3.5.2.2-3", op("remove", "addresses"), addresses=UNSET, id="all-records"),
    row("3.5.2.2-3", op("remove", "photos"), id="values-that-are-not-there"),
    row(
        "3.5.2.2-4",
        op("remove", 'emails[value eq "H@x.org"]'),
        emails=[WORK],
        id="one-value-by-its-value",
    ),
    row(
        "3.5.2.2-4",
        op("remove", 'emails[value ew "x.org"]'),
        emails=UNSET,
        id="all-values-by-their-value",
    ),
    row(
        "3.5.2.2-5",
        op("remove", 'emails[type eq "work" and value ew "x.org"]'),
        emails=[HOME],
        id="records-by-two-conditions",
    ),
    row(
        "3.5.2.2-5",
        op("remove", 'addresses[not (locality eq "Ulm")]'),
        addresses=[OFFICE],
        id="records-by-negation",
    ),
    row("3.5.2.2-5", op("remove", 'emails[type eq "fax"]'), id="records-that-are-not-there"),
    row(
        "3.5.2.2-5",
        op("remove", 'emails[primary eq true or type eq "fax"]'),
        emails=[HOME],
        id="records-by-alternatives",
    ),
    row(
        "3.5.2.2-6",
        op("remove", "name.middleName"),
        name={"givenName": "Barbara", "familyName": "Jensen"},
        id="a-sub-attribute",
    ),
    row(
        "3.5.2.2-6",
        op("remove", 'addresses[type eq "work"].region'),
        addresses=[HOUSE, {"type": "work", "locality": "Ulm"}],
        id="a-sub-attribute-of-the-selected",
    ),
    row(
        "3.5.2.2-6",
        op("remove", "addresses.locality"),
        addresses=[{"type": "home", "primary": True}, {"type": "work", "region": "BW"}],
        id="a-sub-attribute-of-all",
    ),
    row(
        "3.5.2.2-6",
        op("remove", f"{ENTERPRISE}:manager.value"),
        id="the-last-sub-attribute",
        **{ENTERPRISE: {"department": "R"}},
    ),
    row(
        "3.5.2.2-7",
        op("remove", 'addresses[type eq "work" or type eq "home"]'),
        addresses=UNSET,
        id="all-records-by-filter",
    ),
]


@pytest.mark.parametrize(("operation", "changes"), ROWS)
def test_remove_changes_what_it_names_and_nothing_else(
    scim: Scim, operation: Json, changes: dict[str, Any]
) -> None:
    path = scim.user(**START)
    before = scim.get(path).body["meta"]
    reply = scim.patch(path, operation)
    assert reply.status == 200, reply.body
    expected = {key: value for key, value in {**START, **changes}.items() if value is not UNSET}
    assert observed(scim, path) == expected
    assert (scim.get(path).body["meta"] != before) == (expected != START)


@honours("RFC7644-3.5.2.2-3", "RFC7644-3.5.2.2-4", "RFC7644-3.5.2.2-7")
@pytest.mark.parametrize("path", ["emails", 'emails[value co "@"]', "emails[type pr]"])
def test_an_attribute_without_values_is_unassigned(scim: Scim, path: str) -> None:
    scim.patch(scim.user(**START), op("remove", path))
    assert scim.get("/Users", filter="emails pr").body["totalResults"] == 0
    assert scim.get("/Users", filter="not (emails pr)").body["totalResults"] == 1


@honours("RFC7644-3.5.2.2-1")
@pytest.mark.parametrize("value", [UNSET, {"title": "Dr"}, ["title"]])
def test_remove_without_path_has_no_target(scim: Scim, value: Json) -> None:
    path = scim.user(**START)
    before = scim.get(path).body
    reply = scim.patch(path, op("replace", "title", "x"), op("remove", value=value))
    assert reply.fault == (400, "noTarget")
    assert scim.get(path).body == before


@honours("RFC7644-3.5.2.2-8")
@pytest.mark.parametrize(
    "operation",
    [
        op("remove", "userName"),
        op("remove", "schemas"),
        {"op": "replace", "path": "userName", "value": None},
        {"op": "add", "path": "userName", "value": None},
        {"op": "replace", "value": {"userName": None}},
    ],
)
def test_a_required_attribute_cannot_be_removed(scim: Scim, operation: Json) -> None:
    path = scim.user(**START)
    before = scim.get(path).body
    reply = scim.patch(path, operation)
    assert reply.fault == (400, "mutability")
    assert "required" in reply.body["detail"]
    assert scim.get(path).body == before


@honours("RFC7644-3.5.2.2-9")
@pytest.mark.parametrize("path", ["id", "meta", "meta.created", "groups", "groups[value pr]"])
def test_a_readonly_attribute_cannot_be_removed(scim: Scim, path: str) -> None:
    user = scim.user(**START)
    scim.group(members=[user])
    before = scim.get(user).body
    reply = scim.patch(user, op("remove", path))
    assert reply.fault == (400, "mutability")
    assert "readOnly" in reply.body["detail"]
    assert scim.get(user).body == before


@honours("RFC7644-3.5.2.2-13")
def test_the_example_of_a_compound_filter(scim: Scim) -> None:
    emails = [
        {"value": "a@example.com", "type": "work"},
        {"value": "b@example.org", "type": "work"},
        {"value": "c@example.com", "type": "home"},
        {"value": "d@EXAMPLE.com", "type": "Work"},
    ]
    path = scim.user(emails=emails)
    scim.patch(path, op("remove", 'emails[type eq "work" and value ew "example.com"]'))
    assert observed(scim, path) == {"emails": emails[1:3]}


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ([{"value": "h@x.org"}], [WORK]),
        ({"value": "H@X.org"}, [WORK]),
        (["h@x.org"], [WORK]),
        ([{"type": "work"}], [HOME]),
        ([{"value": "h@x.org", "type": "work"}], [WORK, HOME]),
        ([{}, None], [WORK, HOME]),
        ([{"VALUE": "w@x.org"}, "h@x.org"], None),
    ],
)
def test_a_value_names_what_is_to_be_removed(scim: Scim, value: Json, left: Json) -> None:
    path = scim.user(**START)
    assert scim.patch(path, op("remove", "emails", value)).status == 200
    assert scim.get(path).body.get("emails") == left
