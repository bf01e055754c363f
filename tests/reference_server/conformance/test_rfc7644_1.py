"""RFC 7644 section 1: how URLs are written, and what the base URI looks like."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reference_server import Request
from reference_server.messages import joined

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def raw_get(scim: Scim, path: str, query: str) -> Json:
    """Send a query string as it stands, without an encoder in between."""
    headers = (("Host", "h"), ("Authorization", "Bearer secret"))
    response = scim.app.handle(Request("GET", scim.app.base_path + path, query, headers))
    return json.loads(joined(response.body))


@pytest.mark.parametrize(
    ("name", "query"),
    [
        pytest.param("a b", "filter=userName%20eq%20%22a%20b%22", id="blanks-as-%20"),
        pytest.param("a b", "filter=userName+eq+%22a+b%22", id="blanks-as-plus"),
        pytest.param("a+b", "filter=userName%20eq%20%22a%2Bb%22", id="a-plus-is-%2B"),
        pytest.param("a&b=c", "filter=userName%20eq%20%22a%26b%3Dc%22", id="separators"),
        pytest.param("100%41", "filter=userName%20eq%20%22100%2541%22", id="a-percent-is-%25"),
        pytest.param("\u00e9\u4e2d", "filter=userName%20eq%20%22%c3%A9%E4%B8%AD%22", id="utf-8"),
        pytest.param("\U0001f600", "%66ilter=userName%20eq%20%22%F0%9F%98%80%22", id="all-of-it"),
    ],
)
@honours("RFC7644-1.2-1")
def test_a_query_is_decoded_as_rfc_3986_says(scim: Scim, name: str, query: str) -> None:
    scim.user("somebody")
    wanted = scim.user(name)
    found = raw_get(scim, "/Users", query)
    assert [each["id"] for each in found["Resources"]] == [wanted[7:]]


@honours("RFC7644-1.2-1")
def test_octets_that_are_not_utf_8_are_refused(scim: Scim) -> None:
    assert raw_get(scim, "/Users", "filter=userName%20eq%20%22%E9%22")["status"] == "400"


@honours("RFC7644-1.2-1")
def test_a_path_is_decoded_segment_by_segment_and_locations_are_encoded(
    make_scim: Callable[..., Scim], tmp_path: Path
) -> None:
    scim = make_scim(schema_files=[odd_identifier(tmp_path)])
    [role] = scim.get("/Roles").body["Resources"]
    assert role["id"] == "a b/\u00e9?"
    assert role["meta"]["location"].endswith("/Roles/a%20b%2F%C3%A9%3F")
    path = role["meta"]["location"].partition("/scim/v2")[2]
    assert scim.get(path).body == role


def odd_identifier(folder: Path) -> Path:
    attributes = [{"name": "title", "type": "string"}]
    content = {
        "schemas": [{"id": "urn:example:Role", "attributes": attributes}],
        "resourceTypes": [{"name": "Role", "endpoint": "/Roles", "schema": "urn:example:Role"}],
        "resources": {"Role": [{"id": "a b/\u00e9?", "title": "x"}]},
    }
    path = folder / "roles.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


@pytest.mark.parametrize("base_path", ["/scim?tenant=1", "/scim/v2?", "/scim#v2"])
@honours("RFC7644-1.3-1")
def test_a_base_with_a_query_is_refused(make_scim: Callable[..., Scim], base_path: str) -> None:
    with pytest.raises(ValueError, match="base path"):
        make_scim(base_path=base_path)


@honours("RFC7644-1.3-1")
def test_addresses_carry_no_query_even_when_the_request_had_one(scim: Scim) -> None:
    body = {"schemas": [USER], "userName": "u"}
    made = scim.post("/Users", body, attributes="meta", trace="1")
    location = made.response.header("Location")
    assert location is not None
    assert "?" not in location
    assert made.body["meta"]["location"] == location
    listed = scim.get("/Users", attributes="meta", trace="1").body["Resources"]
    assert [each["meta"]["location"] for each in listed] == [location]


@pytest.mark.parametrize("base_path", ["", "/scim", "/a/b-c/d.e/v2", "/scim/v2/"])
@honours("RFC7644-1.3-4")
def test_the_server_lives_under_any_prefix_and_its_addresses_carry_it(
    make_scim: Callable[..., Scim], base_path: str
) -> None:
    scim = make_scim(base_path=base_path)
    prefix = base_path.rstrip("/")
    body = {"schemas": [USER], "userName": "u"}
    location = scim.post("/Users", body).response.header("Location")
    assert location is not None
    start, _, identifier = location.rpartition("/")
    assert start == f"http://scim.example.com{prefix}/Users"
    assert scim.get(f"/Users/{identifier}").body["meta"]["location"] == location
    types = scim.get("/ResourceTypes").body["Resources"]
    for each in types:
        path = f"http://scim.example.com{prefix}/ResourceTypes/{each['id']}"
        assert each["meta"]["location"] == path
