"""RFC 7644 section 3.5.2.1: the add operation of PATCH on a user."""

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
    row("3.5.2.1-2 3.5.2.1-4", op("add", "nickName", "B"), nickName="B", id="a-text"),
    row("3.5.2.1-2 3.5.2.1-4", op("add", "active", False), active=False, id="a-boolean"),
    row(
        "3.5.2.1-2 3.5.2.1-5",
        op("add", "name", {"honorificPrefix": "Ms"}),
        name={**NAME, "honorificPrefix": "Ms"},
        id="an-object-adds-sub-attributes",
    ),
    row(
        "3.5.2.1-5 3.5.2.1-9",
        op("add", "name", {"familyName": "Smith", "honorificPrefix": "Ms"}),
        name={**NAME, "familyName": "Smith", "honorificPrefix": "Ms"},
        id="an-object-replaces-sub-attributes",
    ),
    row(
        "3.5.2.1-5 3.5.2.1-8",
        op("add", f"{ENTERPRISE}:manager", {"value": "8"}),
        id="an-object-in-an-extension",
        **{ENTERPRISE: {"department": "R", "manager": {"value": "8"}}},
    ),
    row(
        "3.5.2.1-3",
        op("add", value={"nickName": "B", "title": "Prof", "active": True}),
        nickName="B",
        title="Prof",
        active=True,
        id="without-path-several-attributes",
    ),
    row(
        "3.5.2.1-3",
        op("add", value={"name": {"honorificPrefix": "Ms"}, "addresses": [{"country": "DE"}]}),
        name={**NAME, "honorificPrefix": "Ms"},
        addresses=[HOUSE, OFFICE, {"country": "DE"}],
        id="without-path-by-the-kind-of-each-attribute",
    ),
    row(
        "3.5.2.1-3",
        op("add", value={ENTERPRISE: {"division": "S"}}),
        id="without-path-in-an-extension",
        **{ENTERPRISE: {**START[ENTERPRISE], "division": "S"}},
    ),
    row(
        "3.5.2.1-6",
        op("add", "emails", [{"value": "n@x.org"}]),
        emails=[WORK, HOME, {"value": "n@x.org"}],
        id="a-value-in-an-array",
    ),
    row(
        "3.5.2.1-6",
        op("add", "emails", {"value": "n@x.org"}),
        emails=[WORK, HOME, {"value": "n@x.org"}],
        id="a-value-without-array",
    ),
    row(
        "3.5.2.1-6",
        op("add", "emails", [{"value": "n@x.org"}, {"value": "m@x.org"}]),
        emails=[WORK, HOME, {"value": "n@x.org"}, {"value": "m@x.org"}],
        id="two-values",
    ),
    row(
        "3.5.2.1-6",
        op("add", "emails", [{"value": "h@x.org", "type": "other"}]),
        emails=[WORK, HOME, {"value": "h@x.org", "type": "other"}],
        id="the-same-value-of-another-type",
    ),
    row("3.5.2.1-7", op("add", "title", "Prof"), title="Prof", id="a-single-value-is-replaced"),
    row(
        "3.5.2.1-8",
        op("add", "phoneNumbers", [{"value": "555", "type": "work"}]),
        phoneNumbers=[{"value": "555", "type": "work"}],
        id="first-value",
    ),
    row(
        "3.5.2.1-8",
        op("add", f"{ENTERPRISE}:costCenter", "9"),
        id="first-value-in-an-extension",
        **{ENTERPRISE: {**START[ENTERPRISE], "costCenter": "9"}},
    ),
    row(
        "3.5.2.1-9",
        op("add", "name.familyName", "Smith"),
        name={**NAME, "familyName": "Smith"},
        id="a-sub-attribute-that-is-there",
    ),
    row(
        "3.5.2.1-4",
        op("add", "name.honorificSuffix", "III"),
        name={**NAME, "honorificSuffix": "III"},
        id="a-sub-attribute-that-is-not-there",
    ),
    row("3.5.2.1-10 3.5.2.1-11", op("add", "title", "Dr"), id="the-text-that-is-there"),
    row("3.5.2.1-10 3.5.2.1-11", op("add", "emails", [HOME]), id="the-value-that-is-there"),
    row(
        "3.5.2.1-10 3.5.2.1-11",
        op("add", "emails", [{"value": "h@x.org"}, WORK]),
        id="values-that-are-there-with-and-without-type",
    ),
    row("3.5.2.1-10 3.5.2.1-11", op("add", "addresses", OFFICE), id="a-record-that-is-there"),
    row("3.5.2.1-10 3.5.2.1-11", op("add", "name", dict(NAME)), id="the-object-that-is-there"),
    row("3.5.2.1-10 3.5.2.1-11", op("add", 'emails[type eq "home"]', HOME), id="selected-is-there"),
    row(
        "3.5.2.1-10",
        op("add", "emails", [{"value": "h@x.org", "type": "home", "display": "At home"}]),
        emails=[WORK, {**HOME, "display": "At home"}],
        id="more-about-a-value-that-is-there",
    ),
    row(
        "3.5.2.1-15",
        op("add", 'emails[type eq "other"].value', "o@x.org"),
        emails=[WORK, HOME, {"type": "other", "value": "o@x.org"}],
        id="a-filter-without-match-describes-the-new-value",
    ),
    row(
        "3.5.2.1-15",
        op("add", 'phoneNumbers[type eq "fax" and primary eq true]', {"value": "555"}),
        phoneNumbers=[{"type": "fax", "primary": True, "value": "555"}],
        id="a-filter-without-match-and-without-values",
    ),
    row(
        "3.5.2.1-16",
        op("add", 'emails[type eq "home"].display', "At home"),
        emails=[WORK, {**HOME, "display": "At home"}],
        id="a-sub-attribute-of-the-selected",
    ),
    row(
        "3.5.2.1-16",
        op("add", 'addresses[type eq "work" or locality eq "Bonn"].country', "DE"),
        addresses=[{**HOUSE, "country": "DE"}, {**OFFICE, "country": "DE"}],
        id="a-sub-attribute-of-all-selected",
    ),
]


