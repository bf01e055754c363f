"""RFC 7644 section 2: who may enter, and what for."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from reference_server import Access
from reference_server import Credential

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
SEARCH = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}
BULK = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": []}


def entering(scim: Scim, authorization: str) -> Scim:
    """Return the same server as seen with another Authorization header."""
    return type(scim)(scim.app, authorization)


@honours("RFC7644-2-2")
def test_a_bearer_token_opens_the_door(scim: Scim) -> None:
    assert scim.get("/Users").status == 200
    assert entering(scim, "bearer secret").get("/Users").status == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer garbage",
        "Bearer secre",
        "Bearer secrets",
        "Bearer SECRET",
        "Bearer ",
        "Bearer",
        "secret",
        "Basic c2VjcmV0",
        "Token secret",
        "Bearer secret extra",
        "Bearer \u00e9",
    ],
)
@honours("RFC7644-2-4")
def test_a_token_is_validated(scim: Scim, authorization: str) -> None:
    path = scim.user()
    stranger = entering(scim, authorization)
    for method, target in (("GET", "/Users"), ("GET", path), ("DELETE", path), ("GET", "/None")):
        reply = stranger.call(method, target)
        assert (reply.status, reply.body["status"]) == (401, "401")
    assert scim.get(path).status == 200


@pytest.mark.parametrize(
    ("kind", "authorization", "scheme", "announced"),
    [
        ("bearer", "Bearer secret", "Bearer", "oauthbearertoken"),
        ("header", "secret", "Bearer", "oauthbearertoken"),
        (
            "basic",
            f"Basic {base64.b64encode(b'u:secret').decode()}",
            "Basic",
            "httpbasic",
        ),
    ],
)
@honours("RFC7644-2-7")
def test_a_stranger_learns_the_schemes_that_the_configuration_announces(
    make_scim: Callable[..., Scim], kind: str, authorization: str, scheme: str, announced: str
) -> None:
    scim = make_scim(credentials=[Credential(kind, "secret", user="u")])
    reply = entering(scim, "Bearer wrong").get("/Users")
    challenges = [value for name, value in reply.response.headers if name == "WWW-Authenticate"]
    assert reply.status == 401
    assert [each.partition(" ")[0] for each in challenges] == [scheme]
    known = entering(scim, authorization)
    schemes = known.get("/ServiceProviderConfig").body["authenticationSchemes"]
    assert [each["type"] for each in schemes] == [announced]


@honours("RFC7644-2-7")
def test_each_scheme_has_its_challenge(make_scim: Callable[..., Scim]) -> None:
    both = [Credential("bearer", "secret"), Credential("basic", "secret", user="u")]
    reply = entering(make_scim(credentials=both), "x").get("/Users")
    challenges = [value for name, value in reply.response.headers if name == "WWW-Authenticate"]
    assert sorted(each.partition(" ")[0] for each in challenges) == ["Basic", "Bearer"]


@pytest.fixture
def house(make_scim: Callable[..., Scim]) -> Scim:
    """Return a server that knows an administrator, a reader, and two people for themselves."""
    return make_scim(
        credentials=[
            Credential("bearer", "secret"),
            Credential("bearer", "reader", access=Access.READ),
            Credential("bearer", "ann", access=Access.OWN, account="ann"),
            Credential("basic", "bob's", user="bob", access=Access.OWN, account="bob"),
        ]
    )


@honours("RFC7644-2-8", "RFC7644-2.1-1")
def test_a_client_that_may_read_may_not_write(house: Scim) -> None:
    path = house.user("ann")
    before = house.get(path).body
    reader = entering(house, "Bearer reader")
    assert reader.get(path).body == before
    for target in ("/Users", "", "/Schemas", "/Groups"):
        assert reader.get(target).status == 200, target
    for target in ("/.search", "/Users/.search"):
        assert reader.post(target, SEARCH).body["totalResults"] == 1
    refused: list[tuple[str, str, Json]] = [
        ("POST", "/Users", {"schemas": [USER], "userName": "new"}),
        ("PUT", path, {"schemas": [USER], "userName": "other"}),
        ("PATCH", path, {}),
        ("DELETE", path, None),
        ("POST", "/Bulk", BULK),
        ("DELETE", "/Users/none", None),
    ]
    for method, target, body in refused:
        reply = reader.call(method, target, body)
        assert (reply.status, reply.body["status"]) == (403, "403"), (method, target)
    assert house.get(path).body == before
    assert house.get("/Users").body["totalResults"] == 1


@honours("RFC7644-2-9", "RFC7644-2.1-2")
def test_each_way_in_stands_for_a_subject(house: Scim) -> None:
    ann, bob = house.user("ann"), house.user("bob")
    basic = base64.b64encode(b"bob:bob's").decode()
    assert entering(house, "Bearer ann").get("/Me").body["id"] == ann[7:]
    assert entering(house, f"Basic {basic}").get("/Me").body["id"] == bob[7:]
    assert house.get("/Me").status == 404


@honours("RFC7644-2-10", "RFC7644-2-11")
def test_people_read_and_change_their_own_entry_and_no_other(house: Scim) -> None:
    own, other, group = house.user("ann"), house.user("bob"), house.group("g")
    ann = entering(house, "Bearer ann")
    before = house.get(other).body
    for path in (own, "/Me"):
        assert ann.get(path).body["userName"] == "ann"
        change = {"op": "replace", "path": "nickName", "value": path}
        assert ann.patch(path, change).status == 200
        assert house.get(own).body["nickName"] == path
        assert ann.put(path, {"schemas": [USER], "userName": "ann"}).status == 200
    for path in (other, group, "/Users", "", "/Users/none", "/Groups"):
        assert ann.get(path).status == 403, path
        assert ann.patch(path, {"op": "remove", "path": "nickName"}).status == 403, path
        assert ann.delete(path).status == 403, path
    for path in ("/.search", "/Users/.search", "/Bulk", "/Users"):
        assert ann.post(path, SEARCH).status == 403, path
    assert ann.delete(own).status == 403
    for path in ("/Schemas", f"/Schemas/{USER}", "/ResourceTypes/User", "/ServiceProviderConfig"):
        assert ann.get(path).status == 200, path
        assert ann.post(path, SEARCH).status == 403, path
    assert house.get(other).body == before


@honours("RFC7644-2-10")
def test_who_has_no_entry_yet_owns_nothing(house: Scim) -> None:
    other = house.user("bob")
    ann = entering(house, "Bearer ann")
    assert ann.get(other).status == 403
    assert ann.get("/Me").status == 404


@pytest.mark.parametrize(
    "options", [{"access": Access.OWN}, {"access": Access.OWN, "account": None}]
)
@honours("RFC7644-2-9")
def test_a_policy_about_ones_own_entry_needs_a_subject(options: dict[str, Json]) -> None:
    with pytest.raises(ValueError, match="account"):
        Credential("bearer", "x", **options)
