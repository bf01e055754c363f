"""Discovery and schema files: RFC 7644 section 4, RFC 7643 sections 5 to 8."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from reference_server import Credential
from reference_server import SchemaFileError

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
BADGE = "urn:example:badge"


def test_the_configuration_tells_what_the_server_can(scim: Scim) -> None:
    shown = scim.get("/ServiceProviderConfig").body
    assert shown["schemas"] == [f"{CORE}ServiceProviderConfig"]
    offered = ("patch", "filter", "sort", "etag")
    assert [shown[key]["supported"] for key in offered] == [True] * 4
    assert shown["bulk"] == {
        "supported": True,
        "maxOperations": 1000,
        "maxPayloadSize": 1048576,
    }
    assert shown["changePassword"] == {"supported": True}
    assert shown["filter"]["maxResults"] == 1000
    assert shown["authenticationSchemes"][0]["type"] == "oauthbearertoken"
    assert scim.get(shown["meta"]["location"].partition("/v2")[2]).body == shown


def test_authentication_schemes_are_those_of_the_credentials(
    make_scim: Callable[..., Scim],
) -> None:
    scim = make_scim(credentials=[Credential("basic", "p", "u"), Credential("bearer", "secret")])
    schemes = scim.get("/ServiceProviderConfig").body["authenticationSchemes"]
    assert [each["type"] for each in schemes] == ["httpbasic", "oauthbearertoken"]
    assert [each["primary"] for each in schemes] == [True, False]
    assert all(each["name"] and each["description"] for each in schemes)


@pytest.mark.parametrize("endpoint", ["/Schemas", "/ResourceTypes"])
def test_lists_hold_what_single_requests_show(scim: Scim, endpoint: str) -> None:
    shown = scim.get(endpoint).body
    assert shown["schemas"] == [LIST]
    assert shown["totalResults"] == shown["itemsPerPage"] == len(shown["Resources"])
    for each in shown["Resources"]:
        assert scim.get(f"{endpoint}/{each['id']}").body == each
        assert scim.get(each["meta"]["location"].partition("/v2")[2]).body == each
        assert scim.get(f"{endpoint}/{each['id'].upper()}").body == each


def test_schemas_describe_all_that_the_server_has(scim: Scim) -> None:
    names = {each["id"] for each in scim.get("/Schemas").body["Resources"]}
    own = {f"{CORE}{name}" for name in ("User", "Group", "Schema", "ResourceType")}
    assert names >= own | {f"{CORE}ServiceProviderConfig", ENTERPRISE}


def test_resource_types_tell_endpoint_schema_and_extensions(scim: Scim) -> None:
    shown = scim.get("/ResourceTypes/User").body
    assert shown["schemas"] == [f"{CORE}ResourceType"]
    assert (shown["endpoint"], shown["schema"]) == ("/Users", f"{CORE}User")
    assert shown["schemaExtensions"] == [{"schema": ENTERPRISE, "required": False}]


@pytest.mark.parametrize("path", ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig"])
def test_discovery_refuses_filters_and_ignores_paging(scim: Scim, path: str) -> None:
    assert scim.get(path, filter='id eq "x"').status == 403
    reply = scim.get(path, startIndex=5, count=1, sortBy="x", attributes="id")
    assert reply.body == scim.get(path).body


def attribute(scim: Scim, schema: str, *names: str) -> dict[str, Any]:
    entry = scim.get(f"/Schemas/{schema}").body
    for name in names:
        children = entry.get("attributes") or entry["subAttributes"]
        entry = next(each for each in children if each["name"] == name)
    found: dict[str, Any] = entry
    return found


@pytest.mark.parametrize(
    ("schema", "path", "key", "value"),
    [
        pytest.param("ServiceProviderConfig", "etag.supported", "required", True, id="D1"),
        pytest.param("Group", "displayName", "required", True, id="D2"),
        pytest.param("User", "addresses.primary", "type", "boolean", id="D3-primary"),
        pytest.param("Group", "members.display", "type", "string", id="D3-display"),
        pytest.param("ResourceType", "schemaExtensions", "multiValued", True, id="D5"),
        pytest.param("ResourceType", "schemaExtensions", "required", False, id="D5-required"),
        pytest.param("User", "x509Certificates.value", "caseExact", True, id="eid6000"),
        pytest.param("User", "profileUrl", "caseExact", True, id="eid6001"),
        pytest.param("Schema", "attributes.referenceTypes", "multiValued", True, id="eid5607"),
        pytest.param(
            "ServiceProviderConfig", "authenticationSchemes.type", "required", True, id="eid8011"
        ),
        pytest.param("User", "userName", "uniqueness", "server", id="userName"),
        pytest.param("User", "password", "returned", "never", id="password"),
        pytest.param("User", "groups", "mutability", "readOnly", id="groups"),
        pytest.param("Group", "members.value", "mutability", "immutable", id="members"),
    ],
)
def test_schemas_have_the_errata_mended(
    scim: Scim, schema: str, path: str, key: str, value: object
) -> None:
    assert attribute(scim, CORE + schema, *path.split("."))[key] == value


def test_the_schema_of_schemas_knows_binary(scim: Scim) -> None:
    kind = attribute(scim, f"{CORE}Schema", "attributes", "type")
    assert "binary" in kind["canonicalValues"]


def test_the_shipped_entitlements_are_two_more_types(scim: Scim) -> None:
    for endpoint in ("/Roles", "/Entitlements"):
        shown = scim.get(endpoint).body["Resources"]
        assert len(shown) == 3
        assert all(each["id"] and each["displayName"] for each in shown)
        assert all(scim.get(f"{endpoint}/{each['id']}").body == each for each in shown)
    types = {each["name"]: each for each in scim.get("/ResourceTypes").body["Resources"]}
    assert types["Role"]["endpoint"] == "/Roles"
    assert scim.get(f"/Schemas/{types['Role']['schema']}").status == 200


def badge_file(**changes: Json) -> dict[str, Any]:
    attributes = [
        {"name": "label", "required": True, "uniqueness": "server"},
        {"name": "number", "type": "integer", "uniqueness": "server"},
        {"name": "serial", "mutability": "immutable"},
        {"name": "remark", "returned": "request"},
        {"name": "pin", "mutability": "writeOnly", "returned": "never"},
        {"name": "checked", "mutability": "readOnly"},
        {"name": "weight", "type": "decimal"},
        {"name": "since", "type": "dateTime"},
        {"name": "colours", "multiValued": True, "caseExact": True},
        {
            "name": "owner",
            "type": "complex",
            "returned": "always",
            "subAttributes": [{"name": "value", "mutability": "immutable"}, {"name": "note"}],
        },
    ]
    return {
        "schemas": [{"id": BADGE, "name": "Badge", "attributes": attributes}],
        "resourceTypes": [{"name": "Badge", "endpoint": "/Badges", "schema": BADGE}],
        "resources": {"Badge": [{"label": "gold"}], "/Users": [{"userName": "seed"}]},
        **changes,
    }


@pytest.fixture
def badges(make_scim: Callable[..., Scim], tmp_path: Path) -> Scim:
    file = tmp_path / "badges.json"
    file.write_text(json.dumps(badge_file()), encoding="utf-8")
    return make_scim(schema_files=[files("reference_server") / "data" / "entitlements.json", file])


def badge(**attributes: Json) -> dict[str, Any]:
    return {"schemas": [BADGE], "label": "silver", **attributes}


def test_a_schema_file_brings_types_and_resources(badges: Scim) -> None:
    assert [each["label"] for each in badges.get("/Badges").body["Resources"]] == ["gold"]
    assert badges.get("/Users", filter='userName eq "seed"').body["totalResults"] == 1
    assert badges.get("/Roles").body["totalResults"] == 3
    assert badges.get("/ResourceTypes/Badge").body["id"] == "Badge"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"label": "GOLD"}, (409, "uniqueness")),
        ({"label": None}, (400, "invalidValue")),
        ({"number": True}, (400, "invalidValue")),
        ({"number": 1.5}, (400, "invalidValue")),
        ({"weight": "1"}, (400, "invalidValue")),
        ({"since": "2026-13-01T00:00:00Z"}, (400, "invalidValue")),
        ({"since": "2026-W05"}, (400, "invalidValue")),
        ({"colours": "red"}, (400, "invalidValue")),
        ({"colours": ["red", 5]}, (400, "invalidValue")),
    ],
)
def test_characteristics_from_a_file_are_enforced(
    badges: Scim, given: dict[str, Any], fault: tuple[int, str]
) -> None:
    assert badges.post("/Badges", badge(**given)).fault == fault


def test_a_unique_number_is_unique(badges: Scim) -> None:
    assert badges.post("/Badges", badge(number=7)).status == 201
    assert badges.post("/Badges", badge(label="b", number=7)).fault == (409, "uniqueness")
    assert badges.get("/Badges", filter="number ge 6.5 and number le 7").body["totalResults"] == 1


def test_returned_decides_what_is_shown(badges: Scim) -> None:
    given = badge(remark="s", pin="1", checked="x", owner={"value": "o"})
    created = badges.post("/Badges", given).body
    path = f"/Badges/{created['id']}"
    assert created["remark"] == "s"  # returned on request, and the request gave it
    assert not {"pin", "checked"} & set(created)
    assert "remark" not in badges.get(path).body
    assert badges.get(path, attributes="remark,pin").body["remark"] == "s"
    assert "pin" not in badges.get(path, attributes="remark,pin").body
    assert badges.get(path, excludedAttributes="owner").body["owner"] == {"value": "o"}


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ({"op": "replace", "path": "serial", "value": "2"}, (400, "mutability")),
        ({"op": "remove", "path": "serial"}, (400, "mutability")),
        ({"op": "replace", "path": "serial", "value": "1"}, (200, None)),
        ({"op": "add", "value": {"serial": "1"}}, (200, None)),
        ({"op": "replace", "path": "owner.value", "value": "p"}, (400, "mutability")),
        ({"op": "replace", "path": "owner", "value": {"value": "p"}}, (400, "mutability")),
        ({"op": "replace", "path": "owner", "value": {"note": "n"}}, (200, None)),
        ({"op": "add", "path": "checked", "value": "x"}, (400, "mutability")),
        ({"op": "add", "path": "colours", "value": "blue"}, (200, None)),
        ({"op": "remove", "path": 'colours[value eq "red"]'}, (200, None)),
        ({"op": "remove", "path": 'colours[value eq "RED"]'}, (200, None)),
    ],
)
def test_immutable_values_stay(
    badges: Scim, operation: dict[str, Any], fault: tuple[int, str | None]
) -> None:
    given = badge(serial="1", owner={"value": "o"}, colours=["red"])
    path = f"/Badges/{badges.post('/Badges', given).body['id']}"
    assert badges.patch(path, operation).fault == fault
    shown = badges.get(path).body
    assert (shown["serial"], shown["owner"]["value"]) == ("1", "o")
    if fault[0] == 200 and "colours" in operation.get("path", ""):
        colours = {"add": ["red", "blue"], 'colours[value eq "RED"]': ["red"]}
        key = "add" if operation["op"] == "add" else operation["path"]
        assert shown.get("colours", []) == colours.get(key, [])


def test_put_holds_immutable_values_and_keeps_what_it_cannot_know(badges: Scim) -> None:
    given = badge(serial="1", pin="9", weight=1.5)
    created = badges.post("/Badges", given).body
    path = f"/Badges/{created['id']}"
    assert badges.put(path, badge(serial="2")).fault == (400, "mutability")
    shown = badges.put(path, badge(weight=2)).body
    assert (shown["serial"], shown["weight"]) == ("1", 2)


def test_a_file_can_add_an_extension_to_a_shipped_type(
    make_scim: Callable[..., Scim], tmp_path: Path
) -> None:
    urn = "urn:example:extra"
    document = {
        "schemas": [{"id": urn, "name": "Extra", "attributes": [{"name": "x", "required": True}]}],
        "resourceTypes": [
            {
                "name": "User",
                "endpoint": "/Users",
                "schema": f"{CORE}User",
                "schemaExtensions": [{"schema": urn, "required": True}],
            }
        ],
    }
    (tmp_path / "extra.json").write_text(json.dumps(document), encoding="utf-8")
    scim = make_scim(schema_files=[tmp_path / "extra.json"])
    body = {"schemas": [f"{CORE}User"], "userName": "x"}
    assert scim.post("/Users", body).fault == (400, "invalidValue")
    assert scim.post("/Users", {**body, urn: {"y": 1}}).fault == (400, "invalidValue")
    created = scim.post("/Users", {**body, urn: {"x": "1"}}).body
    assert created["schemas"] == [f"{CORE}User", urn]
    path = f"/Users/{created['id']}"
    assert scim.patch(path, {"op": "remove", "path": f"{urn}:x"}).fault == (400, "mutability")


BAD_FILES: list[tuple[str, str]] = [
    ("{", "is not JSON"),
    ('{"resources": {"User": [{"userName": "\\ud800"}]}}', "surrogates"),
    ("[]", "must hold a JSON object"),
    ('{"schemas": {}}', "a list is expected"),
    ('{"schemas": [5]}', "must be an object"),
    ('{"schemas": [{"name": "x"}]}', "'id'"),
    ('{"schemas": [{"id": "urn:x"}]}', "attributes is missing"),
    ('{"schemas": [{"id": "urn:x", "attributes": [{"name": "a b"}]}]}', "'a b'"),
    ('{"schemas": [{"id": "urn:x", "attributes": [{"name": "a"}, {"name": "A"}]}]}', "twice"),
    ('{"schemas": [{"id": "urn:x", "attributes": [{"name": "a", "type": "date"}]}]}', "'date'"),
    ('{"schemas": [{"id": "urn:x", "attributes": [{"name": "a", "required": 1}]}]}', "required"),
    ('{"schemas": [{"id": "urn:x", "attributes": [{"name": "a", "type": "complex"}]}]}', "'a'"),
    ('{"resourceTypes": [{"name": "X", "endpoint": "/Xs", "schema": "urn:x"}]}', "'urn:x'"),
    ('{"resourceTypes": [{"name": "X", "endpoint": "Xs", "schema": "urn:x"}]}', "'Xs'"),
    (
        f'{{"resourceTypes": [{{"name": "User", "endpoint": "/P", "schema": "{CORE}User"}}]}}',
        "two endpoints",
    ),
    ('{"resources": {"Nothing": []}}', "'Nothing'"),
    ('{"resources": {"User": [5]}}', "resource 1 of User"),
    ('{"resources": {"User": [{"userName": "a"}, {"title": "x"}]}}', "resource 2 of User"),
    ('{"resources": {"User": [{"userName": "a", "id": 5}]}}', "id:"),
]


@pytest.mark.parametrize(("text", "words"), BAD_FILES)
def test_a_bad_schema_file_is_refused_with_the_place(
    make_scim: Callable[..., Scim], tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "bad.json").write_text(text, encoding="utf-8")
    with pytest.raises(SchemaFileError, match=r"bad\.json|resource") as caught:
        make_scim(schema_files=[tmp_path / "bad.json"])
    assert words in str(caught.value)


def test_a_missing_schema_file_is_refused(make_scim: Callable[..., Scim], tmp_path: Path) -> None:
    with pytest.raises(SchemaFileError, match="cannot be read"):
        make_scim(schema_files=[tmp_path / "none.json"])
