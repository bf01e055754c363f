"""RFC 7644 section 3.11: /Me, the alias of the user behind a credential."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Any

import pytest

from reference_server import Credential

if TYPE_CHECKING:
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
TITLE = {"op": "replace", "path": "title", "value": "x"}

honours = pytest.mark.honours


@pytest.fixture
def mine(make_scim: Callable[..., Scim]) -> Scim:
    """A server at which this credential is that of bjensen."""
    return make_scim(credentials=[Credential("bearer", "secret", account="BJensen")])


def user(**attributes: Any) -> dict[str, Any]:  # noqa: ANN401 - attributes of any type
    return {"schemas": [USER], "userName": "bjensen", **attributes}


@honours("RFC7644-3.11-2", "RFC7644-3.11-6")
def test_a_request_is_processed_directly(mine: Scim) -> None:
    mine.user("other")
    path = mine.user("bjensen", title="Dr")
    reply = mine.get("/Me")
    assert reply.status == 200
    assert reply.body == mine.get(path).body
    assert mine.get("/Me", attributes="title").body.keys() == {"schemas", "id", "title"}


@honours("RFC7644-3.11-7")
@pytest.mark.parametrize(
    ("method", "body", "headers", "status"),
    [
        ("GET", None, {}, 200),
        ("HEAD", None, {}, 200),
        ("GET", None, {"If-None-Match": "*"}, 304),
        ("PUT", user(title="x"), {}, 200),
        ("PUT", user(title=5), {}, 400),
        ("PUT", user(title="x"), {"If-Match": 'W/"0"'}, 412),
        ("PATCH", {"schemas": [PATCH], "Operations": [TITLE]}, {}, 200),
        ("PATCH", {}, {}, 400),
        ("POST", user(), {}, 409),
        ("DELETE", None, {}, 204),
    ],
)
def test_every_answer_names_the_permanent_location(
    mine: Scim, method: str, body: dict[str, Any] | None, headers: dict[str, str], status: int
) -> None:
    path = mine.user("bjensen")
    location = mine.get(path).body["meta"]["location"]
    reply = mine.call(method, "/Me", body, headers=headers)
    assert reply.status == status
    assert reply.response.header("Location") == location
    assert location.endswith(path)


@honours("RFC7644-3.11-8")
def test_a_post_creates_the_user_of_the_credential(mine: Scim) -> None:
    assert mine.get("/Me").status == 404
    assert mine.post("/Me", user(userName="somebody-else")).status == 403
    reply = mine.post("/Me", user(title="Dr"))
    assert (reply.status, reply.body["meta"]["resourceType"]) == (201, "User")
    assert reply.response.header("Location") == reply.body["meta"]["location"]
    assert mine.get("/Me").body == reply.body
    assert mine.post("/Me", user()).fault == (409, "uniqueness")
    assert mine.get("/Users").body["totalResults"] == 1


@honours("RFC7644-3.11-9")
def test_writes_act_on_the_users_own_resource(mine: Scim) -> None:
    path, other = mine.user("bjensen"), mine.user("other")
    before = mine.get(other).body
    assert mine.put("/Me", user(title="Dr")).status == 200
    assert mine.get(path).body["title"] == "Dr"
    mine.patch("/Me", {"op": "replace", "path": "title", "value": "Prof"})
    assert mine.get(path).body["title"] == "Prof"
    assert mine.delete("/Me").status == 204
    assert mine.get(path).status == 404
    assert mine.get("/Me").status == 404
    assert mine.get(other).body == before


def test_a_credential_without_an_account_has_no_me(scim: Scim) -> None:
    scim.user("bjensen")
    reply = scim.get("/Me")
    assert reply.status == 404
    assert "no user account" in reply.body["detail"]
