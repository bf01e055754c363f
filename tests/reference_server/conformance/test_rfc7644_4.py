"""RFC 7644 section 4: the discovery endpoints."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
USER = f"{CORE}User"
GROUP = f"{CORE}Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
ENDPOINTS = ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"]


@honours("RFC7644-4-2")
def test_the_configuration_is_one_object_with_its_schema(scim: Scim) -> None:
    reply = scim.get("/ServiceProviderConfig")
    assert (reply.status, reply.body["schemas"]) == (200, [f"{CORE}ServiceProviderConfig"])
    assert "Resources" not in reply.body
    assert scim.get("/ServiceProviderConfig/x").status == 404


@honours("RFC7644-4-2")
def test_the_configuration_has_the_attributes_of_rfc_7643_section_5(scim: Scim) -> None:
    body = scim.get("/ServiceProviderConfig").body
    for feature in ("patch", "bulk", "filter", "changePassword", "sort", "etag"):
        assert type(body[feature]["supported"]) is bool, feature
    assert type(body["bulk"]["maxOperations"]) is int
    assert type(body["bulk"]["maxPayloadSize"]) is int
    assert type(body["filter"]["maxResults"]) is int
    [scheme] = body["authenticationSchemes"]
    assert scheme["type"] == "oauthbearertoken"
    assert scheme["name"]
    assert scheme["description"]
    assert body["meta"]["location"].endswith("/scim/v2/ServiceProviderConfig")


@honours("RFC7644-4-4")
def test_schemas_lists_every_schema_that_a_resource_type_uses(full: Scim) -> None:
    reply = full.get("/Schemas")
    assert (reply.status, reply.body["schemas"]) == (200, [LIST])
    assert reply.body["totalResults"] == len(reply.ids) == len(set(reply.ids))
    used = set()
    for each in full.get("/ResourceTypes").body["Resources"]:
        used |= {each["schema"], *(e["schema"] for e in each.get("schemaExtensions", ()))}
    assert len(used) == 7
    assert used <= set(reply.ids)


@honours("RFC7644-4-5")
def test_one_schema_is_one_object_at_its_urn(full: Scim) -> None:
    for listed in full.get("/Schemas").body["Resources"]:
        reply = full.get(f"/Schemas/{listed['id']}")
        assert (reply.status, reply.body) == (200, listed)
        assert reply.body["schemas"] == [f"{CORE}Schema"]
        assert reply.body["attributes"]
        assert reply.body["meta"]["location"].endswith(f"/Schemas/{listed['id']}")
    unknown = full.get("/Schemas/urn:example:none")
    assert (unknown.status, unknown.body["schemas"]) == (404, [ERROR])


@honours("RFC7644-4-6")
def test_resource_types_tell_endpoint_schema_and_extensions(full: Scim) -> None:
    found = {each["id"]: each for each in full.get("/ResourceTypes").body["Resources"]}
    assert found.keys() == {"User", "Group", "Gadget", "Contract"}
    assert (found["User"]["endpoint"], found["User"]["schema"]) == ("/Users", USER)
    assert (found["Group"]["endpoint"], found["Group"]["schema"]) == ("/Groups", GROUP)
    extensions = {each["schema"]: each["required"] for each in found["User"]["schemaExtensions"]}
    assert extensions[ENTERPRISE] is False
    assert len(extensions) == 2
    [warranty] = found["Contract"]["schemaExtensions"]
    assert warranty["required"] is True
    for each in found.values():
        assert full.get(each["endpoint"]).status == 200
        assert full.get(f"/Schemas/{each['schema']}").status == 200


@honours("RFC7644-4-7")
def test_one_resource_type_is_one_object_at_its_name(full: Scim) -> None:
    for listed in full.get("/ResourceTypes").body["Resources"]:
        reply = full.get(f"/ResourceTypes/{listed['id']}")
        assert (reply.status, reply.body) == (200, listed)
        assert reply.body["schemas"] == [f"{CORE}ResourceType"]
        assert reply.body["meta"]["location"].endswith(f"/ResourceTypes/{listed['id']}")
    unknown = full.get("/ResourceTypes/Nothing")
    assert (unknown.status, unknown.body["schemas"]) == (404, [ERROR])


@honours("RFC7644-4-8")
def test_several_are_a_list_response(scim: Scim) -> None:
    for endpoint in ("/ResourceTypes", "/Schemas"):
        body = scim.get(endpoint).body
        assert body["schemas"] == [LIST]
        assert body["totalResults"] == body["itemsPerPage"] == len(body["Resources"]) > 1
        assert body["startIndex"] == 1


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize(
    "query",
    [
        {"startIndex": 2, "count": 1},
        {"count": 0},
        {"sortBy": "name", "sortOrder": "descending"},
        {"sortBy": "noSuch"},
        {"startIndex": "x", "count": "y", "sortOrder": "z"},
        {"cursor": ""},
    ],
)
@honours("RFC7644-4-9")
def test_sorting_and_paging_are_ignored(scim: Scim, endpoint: str, query: dict[str, Json]) -> None:
    reply = scim.get(endpoint, **query)
    assert (reply.status, reply.body) == (200, scim.get(endpoint).body)


@pytest.mark.parametrize("endpoint", [*ENDPOINTS, f"/Schemas/{USER}", "/ResourceTypes/User"])
@pytest.mark.parametrize("text", [f'id eq "{USER}"', 'name eq "nobody"', "", "nonsense ("])
@honours("RFC7644-4-10", "RFC7644-4-11")
def test_a_filter_is_forbidden(scim: Scim, endpoint: str, text: str) -> None:
    reply = scim.get(endpoint, filter=text)
    assert (reply.status, reply.body["status"]) == (403, "403")
    assert reply.body["schemas"] == [ERROR]
    assert "Resources" not in reply.body


@honours("RFC7644-4-6", "RFC7644-4-4")
def test_discovery_follows_the_schema_files(make_scim: Callable[..., Scim], full: Scim) -> None:
    plain = make_scim()
    assert sorted(plain.get("/ResourceTypes").ids) == ["Group", "User"]
    added = set(full.get("/Schemas").ids) - set(plain.get("/Schemas").ids)
    assert len(added) == 4
    assert all(each.startswith("urn:example:params:scim:schemas:") for each in added)
