"""RFC 7644 sections 3.1 and 8: resources and messages are JSON that names its schemas."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"


def replies(scim: Scim) -> Iterator[tuple[str, Reply]]:
    """Yield a reply of every kind that has a body, with a name for it."""
    body = {"schemas": [USER], "userName": "u"}
    made = scim.post("/Users", body)
    path = f"/Users/{made.body['id']}"
    operation = {"op": "replace", "path": "title", "value": "x"}
    bulk = {"method": "POST", "path": "/Users", "bulkId": "1", "data": {**body, "userName": "v"}}
    yield "create", made
    yield "get", scim.get(path)
    yield "list", scim.get("/Users")
    yield "put", scim.put(path, body)
    yield "patch", scim.patch(path, operation)
    yield "search", scim.post("/Users/.search", {"schemas": [MESSAGES + "SearchRequest"]})
    yield (
        "bulk",
        scim.post("/Bulk", {"schemas": [MESSAGES + "BulkRequest"], "Operations": [bulk]}),
    )
    for endpoint in ("ServiceProviderConfig", "ResourceTypes", "Schemas", f"Schemas/{USER}"):
        yield endpoint, scim.get(f"/{endpoint}")
    yield "400", scim.post("/Users", b"{")
    yield "404", scim.get("/Users/none")
    yield "405", scim.put("/Users", body)
    scim.authorization = "Bearer wrong"
    yield "401", scim.get("/Users")


@honours("RFC7644-3.1-1", "RFC7644-3.2-18", "RFC7644-8.1-1")
def test_every_body_is_a_json_object_and_says_so(scim: Scim) -> None:
    names = set()
    for name, reply in replies(scim):
        names.add(name)
        content_type = reply.response.header("Content-Type") or ""
        assert content_type.partition(";")[0] == "application/scim+json", name
        assert isinstance(reply.body, dict), name
    assert len(names) == 15


@honours("RFC7644-3.1-6", "RFC7644-8.2-1")
def test_every_message_names_a_message_schema_and_every_resource_a_resource_schema(
    scim: Scim,
) -> None:
    wanted = {
        "list": "ListResponse",
        "search": "ListResponse",
        "ResourceTypes": "ListResponse",
        "Schemas": "ListResponse",
        "bulk": "BulkResponse",
        **dict.fromkeys(("400", "401", "404", "405"), "Error"),
    }
    for name, reply in replies(scim):
        schemas = reply.body["schemas"]
        if name in wanted:
            assert schemas == [MESSAGES + wanted[name]], name
        else:
            assert not any(each.startswith("urn:ietf:params:scim:api:") for each in schemas), name


@pytest.mark.parametrize(
    "schemas",
    [
        pytest.param(None, id="absent"),
        pytest.param([], id="none"),
        pytest.param([USER], id="of-a-resource"),
        pytest.param(["urn:example:api:messages:2.0:{name}"], id="not-registered"),
        pytest.param(["urn:ietf:params:scim:api:messages:1.0:{name}"], id="another-version"),
        pytest.param([MESSAGES + "ListResponse"], id="of-another-message"),
        pytest.param(MESSAGES + "{name}", id="not-in-an-array"),
        pytest.param([5], id="not-text"),
    ],
)
@honours("RFC7644-3.1-6", "RFC7644-8.2-1")
def test_a_message_with_another_schema_is_refused(
    make_scim: Callable[..., Scim], schemas: Json
) -> None:
    scim = make_scim(without_tolerances=["patch-without-schemas"])
    path = scim.user()
    operation = {"op": "replace", "path": "title", "value": "x"}
    bulk = {"method": "DELETE", "path": path}
    rest = {
        "PatchOp": ("PATCH", path, {"Operations": [operation]}),
        "SearchRequest": ("POST", "/Users/.search", {}),
        "BulkRequest": ("POST", "/Bulk", {"Operations": [bulk]}),
    }
    for name, (method, target, body) in rest.items():
        filled = filled_in(schemas, name)
        content = body if filled is None else {"schemas": filled, **body}
        reply = scim.call(method, target, content)
        assert reply.status == 400, (name, reply.body)
        assert reply.body["scimType"] in ("invalidSyntax", "invalidValue"), name
    assert "title" not in scim.get(path).body


def filled_in(schemas: Json, name: str) -> Json:
    if isinstance(schemas, list):
        return [each.replace("{name}", name) if isinstance(each, str) else each for each in schemas]
    return schemas.replace("{name}", name) if isinstance(schemas, str) else schemas


@honours("RFC7644-3.1-2")
def test_a_representation_names_the_schemas_it_has_attributes_of(scim: Scim) -> None:
    plain = scim.user("a")
    extended = scim.user("b", **{ENTERPRISE: {"department": "x"}})
    group = scim.group("g", [plain])
    assert scim.get(plain).body["schemas"] == [USER]
    assert sorted(scim.get(extended).body["schemas"]) == sorted([USER, ENTERPRISE])
    assert scim.get(group).body["schemas"] == [GROUP]
    listed = scim.get("/Users", attributes="userName").body["Resources"]
    assert [len(each["schemas"]) for each in listed] == [1, 2]
    removed = scim.patch(extended, {"op": "remove", "path": f"{ENTERPRISE}:department"})
    assert removed.body["schemas"] == [USER]


@honours("RFC7644-3.1-4")
def test_schemas_describes_every_characteristic_of_every_attribute(scim: Scim) -> None:
    wanted = {"name", "type", "multiValued", "description", "required", "mutability", "returned"}

    def check(attribute: Json, where: str) -> None:
        missing = wanted - attribute.keys()
        assert not missing, f"{where}.{attribute['name']} lacks {missing}"
        if attribute["type"] in ("string", "reference", "binary"):
            assert isinstance(attribute["caseExact"], bool), f"{where}.{attribute['name']}"
        if attribute["type"] not in ("complex", "boolean"):
            assert "uniqueness" in attribute, f"{where}.{attribute['name']}"
        for sub in attribute.get("subAttributes", ()):
            check(sub, f"{where}.{attribute['name']}")

    for schema in scim.get("/Schemas").body["Resources"]:
        if schema["id"] in (USER, GROUP, ENTERPRISE):
            for attribute in schema["attributes"]:
                check(attribute, schema["id"])


@honours("RFC7644-3.1-4")
def test_schemas_describes_user_names_as_they_behave(scim: Scim) -> None:
    attributes = scim.get(f"/Schemas/{USER}").body["attributes"]
    found = {each["name"]: each for each in attributes}
    name = found["userName"]
    assert (name["required"], name["uniqueness"], name["caseExact"]) == (True, "server", False)
    assert found["emails"]["multiValued"] is True
    assert (found["password"]["mutability"], found["password"]["returned"]) == (
        "writeOnly",
        "never",
    )
    assert found["groups"]["mutability"] == "readOnly"


@honours("RFC7644-3.1-7")
def test_message_schemas_are_not_among_the_schemas(scim: Scim) -> None:
    listed = scim.get("/Schemas").body["Resources"]
    assert len(listed) >= 3
    assert not [each["id"] for each in listed if re.match(r"(?i)urn:.*:api:", each["id"])]
    for name in ("ListResponse", "SearchRequest", "PatchOp", "BulkRequest", "Error"):
        assert scim.get(f"/Schemas/{MESSAGES}{name}").status == 404, name


@honours("RFC7644-3.1-8")
def test_what_get_shows_can_be_put_back_with_a_change(scim: Scim) -> None:
    path = scim.user(title="old")
    scim.group("g", [path])
    before = scim.get(path).body
    assert {"id", "meta", "groups"} <= before.keys()
    reply = scim.put(path, {**before, "title": "new", "id": "mine", "groups": []})
    assert reply.status == 200
    unchanged = {"id", "userName", "groups", "schemas"}
    assert {key: reply.body[key] for key in unchanged} == {key: before[key] for key in unchanged}
    assert reply.body["title"] == "new"


@honours("RFC7644-3.1-10")
def test_replies_show_the_resource_as_the_server_has_it(scim: Scim) -> None:
    body = {
        "schemas": [USER],
        "USERNAME": "u",
        "shoeSize": 9,
        "title": None,
        "emails": [],
        "password": "t1meMa$heen",
        "id": "mine",
    }
    made = scim.post("/Users", body)
    path = f"/Users/{made.body['id']}"
    assert made.body.keys() == {"schemas", "id", "userName", "meta"}
    assert made.body == scim.get(path).body
    changed = scim.patch(path, {"op": "add", "path": "emails", "value": [{"value": "e"}]})
    assert changed.body == scim.get(path).body
    put = scim.put(path, {**body, "displayName": "U"})
    assert put.body == scim.get(path).body
    assert [put.body] == scim.get("/Users").body["Resources"]
