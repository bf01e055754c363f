"""RFC 7643 section 3.1: the metadata of a resource."""

from __future__ import annotations

import re
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from conftest import Clock
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

honours = pytest.mark.honours

TITLE = {"op": "add", "path": "title", "value": "Guide"}


def user(**attributes: Json) -> dict[str, Any]:
    return {"schemas": [USER], "userName": "bjensen", **attributes}


@honours("RFC7643-3.1-24")
def test_every_part_of_meta_is_the_servers(scim: Scim) -> None:
    path = scim.user()
    before = scim.get(path).body["meta"]
    wrong = {
        "resourceType": "Robot",
        "created": "1999-01-01T00:00:00Z",
        "lastModified": "1999-01-01T00:00:00Z",
        "location": "https://example.com/mine",
        "version": 'W/"mine"',
    }
    assert scim.put(path, user(meta=wrong)).status == 200
    assert scim.get(path).body["meta"] == before
    for name, value in wrong.items():
        operation = {"op": "replace", "path": f"meta.{name}", "value": value}
        assert scim.patch(path, operation).fault == (400, "mutability")
    assert scim.get(path).body["meta"] == before


@honours("RFC7643-3.1-25")
def test_every_part_of_meta_is_returned_by_default(scim: Scim) -> None:
    path = scim.user()
    whole = scim.get(path).body["meta"]
    assert set(whole) == {"resourceType", "created", "lastModified", "location", "version"}
    assert "meta" not in scim.get(path, attributes="userName").body
    for name, value in whole.items():
        assert scim.get(path, attributes=f"meta.{name}").body["meta"] == {name: value}
        rest = scim.get(path, excludedAttributes=f"meta.{name}").body["meta"]
        assert rest == {key: each for key, each in whole.items() if key != name}


@honours("RFC7643-3.1-27")
def test_the_resource_type_is_named_as_in_its_definition(scim: Scim) -> None:
    shown = {scim.get(path).body["meta"]["resourceType"] for path in (scim.user(), scim.group())}
    assert shown == {"User", "Group"}
    assert shown <= {each["name"] for each in scim.get("/ResourceTypes").body["Resources"]}


@honours("RFC7643-3.1-28")
def test_the_resource_type_is_read_only_and_case_exact(scim: Scim) -> None:
    path = scim.user()
    scim.put(path, user(meta={"resourceType": "Group"}))
    assert scim.get(path).body["meta"]["resourceType"] == "User"
    assert len(scim.get("/Users", filter='meta.resourceType eq "User"').ids) == 1
    assert scim.get("/Users", filter='meta.resourceType eq "user"').ids == []


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@honours("RFC7643-3.1-29", "RFC7643-3.1-32")
def test_created_is_when_the_resource_came_to_be(scim: Scim, clock: Clock) -> None:
    clock.now = datetime(2027, 3, 4, 5, 6, 7, tzinfo=UTC)
    path = scim.user()
    meta = scim.get(path).body["meta"]
    assert datetime(2027, 3, 4, 5, 6, 7, tzinfo=UTC) < moment(meta["created"]) <= clock.now
    assert meta["lastModified"] == meta["created"]


@honours("RFC7643-3.1-30", "RFC7643-3.1-31")
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_moves_the_one_time_and_not_the_other(
    scim: Scim, clock: Clock, method: str
) -> None:
    path = scim.user()
    before = scim.get(path).body["meta"]
    clock.now = datetime(2027, 3, 4, 5, 6, 7, tzinfo=UTC)
    reply = scim.put(path, user(title="t")) if method == "PUT" else scim.patch(path, TITLE)
    after = scim.get(path).body["meta"]
    assert reply.body["meta"] == after
    assert after["created"] == before["created"]
    assert moment(after["lastModified"]) > datetime(2027, 3, 4, 5, 6, 7, tzinfo=UTC)


@honours("RFC7643-3.1-31")
def test_a_change_of_members_is_a_change_of_the_group(scim: Scim) -> None:
    person, group = scim.user(), scim.group()
    before = scim.get(group).body["meta"]
    member = {"value": person.rpartition("/")[2]}
    scim.patch(group, {"op": "add", "path": "members", "value": [member]})
    joined = scim.get(group).body["meta"]
    assert moment(joined["lastModified"]) > moment(before["lastModified"])
    scim.delete(person)
    assert moment(scim.get(group).body["meta"]["lastModified"]) > moment(joined["lastModified"])


@honours("RFC7643-3.1-33")
def test_the_location_is_that_of_the_headers(scim: Scim) -> None:
    path = scim.user()
    replies = [
        scim.post("/Users", user(userName="b")),
        scim.get(path),
        scim.put(path, user(title="a")),
        scim.patch(path, TITLE),
    ]
    for reply in replies:
        location = reply.body["meta"]["location"]
        assert reply.response.header("Content-Location") == location
        assert reply.response.header("Location") == location


@honours("RFC7643-3.1-34")
def test_the_location_leads_to_the_resource(scim: Scim) -> None:
    for path in (scim.user(), scim.group()):
        shown = scim.get(path).body
        there = urlsplit(shown["meta"]["location"]).path.removeprefix(scim.app.base_path)
        assert there == path
        assert scim.get(there).body == shown


@honours("RFC7643-3.1-35", "RFC7643-3.1-38")
def test_the_version_is_that_of_the_header(scim: Scim) -> None:
    path = scim.user()
    group = scim.group("g", [path])
    replies = [
        scim.get(path),
        scim.put(path, user(title="a")),
        scim.patch(path, TITLE),
        scim.get(group),
        scim.post("/Users", user(userName="b")),
    ]
    for reply in replies:
        version = reply.body["meta"]["version"]
        assert reply.response.header("ETag") == version
        # Weak: the server promises the same meaning, not the same bytes.
        assert re.fullmatch(r'W/"[!#-~]+"', version)
    assert len({reply.body["meta"]["version"] for reply in replies[:3]}) == 3


@honours("RFC7643-3.1-36", "RFC7643-3.1-38")
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_the_version_is_case_exact(scim: Scim, method: str) -> None:
    path = scim.user()
    for number in range(40):  # until the group's name gives a version with a letter in it
        scim.group(f"guides {number}", [path])
        version = scim.get(path).body["meta"]["version"]
        if version[2:] != version[2:].upper():
            break
    patch = {"schemas": [PATCH], "Operations": [TITLE]}
    body = {"PUT": user(title="t"), "PATCH": patch, "DELETE": None}[method]
    for wrong in (version[:2] + version[2:].upper(), "w" + version[1:]):
        assert wrong != version
        assert scim.call(method, path, body, {"If-Match": wrong}).status == 412
    assert scim.get(path).body["meta"]["version"] == version
    assert scim.call(method, path, body, {"If-Match": version}).status in (200, 204)


@honours("RFC7643-3.1-37")
def test_versions_are_there_as_announced(scim: Scim) -> None:
    assert scim.get("/ServiceProviderConfig").body["etag"] == {"supported": True}
    path = scim.user()
    version = scim.get(path).body["meta"]["version"]
    assert scim.call("GET", path, headers={"If-None-Match": version}).status == 304
    scim.put(path, user(title="t"))
    assert scim.call("PUT", path, user(), {"If-Match": version}).status == 412
