"""RFC 7643 sections 8 to 10: examples, published schemas, and registered names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
USER = f"{CORE}User"
GROUP = f"{CORE}Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

honours = pytest.mark.honours


@honours("RFC7643-8.1-1")
def test_the_smallest_user_has_four_attributes(scim: Scim) -> None:
    reply = scim.post("/Users", {"schemas": [USER], "userName": "bjensen@example.com"})
    shown = scim.get(f"/Users/{reply.body['id']}").body
    assert shown.keys() == {"schemas", "id", "userName", "meta"}
    assert (shown["schemas"], shown["userName"]) == ([USER], "bjensen@example.com")


CERTIFICATE = "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjELMAkGA1UEBhMCVVM"
FULL: dict[str, Any] = {
    "externalId": "701984",
    "name": {
        "formatted": "Ms. Barbara J Jensen, III",
        "familyName": "Jensen",
        "givenName": "Barbara",
        "middleName": "Jane",
        "honorificPrefix": "Ms.",
        "honorificSuffix": "III",
    },
    "displayName": "Babs Jensen",
    "nickName": "Babs",
    "profileUrl": "https://login.example.com/bjensen",
    "emails": [
        {"value": "bjensen@example.com", "type": "work", "primary": True},
        {"value": "babs@jensen.org", "type": "home", "display": "Babs at home"},
    ],
    "addresses": [
        {
            "type": "work",
            "streetAddress": "100 Universal City Plaza",
            "locality": "Hollywood",
            "region": "CA",
            "postalCode": "91608",
            "country": "US",
            "formatted": "100 Universal City Plaza\nHollywood, CA 91608 US",
            "primary": True,
        },
    ],
    "phoneNumbers": [{"value": "555-555-5555", "type": "work"}],
    "ims": [{"value": "someaimhandle", "type": "aim"}],
    "photos": [{"value": "https://photos.example.com/profilephoto/F", "type": "photo"}],
    "userType": "Employee",
    "title": "Tour Guide",
    "preferredLanguage": "en-US",
    "locale": "en-US",
    "timezone": "America/Los_Angeles",
    "active": True,
    "entitlements": [{"value": "all rides", "type": "park"}],
    "roles": [{"value": "guide", "primary": True}],
    "x509Certificates": [{"value": CERTIFICATE}],
}
WORK: dict[str, Any] = {
    "employeeNumber": "701984",
    "costCenter": "4130",
    "organization": "Universal Studios",
    "division": "Theme Park",
    "department": "Tour Operations",
}
SECRET = "t1meMa$heen"  # noqa: S105 - a password of nobody


@honours("RFC7643-8.2-1")
def test_a_user_with_everything_comes_back_whole(scim: Scim) -> None:
    body = {"schemas": [USER], "userName": "bjensen@example.com", **FULL, "password": SECRET}
    names = {where.removeprefix(f"{USER}:") for where in scim.attributes(USER)}
    assert {each for each in names if "." not in each} - body.keys() == {"groups"}
    reply = scim.post("/Users", body)
    path = f"/Users/{reply.body['id']}"
    scim.group("Tour Guides", [path])
    shown = scim.get(path).body
    assert {name: shown.get(name) for name in FULL} == FULL
    assert [each["display"] for each in shown["groups"]] == ["Tour Guides"]
    assert "password" not in shown
    assert scim.put(path, body).body == shown


@honours("RFC7643-8.3-1")
def test_an_enterprise_user_with_everything_comes_back_whole(scim: Scim) -> None:
    boss = scim.user("jsmith", displayName="John Smith")
    manager = {"value": boss.rpartition("/")[2], "$ref": f"..{boss}"}
    body = {
        "schemas": [USER, ENTERPRISE],
        "userName": "bjensen@example.com",
        **FULL,
        ENTERPRISE: {**WORK, "manager": manager},
    }
    shown = scim.get(f"/Users/{scim.post('/Users', body).body['id']}").body
    assert shown["schemas"] == [USER, ENTERPRISE]
    assert {name: shown.get(name) for name in FULL} == FULL
    assert shown[ENTERPRISE] == {
        **WORK,
        "manager": {
            "value": manager["value"],
            "$ref": f"http://scim.example.com{scim.app.base_path}{boss}",
            "displayName": "John Smith",
        },
    }


@honours("RFC7643-8.4-1")
def test_a_group_comes_back_with_its_members(scim: Scim) -> None:
    paths = [scim.user(name, displayName=name.title()) for name in ("babs", "mandy")]
    shown = scim.get(scim.group("Tour Guides", paths)).body
    assert shown.keys() == {"schemas", "id", "displayName", "members", "meta"}
    assert shown["members"] == [
        {
            "value": path.rpartition("/")[2],
            "$ref": f"http://scim.example.com{scim.app.base_path}{path}",
            "type": "User",
            "display": name,
        }
        for path, name in zip(paths, ("Babs", "Mandy"), strict=True)
    ]


@honours("RFC7643-8.5-1")
def test_the_configuration_has_the_shape_of_the_example(scim: Scim) -> None:
    shown = scim.get("/ServiceProviderConfig").body
    assert {name: sorted(each) for name, each in shown.items() if isinstance(each, dict)} == {
        "patch": ["supported"],
        "bulk": ["maxOperations", "maxPayloadSize", "supported"],
        "filter": ["maxResults", "supported"],
        "changePassword": ["supported"],
        "sort": ["supported"],
        "etag": ["supported"],
        "meta": ["location", "resourceType"],
        # RFC 9865 section 4 came later.
        "pagination": [
            *("cursor", "cursorTimeout", "defaultPageSize"),
            *("defaultPaginationMethod", "index", "maxPageSize"),
        ],
    }
    assert shown["meta"]["resourceType"] == "ServiceProviderConfig"
    assert [each["primary"] for each in shown["authenticationSchemes"]] == [True]
    urn = f"{CORE}ServiceProviderConfig"
    defined = {where.removeprefix(f"{urn}:") for where in scim.attributes(urn)}
    assert set(shown) - {"schemas", "meta"} <= defined


@honours("RFC7643-8.6-1")
def test_the_resource_types_have_the_shape_of_the_example(scim: Scim) -> None:
    for name, endpoint, urn in (("User", "/Users", USER), ("Group", "/Groups", GROUP)):
        shown = scim.get(f"/ResourceTypes/{name}").body
        assert [shown[each] for each in ("id", "name", "endpoint", "schema")] == [
            *(name, name, endpoint, urn)
        ]
        assert shown["schemas"] == [f"{CORE}ResourceType"]
        assert shown["meta"]["resourceType"] == "ResourceType"


def told(file: str) -> dict[str, tuple[str, ...]]:
    """Read what the RFC says, by schema and attribute."""
    text = (Path(__file__).parent / file).read_text("utf-8")
    rows = (line.split(" ") for line in text.splitlines() if not line.startswith("#"))
    return {f"{schema} {name}": tuple(rest) for schema, name, *rest in rows}


def published(scim: Scim, schema: str) -> dict[str, tuple[str, ...]]:
    urn = ENTERPRISE if schema == "EnterpriseUser" else f"{CORE}{schema}"
    return {
        f"{schema} {where.removeprefix(f'{urn}:')}": (
            each["type"],
            "many" if each["multiValued"] else "one",
            "required" if each["required"] else "optional",
            *(each["mutability"], each["returned"], each["uniqueness"]),
            ",".join(each.get("referenceTypes", [])) or "-",
        )
        for where, each in scim.attributes(urn).items()
    }


# Where the published schemas differ from the example on purpose; docs/server-choices.md says why.
DIFFERENT = {
    "User addresses.primary": {("boolean", "one", "optional", "readWrite")},
    "Group displayName": {("string", "one", "required", "readWrite")},
    "Group members.value": {("string", "one", "required", "immutable")},
    "Group members.display": {("string", "one", "optional", "readOnly")},
    "ServiceProviderConfig etag": {("complex", "one", "required", "readOnly")},
    "ServiceProviderConfig etag.supported": {("boolean", "one", "required", "readOnly")},
    "ServiceProviderConfig authenticationSchemes.type": {("string", "one", "required", "readOnly")},
    "ServiceProviderConfig authenticationSchemes.primary": {
        ("boolean", "one", "optional", "readOnly")
    },
    "ResourceType schemaExtensions": {("complex", "many", "optional", "readOnly")},
    "Schema id": {("string", "one", "required", "readOnly")},
    "Schema attributes.subAttributes.referenceTypes": {("string", "many", "optional", "readOnly")},
}


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param("User", marks=honours("RFC7643-8.7.1-1", "RFC7643-8.7.1-2"), id="User"),
        pytest.param("Group", marks=honours("RFC7643-8.7.1-1", "RFC7643-8.7.1-6"), id="Group"),
        pytest.param("EnterpriseUser", marks=honours("RFC7643-8.7.1-8"), id="EnterpriseUser"),
        pytest.param("ServiceProviderConfig", marks=honours("RFC7643-8.7.2-1"), id="Config"),
        pytest.param("ResourceType", marks=honours("RFC7643-8.7.2-2"), id="ResourceType"),
        pytest.param("Schema", marks=honours("RFC7643-8.7.2-3"), id="Schema"),
    ],
)
def test_the_published_schema_says_what_the_rfc_says(scim: Scim, schema: str) -> None:
    ours = published(scim, schema)
    theirs = {
        key: each for key, each in told("section_8_7.txt").items() if key.startswith(f"{schema} ")
    }
    later = {key for key in ours if key.startswith("ServiceProviderConfig pagination")}
    assert theirs
    assert theirs.keys() <= ours.keys()
    for name, characteristics in ours.items():
        if name in DIFFERENT:
            assert {characteristics[:4]} == DIFFERENT[name], name
            assert characteristics != theirs.get(name), f"{name} is the same after all"
        elif name not in later:
            assert characteristics == theirs[name], name


def of(scim: Scim, where: str) -> Json:
    return scim.attributes()[where]


@honours("RFC7643-8.7.1-3")
def test_the_user_name_is_required_unique_and_without_case(scim: Scim) -> None:
    shown = of(scim, f"{USER}:userName")
    assert [shown[each] for each in ("required", "uniqueness", "caseExact")] == [
        *(True, "server", False)
    ]


@honours("RFC7643-8.7.1-4")
def test_the_password_is_write_only_and_never_returned(scim: Scim) -> None:
    shown = of(scim, f"{USER}:password")
    assert (shown["mutability"], shown["returned"]) == ("writeOnly", "never")


@honours("RFC7643-8.7.1-5")
def test_the_groups_of_a_user_are_read_only_with_all_their_parts(scim: Scim) -> None:
    found = {w: each for w, each in scim.attributes(USER).items() if w.startswith(f"{USER}:groups")}
    assert len(found) == 5
    assert {each["mutability"] for each in found.values()} == {"readOnly"}


@honours("RFC7643-8.7.1-7")
def test_members_are_writable_and_their_parts_immutable(scim: Scim) -> None:
    assert of(scim, f"{GROUP}:members")["mutability"] == "readWrite"
    parts = [
        of(scim, f"{GROUP}:members.{each}")["mutability"] for each in ("value", "$ref", "type")
    ]
    assert parts == ["immutable"] * 3


URN = re.compile(r"urn:ietf:params:scim:(schemas|api)(:[A-Za-z0-9._-]+)+")
REGISTERED = {
    USER,
    GROUP,
    ENTERPRISE,
    f"{CORE}ServiceProviderConfig",
    f"{CORE}ResourceType",
    f"{CORE}Schema",
}


def urns(value: Json) -> Iterator[str]:
    """Yield every text in the namespace, wherever it stands."""
    match value:
        case str():
            if value.lower().startswith("urn:ietf:params:scim"):
                yield value
        case list():
            for each in value:
                yield from urns(each)
        case dict():
            for key, each in value.items():
                yield from (*urns(key), *urns(each))


@honours("RFC7643-10.2.1-1", "RFC7643-10.4-1")
def test_every_name_in_the_namespace_is_a_registered_one(scim: Scim) -> None:
    path = scim.user(**{ENTERPRISE: WORK})
    scim.group("g", [path])
    bodies = [
        scim.get(each).body for each in ("/Users", "/Groups", path, "/Users/nobody", "/Nothing")
    ]
    bodies += [
        scim.get(each).body for each in ("/Schemas", "/ResourceTypes", "/ServiceProviderConfig")
    ]
    bodies.append(scim.post("/.search", {"schemas": [SEARCH]}).body)
    operation = {"method": "DELETE", "path": "/Users/nobody"}
    bodies.append(scim.post("/Bulk", {"schemas": [BULK], "Operations": [operation]}).body)
    found = {urn for body in bodies for urn in urns(body)}
    assert all(URN.fullmatch(urn) for urn in found)
    schemas = {urn for urn in found if ":schemas:" in urn}
    assert schemas == REGISTERED
    assert {urn.rpartition(":")[2] for urn in found - schemas} == {
        *("ListResponse", "Error", "BulkResponse")
    }


@honours("RFC7643-10.2.1-6")
@pytest.mark.parametrize("spelling", [str.upper, lambda urn: urn.replace("urn:ietf", "URN:IETF")])
def test_names_are_equal_whatever_the_case_of_their_first_parts(scim: Scim, spelling: Json) -> None:
    body = {"schemas": [spelling(USER)], "userName": "b", spelling(ENTERPRISE): WORK}
    reply = scim.post("/Users", body)
    assert reply.status == 201
    assert reply.body["schemas"] == [USER, ENTERPRISE]
    assert reply.body[ENTERPRISE] == WORK
    assert len(scim.get("/Users", filter=f"{spelling(ENTERPRISE)}:division pr").ids) == 1
    assert json.dumps(spelling(ENTERPRISE)) not in json.dumps(reply.body)
