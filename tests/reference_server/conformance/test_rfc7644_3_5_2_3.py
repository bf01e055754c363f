"""RFC 7644 section 3.5.2.3: the replace operation of PATCH on a user."""

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


SUITE = {"type": "work", "streetAddress": "911 Universal City Plaza", "primary": True}
ROWS = [
    row(
        "3.5.2.3-1",
        op("replace", value={"title": "Prof", "emails": [HOME], "name": {"givenName": "B"}}),
        title="Prof",
        emails=[HOME],
        name={**NAME, "givenName": "B"},
        id="without-path",
    ),
    row(
        "3.5.2.3-1",
        op("replace", value={ENTERPRISE: {"department": "S"}}),
        id="without-path-in-an-extension",
        **{ENTERPRISE: {**START[ENTERPRISE], "department": "S"}},
    ),
    row(
        "3.5.2.3-1",
        op("replace", value={f"{ENTERPRISE}:department": "S"}),
        id="without-path-by-qualified-name",
        **{ENTERPRISE: {**START[ENTERPRISE], "department": "S"}},
    ),
    row("3.5.2.3-2", op("replace", "title", "Prof"), title="Prof", id="a-text"),
    row("3.5.2.3-2", op("replace", "title", ""), title="", id="an-empty-text"),
    row(
        "3.5.2.3-2",
        op("replace", "name.givenName", "B"),
        name={**NAME, "givenName": "B"},
        id="a-sub-attribute",
    ),
    row(
        "3.5.2.3-2",
        op("replace", f"{ENTERPRISE}:department", "S"),
        id="in-an-extension",
        **{ENTERPRISE: {**START[ENTERPRISE], "department": "S"}},
    ),
    row("3.5.2.3-3", op("replace", "emails", [HOME]), emails=[HOME], id="all-values"),
    row("3.5.2.3-3", op("replace", "emails", HOME), emails=[HOME], id="all-by-one-without-array"),
    row("3.5.2.3-3", op("replace", "emails", []), emails=UNSET, id="all-by-none"),
    row(
        "3.5.2.3-3",
        op("replace", "addresses", [{"country": "DE"}]),
        addresses=[{"country": "DE"}],
        id="all-records",
    ),
    row("3.5.2.3-4", op("replace", "nickName", "B"), nickName="B", id="as-add"),
    row(
        "3.5.2.3-4",
        op("replace", "photos", [{"value": "https://x.org/p"}]),
        photos=[{"value": "https://x.org/p"}],
        id="as-add-of-values",
    ),
    row(
        "3.5.2.3-4",
        op("replace", f"{ENTERPRISE}:division", "S"),
        id="as-add-in-an-extension",
        **{ENTERPRISE: {**START[ENTERPRISE], "division": "S"}},
    ),
    row(
        "3.5.2.3-4",
        op("replace", "name.honorificPrefix", "Ms"),
        name={**NAME, "honorificPrefix": "Ms"},
        id="as-add-of-a-sub-attribute",
    ),
    row(
        "3.5.2.3-5 3.5.2.3-6",
        op("replace", "name", {"familyName": "Smith", "honorificPrefix": "Ms"}),
        name={**NAME, "familyName": "Smith", "honorificPrefix": "Ms"},
        id="sub-attributes-of-one-value",
    ),
    row(
        "3.5.2.3-6",
        op("replace", ENTERPRISE, {"division": "S"}),
        id="attributes-of-an-extension",
        **{ENTERPRISE: {**START[ENTERPRISE], "division": "S"}},
    ),
    row(
        "3.5.2.3-7",
        op("replace", 'emails[type eq "home"]', {"value": "n@x.org", "type": "other"}),
        emails=[WORK, {"value": "n@x.org", "type": "other"}],
        id="a-selected-record",
    ),
    row(
        "3.5.2.3-7",
        op("replace", 'addresses[type eq "work"]', {"locality": "Jena"}),
        addresses=[HOUSE, {"locality": "Jena"}],
        id="a-selected-record-with-all-it-had",
    ),
    row(
        "3.5.2.3-7",
        op("replace", "addresses[locality pr]", {"locality": "Jena", "primary": True}),
        addresses=[{"locality": "Jena", "primary": True}],
        id="all-selected-records-become-the-one",
    ),
    row(
        "3.5.2.3-8",
        op("replace", 'addresses[type eq "work"].locality', "Jena"),
        addresses=[HOUSE, {**OFFICE, "locality": "Jena"}],
        id="a-sub-attribute-of-the-selected",
    ),
    row(
        "3.5.2.3-8",
        op("replace", 'emails[value ew "x.org"].display', "D"),
        emails=[{**WORK, "display": "D"}, {**HOME, "display": "D"}],
        id="a-sub-attribute-of-all-selected",
    ),
    row(
        "3.5.2.3-11",
        op("replace", 'addresses[type eq "work"]', SUITE),
        addresses=[{**HOUSE, "primary": False}, SUITE],
        id="example-of-the-work-address",
    ),
    row(
        "3.5.2.3-12",
        op("replace", 'addresses[type eq "work"].streetAddress', "1010 Broadway Ave"),
        addresses=[HOUSE, {**OFFICE, "streetAddress": "1010 Broadway Ave"}],
        id="example-of-the-street-address",
    ),
    row(
        "3.5.2.3-13",
        op("replace", value={"emails": [WORK, {**HOME, "value": "b@x.org"}], "nickname": "Babs"}),
        emails=[WORK, {**HOME, "value": "b@x.org"}],
        nickName="Babs",
        id="example-without-path",
    ),
]


