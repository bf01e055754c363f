"""RFC 7643 sections 5 and 6: the service provider's configuration, and resource types."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from reference_server import Credential
from reference_server import Request
from reference_server import SchemaFileError
from reference_server.messages import joined

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CONFIGURATION = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
RESOURCE_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"

honours = pytest.mark.honours


@honours("RFC7643-5-1", "RFC7643-5-3")
def test_the_configuration_has_its_schema_and_no_id(scim: Scim) -> None:
    reply = scim.get("/ServiceProviderConfig")
    assert reply.status == 200
    assert reply.body["schemas"] == [CONFIGURATION]
    assert "id" not in reply.body
    assert scim.get(f"/Schemas/{CONFIGURATION}").body["id"] == CONFIGURATION


READ_ONLY = [
    pytest.param("/ServiceProviderConfig", marks=honours("RFC7643-5-2"), id="config"),
    pytest.param("/ResourceTypes", marks=honours("RFC7643-6-1"), id="types"),
    pytest.param("/ResourceTypes/User", marks=honours("RFC7643-6-1"), id="type"),
    pytest.param("/Schemas", marks=honours("RFC7643-7-2"), id="schemas"),
    pytest.param(f"/Schemas/{USER}", marks=honours("RFC7643-7-2"), id="schema"),
]


@pytest.mark.parametrize("path", READ_ONLY)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_discovery_is_read_only(scim: Scim, path: str, method: str) -> None:
    before = scim.get(path).body
    reply = scim.call(method, path, {"schemas": [CONFIGURATION], "name": "changed"})
    assert reply.status == 405
    assert reply.response.header("Allow") == "GET, HEAD, OPTIONS"
    assert scim.get(path).body == before


@honours("RFC7643-5-2")
def test_every_attribute_of_discovery_is_read_only(scim: Scim) -> None:
    for urn in (CONFIGURATION, RESOURCE_TYPE):
        definitions = scim.attributes(urn)
        assert {each["mutability"] for each in definitions.values()} == {"readOnly"}


OBJECTS = [
    pytest.param("patch", marks=honours("RFC7643-5-5", "RFC7643-5-6"), id="patch"),
    pytest.param("bulk", marks=honours("RFC7643-5-7", "RFC7643-5-8"), id="bulk"),
    pytest.param("filter", marks=honours("RFC7643-5-11", "RFC7643-5-12"), id="filter"),
    pytest.param("changePassword", marks=honours("RFC7643-5-14", "RFC7643-5-15"), id="password"),
    pytest.param("sort", marks=honours("RFC7643-5-16", "RFC7643-5-17"), id="sort"),
    pytest.param("etag", marks=honours("RFC7643-5-18", "RFC7643-5-19"), id="etag"),
]


@pytest.mark.parametrize("name", OBJECTS)
def test_each_feature_is_an_object_with_a_boolean(scim: Scim, name: str) -> None:
    entry = scim.get("/ServiceProviderConfig").body[name]
    assert isinstance(entry, dict)
    assert entry["supported"] is True  # all are built
    definitions = scim.attributes(CONFIGURATION)
    assert definitions[f"{CONFIGURATION}:{name}"]["required"] is True
    assert definitions[f"{CONFIGURATION}:{name}.supported"]["type"] == "boolean"
    assert definitions[f"{CONFIGURATION}:{name}.supported"]["required"] is True


@honours("RFC7643-5-9", "RFC7643-5-10")
def test_the_limits_of_bulk_are_integers_that_hold(scim: Scim) -> None:
    bulk = scim.get("/ServiceProviderConfig").body["bulk"]
    assert all(type(bulk[name]) is int for name in ("maxOperations", "maxPayloadSize"))
    one = {"method": "DELETE", "path": "/Users/nobody"}
    for extra, status in ((0, 200), (1, 413)):
        operations = [one] * (bulk["maxOperations"] + extra)
        reply = scim.post("/Bulk", {"schemas": [BULK], "Operations": operations})
        assert reply.status == status
    body = json.dumps({"schemas": [BULK], "Operations": [one]}).encode()
    for extra, status in ((0, 200), (1, 413)):
        padded = body.ljust(bulk["maxPayloadSize"] + extra)
        assert scim.call("POST", "/Bulk", padded).status == status


@honours("RFC7643-5-13")
def test_no_reply_holds_more_than_the_greatest_number(scim: Scim) -> None:
    greatest = scim.get("/ServiceProviderConfig").body["filter"]["maxResults"]
    assert type(greatest) is int
    for number in range(greatest + 1):
        scim.user(f"user{number}")
    for parameters in ({}, {"filter": "userName pr"}, {"sortBy": "userName"}):
        reply = scim.get("/Users", count=greatest + 1, **parameters)
        assert len(reply.ids) == reply.body["itemsPerPage"] == greatest
        assert reply.body["totalResults"] == greatest + 1


@honours("RFC7643-5-20")
def test_what_is_announced_works(scim: Scim) -> None:
    configuration = scim.get("/ServiceProviderConfig").body
    objects = {key: each for key, each in configuration.items() if isinstance(each, dict)}
    announced = [key for key, each in objects.items() if each.get("supported")]
    assert sorted(announced) == ["bulk", "changePassword", "etag", "filter", "patch", "sort"]
    a, b = scim.user("a", title="z"), scim.user("b", title="y")
    operation = {"op": "replace", "path": "title", "value": "x"}
    assert scim.patch(a, operation).body["title"] == "x"
    data = {"schemas": [USER], "userName": "c"}
    create = {"method": "POST", "path": "/Users", "bulkId": "1", "data": data}
    reply = scim.post("/Bulk", {"schemas": [BULK], "Operations": [create]})
    assert reply.body["Operations"][0]["status"] == "201"
    assert scim.get("/Users", filter='title eq "y"').ids == [b.rpartition("/")[2]]
    names = [each["userName"] for each in scim.get("/Users", sortBy="title").body["Resources"]]
    assert names == ["a", "b", "c"]
    version = scim.get(a).response.header("ETag") or ""
    assert scim.call("GET", a, headers={"If-None-Match": version}).status == 304
    password = {"op": "replace", "path": "password", "value": "new"}
    assert scim.patch(a, password).body["meta"]["version"] != version


@honours("RFC7643-5-21", "RFC7643-5-23", "RFC7643-5-24", "RFC7643-5-25", "RFC7643-5-26")
@pytest.mark.parametrize(
    ("kind", "scheme"),
    [("bearer", "oauthbearertoken"), ("header", "oauthbearertoken"), ("basic", "httpbasic")],
)
def test_authentication_is_described(
    make_scim: Callable[..., Scim], kind: str, scheme: str
) -> None:
    scim = make_scim(credentials=[Credential(kind, "secret", user="u" if kind == "basic" else "")])
    scim.authorization = {
        "bearer": "Bearer secret",
        "header": "secret",
        "basic": "Basic dTpzZWNyZXQ=",
    }[kind]
    assert scim.get("/Users").status == 200  # what is described is what opens the door
    (entry,) = scim.get("/ServiceProviderConfig").body["authenticationSchemes"]
    assert entry["type"] == scheme
    assert all(isinstance(entry[name], str) and entry[name] for name in ("name", "description"))
    if "specUri" in entry:
        assert urlsplit(entry["specUri"]).scheme in ("http", "https")
    assert ("specUri" in entry) == (kind != "header")  # a bare token has no specification


@honours("RFC7643-5-22")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_how_to_authenticate_can_be_read_without_doing_it(scim: Scim, method: str) -> None:
    path = f"{scim.app.base_path}/ServiceProviderConfig"
    reply = scim.app.handle(Request(method, path, headers=(("Host", scim.host),)))
    assert reply.status == 200
    if method == "GET":
        known = scim.get("/ServiceProviderConfig").body
        assert json.loads(joined(reply.body)) == known
    # Who does authenticate, to see whether it works, hears the truth.
    wrong = {"Authorization": "Bearer wrong"}
    assert scim.call(method, "/ServiceProviderConfig", headers=wrong).status == 401
    for other in ("/Schemas", "/ResourceTypes", "/Users"):
        assert scim.app.handle(Request(method, scim.app.base_path + other)).status == 401


@honours("RFC7643-6-2", "RFC7643-6-3", "RFC7643-6-5", "RFC7643-6-7")
def test_each_resource_type_has_what_is_required(full: Scim) -> None:
    found = full.get("/ResourceTypes").body["Resources"]
    assert len(found) == 4
    for each in found:
        assert each["schemas"] == [RESOURCE_TYPE]
        for name in ("name", "endpoint", "schema", "description"):
            assert isinstance(each[name], str)
            assert each[name]
    required = {w for w, each in full.attributes(RESOURCE_TYPE).items() if each["required"]}
    names = {where.removeprefix(f"{RESOURCE_TYPE}:") for where in required}
    assert names == {
        "name",
        "endpoint",
        "schema",
        "schemaExtensions.schema",
        "schemaExtensions.required",
    }


@honours("RFC7643-6-4")
def test_a_resource_type_is_found_by_its_id(full: Scim) -> None:
    for each in full.get("/ResourceTypes").body["Resources"]:
        assert each["id"] == each["name"]
        assert full.get(f"/ResourceTypes/{each['id']}").body == each
        path = urlsplit(each["meta"]["location"]).path.removeprefix(full.app.base_path)
        assert path == f"/ResourceTypes/{each['id']}"


@honours("RFC7643-6-9", "RFC7643-6-10")
def test_a_resource_type_leads_to_its_endpoint_and_its_schema(full: Scim) -> None:
    for each in full.get("/ResourceTypes").body["Resources"]:
        assert each["endpoint"].startswith("/")
        reply = full.get(each["endpoint"])
        assert (reply.status, reply.body["totalResults"]) == (200, 0)
        assert full.get(f"/Schemas/{each['schema']}").body["id"] == each["schema"]


def started(make_scim: Callable[..., Scim], folder: Path, **kind: Json) -> Scim:
    """Start a server with a resource type made of these parts."""
    file = folder / "thing.json"
    schema = {"id": "urn:x:Thing", "attributes": [{"name": "label"}]}
    file.write_text(json.dumps({"schemas": [schema], "resourceTypes": [kind]}), "utf-8")
    return make_scim(schema_files=[file])


THING = {"name": "Thing", "endpoint": "/Things", "schema": "urn:x:Thing"}


@honours("RFC7643-6-8", "RFC7643-6-11")
def test_description_and_extensions_may_be_missing(
    make_scim: Callable[..., Scim], tmp_path: Path
) -> None:
    scim = started(make_scim, tmp_path, **THING)
    shown = scim.get("/ResourceTypes/Thing").body
    assert "description" not in shown
    assert "schemaExtensions" not in shown
    assert scim.post("/Things", {"schemas": ["urn:x:Thing"], "label": "l"}).status == 201
    assert "schemaExtensions" not in scim.get("/ResourceTypes/Group").body


@honours("RFC7643-6-5", "RFC7643-6-9", "RFC7643-6-10", "RFC7643-6-12")
@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": None}, "'name'"),
        ({"endpoint": None}, "'endpoint'"),
        ({"endpoint": "Things"}, "must be a slash and one word"),
        ({"endpoint": "/Bulk"}, "one of the protocol's own"),
        ({"endpoint": "/Me"}, "one of the protocol's own"),
        ({"endpoint": "/Schemas"}, "one of the protocol's own"),
        ({"endpoint": "/.search"}, "one of the protocol's own"),
        ({"schema": None}, "'schema'"),
        ({"schema": "urn:x:Other"}, "'urn:x:Other' is not defined"),
        ({"schemaExtensions": [{"schema": "urn:x:Other"}]}, "'urn:x:Other' is not defined"),
        ({"schemaExtensions": [{"required": True}]}, "'schema'"),
        ({"schemaExtensions": [{"schema": ENTERPRISE, "required": "no"}]}, "required"),
    ],
)
def test_a_schema_file_cannot_leave_out_what_is_required(
    make_scim: Callable[..., Scim], tmp_path: Path, change: dict[str, Json], complaint: str
) -> None:
    with pytest.raises(SchemaFileError, match=complaint):
        started(make_scim, tmp_path, **{**THING, **change})


@honours("RFC7643-6-12", "RFC7643-6-13")
def test_each_extension_of_a_type_is_a_schema_and_required_or_not(full: Scim) -> None:
    seen = set()
    for kind in full.get("/ResourceTypes").body["Resources"]:
        for each in kind.get("schemaExtensions", []):
            assert full.get(f"/Schemas/{each['schema']}").body["id"] == each["schema"]
            assert isinstance(each["required"], bool)
            seen.add(each["required"])
    assert seen == {True, False}


@honours("RFC7643-6-13")
def test_an_extension_is_optional_unless_it_says_otherwise(
    make_scim: Callable[..., Scim], tmp_path: Path
) -> None:
    scim = started(make_scim, tmp_path, **THING, schemaExtensions=[{"schema": ENTERPRISE}])
    shown = scim.get("/ResourceTypes/Thing").body
    assert shown["schemaExtensions"] == [{"schema": ENTERPRISE, "required": False}]
