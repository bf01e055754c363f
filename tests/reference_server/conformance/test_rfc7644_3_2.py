"""RFC 7644 section 3.2: the endpoints and the HTTP methods (Tables 1 and 2)."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from reference_server import Credential

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"

BODIES: dict[str, Json] = {
    "/Users": {"schemas": [USER], "userName": "u"},
    "/Groups": {"schemas": [GROUP], "displayName": "g"},
}


@pytest.mark.parametrize("endpoint", ["/Users", "/Groups"])
@honours("RFC7644-3.2-1")
def test_users_and_groups_are_at_their_well_known_places(scim: Scim, endpoint: str) -> None:
    made = scim.post(endpoint, BODIES[endpoint])
    assert made.status == 201
    assert made.body["meta"]["resourceType"] == endpoint[1:-1]
    listed = scim.get(endpoint)
    assert (listed.status, listed.ids) == (200, [made.body["id"]])
    assert f"{endpoint}/" in made.body["meta"]["location"]


@honours("RFC7644-3.2-2")
def test_endpoints_of_shipped_types_are_the_plural_of_their_names(
    make_scim: Callable[..., Scim],
) -> None:
    data = files("reference_server") / "data"
    scim = make_scim(schema_files=[data / "entitlements.json"])
    types = scim.get("/ResourceTypes").body["Resources"]
    assert len(types) == 4
    for each in types:
        assert each["endpoint"] == f"/{each['name']}s"
        assert scim.get(each["endpoint"]).status == 200


@honours("RFC7644-3.2-4")
def test_get_retrieves_one_or_more_resources_whole_or_in_part(scim: Scim) -> None:
    paths = [scim.user("a", title="x"), scim.user("b", title="y")]
    whole = scim.get(paths[0])
    assert (whole.status, whole.body["title"], whole.body["userName"]) == (200, "x", "a")
    part = scim.get(paths[0], attributes="title")
    assert (part.status, part.body["title"], "userName" in part.body) == (200, "x", False)
    both = scim.get("/Users")
    assert (both.status, both.ids) == (200, [path[7:] for path in paths])
    parts = scim.get("/Users", attributes="title").body["Resources"]
    assert [(each["title"], "userName" in each) for each in parts] == [("x", False), ("y", False)]


@honours("RFC7644-3.2-5", "RFC7644-3.2-15", "RFC7644-3.2-16")
def test_post_creates_searches_or_changes_in_bulk_by_endpoint(scim: Scim) -> None:
    assert scim.post("/Users", BODIES["/Users"]).status == 201
    for path in ("/.search", "/Users/.search"):
        found = scim.post(path, SEARCH)
        assert (found.status, found.body["schemas"]) == (200, [LIST]), path
        assert found.body["totalResults"] == len(found.ids) > 0, path
    data = {"schemas": [USER], "userName": "v"}
    operation = {"method": "POST", "path": "/Users", "bulkId": "1", "data": data}
    bulk = scim.post("/Bulk", {"schemas": [BULK], "Operations": [operation]})
    assert bulk.status == 200
    assert scim.get("/Users", filter='userName eq "v"').body["totalResults"] == 1


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/Bulk", marks=honours("RFC7644-3.2-15"), id="bulk"),
        pytest.param("/.search", marks=honours("RFC7644-3.2-16"), id="root-search"),
        pytest.param("/Groups/.search", marks=honours("RFC7644-3.2-16"), id="type-search"),
    ],
)
def test_bulk_and_search_have_no_other_method_than_post(scim: Scim, path: str) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        reply = scim.call(method, path, {} if method.startswith("P") else None)
        assert (reply.status, reply.response.header("Allow")) == (405, "OPTIONS, POST"), method


@honours("RFC7644-3.2-6")
def test_put_creates_nothing(scim: Scim) -> None:
    for endpoint, body in BODIES.items():
        reply = scim.put(f"{endpoint}/4711", {**body, "id": "4711"})
        assert reply.status == 404
        assert scim.get(endpoint).body["totalResults"] == 0
        assert scim.put(endpoint, body).status == 405
        assert scim.get(endpoint).body["totalResults"] == 0


@honours("RFC7644-3.2-7")
def test_patch_applies_the_changes_it_is_given_and_no_others(scim: Scim) -> None:
    path = scim.user(title="old", nickName="b", userType="x")
    reply = scim.patch(
        path,
        {"op": "replace", "path": "title", "value": "new"},
        {"op": "remove", "path": "nickName"},
    )
    assert reply.status == 200
    after = scim.get(path).body
    assert (after["title"], after.get("nickName"), after["userType"]) == ("new", None, "x")


@honours("RFC7644-3.2-8")
def test_delete_deletes(scim: Scim) -> None:
    path, other = scim.user("a"), scim.user("b")
    reply = scim.delete(path)
    assert (reply.status, reply.body) == (204, None)
    assert scim.get(path).status == 404
    assert scim.get("/Users").ids == [other[7:]]


@pytest.mark.parametrize(
    "endpoint",
    [
        pytest.param("/Users", marks=honours("RFC7644-3.2-9")),
        pytest.param("/Groups", marks=honours("RFC7644-3.2-10")),
    ],
)
def test_resources_have_all_five_methods(scim: Scim, endpoint: str) -> None:
    made = scim.post(endpoint, BODIES[endpoint])
    path = f"{endpoint}/{made.body['id']}"
    assert made.status == 201
    assert scim.get(path).body["id"] == made.body["id"]
    put = scim.put(path, {**BODIES[endpoint], "displayName": "put"})
    assert (put.status, scim.get(path).body["displayName"]) == (200, "put")
    patched = scim.patch(path, {"op": "replace", "path": "displayName", "value": "patched"})
    assert patched.status in (200, 204)
    assert scim.get(path).body["displayName"] == "patched"
    assert (scim.delete(path).status, scim.get(path).status) == (204, 404)


@honours("RFC7644-3.2-11")
def test_me_is_an_alias_with_all_five_methods(make_scim: Callable[..., Scim]) -> None:
    scim = make_scim(credentials=[Credential("bearer", "secret", account="me")])
    made = scim.post("/Me", {"schemas": [USER], "userName": "me"})
    assert made.status in (201, 501)
    path = scim.user("me") if made.status == 501 else f"/Users/{made.body['id']}"
    other = scim.user("other", title="untouched")
    assert scim.get("/Me").body == scim.get(path).body
    assert scim.put("/Me", {"schemas": [USER], "userName": "me", "title": "put"}).status == 200
    assert scim.get(path).body["title"] == "put"
    assert scim.patch("/Me", {"op": "remove", "path": "title"}).status == 200
    assert "title" not in scim.get(path).body
    assert scim.delete("/Me").status == 204
    assert scim.get(path).status == 404
    assert scim.get(other).body["title"] == "untouched"


@pytest.mark.parametrize(
    ("endpoint", "schema"),
    [
        pytest.param(
            "/ServiceProviderConfig",
            "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
            marks=honours("RFC7644-3.2-12"),
        ),
        pytest.param("/ResourceTypes", LIST, marks=honours("RFC7644-3.2-13")),
        pytest.param("/Schemas", LIST, marks=honours("RFC7644-3.2-14")),
    ],
)
def test_discovery_endpoints_are_read_and_only_read(scim: Scim, endpoint: str, schema: str) -> None:
    reply = scim.get(endpoint)
    assert (reply.status, reply.body["schemas"]) == (200, [schema])
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert scim.call(method, endpoint, {}).status == 405
    assert scim.get(endpoint).body == reply.body


@pytest.mark.parametrize(
    "path", ["/NoSuchEndpoint", "/users", "/Users/1/2", "/NoSuchEndpoint/.search", "/Schemas/x/y"]
)
@honours("RFC7644-3.2-17")
def test_there_is_nothing_beside_the_endpoints(scim: Scim, path: str) -> None:
    for method, body in (("GET", None), ("POST", SEARCH), ("DELETE", None)):
        reply = scim.call(method, path, body)
        assert (reply.status, reply.body["schemas"]) == (404, [ERROR]), method


@honours("RFC7644-3.2-17")
def test_nothing_is_served_outside_the_base(scim: Scim) -> None:
    path = scim.user()
    scim.app.base_path = ""
    assert scim.get(path).status == 404
    assert scim.get("/scim/v2" + path).status == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/Users/none", None, 404),
        ("GET", "/Users?", None, 404),
        ("POST", "/Users", b"{", 400),
        ("POST", "/Users", {"schemas": [USER], "userName": "taken"}, 409),
        ("PUT", "/Users", {}, 405),
        ("GET", "/Nothing", None, 404),
        ("PATCH", "/Users/none", {}, 404),
    ],
)
@honours("RFC7644-3.2-19", "RFC7644-3.2-20")
def test_an_error_is_told_by_the_status_and_again_in_the_body(
    scim: Scim, method: str, path: str, body: Json, status: int
) -> None:
    scim.user("taken")
    reply = scim.call(method, path, body)
    assert (reply.status, reply.body["status"]) == (status, str(status))
    assert reply.body["schemas"] == [ERROR]