@pytest.mark.parametrize(("operation", "changes"), ROWS)
def test_replace_changes_what_it_names_and_nothing_else(
    scim: Scim, operation: Json, changes: dict[str, Any]
) -> None:
    path = scim.user(**START)
    before = scim.get(path).body["meta"]
    reply = scim.patch(path, operation)
    assert reply.status == 200, reply.body
    expected = {key: value for key, value in {**START, **changes}.items() if value is not UNSET}
    assert observed(scim, path) == expected
    assert (scim.get(path).body["meta"] != before) == (expected != START)


@honours("RFC7644-3.5.2.3-1")
@pytest.mark.parametrize("value", ["x", 5, None, True, [{"title": "x"}]])
def test_without_path_the_value_is_an_object(scim: Scim, value: Json) -> None:
    path = scim.user(**START)
    reply = scim.patch(path, {"op": "replace", "value": value})
    assert reply.fault == (400, "invalidValue")
    assert observed(scim, path) == START


@honours("RFC7644-3.5.2.3-5")
@pytest.mark.parametrize("value", ["Jensen", 5, True, ["a", "b"]])
@pytest.mark.parametrize("path", ["name", 'emails[type eq "work"]'])
def test_a_complex_attribute_takes_sub_attributes(scim: Scim, path: str, value: Json) -> None:
    user = scim.user(**START)
    assert scim.patch(user, op("replace", path, value)).fault == (400, "invalidValue")
    assert observed(scim, user) == START


@honours("RFC7644-3.5.2.3-9")
@pytest.mark.parametrize(
    "operation",
    [
        op("replace", 'emails[type eq "fax"]', {"value": "x"}),
        op("replace", 'emails[type eq "fax"].value', "x"),
        op("replace", 'emails[type eq "home" and value eq "w@x.org"].value', "x"),
        op("replace", 'photos[type eq "photo"].value', "https://x.org"),
    ],
)
def test_a_filter_without_match_has_no_target(scim: Scim, operation: Json) -> None:
    path = scim.user(**START)
    before = scim.get(path).body
    reply = scim.patch(path, op("replace", "title", "x"), operation)
    assert reply.fault == (400, "noTarget")
    assert scim.get(path).body == before


@honours("RFC7644-3.5.2.3-14")
@pytest.mark.parametrize("path", ["title", "emails", 'emails[type eq "home"]', ENTERPRISE, None])
def test_replace_needs_a_value(scim: Scim, path: str | None) -> None:
    user = scim.user(**START)
    assert scim.patch(user, op("replace", path)).fault == (400, "invalidValue")
    assert observed(scim, user) == START


@pytest.mark.parametrize("name", ["title", "name", "emails", ENTERPRISE])
def test_null_leaves_an_attribute_unassigned(scim: Scim, name: str) -> None:
    user = scim.user(**START)
    assert scim.patch(user, {"op": "replace", "path": name, "value": None}).status == 200
    assert observed(scim, user) == {key: START[key] for key in START if key != name}


def test_null_clears_a_sub_attribute(scim: Scim) -> None:
    user = scim.user(**START)
    scim.patch(user, op("replace", "name", {"givenName": None, "familyName": "Smith"}))
    assert scim.get(user).body["name"] == {"familyName": "Smith", "middleName": "J"}


def test_a_replacement_by_the_same_is_no_change(scim: Scim) -> None:
    user = scim.user(**START)
    before = scim.get(user).body
    scim.patch(user, *(op("replace", name, value) for name, value in START.items()))
    scim.patch(user, op("replace", value=START))
    assert scim.get(user).body == before


def test_a_password_is_replaced_and_never_shown(scim: Scim) -> None:
    user = scim.user(**{"password": "first"})
    before = scim.get(user).body["meta"]["version"]
    reply = scim.patch(user, op("replace", "password", "second"), attributes="password")
    assert reply.status == 200
    assert "password" not in reply.body
    after = scim.get(user).body["meta"]["version"]
    assert after != before
    scim.patch(user, op("replace", value={"password": "second"}))
    assert scim.get(user).body["meta"]["version"] == after
