"""RFC 7644 section 3.12: statuses and errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Any

import pytest

from reference_server import Access
from reference_server import Credential

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
# Table 9, and table 3 of RFC 9865.
KEYWORDS = {
    *("invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax", "invalidPath"),
    *("noTarget", "invalidValue", "invalidVers", "sensitive"),
    *("invalidCursor", "expiredCursor", "invalidCount"),
}
STALE = {"If-Match": 'W/"0"'}

honours = pytest.mark.honours

# Makes a request; `PATH` stands for the path of a user, TAKEN is the name of another.
Call = tuple[str, str, Any, dict[str, str], dict[str, str]]
PATH = "/Users/PATH"


def call(method: str, path: str, body: Any = None, /, **query: str) -> Call:  # noqa: ANN401 - JSON
    return method, path, body, {}, query


def user(**attributes: Any) -> dict[str, Any]:  # noqa: ANN401 - attributes of any type
    return {"schemas": [USER], "userName": "bjensen", **attributes}


def patch(op: str, path: str, value: Any = None) -> Call:  # noqa: ANN401 - JSON
    message = {"schemas": [PATCH], "Operations": [{"op": op, "path": path, "value": value}]}
    return call("PATCH", PATH, message)


def made(scim: Scim, request: Call) -> Reply:
    path = scim.user("bjensen")
    scim.user("taken")
    method, target, body, headers, query = request
    return scim.call(method, target.replace(PATH, path), body, headers, **query)


FAULTS: list[tuple[str, Call, int, str | None]] = [
    ("RFC7644-3.12-10", call("POST", "/Users", b"{"), 400, "invalidSyntax"),
    ("RFC7644-3.12-10", call("POST", "/Users", b"\xff"), 400, "invalidSyntax"),
    ("RFC7644-3.12-10", call("PUT", PATH, user(title=5)), 400, "invalidValue"),
    ("RFC7644-3.12-10", call("POST", "/Users", {"schemas": [USER]}), 400, "invalidValue"),
    ("RFC7644-3.12-13", call("GET", "/Users/nobody"), 404, None),
    ("RFC7644-3.12-13", call("PUT", "/Users/nobody", user()), 404, None),
    ("RFC7644-3.12-13", call("GET", "/Nothing"), 404, None),
    ("RFC7644-3.12-13", call("POST", "/Nothing", user()), 404, None),
    ("RFC7644-3.12-13", call("GET", "/Schemas/urn:nothing"), 404, None),
    ("RFC7644-3.12-14", call("POST", "/Users", user(userName="Taken")), 409, "uniqueness"),
    ("RFC7644-3.12-15", ("PUT", PATH, user(), STALE, {}), 412, None),
    ("RFC7644-3.12-15", (*patch("add", "title", "x")[:3], STALE, {}), 412, None),
    ("RFC7644-3.12-15", ("DELETE", PATH, None, STALE, {}), 412, None),
    ("RFC7644-3.12-18", call("REPORT", "/Users"), 501, None),
    ("RFC7644-3.12-18", call("LOCK", PATH), 501, None),
    ("RFC7644-3.12-19", call("GET", "/Users", filter="userName eq"), 400, "invalidFilter"),
    ("RFC7644-3.12-19", call("GET", "/Users", filter="active gt true"), 400, "invalidFilter"),
    (
        "RFC7644-3.12-19",
        call("POST", "/Users/.search", {"schemas": [SEARCH], "filter": "(userName pr"}),
        400,
        "invalidFilter",
    ),
    ("RFC7644-3.12-19", patch("replace", "emails[type is 5]", {}), 400, "invalidFilter"),
    ("RFC7644-3.12-22", call("POST", "/Users", user(userName="taken")), 409, "uniqueness"),
    ("RFC7644-3.12-22", call("PUT", PATH, user(userName="taken")), 409, "uniqueness"),
    ("RFC7644-3.12-22", patch("replace", "userName", "taken"), 409, "uniqueness"),
    ("RFC7644-3.12-23", patch("replace", "id", "x"), 400, "mutability"),
    ("RFC7644-3.12-23", patch("remove", "userName"), 400, "mutability"),
    ("RFC7644-3.12-24", call("POST", "/Users", b'{"a":1,}'), 400, "invalidSyntax"),
    ("RFC7644-3.12-24", call("PUT", PATH, b"[]"), 400, "invalidSyntax"),
    ("RFC7644-3.12-24", call("POST", "/.search", b""), 400, "invalidSyntax"),
    ("RFC7644-3.12-24", call("POST", "/Users/.search", {}), 400, "invalidSyntax"),
    ("RFC7644-3.12-24", call("POST", "/Bulk", {"schemas": [BULK]}), 400, "invalidSyntax"),
    ("RFC7644-3.12-25", patch("replace", "emails[type eq", "x"), 400, "invalidPath"),
    ("RFC7644-3.12-25", patch("replace", "no such path", "x"), 400, "invalidPath"),
    ("RFC7644-3.12-26", patch("replace", 'emails[type eq "x"].value', "x"), 400, "noTarget"),
    ("RFC7644-3.12-26", patch("remove", ""), 400, "noTarget"),
    ("RFC7644-3.12-27", call("GET", "/Users", count="x"), 400, "invalidValue"),
    ("RFC7644-3.12-27", call("POST", "/Users", user(userName=5)), 400, "invalidValue"),
    ("RFC7644-3.12-27", call("PUT", PATH, {"schemas": [USER]}), 400, "invalidValue"),
    ("RFC7644-3.12-27", patch("replace", "active", "maybe"), 400, "invalidValue"),
    (
        "RFC7644-3.12-27",
        call("POST", "/Users/.search", {"schemas": [SEARCH], "count": "x"}),
        400,
        "invalidValue",
    ),
]


@pytest.mark.parametrize(
    ("request_", "status", "scim_type"),
    [
        pytest.param(*row[1:], marks=honours(row[0]), id=f"{row[0][8:]}-{number}")
        for number, row in enumerate(FAULTS)
    ],
)
def test_a_fault_has_its_status_and_its_keyword(
    scim: Scim, request_: Call, status: int, scim_type: str | None
) -> None:
    assert made(scim, request_).fault == (status, scim_type)


OTHERS = [
    call("DELETE", "/Users"),
    call("GET", "/ServiceProviderConfig", filter="id pr"),
    call("GET", "/Users", attributes="title", excludedAttributes="title"),
    ("POST", "/Users", user(userName="x"), {"Content-Type": "text/xml"}, {}),
    ("GET", "/Users", None, {"Accept": "text/html"}, {}),
    ("GET", "/Users", None, {"Authorization": "Bearer wrong"}, {}),
    call("POST", "/Bulk", b" " * 2_000_000),
    call("GET", "/Users", cursor="invented"),
]


@pytest.mark.parametrize("request_", [row[1] for row in FAULTS] + OTHERS)
@honours("RFC7644-3.12-1", "RFC7644-3.12-2", "RFC7644-3.12-3", "RFC7644-3.12-4", "RFC7644-3.12-5")
def test_an_error_is_a_message_of_its_own(scim: Scim, request_: Call) -> None:
    reply = made(scim, request_)
    assert reply.status >= 400
    assert (reply.response.header("Content-Type") or "").startswith("application/scim+json")
    assert reply.body["schemas"] == [ERROR]
    assert reply.body["status"] == str(reply.status)
    assert reply.body.keys() <= {"schemas", "status", "scimType", "detail"}
    assert reply.body.get("scimType", "tooMany") in KEYWORDS
    assert len(reply.body["detail"]) > 10


# Table 8, as far as a server that never redirects has a use for it.
STATUSES = [
    (call("GET", "/Users", filter="x"), 400),
    (("GET", "/Users", None, {"Authorization": "x"}, {}), 401),
    (call("GET", "/Schemas", filter="id pr"), 403),
    (call("PATCH", "/Users/x", {"schemas": [PATCH], "Operations": [{}]}), 404),
    (call("POST", "/Users", user(userName="TAKEN")), 409),
    (("DELETE", PATH, None, STALE, {}), 412),
    (call("POST", "/Bulk", b" " * 2_000_000), 413),
    (call("BREW", "/Users"), 501),
]


@pytest.mark.parametrize(("request_", "status"), STATUSES)
def test_the_statuses_of_the_table_are_used_as_it_says(
    scim: Scim, request_: Call, status: int
) -> None:
    assert made(scim, request_).status == status


@honours("RFC7644-3.12-11")
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("authorization", [None, "", "Bearer wrong", "Basic eDp5", "secret"])
def test_without_a_right_credential_nobody_enters(
    scim: Scim, method: str, authorization: str | None
) -> None:
    path = scim.user()
    before = scim.get(path).body
    scim.authorization = authorization or ""
    reply = scim.call(method, path, user(title="x"))
    assert (reply.status, reply.body["status"]) == (401, "401")
    assert reply.response.header("WWW-Authenticate")
    scim.authorization = "Bearer secret"
    assert scim.get(path).body == before


@honours("RFC7644-3.12-12")
def test_what_a_credential_does_not_allow_is_forbidden(make_scim: Callable[..., Scim]) -> None:
    scim = make_scim(
        credentials=[
            Credential("bearer", "secret"),
            Credential("bearer", "reader", access=Access.READ),
        ]
    )
    path = scim.user()
    before = scim.get(path).body
    scim.authorization = "Bearer reader"
    assert scim.get(path).body == before
    for method in ("PUT", "PATCH", "DELETE"):
        reply = scim.call(method, path, user(title="x"))
        assert (reply.status, reply.body["status"]) == (403, "403")
    assert scim.post("/Users", user(userName="new")).status == 403
    assert scim.post("/Bulk", {"schemas": [BULK], "Operations": []}).status == 403
    assert scim.get("/Users").body["Resources"] == [before]


@honours("RFC7644-3.12-16")
def test_413_says_which_limit(scim: Scim) -> None:
    limits = scim.get("/ServiceProviderConfig").body["bulk"]
    many = [{"method": "DELETE", "path": "/Users/x"}] * (limits["maxOperations"] + 1)
    for body, name in (
        ({"schemas": [BULK], "Operations": many}, "maxOperations"),
        (b" " * (limits["maxPayloadSize"] + 1), "maxPayloadSize"),
    ):
        reply = scim.post("/Bulk", body)
        assert reply.status == 413
        assert name in reply.body["detail"]
        assert str(limits[name]) in reply.body["detail"]


@honours("RFC7644-3.12-28")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/scim/v1/Users"),
        ("POST", "/scim/v99/Users"),
        ("PUT", "/scim/v3/Users/x"),
        ("PATCH", "/scim/v3/Users/x"),
        ("DELETE", "/scim/v1/Users/x"),
    ],
)
def test_another_version_of_the_protocol_is_refused(scim: Scim, method: str, path: str) -> None:
    base, scim.app.base_path = scim.app.base_path, ""
    reply = scim.call(method, path, user())
    scim.app.base_path = base
    assert reply.fault == (400, "invalidVers")
    assert "v2" in reply.body["detail"]
    assert scim.get("/Users").body["totalResults"] == 0


@honours("RFC7644-3.12-29")
def test_what_is_sensitive_is_not_asked_for_in_a_url(make_scim: Callable[..., Scim]) -> None:
    scim = make_scim(sensitive=["name", "emails.value"])
    path = scim.user(name={"familyName": "Jensen"}, emails=[{"value": "b@x.org", "type": "work"}])
    for condition in ('name.familyName eq "Jensen"', 'emails[value eq "b@x.org"]', "emails pr"):
        assert scim.get("/Users", filter=condition).fault == (403, "sensitive")
        asked = scim.post("/Users/.search", {"schemas": [SEARCH], "filter": condition})
        assert asked.ids == [path[7:]]
    assert scim.get("/Users", filter='emails.type eq "work"').ids == [path[7:]]


@honours("RFC7644-3.12-31")
def test_the_keywords_occur_in_bulk_results(scim: Scim) -> None:
    path = scim.user()
    message = {"schemas": [PATCH], "Operations": [{"op": "remove", "path": "id"}]}
    operations: list[Json] = [
        {"method": "POST", "path": "/Users", "bulkId": "1", "data": user()},
        {"method": "PUT", "path": path, "data": user(title=5)},
        {"method": "PATCH", "path": path, "data": message},
    ]
    reply = scim.post("/Bulk", {"schemas": [BULK], "Operations": operations})
    found = [each["response"]["scimType"] for each in reply.body["Operations"]]
    assert found == ["uniqueness", "invalidValue", "mutability"]


@honours("RFC7644-3.12-32")
def test_the_example_of_a_resource_that_is_not_there(scim: Scim) -> None:
    path = "/Users/2819c223-7f76-453a-919d-413861904646"
    reply = scim.get(path)
    assert reply.status == 404
    assert reply.body.keys() == {"schemas", "detail", "status"}
    assert (reply.body["schemas"], reply.body["status"]) == ([ERROR], "404")
    assert path[7:] in reply.body["detail"]


def test_a_put_never_changes_the_id(scim: Scim) -> None:
    # Figure of section 3.12: 400 mutability; section 3.5.1: readOnly values SHALL be ignored.
    path = scim.user()
    reply = scim.put(path, user(id="other", title="x"))
    assert (reply.status, reply.body["id"]) == (200, path[7:])
    assert scim.get("/Users/other").status == 404
