"""Probes of `deviations/discovered.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import BASE
from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import listed

CORE = "urn:ietf:params:scim:schemas:core:2.0:"


def _type(t: Talk) -> Json:
    """Return the resource type of users."""
    return t.send("GET", "/ResourceTypes/User").json


def _extension(t: Talk) -> Json:
    found: Json = _type(t)["schemaExtensions"][0]
    return found


def _schema(t: Talk) -> Json:
    return t.send("GET", f"/Schemas/{USER}").json


def _badge(t: Talk) -> Json:
    found: Json = listed(t.page(endpoint="Badges"))[0]
    return found


PROBES: dict[str, tuple[Look, object, object]] = {
    "schemas-bare-array": (lambda t: t.send("GET", "/Schemas").kind, "dict", "list"),
    "resource-types-without-schemas": (
        lambda t: _type(t).get("schemas"),
        [f"{CORE}ResourceType"],
        None,
    ),
    "resource-types-without-name": (lambda t: _type(t).get("name"), "User", None),
    "resource-types-endpoint-absolute": (
        lambda t: _type(t)["endpoint"],
        "/Users",
        "https://scim.example.com/scim/v2/Users",
    ),
    "resource-types-endpoint-with-base": (
        lambda t: _type(t)["endpoint"],
        "/Users",
        f"{BASE}/Users",
    ),
    "resource-types-schema-by-name": (lambda t: _type(t)["schema"], USER, "User"),
    "resource-types-extension-by-name": (
        lambda t: _extension(t)["schema"],
        ENTERPRISE,
        "EnterpriseUser",
    ),
    "resource-types-extension-required": (lambda t: _extension(t)["required"], False, True),
    "resource-types-extension-flag-left-out": (
        lambda t: _extension(t).get("required"),
        False,
        None,
    ),
    "resource-types-extension-flag-as-text": (
        lambda t: _extension(t)["required"],
        False,
        "false",
    ),
    "resource-types-extensions-as-object": (
        lambda t: isinstance(_type(t)["schemaExtensions"], dict),
        False,
        True,
    ),
    "create-requires-extension": (
        lambda t: (t.create("ben", **{ENTERPRISE: ...}).status, t.create("anna").status),
        (201, 201),
        (400, 201),
    ),
    "schemas-without-schemas": (lambda t: _schema(t).get("schemas"), [f"{CORE}Schema"], None),
    "schemas-name-as-array": (lambda t: _schema(t)["name"], "User", ["User"]),
    "descriptions-by-language": (
        lambda t: (
            isinstance(_type(t)["description"], dict),
            isinstance(t.attribute("userName")["description"], dict),
        ),
        (False, False),
        (True, True),
    ),
    "discovery-locations-of-another-path": (
        lambda t: "/v1/ResourceType/" in _type(t)["meta"]["location"],
        False,
        True,
    ),
    "schema-ids-in-lower-case": (lambda t: _schema(t)["id"], USER, USER.lower()),
    "schema-by-id-shorter": (
        lambda t: "x509Certificates" in {each["name"] for each in _schema(t)["attributes"]},
        True,
        False,
    ),
    "discovery-deletable": (lambda t: t.status("DELETE", "/Schemas/urn:x"), 405, 204),
    "extension-by-id-404": (lambda t: t.status("GET", f"/Schemas/{ENTERPRISE}"), 200, 404),
    "schemas-listed-twice": (
        lambda t: [each["id"] for each in t.schemas()].count(USER),
        1,
        2,
    ),
    "resource-type-by-id-differs": (lambda t: _type(t)["endpoint"], "/Users", "/v1/Users"),
    "entitlement-list-as-array": (lambda t: t.send("GET", "/Badges").kind, "dict", "list"),
    "entitlement-names-as-objects": (
        lambda t: _badge(t)["displayName"],
        "Gold",
        {"en": "Name"},
    ),
    "entitlement-without-schemas": (lambda t: "schemas" in _badge(t), True, False),
    "entitlement-resource-type-wrong": (
        lambda t: _badge(t)["meta"]["resourceType"],
        "Badge",
        "User",
    ),
    "entitlement-location-broken": (
        lambda t: _badge(t)["meta"]["location"].endswith("/details"),
        False,
        True,
    ),
    "undefined-attributes-shown": (lambda t: "internalState" in t.get(t.anna), False, True),
}
