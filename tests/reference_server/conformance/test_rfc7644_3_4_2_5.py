"""RFC 7644 section 3.4.2.5: `attributes` and `excludedAttributes` of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

ALWAYS = {"schemas", "id"}
GIVEN: dict[str, Json] = {
    "externalId": "1",
    "displayName": "B",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "emails": [{"value": "b@x", "type": "work"}, {"value": "c@x"}],
    ENTERPRISE: {"department": "Tours", "manager": {"value": "7"}},
}
DEFAULT = {*ALWAYS, "userName", "meta", *GIVEN}


@pytest.fixture
def path(scim: Scim) -> str:
    return scim.user("bjensen", **GIVEN)


def shown(scim: Scim, path: str, **query: str) -> dict[str, Json]:
    """Return one representation, which a list and a single resource must agree on."""
    one = scim.get(path, **query)
    listed = scim.get("/Users", **query)
    assert (one.status, listed.status) == (200, 200)
    assert listed.body["Resources"] == [one.body]
    return dict(one.body)


@honours("RFC7644-3.4.2.5-1", "RFC7644-3.4.2.5-3")
def test_both_parameters_decide_what_a_resource_shows(scim: Scim, path: str) -> None:
    assert shown(scim, path).keys() == DEFAULT
    assert shown(scim, path, attributes="displayName").keys() == {*ALWAYS, "displayName"}
    assert shown(scim, path, excludedAttributes="displayName").keys() == DEFAULT - {"displayName"}


@honours("RFC7644-3.4.2.5-4")
def test_attributes_takes_the_place_of_the_default(scim: Scim, path: str) -> None:
    assert shown(scim, path, attributes="userName").keys() == {*ALWAYS, "userName"}
    both = shown(scim, path, attributes="userName,emails")
    assert both.keys() == {*ALWAYS, "userName", "emails"}
    assert both["emails"] == GIVEN["emails"]


@pytest.mark.parametrize(
    ("name", "left"),
    [
        pytest.param("displayName", {"displayName": "B"}, id="short"),
        pytest.param(f"{USER}:displayName", {"displayName": "B"}, id="qualified"),
        pytest.param("DISPLAYNAME", {"displayName": "B"}, id="capitals"),
        pytest.param("name.givenName", {"name": {"givenName": "Barbara"}}, id="sub-attribute"),
        pytest.param(
            f"{USER}:name.givenName", {"name": {"givenName": "Barbara"}}, id="qualified-sub"
        ),
        pytest.param("emails.type", {"emails": [{"type": "work"}]}, id="of-many-values"),
        pytest.param(
            f"{ENTERPRISE}:department", {ENTERPRISE: {"department": "Tours"}}, id="extension"
        ),
        pytest.param(
            f"{ENTERPRISE}:manager.value", {ENTERPRISE: {"manager": {"value": "7"}}}, id="its-sub"
        ),
        pytest.param("name..givenName", {}, id="malformed"),
        pytest.param('emails[type eq "work"]', {}, id="no-notation"),
    ],
)
@honours("RFC7644-3.4.2.5-5")
def test_names_of_attributes_are_in_standard_notation(
    scim: Scim, path: str, name: str, left: dict[str, Json]
) -> None:
    found = shown(scim, path, attributes=name)
    assert {key: value for key, value in found.items() if key not in ALWAYS} == left


@honours("RFC7644-3.4.2.5-6")
def test_excluded_attributes_leave_the_rest_of_the_default(scim: Scim, path: str) -> None:
    assert shown(scim, path, excludedAttributes="emails").keys() == DEFAULT - {"emails"}
    found = shown(scim, path, excludedAttributes="emails, name ,meta")
    assert found.keys() == DEFAULT - {"emails", "name", "meta"}


@honours("RFC7644-3.4.2.5-7")
def test_what_is_always_returned_cannot_be_excluded(scim: Scim, full: Scim, path: str) -> None:
    names = f"id,schemas,ID,{USER}:id,userName"
    assert shown(scim, path, excludedAttributes=names).keys() == DEFAULT - {"userName"}
    gadget = {
        "schemas": ["urn:example:params:scim:schemas:2.0:Gadget"],
        "name": "g",
        "label": "always",
        "maker": {"company": "c", "code": "always"},
    }
    made = full.post("/Gadgets", gadget, excludedAttributes="label,maker,name,id,meta")
    assert made.body.keys() == {*ALWAYS, "label", "maker"}
    assert made.body["maker"] == {"code": "always"}
    part = full.get("/Gadgets", attributes="maker.company").body["Resources"][0]
    assert part["maker"] == {"company": "c", "code": "always"}
    assert part.keys() == {*ALWAYS, "label", "maker"}


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        pytest.param("displayName", ["displayName"], id="short"),
        pytest.param(f"{USER}:displayName", ["displayName"], id="qualified"),
        pytest.param(f"{USER.upper()}:DISPLAYNAME", ["displayName"], id="capitals"),
        pytest.param("name.givenName", ["name", "givenName"], id="sub-attribute"),
        pytest.param(f"{ENTERPRISE}:department", [ENTERPRISE, "department"], id="extension"),
        pytest.param(ENTERPRISE, [ENTERPRISE], id="whole-extension"),
        pytest.param(f"{ENTERPRISE}:manager.value", [ENTERPRISE, "manager"], id="its-sub"),
        pytest.param("display name", [], id="malformed"),
    ],
)
@honours("RFC7644-3.4.2.5-8")
def test_names_of_excluded_attributes_are_in_standard_notation(
    scim: Scim, path: str, name: str, gone: list[str]
) -> None:
    wanted = shown(scim, path)
    place = wanted
    for step in gone[:-1]:
        place[step] = dict(place[step])
        place = place[step]
    for last in gone[-1:]:
        del place[last]
    assert shown(scim, path, excludedAttributes=name) == wanted
