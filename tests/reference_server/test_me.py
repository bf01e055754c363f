"""The user behind a credential: RFC 7644 section 3.11."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reference_server import Credential

if TYPE_CHECKING:
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
BASE = "http://scim.example.com/scim/v2"


@pytest.fixture
def mine(make_scim: Callable[..., Scim]) -> Scim:
    """A server with a credential of its own for the account Bjensen, and one of nobody's."""
    account = Credential("bearer", "secret", account="Bjensen")
    return make_scim(credentials=[account, Credential("bearer", "other")])


def test_me_is_the_user_of_the_account_at_its_permanent_address(mine: Scim) -> None:
    mine.user("other")
    path = mine.user("bjensen", title="x")
    reply = mine.get("/Me")
    assert reply.status == 200
    assert reply.body == mine.get(path).body
    assert reply.response.header("Location") == f"{BASE}{path}" == reply.body["meta"]["location"]
    assert reply.response.header("ETag") == reply.body["meta"]["version"]
    assert list(mine.get("/Me", attributes="title").body) == ["schemas", "id", "title"]


def test_writes_reach_the_user_and_say_where_it_is(mine: Scim) -> None:
    path = mine.user("bjensen")
    put = mine.put("/Me", {"schemas": [USER], "userName": "bjensen", "title": "x"})
    patched = mine.patch("/Me", {"op": "add", "path": "nickName", "value": "B"})
    shown = mine.get(path).body
    assert (put.status, patched.status) == (200, 200)
    assert (shown["title"], shown["nickName"]) == ("x", "B")
    gone = mine.delete("/Me")
    assert (gone.status, gone.body) == (204, None)
    for reply in (put, patched, gone):
        assert reply.response.header("Location") == f"{BASE}{path}"
    assert mine.get(path).status == mine.get("/Me").status == 404


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("PATCH", {}, 400),
        ("PUT", {"Content-Type": "text/plain"}, 415),
        ("DELETE", {"If-Match": '"stale"'}, 412),
        ("GET", {"If-None-Match": "*"}, 304),
        ("POST", {}, 409),
    ],
)
def test_any_answer_about_the_user_says_where_it_is(
    mine: Scim, method: str, headers: dict[str, str], status: int
) -> None:
    path = mine.user("bjensen")
    reply = mine.call(method, "/Me", {}, headers=headers)
    assert reply.status == status
    assert reply.response.header("Location") == f"{BASE}{path}"


def test_post_creates_the_user_of_the_account_only(mine: Scim) -> None:
    for body in ({"schemas": [USER], "userName": "mallory"}, {"schemas": [USER]}):
        refused = mine.post("/Me", body)
        assert (refused.status, "Bjensen" in refused.body["detail"]) == (403, True)
    made = mine.post("/Me", {"schemas": [USER], "userName": "bjensen"})
    assert made.status == 201
    assert made.response.header("Location") == f"{BASE}/Users/{made.body['id']}"
    assert mine.get("/Me").body["id"] == made.body["id"]
    again = mine.post("/Me", {"schemas": [USER], "userName": "bjensen"})
    assert again.fault == (409, "uniqueness")
    assert mine.get("/Users").body["totalResults"] == 1


def test_an_account_without_a_user_is_not_found(mine: Scim) -> None:
    mine.user("somebody")
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        reply = mine.call(method, "/Me", {"schemas": [USER], "userName": "bjensen"})
        assert reply.status == 404
        assert "'Bjensen'" in reply.body["detail"]


def test_a_credential_without_an_account_has_no_me(mine: Scim) -> None:
    mine.user("bjensen")
    mine.authorization = "Bearer other"
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        reply = mine.call(method, "/Me", {"schemas": [USER], "userName": "x"})
        assert (reply.status, "credential" in reply.body["detail"]) == (404, True)
    assert mine.get("/Users").body["totalResults"] == 1


def test_a_user_that_is_renamed_is_no_longer_the_account_s(mine: Scim) -> None:
    mine.user("bjensen")
    reply = mine.patch("/Me", {"op": "replace", "path": "userName", "value": "babs"})
    assert reply.body["userName"] == "babs"
    assert mine.get("/Me").status == 404


def test_a_server_without_users_has_no_me(make_scim: Callable[..., Scim], tmp_path: Path) -> None:
    file = tmp_path / "types.json"
    file.write_text(
        '{"resourceTypes": [{"id": "User", "name": "User", "endpoint": "/Users", '
        '"schema": "urn:ietf:params:scim:schemas:core:2.0:Group"}]}'
    )
    scim = make_scim(schema_files=[file])
    assert scim.get("/Me").status == 501


def test_nothing_is_below_me(mine: Scim) -> None:
    mine.user("bjensen")
    for path in ("/Me/x", "/Me/.search"):
        assert mine.get(path).status == 404
    assert mine.call("OPTIONS", "/Me").response.header("Allow") == (
        "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE"
    )
