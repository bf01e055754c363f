"""RFC 7644 sections 3.13 and 3.14: versions of the protocol, and versions of resources."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Reply
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
TITLE = {"op": "replace", "path": "title", "value": "x"}

honours = pytest.mark.honours


def user(**attributes: Any) -> dict[str, Any]:  # noqa: ANN401 - attributes of any type
    return {"schemas": [USER], "userName": "bjensen", **attributes}


def at(scim: Scim, path: str) -> Reply:
    """Ask for a path that is not below the base."""
    base, scim.app.base_path = scim.app.base_path, ""
    try:
        return scim.get(path)
    finally:
        scim.app.base_path = base


@honours("RFC7644-3.13-1", "RFC7644-3.13-2", "RFC7644-3.13-3")
@pytest.mark.parametrize("endpoint", ["Users", "Groups"])
def test_the_version_stands_before_the_endpoint(scim: Scim, endpoint: str) -> None:
    path = scim.user() if endpoint == "Users" else scim.group()
    location = scim.get(path).body["meta"]["location"]
    found = re.search(r"/([^/]+)/([^/]+)/[^/]+$", location)
    assert found is not None
    assert found.groups() == ("v2", endpoint)
    for each in ("ServiceProviderConfig", "ResourceTypes/User", f"Schemas/{USER}"):
        location = scim.get(f"/{each}").body["meta"]["location"]
        assert location.endswith(f"/v2/{each}")


@honours("RFC7644-3.13-4")
@pytest.mark.parametrize("path", ["/scim/v1/Users", "/scim/v99/Users", "/scim/v2.1/Users"])
def test_another_version_is_refused(scim: Scim, path: str) -> None:
    scim.user()
    reply = at(scim, path)
    assert reply.status in (400, 404)
    assert "Resources" not in reply.body
    assert at(scim, "/scim/v2/Users").body["totalResults"] == 1


@honours("RFC7644-3.13-5")
@pytest.mark.parametrize("base_path", ["", "/scim"])
def test_a_base_without_version_speaks_the_latest(
    make_scim: Callable[..., Scim], base_path: str
) -> None:
    scim = make_scim(base_path=base_path)
    path = scim.user()
    reply = scim.get(path)
    assert reply.body["schemas"] == [USER]
    assert reply.body["meta"]["location"] == f"http://{scim.host}{base_path}{path}"
    assert scim.get("/Users").body["totalResults"] == 1


# --- versions of resources


@honours("RFC7644-3.14-1", "RFC7644-3.14-3", "RFC7644-3.14-4")
def test_the_version_is_in_the_header_and_in_meta(scim: Scim) -> None:
    assert scim.get("/ServiceProviderConfig").body["etag"] == {"supported": True}
    created = scim.post("/Users", user())
    path = f"/Users/{created.body['id']}"
    group = scim.group("g", [path])
    replies = [
        created,
        scim.get(path),
        scim.put(path, user(title="Dr")),
        scim.patch(path, TITLE),
        scim.get(group),
        scim.patch(group, {"op": "remove", "path": "members"}, attributes="meta"),
    ]
    for reply in replies:
        etag = reply.response.header("ETag")
        assert etag == reply.body["meta"]["version"]
        assert re.fullmatch(r'(W/)?"[!#-~]+"', etag or "")
    for each in scim.get("/Users").body["Resources"]:
        assert each["meta"]["version"] == scim.get(path).response.header("ETag")


@honours("RFC7644-3.14-2")
def test_versions_are_weak(scim: Scim) -> None:
    # The representation depends on the query as well, so the tag cannot promise every byte.
    path = scim.user(title="Dr")
    weak = scim.get(path).response.header("ETag") or ""
    assert weak.startswith('W/"')
    assert scim.get(path, attributes="title").response.header("ETag") == weak


@honours("RFC7644-3.14-5")
def test_the_version_changes_with_the_resource_only(scim: Scim) -> None:
    path, group = scim.user(), scim.group("g")
    seen = [scim.get(path).response.header("ETag")]
    for change in (user(title="x"), user(title="x", active=False), user()):
        assert scim.get(path).response.header("ETag") == seen[-1]
        scim.put(path, change)
        seen.append(scim.get(path).response.header("ETag"))
        assert scim.put(path, change).response.header("ETag") == seen[-1]
    # What others do to its groups is shown in a user, and so is another version of it.
    scim.patch(group, {"op": "add", "path": "members", "value": [{"value": path[7:]}]})
    seen.append(scim.get(path).response.header("ETag"))
    scim.patch(group, {"op": "replace", "path": "displayName", "value": "h"})
    seen.append(scim.get(path).response.header("ETag"))
    assert len(set(seen)) == len(seen)


@honours("RFC7644-3.14-5")
def test_the_version_of_a_group_follows_the_names_of_its_members(scim: Scim) -> None:
    path = scim.user()
    group = scim.group("g", [path])
    before = scim.get(group)
    scim.patch(path, {"op": "add", "path": "displayName", "value": "Barbara"})
    after = scim.get(group)
    assert after.body["members"][0]["display"] == "Barbara"
    assert after.response.header("ETag") != before.response.header("ETag")
    assert after.body["meta"]["lastModified"] == before.body["meta"]["lastModified"]


@honours("RFC7644-3.14-7")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_is_not_sent_again(scim: Scim, method: str) -> None:
    path = scim.user()
    etag = scim.get(path).response.header("ETag") or ""
    for known in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
        reply = scim.call(method, path, headers={"If-None-Match": known}, attributes="displayName")
        assert (reply.status, reply.response.body) == (304, b"")
        assert reply.response.header("ETag") == etag
    for other in ('W/"0"', '"x"', "", etag.strip('W/"')):
        assert scim.call(method, path, headers={"If-None-Match": other}).status == 200
    scim.patch(path, TITLE)
    reply = scim.call(method, path, headers={"If-None-Match": etag})
    assert (reply.status, reply.response.header("ETag") != etag) == (200, True)


WRITES = [
    ("PUT", user(title="x"), 200),
    ("PATCH", {"schemas": [PATCH], "Operations": [TITLE]}, 200),
    ("DELETE", None, 204),
]


@honours("RFC7644-3.14-9")
@pytest.mark.parametrize(("method", "body", "status"), WRITES)
def test_a_write_meant_for_another_version_is_refused(
    scim: Scim, method: str, body: dict[str, Any] | None, status: int
) -> None:
    path = scim.user()
    stale = scim.get(path).response.header("ETag") or ""
    scim.put(path, user(nickName="Babs"))
    before = scim.get(path)
    current = before.response.header("ETag") or ""
    for other in (stale, 'W/"0"', f'{stale}, "y"', "nonsense", ""):
        reply = scim.call(method, path, body, headers={"If-Match": other})
        assert (reply.status, reply.body["status"]) == (412, "412")
        assert scim.get(path).body == before.body
    reply = scim.call(method, path, body, headers={"If-Match": f"{stale}, {current}"})
    assert reply.status == status
    assert scim.get(path).body != before.body


@honours("RFC7644-3.14-9")
def test_a_group_is_guarded_as_well(scim: Scim) -> None:
    path = scim.user()
    group = scim.group("g", [path])
    stale = scim.get(group).response.header("ETag") or ""
    clear = {"schemas": [PATCH], "Operations": [{"op": "remove", "path": "members"}]}
    scim.patch(group, {"op": "replace", "path": "displayName", "value": "h"})
    assert scim.call("PATCH", group, clear, headers={"If-Match": stale}).status == 412
    assert scim.members(group) == [path]


@honours("RFC7644-3.14-10")
@pytest.mark.parametrize(("method", "body", "status"), WRITES)
def test_an_asterisk_matches_any_version(
    scim: Scim, method: str, body: dict[str, Any] | None, status: int
) -> None:
    path = scim.user()
    assert scim.call(method, path, body, headers={"If-Match": "*"}).status == status
    assert scim.call(method, "/Users/nobody", body, headers={"If-Match": "*"}).status == 404


def test_a_write_that_wants_nothing_there_is_refused(scim: Scim) -> None:
    path = scim.user()
    reply = scim.call("PUT", path, user(title="x"), headers={"If-None-Match": "*"})
    assert reply.status == 412
    assert "title" not in scim.get(path).body
