"""RFC 7643 sections 3, 3.2 and 3.3: resources, schemas, new types and extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GADGET = "urn:example:params:scim:schemas:2.0:Gadget"
CONTRACT = "urn:example:params:scim:schemas:2.0:Contract"
WARRANTY = "urn:example:params:scim:schemas:extension:2.0:Warranty"
BADGE = "urn:example:params:scim:schemas:extension:2.0:Badge"

honours = pytest.mark.honours


def filled(full: Scim) -> dict[str, Any]:
    """Make one resource of each type, with every extension, and return what GET shows of them."""
    bodies = {
        "/Users": {
            "schemas": [USER, ENTERPRISE, BADGE],
            "userName": "bjensen",
            ENTERPRISE: {"department": "Tours"},
            BADGE: {"number": "7"},
        },
        "/Groups": {"schemas": [GROUP], "displayName": "guides"},
        "/Gadgets": {"schemas": [GADGET], "name": "lamp", WARRANTY: {"years": 2}},
        "/Contracts": {"schemas": [CONTRACT], "subject": "lamps", WARRANTY: {"years": 2}},
    }
    shown = {}
    for endpoint, body in bodies.items():
        reply = full.post(endpoint, body)
        assert reply.status == 201, reply.body
        shown[endpoint] = full.get(f"{endpoint}/{reply.body['id']}").body
    return shown


@honours("RFC7643-3-1", "RFC7643-3-2", "RFC7643-3-6", "RFC7643-6-6", "RFC7643-7-1")
def test_the_resource_type_says_what_a_resource_is_made_of(full: Scim) -> None:
    types = {each["name"]: each for each in full.get("/ResourceTypes").body["Resources"]}
    for endpoint, shown in filled(full).items():
        kind = types[shown["meta"]["resourceType"]]
        assert kind["endpoint"] == endpoint
        extensions = [each["schema"] for each in kind.get("schemaExtensions", [])]
        assert set(shown["schemas"]) <= {kind["schema"], *extensions}
        for urn in shown["schemas"]:
            assert full.get(f"/Schemas/{urn}").body["id"] == urn
        assert f"/{endpoint[1:]}/" in shown["meta"]["location"]


@honours("RFC7643-3-6")
@pytest.mark.parametrize("foreign", [GROUP, "urn:example:unknown", "no URI at all"])
def test_schemas_of_other_types_never_show(scim: Scim, foreign: str) -> None:
    body = {"schemas": [USER, foreign], "userName": "b"}
    reply = scim.post("/Users", body)
    assert reply.body["schemas"] == [USER]
    path = f"/Users/{reply.body['id']}"
    assert scim.put(path, body).body["schemas"] == [USER]
    operation = {"op": "add", "path": "schemas", "value": [foreign]}
    assert scim.patch(path, operation).status in (200, 204, 400)
    assert scim.get(path).body["schemas"] == [USER]


@honours("RFC7643-3-4", "RFC7643-3-7")
def test_schemas_have_no_duplicates(scim: Scim) -> None:
    body = {
        "schemas": [USER, USER, ENTERPRISE, USER, ENTERPRISE],
        "userName": "b",
        ENTERPRISE: {"department": "d"},
    }
    reply = scim.post("/Users", body)
    path = f"/Users/{reply.body['id']}"
    scim.patch(path, {"op": "add", "path": "schemas", "value": [USER, ENTERPRISE]})
    for shown in (reply.body, scim.put(path, body).body, scim.get(path).body):
        assert shown["schemas"] == [USER, ENTERPRISE]


@honours("RFC7643-3-8")
def test_the_order_of_schemas_makes_no_difference(scim: Scim) -> None:
    results: list[tuple[list[str], Json]] = []
    for urns in ([USER, ENTERPRISE], [ENTERPRISE, USER]):
        name = f"user{len(results)}"
        reply = scim.post(
            "/Users", {"schemas": urns, "userName": name, ENTERPRISE: {"department": "d"}}
        )
        assert reply.status == 201
        results.append((reply.body["schemas"], reply.body[ENTERPRISE]))
    assert results[0] == results[1] == ([USER, ENTERPRISE], {"department": "d"})


@honours("RFC7643-3-9")
def test_common_attributes_need_no_schema_to_be_there(scim: Scim) -> None:
    reply = scim.post("/Users", {"schemas": [USER], "userName": "b", "externalId": "701984"})
    shown = scim.get(f"/Users/{reply.body['id']}").body
    assert shown["externalId"] == "701984"
    assert {"id", "meta", "schemas"} <= shown.keys()


@honours("RFC7643-3-10")
def test_core_attributes_are_at_the_top_level(full: Scim) -> None:
    common = {"schemas", "id", "externalId", "meta"}
    types = {each["endpoint"]: each for each in full.get("/ResourceTypes").body["Resources"]}
    for endpoint, shown in filled(full).items():
        core = types[endpoint]["schema"]
        assert core in shown["schemas"]
        names = {each["name"] for each in full.get(f"/Schemas/{core}").body["attributes"]}
        assert set(shown) <= common | names | set(shown["schemas"])
        assert set(shown) & names


@honours("RFC7643-3-11", "RFC7643-3.3-4", "RFC7643-3.3-7")
def test_extended_attributes_are_under_the_uri_of_their_extension(scim: Scim) -> None:
    body = {
        "schemas": [USER, ENTERPRISE],
        "userName": "b",
        "costCenter": "at the top",
        ENTERPRISE: {"department": "Tours", "title": "no attribute of the extension"},
    }
    shown = scim.get(f"/Users/{scim.post('/Users', body).body['id']}").body
    assert shown[ENTERPRISE] == {"department": "Tours"}
    assert not {"costCenter", "department", "title"} & shown.keys()
    assert shown["schemas"] == [USER, ENTERPRISE]


@honours("RFC7643-3-11", "RFC7643-3.3-7")
def test_extensions_keep_equal_names_apart(full: Scim) -> None:
    path = full.user(title="Guide", **{BADGE: {"title": "Gold"}})
    assert full.get(path).body["title"] == "Guide"
    assert full.get(path).body[BADGE] == {"title": "Gold"}
    reply = full.patch(path, {"op": "replace", "path": f"{BADGE}:title", "value": "Silver"})
    assert (reply.body["title"], reply.body[BADGE]["title"]) == ("Guide", "Silver")
    assert (
        len(full.get("/Users", filter=f'{BADGE}:title eq "silver" and title eq "guide"').ids) == 1
    )


@honours("RFC7643-3.2-1")
def test_a_schema_file_defines_a_new_type_with_all_that_belongs_to_it(full: Scim) -> None:
    types = full.get("/ResourceTypes").body["Resources"]
    kind = next(each for each in types if each["name"] == "Gadget")
    assert (kind["endpoint"], kind["schema"]) == ("/Gadgets", GADGET)
    assert kind["schemaExtensions"] == [{"schema": WARRANTY, "required": False}]
    assert full.get(f"/Schemas/{GADGET}").body["name"] == "Gadget"
    assert full.get("/Gadgets").body["totalResults"] == 0
    shown = filled(full)["/Gadgets"]
    path = f"/Gadgets/{shown['id']}"
    assert shown["schemas"] == [GADGET, WARRANTY]
    body = {"schemas": [GADGET], "name": "torch"}
    assert full.put(path, body).body["name"] == "torch"
    assert full.patch(path, {"op": "add", "path": "count", "value": 2}).body["count"] == 2
    assert full.get("/Gadgets", filter="count gt 1").ids == [shown["id"]]
    assert full.delete(path).status == 204
    assert full.get(path).status == 404


@honours("RFC7643-3.3-1")
def test_extensions_add_to_the_core_schema_and_change_nothing_of_it(full: Scim) -> None:
    body = {"schemas": [USER, BADGE], BADGE: {"number": "7"}}
    reply = full.post("/Users", body)
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("userName:")
    assert full.post("/Users", body | {"userName": "b", "active": "no"}).status == 400
    assert full.post("/Users", body | {"userName": "b", "active": True}).status == 201


@honours("RFC7643-3.3-2")
def test_an_extension_may_be_named_without_being_there(scim: Scim) -> None:
    reply = scim.post("/Users", {"schemas": [USER, ENTERPRISE], "userName": "b"})
    assert reply.status == 201
    assert ENTERPRISE not in reply.body


@honours("RFC7643-3.3-3")
@pytest.mark.parametrize("urns", [[ENTERPRISE], [GROUP], ["urn:example:unknown"]])
def test_the_base_schema_must_be_named(scim: Scim, urns: Json) -> None:
    body = {"schemas": urns, "userName": "b", ENTERPRISE: {"department": "d"}}
    reply = scim.post("/Users", body)
    assert reply.fault == (400, "invalidValue")
    assert USER in reply.body["detail"]
    path = scim.user("b")
    assert scim.put(path, body).fault == (400, "invalidValue")
    assert scim.get(path).body["schemas"] == [USER]


@honours("RFC7643-3.3-5")
def test_the_extensions_of_the_rfc_redefine_nothing(scim: Scim) -> None:
    core = {where.rpartition(":")[2] for urn in (USER, GROUP) for where in scim.attributes(urn)}
    extended = {where.rpartition(":")[2] for where in scim.attributes(ENTERPRISE)}
    assert extended & core == set()


@honours("RFC7643-4-1")
def test_user_and_group_are_there_and_others_may_be(full: Scim) -> None:
    names = {each["name"] for each in full.get("/ResourceTypes").body["Resources"]}
    assert names == {"User", "Group", "Gadget", "Contract"}
    for endpoint in ("/Users", "/Groups", "/Gadgets", "/Contracts"):
        assert full.get(endpoint).status == 200


@honours("RFC7643-6-14")
def test_a_required_extension_must_be_there_with_what_it_requires(full: Scim) -> None:
    body = {"schemas": [CONTRACT, WARRANTY], "subject": "lamps"}
    assert full.post("/Contracts", body).fault == (400, "invalidValue")
    for nothing in (None, {}, {"terms": "none"}):
        reply = full.post("/Contracts", body | {WARRANTY: nothing})
        assert reply.fault == (400, "invalidValue")
        assert reply.body["detail"].startswith(WARRANTY)
    shown = full.post("/Contracts", body | {WARRANTY: {"years": 2}}).body
    path = f"/Contracts/{shown['id']}"
    assert full.put(path, body).fault == (400, "invalidValue")
    assert full.patch(path, {"op": "remove", "path": f"{WARRANTY}:years"}).status == 400
    assert full.patch(path, {"op": "remove", "path": WARRANTY}).status == 400
    for each in full.get("/Contracts").body["Resources"]:
        assert each[WARRANTY] == {"years": 2}
        assert each["schemas"] == [CONTRACT, WARRANTY]


@honours("RFC7643-6-15")
def test_an_extension_that_is_not_required_may_be_left_out(full: Scim) -> None:
    reply = full.post("/Gadgets", {"schemas": [GADGET], "name": "lamp"})
    assert reply.status == 201
    assert reply.body["schemas"] == [GADGET]
    reply = full.post("/Gadgets", {"schemas": [GADGET], "name": "b", WARRANTY: {"terms": "x"}})
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith(f"{WARRANTY}:years: required")
