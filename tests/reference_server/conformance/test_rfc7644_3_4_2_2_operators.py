"""RFC 7644 section 3.4.2.2, Table 3: what each operator means for each type of attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

GADGET = "urn:example:params:scim:schemas:2.0:Gadget"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"

# One of each, to be found by the first letter of its name.
GADGETS: list[dict[str, Json]] = [
    {
        "name": "Alpha",
        "serial": "Ser-A",
        "weight": 1.5,
        "count": 5,
        "ready": True,
        "built": "2026-01-01T00:00:00Z",
        "blueprint": "TUlJRA==",
        "manual": "https://example.com/A",
        "tags": ["Red", "blue"],
        "sizes": [1, 20],
        "maker": {"company": "Acme", "sites": ["Rome", "Oslo"]},
        "parts": [{"value": "gear", "type": "inner"}, {"value": "case", "type": "outer"}],
        "plain": 'caf\u00e9 "quoted" back\\slash',
    },
    {
        "name": "beta",
        "serial": "ser-a",
        "weight": -2,
        "count": -3,
        "ready": False,
        "built": "2025-12-31T23:30:00-01:00",
        "tags": ["green"],
        "sizes": [],
        "maker": {"company": "Beta Ltd"},
        "plain": "",
    },
    {"name": "Gamma", "weight": 10, "count": 40, "built": "2026-01-01T00:00:00.250Z"},
]


def row(ids: str, text: str, who: str) -> Any:  # noqa: ANN401 - as of pytest.param
    marks = honours(*(f"RFC7644-3.4.2.2-{each}" for each in ids.split()))
    return pytest.param(text, who, marks=marks, id=text)


@pytest.fixture
def gadgets(full: Scim) -> Scim:
    for each in GADGETS:
        assert full.post("/Gadgets", {"schemas": [GADGET], **each}).status == 201
    return full


def found(scim: Scim, text: str) -> str:
    reply = scim.get("/Gadgets", filter=text)
    assert reply.status == 200, reply.body
    assert reply.body["totalResults"] == len(reply.ids)
    return "".join(each["name"][0] for each in reply.body["Resources"])


MATCHES = [
    # identical, by the type of the attribute
    row("12 49", 'name eq "ALPHA"', "A"),
    row("12 49", 'serial eq "Ser-A"', "A"),
    row("12 49", 'serial eq "SER-A"', ""),
    row("12", "ready eq true", "A"),
    row("12", "ready eq false", "b"),
    row("12", "count eq 5", "A"),
    row("12", "count eq 5.0", "A"),
    row("12", "weight eq 1.50", "A"),
    row("12", "weight eq -2", "b"),
    row("12", "weight eq 15e-1", "A"),
    row("12", 'built eq "2026-01-01T01:00:00+01:00"', "A"),
    row("12", 'built eq "2026-01-01T00:30:00Z"', "b"),
    row("12", 'built eq "2026-01-01T00:00:00.25Z"', "G"),
    row("12", 'blueprint eq "TUlJRA=="', "A"),
    row("12", 'blueprint eq "tulJRA=="', ""),
    row("12", 'manual eq "https://example.com/A"', "A"),
    row("12", 'manual eq "https://example.com/a"', ""),
    row("12", "plain eq null", "G"),
    row("12", 'plain eq ""', "b"),
    row("12 43", "sizes eq 20", "A"),
    row("12 43", 'tags eq "RED"', "A"),
    row("12 43", 'maker.sites eq "oslo"', "A"),
    row("12", 'name eq "Alph"', ""),
    # not identical
    row("13", 'name ne "alpha"', "bG"),
    row("13 49", 'serial ne "Ser-A"', "bG"),
    row("13", "ready ne true", "bG"),
    row("13", "count ne 5", "bG"),
    row("13", 'built ne "2026-01-01T01:00:00+01:00"', "bG"),
    row("13", "plain ne null", "Ab"),
    row("13 43", 'tags ne "red"', "AbG"),
    row("13 43", 'not (tags eq "red")', "bG"),
    row("13", 'blueprint ne "TUlJRA=="', "bG"),
    # substrings
    row("14 49", 'name co "PH"', "A"),
    row("14", 'name co "a"', "AbG"),
    row("14", 'name co "alphabet"', ""),
    row("14 49", 'serial co "er"', "Ab"),
    row("14 49", 'serial co "er-A"', "A"),
    row("14 43", 'tags co "ree"', "b"),
    row("14", 'built co "2025-12"', "b"),
    row("14", 'manual co "example.com/A"', "A"),
    row("14", 'plain co "\\"quoted\\" back\\\\"', "A"),
    row("15 49", 'name sw "AL"', "A"),
    row("15", 'name sw "alpha"', "A"),
    row("15", 'name sw "lpha"', ""),
    row("15 49", 'serial sw "ser"', "b"),
    row("15", 'name sw ""', "AbG"),
    row("15", 'name sw "alphas"', ""),
    row("16 49", 'name ew "MA"', "G"),
    row("16", 'name ew "gamma"', "G"),
    row("16", 'name ew "gamm"', ""),
    row("16 49", 'serial ew "A"', "A"),
    row("16", 'name ew "xgamma"', ""),
    # presence
    row("17", "plain pr", "A"),
    row("17", "sizes pr", "A"),
    row("17", "ready pr", "Ab"),
    row("17", "maker pr", "Ab"),
    row("17", "maker.sites pr", "A"),
    row("17", "parts pr", "A"),
    row("17", "parts.display pr", ""),
    row("17", "count pr", "AbG"),
    # order of texts, numbers and moments
    row("18 49", 'name gt "ALPHA"', "bG"),
    row("18", 'name gt "beta"', "G"),
    row("18 49", 'serial gt "Ser-A"', "b"),
    row("18", "count gt 5", "G"),
    row("18", "count gt -4", "AbG"),
    row("18", "weight gt 1.5", "G"),
    row("18", "count gt 1e999", ""),
    row("18", 'built gt "2026-01-01T00:00:00Z"', "bG"),
    row("18", 'built gt "2026-01-01T09:15:00+09:00"', "b"),
    row("18 43", "sizes gt 19", "A"),
    row("21", 'name ge "beta"', "bG"),
    row("21 49", 'name ge "BETA"', "bG"),
    row("21", "count ge 5", "AG"),
    row("21", "weight ge 1.5000", "AG"),
    row("21", 'built ge "2026-01-01T01:30:00+01:00"', "b"),
    row("21", 'built ge "2026-01-01T00:00:00.250000Z"', "bG"),
    row("23", 'name lt "beta"', "A"),
    row("23", 'name lt "ALPHB"', "A"),
    row("23", "count lt 5", "b"),
    row("23", "weight lt 9", "Ab"),
    row("23", 'built lt "2025-12-31T23:00:00.250-01:00"', "A"),
    row("23 49", 'serial lt "ser"', "A"),
    row("25", 'name le "BETA"', "Ab"),
    row("25", "count le 5", "Ab"),
    row("25", "weight le 1.5", "Ab"),
    row("25", 'built le "2026-01-01T02:00:00.25+02:00"', "AG"),
    row("25", "sizes le 0", ""),
]


@pytest.mark.parametrize(("text", "who"), MATCHES)
def test_an_operator_matches_by_the_type_of_the_attribute(
    gadgets: Scim, text: str, who: str
) -> None:
    assert found(gadgets, text) == who


@pytest.mark.parametrize("attribute", ["ready", "blueprint"])
@pytest.mark.parametrize(
    "operator",
    [
        pytest.param("gt", marks=honours("RFC7644-3.4.2.2-19", "RFC7644-3.4.2.2-20")),
        pytest.param("ge", marks=honours("RFC7644-3.4.2.2-22")),
        pytest.param("lt", marks=honours("RFC7644-3.4.2.2-24")),
        pytest.param("le", marks=honours("RFC7644-3.4.2.2-26")),
    ],
)
def test_booleans_and_binaries_have_no_order(gadgets: Scim, attribute: str, operator: str) -> None:
    literal = "true" if attribute == "ready" else '"TUlJ"'
    reply = gadgets.get("/Gadgets", filter=f"{attribute} {operator} {literal}")
    assert reply.fault == (400, "invalidFilter")
    assert attribute in reply.body["detail"]
    core = f"active {operator} true", f'x509Certificates.value {operator} "TUlJ"'
    for text in core:
        assert gadgets.get("/Users", filter=text).fault == (400, "invalidFilter")


@pytest.mark.parametrize(
    "text",
    [
        'ready eq "yes"',
        "ready eq 1",
        'count eq "5"',
        "count eq true",
        "name eq 5",
        "name eq true",
        'built gt "abc"',
        'built eq "2026-01-01"',
        'built eq "2026-13-01T00:00:00Z"',
        "built gt 5",
        "blueprint eq 5",
        "ready co true",
        'count co "5"',
        "plain gt null",
        "plain co null",
        'maker eq "Acme"',
        "weight gt false",
    ],
)
@honours("RFC7644-3.4.2.2-52")
def test_a_value_that_does_not_fit_the_type_is_refused(gadgets: Scim, text: str) -> None:
    reply = gadgets.get("/Gadgets", filter=text)
    assert reply.fault == (400, "invalidFilter")
    assert text.partition(" ")[0] in reply.body["detail"]


@honours("RFC7644-3.4.2.2-17")
def test_presence_follows_what_a_write_leaves(gadgets: Scim) -> None:
    path = f"/Gadgets/{gadgets.get('/Gadgets', filter='plain pr').ids[0]}"
    for operation, who in (
        ({"op": "replace", "path": "plain", "value": ""}, ""),
        ({"op": "replace", "path": "plain", "value": "x"}, "A"),
        ({"op": "remove", "path": "plain"}, ""),
    ):
        assert gadgets.patch(path, operation).status == 200
        assert found(gadgets, "plain pr") == who
    made = gadgets.post("/Users", {"schemas": [USER], "userName": "n", "name": {}, "title": None})
    assert made.status == 201
    for text in ("name pr", "title pr", "emails pr"):
        assert gadgets.get("/Users", filter=text).body["totalResults"] == 0


@honours("RFC7644-3.4.2.2-17")
def test_one_part_that_is_not_empty_makes_a_complex_value_present(scim: Scim) -> None:
    scim.user("a", name={"givenName": "", "familyName": ""}, emails=[{"value": ""}])
    names = {"name": {"givenName": "", "familyName": "J"}, "emails": [{"value": "", "type": "w"}]}
    path = scim.user("b", **names)
    for text in ("name pr", "emails pr"):
        assert scim.get("/Users", filter=text).ids == [path[7:]], text
    assert scim.get("/Users", filter="name.givenName pr or emails.value pr").ids == []


@honours("RFC7644-3.4.2.2-43")
def test_one_value_of_many_is_enough(scim: Scim) -> None:
    path = scim.user("b", emails=[{"value": "b@work"}, {"value": "b@home"}])
    scim.user("c", emails=[{"value": "c@work"}])
    for text in ('emails.value eq "b@work"', 'emails.value eq "b@home"', 'emails.value co "HOME"'):
        assert scim.get("/Users", filter=text).ids == [path[7:]], text
    assert scim.get("/Users", filter='not (emails.value ew "work")').ids == []


@honours("RFC7644-3.4.2.2-14", "RFC7644-3.4.2.2-15", "RFC7644-3.4.2.2-16")
def test_parts_of_an_address_are_found_in_it(scim: Scim) -> None:
    person = scim.user()
    group = scim.group("g", [person])
    base = "http://scim.example.com/scim/v2"
    for operator, part in (("sw", base), ("co", "/v2/Users"), ("ew", f"/v2{person}")):
        text = f'members.$ref {operator} "{part}"'
        assert scim.get("/Groups", filter=text).ids == [group[8:]], text
    assert scim.get("/Groups", filter=f'members.$ref eq "{base}{person}"').ids == [group[8:]]
    assert scim.get("/Groups", filter='members.$ref co "/v1/Users"').ids == []


@honours("RFC7644-3.4.2.2-49")
def test_ids_and_external_ids_are_case_exact_and_names_are_not(scim: Scim) -> None:
    path = scim.user("Bjensen", externalId="Ext-1")
    identifier = path[7:]
    assert identifier != identifier.upper()
    for operator, part in (("eq", "bjensen"), ("co", "JENS"), ("sw", "bJ"), ("ew", "SEN")):
        text = f'userName {operator} "{part}"'
        assert scim.get("/Users", filter=text).ids == [identifier], text
    for operator, part in (("eq", "ext-1"), ("co", "XT"), ("sw", "ext"), ("ew", "T-1")):
        text = f'externalId {operator} "{part}"'
        assert scim.get("/Users", filter=text).ids == [], text
    assert scim.get("/Users", filter=f'id eq "{identifier.upper()}"').ids == []
    assert scim.get("/Users", filter='externalId eq "Ext-1"').ids == [identifier]


@honours("RFC7644-3.4.2.2-45")
def test_defaulted_attributes_are_found_as_they_were_shown(scim: Scim) -> None:
    person = scim.user("b")
    group = scim.group("g", [person])
    shown = scim.get(group).body["members"][0]
    assert shown["type"] == "User"
    assert scim.get("/Groups", filter='members.type eq "User"').ids == [group[8:]]
    assert scim.get("/Groups", filter='members.type eq "Group"').ids == []
    assert scim.get("/Groups", filter=f'members.display eq "{shown["display"]}"').ids == [group[8:]]
    user = scim.get(person).body
    for name in ("active", "displayName", "userType"):
        assert bool(scim.get("/Users", filter=f"{name} pr").ids) is (name in user)