@pytest.mark.parametrize(("operation", "changes"), ROWS)
def test_add_changes_what_it_names_and_nothing_else(
    scim: Scim, operation: Json, changes: dict[str, Any]
) -> None:
    path = scim.user(**START)
    before = scim.get(path).body["meta"]
    reply = scim.patch(path, operation)
    assert reply.status == 200, reply.body
    expected = {key: value for key, value in {**START, **changes}.items() if value is not UNSET}
    assert observed(scim, path) == expected
    assert (scim.get(path).body["meta"] != before) == (expected != START)


@honours("RFC7644-3.5.2.1-1")
@pytest.mark.parametrize("path", ["title", "emails", "name.givenName", ENTERPRISE, None])
def test_add_needs_a_value(scim: Scim, path: str | None) -> None:
    user = scim.user(**START)
    reply = scim.patch(user, op("add", path))
    assert reply.fault == (400, "invalidValue")
    assert "Operations[0]" in reply.body["detail"]
    assert observed(scim, user) == START


@honours("RFC7644-3.5.2.1-5")
@pytest.mark.parametrize("value", ["Jensen", 5, True, ["a", "b"]])
def test_a_complex_attribute_takes_sub_attributes(scim: Scim, value: Json) -> None:
    path = scim.user(**START)
    assert scim.patch(path, op("add", "name", value)).fault == (400, "invalidValue")
    assert observed(scim, path) == START


@honours("RFC7644-3.5.2.1-3")
@pytest.mark.parametrize("value", ["x", 5, ["title"], [{"title": "x"}]])
def test_without_path_the_value_is_an_object(scim: Scim, value: Json) -> None:
    path = scim.user(**START)
    assert scim.patch(path, op("add", value=value)).fault == (400, "invalidValue")
    assert observed(scim, path) == START


@honours("RFC7644-3.5.2.1-15")
def test_a_filter_that_describes_no_value_has_no_target(scim: Scim) -> None:
    path = scim.user(**START)
    for selection in ('type co "x"', 'type eq "a" or type eq "b"', "not (type pr)"):
        operation = op("add", f"emails[{selection}].value", "n@x.org")
        assert scim.patch(path, operation).fault == (400, "noTarget")
    assert observed(scim, path) == START


@honours("RFC7644-3.5.2.1-12")
def test_only_a_change_moves_the_time(scim: Scim) -> None:
    path = scim.user(**START)
    before = scim.get(path).body["meta"]
    again = [op("add", "emails", [HOME, WORK]), op("add", "title", "Dr"), op("add", "emails", [])]
    assert scim.patch(path, *again).body["meta"] == before
    after = scim.patch(path, *again, op("add", "nickName", "B")).body["meta"]
    assert after["lastModified"] > before["lastModified"]
    assert after["version"] != before["version"]


@honours("RFC7644-3.5.2.1-14")
def test_the_example_without_path(scim: Scim) -> None:
    path = scim.user(emails=[{"value": "bjensen@example.com", "type": "work"}], nickName="Barb")
    value = {"emails": [{"value": "babs@jensen.org", "type": "home"}], "nickname": "Babs"}
    assert scim.patch(path, op("add", value=value)).status == 200
    assert observed(scim, path) == {
        "emails": [
            {"value": "bjensen@example.com", "type": "work"},
            {"value": "babs@jensen.org", "type": "home"},
        ],
        "nickName": "Babs",
    }
