"""RFC 7644 sections 3.4 and 3.4.1: retrieving a known resource, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"

FULL: dict[str, Json] = {
    "externalId": "701984",
    "name": {"familyName": "Jensen", "givenName": "Barbara", "formatted": "Ms. Jensen"},
    "displayName": "Babs",
    "active": True,
    "emails": [{"value": "b@example.com", "type": "work", "primary": True}],
    "addresses": [{"locality": "Hollywood", "country": "US"}],
    ENTERPRISE: {"department": "Tours", "manager": {"value": "26118915"}},
}


def names(schema: Json) -> dict[str, set[str]]:
    """Return the attributes that a schema document defines, each with its sub-attributes."""
    return {
        each["name"]: {sub["name"] for sub in each.get("subAttributes", ())}
        for each in schema["attributes"]
    }


def unknown(values: Json, known: dict[str, set[str]]) -> set[str]:
    """Return the names in a representation that a schema does not define."""
    found: set[str] = set(values) - known.keys()
    for name, subs in known.items():
        items = values.get(name)
        for item in items if isinstance(items, list) else [items]:
            if isinstance(item, dict):
                found |= {f"{name}.{each}" for each in item.keys() - subs}
    return found


@honours("RFC7644-3.4-2")
def test_only_what_the_schemas_define_is_shown(scim: Scim) -> None:
    path = scim.user(**FULL, shoeSize=9)
    scim.group("g", [path])
    shown = scim.get(path).body
    common = {
        "schemas": set[str](),
        "id": set[str](),
        "externalId": set[str](),
        "meta": {"resourceType", "created", "lastModified", "location", "version"},
    }
    core = names(scim.get(f"/Schemas/{USER}").body)
    assert unknown(shown, {**common, **core}) == {ENTERPRISE}
    extension = names(scim.get(f"/Schemas/{ENTERPRISE}").body)
    assert unknown(shown[ENTERPRISE], extension) == set()


@honours("RFC7644-3.4-2")
def test_request_parameters_alter_what_is_shown(scim: Scim) -> None:
    path = scim.user(**FULL)
    assert "displayName" in scim.get(path).body
    assert "displayName" not in scim.get(path, attributes="emails").body
    assert "displayName" not in scim.get(path, excludedAttributes="displayName").body


@honours("RFC7644-3.4-3")
def test_by_default_everything_assigned_is_shown_unless_it_is_returned_on_request_or_never(
    full: Scim,
) -> None:
    given = {
        "name": "g",
        "label": "always",
        "plain": "default",
        "note": "request",
        "hidden": "never",
    }
    schema = "urn:example:params:scim:schemas:2.0:Gadget"
    made = full.post("/Gadgets", {"schemas": [schema], **given})
    assert made.status == 201
    shown = full.get(f"/Gadgets/{made.body['id']}").body
    assert shown.keys() == {"schemas", "id", "meta", "name", "label", "plain"}
    path = full.user(**FULL, **{"password": "t1meMa$heen"})
    user = full.get(path).body
    assert user.items() >= FULL.items()
    assert user.keys() - FULL.keys() == {"schemas", "id", "userName", "meta"}


@honours("RFC7644-3.4.1-1")
def test_users_groups_and_schemas_are_retrieved_by_id(scim: Scim) -> None:
    user = scim.user("a")
    scim.user("b")
    group = scim.group("g")
    for path in (user, group, f"/Schemas/{USER}", "/ResourceTypes/User"):
        reply = scim.get(path)
        assert (reply.status, reply.body["id"]) == (200, path.rpartition("/")[2])


@honours("RFC7644-3.4.1-2")
def test_a_resource_that_exists_is_in_the_body_of_a_200(scim: Scim) -> None:
    path = scim.user(**FULL)
    reply = scim.get(path)
    assert (reply.status, reply.body["id"]) == (200, path[7:])
    assert reply.body["userName"] == "bjensen"
    assert reply.body.items() >= FULL.items()


@honours("RFC7644-3.4.1-3")
def test_an_unknown_id_is_a_404_with_an_error(scim: Scim) -> None:
    user, group = scim.user(), scim.group()
    for path in ("/Users/none", f"/Groups/{user[7:]}", f"/Users/{group[8:]}", "/Schemas/none"):
        reply = scim.get(path)
        assert (reply.status, reply.body["status"]) == (404, "404"), path
        assert reply.body["schemas"] == [ERROR]
        assert reply.body["detail"]


@honours("RFC7644-3.4.1-4")
def test_location_and_etag_say_what_meta_says(scim: Scim) -> None:
    for path in (scim.user(), scim.group()):
        reply = scim.get(path)
        meta = reply.body["meta"]
        assert reply.response.header("Location") == meta["location"]
        assert reply.response.header("ETag") == meta["version"]
