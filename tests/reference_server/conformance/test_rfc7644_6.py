"""RFC 7644 section 6: several tenants behind one server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reference_server.tenants import Tenant
from reference_server.tenants import create_tenants

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
SEARCH = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}
TENANTS = (
    Tenant(name="a", base_path="/Tenants/a/v2", token="secret-a"),  # noqa: S106 - an example
    Tenant(name="b", base_path="/Tenants/b/v2", token="secret-b"),  # noqa: S106 - an example
)


@pytest.fixture(params=["memory", "database"])
def tenants(request: pytest.FixtureRequest, scim: Scim, tmp_path: Path) -> Iterator[list[Scim]]:
    """Return two tenants of one server, each as its own client sees it."""
    database = tmp_path / "scim.db" if request.param == "database" else None
    app = create_tenants(TENANTS, database=database, schema_files=[roles(tmp_path)])
    yield [seen(scim, app, each.base_path, f"Bearer {each.token}") for each in TENANTS]
    app.close()


def seen(scim: Scim, app: Json, base_path: str, authorization: str) -> Scim:
    """Return a client of one tenant: the whole server answers, below that tenant's path."""

    class Door:
        def __init__(self) -> None:
            self.base_path = base_path
            self.handle = app.handle

    door: Json = Door()
    return type(scim)(door, authorization)


def roles(folder: Path) -> Path:
    attributes = [{"name": "title", "type": "string"}]
    content = {
        "schemas": [{"id": "urn:example:Role", "attributes": attributes}],
        "resourceTypes": [{"name": "Role", "endpoint": "/Roles", "schema": "urn:example:Role"}],
        "resources": {"Role": [{"id": "editor", "title": "Editor"}]},
    }
    path = folder / "roles.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


@honours("RFC7644-6-1")
def test_each_tenant_sees_its_own_resources_only(tenants: list[Scim]) -> None:
    first, second = tenants
    path = first.user("ann")
    group = first.group("g", [path])
    assert second.get("/Users").ids == []
    assert second.get("", filter="userName pr or displayName pr").ids == []
    assert second.post("/.search", {**SEARCH, "filter": "userName pr"}).ids == []
    for target in (path, group):
        assert second.get(target).status == 404
        assert second.delete(target).status == 404
        assert first.get(target).status == 200
    stranger = second.post(
        "/Groups", {"schemas": [USER.replace("User", "Group")], "displayName": "h"}
    )
    assert stranger.status == 201
    assert first.get("/Groups").ids == [group[8:]]


@honours("RFC7644-6.1-2")
def test_a_prefix_of_the_path_names_the_tenant(tenants: list[Scim]) -> None:
    for each, tenant in zip(tenants, TENANTS, strict=True):
        path = each.user("same")
        location = each.get(path).body["meta"]["location"]
        assert location == f"http://scim.example.com{tenant.base_path}{path}"
    assert tenants[0].get("/Users").ids != tenants[1].get("/Users").ids


@honours("RFC7644-6.1-3", "RFC7644-6.1-4")
def test_a_token_is_good_for_its_own_tenant_and_the_path_decides_which_that_is(
    tenants: list[Scim],
) -> None:
    first, second = tenants
    path = first.user("ann")
    intruder = type(first)(first.app, second.authorization)
    for method, target, body in (
        ("GET", "/Users", None),
        ("GET", path, None),
        ("POST", "/Users", {"schemas": [USER], "userName": "eve"}),
        ("DELETE", path, None),
        ("POST", "/.search", SEARCH),
    ):
        assert intruder.call(method, target, body).status == 401, (method, target)
    assert first.get("/Users").ids == [path[7:]]
    assert second.get("/Users").ids == []


@honours("RFC7644-6.2-1")
def test_two_tenants_may_have_the_same_id(tenants: list[Scim]) -> None:
    first, second = tenants
    assert first.get("/Roles").ids == second.get("/Roles").ids == ["editor"]
    change = {"op": "replace", "path": "title", "value": "Changed"}
    assert first.patch("/Roles/editor", change).status == 200
    assert second.get("/Roles/editor").body["title"] == "Editor"
    assert first.delete("/Roles/editor").status == 204
    assert second.get("/Roles/editor").status == 200


@honours("RFC7644-6.2-2")
def test_an_external_id_and_a_name_belong_to_one_tenant(tenants: list[Scim]) -> None:
    paths = [each.user("same", externalId="ext") for each in tenants]
    for each, path in zip(tenants, paths, strict=True):
        for text in ('externalId eq "ext"', 'userName eq "same"'):
            assert each.get("/Users", filter=text).ids == [path[7:]]
