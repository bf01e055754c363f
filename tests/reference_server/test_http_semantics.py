"""Methods, media types, conditions and statuses: RFC 7644 sections 3.8, 3.12 to 3.14."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from reference_server import Request

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SCIM = "application/scim+json"
PLAIN = "application/json"

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
ITEM = "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"
PLACES = {
    "": "GET, HEAD, OPTIONS",
    "/Users": "GET, HEAD, OPTIONS, POST",
    "/Groups": "GET, HEAD, OPTIONS, POST",
    "/Users/x": ITEM,
    "/.search": "OPTIONS, POST",
    "/Users/.search": "OPTIONS, POST",
    "/Bulk": "OPTIONS, POST",
    "/Me": "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE",
    "/ServiceProviderConfig": "GET, HEAD, OPTIONS",
    "/ResourceTypes": "GET, HEAD, OPTIONS",
    "/ResourceTypes/User": "GET, HEAD, OPTIONS",
    "/Schemas": "GET, HEAD, OPTIONS",
    f"/Schemas/{USER}": "GET, HEAD, OPTIONS",
}


@pytest.mark.parametrize(("path", "allowed"), PLACES.items())
def test_options_and_wrong_methods_name_what_is_possible(
    scim: Scim, path: str, allowed: str
) -> None:
    reply = scim.call("OPTIONS", path)
    assert (reply.status, reply.body, reply.response.header("Allow")) == (204, None, allowed)
    for method in METHODS:
        answer = scim.call(method, path, {})
        assert (answer.status == 405) is (method not in allowed.split(", "))
        if answer.status == 405:
            assert answer.response.header("Allow") == allowed
            assert (answer.body["schemas"], answer.body["status"]) == ([ERROR], "405")


@pytest.mark.parametrize("path", [path for path, allowed in PLACES.items() if "GET" in allowed])
def test_head_is_answered_like_get(scim: Scim, path: str) -> None:
    get, head = scim.call("GET", path), scim.call("HEAD", path)
    assert (head.status, head.response.headers) == (get.status, get.response.headers)


@pytest.mark.parametrize("method", ["BREW", "TRACE", "CONNECT", "get", "SEARCH"])
def test_a_method_that_is_nowhere_is_not_implemented(scim: Scim, method: str) -> None:
    for path in PLACES:
        assert scim.call(method, path).status == 501


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (SCIM, SCIM),
        (PLAIN, PLAIN),
        ("*/*", SCIM),
        ("application/*", SCIM),
        ("", SCIM),
        (",", SCIM),
        ("nonsense", SCIM),
        (f"{PLAIN}, */*", SCIM),
        (f"{PLAIN}, */*;q=0.1", PLAIN),
        (f"{SCIM};q=0.5, {PLAIN}", PLAIN),
        (f"{SCIM};q=0.5, {PLAIN};q=0.4", SCIM),
        (f"{SCIM};q=0, {PLAIN}", PLAIN),
        (f"{SCIM};q=0, */*", PLAIN),
        (f"{PLAIN};q=0, application/*", SCIM),
        ("APPLICATION/JSON ; charset=utf-8 ; Q=0.9", PLAIN),
        (f"text/html, {PLAIN};q=0.001", PLAIN),
        (f"{SCIM};version=2", SCIM),
        (f"{PLAIN};q=high, {SCIM};q=0.1", SCIM),
        (f"{PLAIN};q=nan, {SCIM};q=0.1", SCIM),
        (f"{PLAIN};q=1e5, {SCIM};q=0.1", SCIM),
        ("text/html", None),
        ("text/*, image/png", None),
        (f"{SCIM};q=0", None),
        ("*/*;q=0", None),
        (f"*/*, {SCIM};q=0, {PLAIN};q=0.0", None),
    ],
)
def test_the_accepted_types_are_weighed(scim: Scim, accept: str, expected: str | None) -> None:
    reply = scim.call("GET", "/Users", headers={"Accept": accept})
    assert reply.status == (406 if expected is None else 200)
    assert reply.response.header("Content-Type") == (expected or SCIM)
    if expected is None:
        assert SCIM in reply.body["detail"]
        assert PLAIN in reply.body["detail"]


def test_an_accept_header_may_come_in_several_lines(scim: Scim) -> None:
    lines = (("Authorization", "Bearer secret"), ("Accept", "text/html"), ("accept", PLAIN))
    response = scim.app.handle(Request("GET", "/scim/v2/Users", headers=lines))
    assert (response.status, response.header("Content-Type")) == (200, PLAIN)


def test_what_cannot_be_answered_is_not_done(scim: Scim) -> None:
    body = {"schemas": [USER], "userName": "x"}
    assert scim.call("POST", "/Users", body, headers={"Accept": "text/html"}).status == 406
    assert scim.get("/Users").body["totalResults"] == 0


def test_errors_come_in_the_accepted_type_too(scim: Scim) -> None:
    for path, status in (("/Users/nobody", 404), ("/Nothing", 404), ("/Bulk", 405)):
        reply = scim.call("GET", path, headers={"Accept": PLAIN})
        assert (reply.status, reply.response.header("Content-Type")) == (status, PLAIN)
    scim.authorization = "Bearer wrong"
    reply = scim.call("GET", "/Users", headers={"Accept": PLAIN})
    assert (reply.status, reply.response.header("Content-Type")) == (401, PLAIN)


@pytest.mark.parametrize("path", ["/Users", "/Groups", "/.search", "/Bulk"])
@pytest.mark.parametrize(
    ("content_type", "refused"),
    [
        (SCIM, False),
        (f"{PLAIN}; charset=UTF-8", False),
        ("text/plain", True),
        ("application/xml", True),
        (f"{SCIM}; charset=latin-1", True),
        ("", True),
    ],
)
def test_only_json_in_utf_8_is_read(
    scim: Scim, path: str, content_type: str, refused: bool
) -> None:
    reply = scim.call("POST", path, {}, headers={"Content-Type": content_type})
    assert (reply.status == 415) is refused
    if refused:
        assert reply.body["detail"].startswith("Content-Type:")


VERSION = "the present version"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("If-Match", VERSION, None),
        ("If-Match", f'"other", {VERSION}', None),
        ("if-match", "*", None),
        ("If-Match", 'W/"0"', 412),
        ("If-Match", "unquoted", 412),
        ("If-Match", "", 412),
        ("If-None-Match", VERSION, 412),
        ("If-None-Match", "*", 412),
        ("If-None-Match", 'W/"0"', None),
    ],
)
def test_a_write_happens_only_under_its_conditions(
    scim: Scim, method: str, header: str, value: str, status: int | None
) -> None:
    path = scim.user("a")
    before = scim.get(path)
    version = before.body["meta"]["version"]
    bodies: dict[str, Json] = {
        "PUT": {"schemas": [USER], "userName": "b"},
        "PATCH": {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "add", "path": "title", "value": "x"}],
        },
        "DELETE": None,
    }
    headers = {header: value.replace(VERSION, version)}
    reply = scim.call(method, path, bodies[method], headers=headers)
    assert reply.status == (status or (204 if method == "DELETE" else 200))
    if status:
        assert version in reply.body["detail"]
        assert scim.get(path).body == before.body


def test_conditions_in_several_lines_are_one_list(scim: Scim) -> None:
    path = scim.user("a")
    version = scim.get(path).body["meta"]["version"]
    lines = (("Authorization", "Bearer secret"), ("If-Match", '"0"'), ("If-Match", version))
    assert scim.app.handle(Request("DELETE", f"/scim/v2{path}", headers=lines)).status == 204


@pytest.mark.parametrize("header", ["If-Match", "If-None-Match"])
def test_what_does_not_exist_is_not_found_whatever_the_condition(scim: Scim, header: str) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        body = {"schemas": [USER], "userName": "b"}
        assert scim.call(method, "/Users/nobody", body, headers={header: "*"}).status == 404


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("If-None-Match", VERSION, 304),
        ("If-None-Match", f'"x", {VERSION}', 304),
        ("If-None-Match", "*", 304),
        ("If-None-Match", '"x"', 200),
        ("If-Match", VERSION, 200),
        ("If-Match", '"x"', 412),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_read_is_answered_only_under_its_conditions(
    scim: Scim, method: str, header: str, value: str, status: int
) -> None:
    path = scim.user("a")
    version = scim.get(path).body["meta"]["version"]
    reply = scim.call(method, path, headers={header: value.replace(VERSION, version)})
    assert reply.status == status
    if status == 304:
        assert (reply.body, reply.response.header("ETag")) == (None, version)


def test_a_second_writer_with_the_old_version_is_refused(scim: Scim) -> None:
    path = scim.user("a")
    old = {"If-Match": scim.get(path).body["meta"]["version"]}
    body = {"schemas": [USER], "userName": "a", "title": "x"}
    first = scim.call("PUT", path, body, headers=old)
    second = scim.call("PUT", path, {**body, "title": "y"}, headers=old)
    assert (first.status, second.status) == (200, 412)
    assert scim.get(path).body["title"] == "x"


@pytest.mark.parametrize("path", ["/ServiceProviderConfig", "/Schemas", "/ResourceTypes/User"])
def test_a_filter_on_discovery_is_forbidden_and_the_rest_ignored(scim: Scim, path: str) -> None:
    reply = scim.get(path, filter="id pr")
    assert (reply.fault, reply.body["detail"].startswith("filter:")) == ((403, None), True)
    assert scim.get(path, count=0, sortBy="x", startIndex=9, cursor="x").body == scim.get(path).body


@pytest.mark.parametrize(
    ("base_path", "path", "fault"),
    [
        ("/scim/v2", "/scim/v1/Users", (400, "invalidVers")),
        ("/scim/v2", "/scim/v3", (400, "invalidVers")),
        ("/v2", "/v1/Users", (400, "invalidVers")),
        ("/scim/v2", "/scim/v2x/Users", (404, None)),
        ("/scim/v2", "/other/v1/Users", (404, None)),
        ("/scim", "/scim/v1/Users", (404, None)),
    ],
)
def test_another_version_of_the_protocol_is_refused_by_name(
    make_scim: Callable[..., Scim], base_path: str, path: str, fault: tuple[int, str | None]
) -> None:
    scim = make_scim(base_path=base_path)
    scim.app.base_path = ""
    assert scim.get(path).fault == fault


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "words"),
    [
        ("GET", "/Users", None, {"filter": 'userName eq "a" and'}, "character 20"),
        ("GET", "/Users", None, {"filter": 'title pr or nothing eq "a"'}, "character 13"),
        ("GET", "/Users", None, {"count": "x"}, "count"),
        ("GET", "/Users", None, {"startIndex": "x"}, "startIndex"),
        ("GET", "/Users", None, {"sortBy": "nothing"}, "sortBy"),
        ("GET", "/Users", None, {"sortOrder": "x"}, "sortOrder"),
        ("GET", "/Users", None, {"cursor": "x"}, "cursor"),
        ("POST", "/Users", b'{"a":\n tru}', {}, "line 2, column 2"),
        (
            "POST",
            "/Users",
            {"schemas": [USER], "userName": "a", "emails": [{}, {"value": 1}]},
            {},
            "emails[1].value",
        ),
        ("POST", "/Groups", {"schemas": [GROUP], "members": [{}]}, {}, "displayName"),
        ("POST", "/Bulk", {"schemas": [BULK], "Operations": 1}, {}, "Operations"),
    ],
)
def test_a_refusal_says_where_the_fault_is(
    scim: Scim, method: str, path: str, body: Json, query: Json, words: str
) -> None:
    reply = scim.call(method, path, body, **query)
    assert reply.status == 400
    assert words in reply.body["detail"]
