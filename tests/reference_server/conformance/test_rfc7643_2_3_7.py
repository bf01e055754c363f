"""RFC 7643 sections 2.3.7 and 2.3.8: references, and the order of what is complex."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import urljoin
from urllib.parse import urlsplit

import pytest

from reference_server import SchemaFileError

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GADGET = "urn:example:params:scim:schemas:2.0:Gadget"

honours = pytest.mark.honours


def gadget(name: str = "lamp", **attributes: Json) -> dict[str, Any]:
    return {"schemas": [GADGET], "name": name, **attributes}


def created(full: Scim, name: str = "lamp", **attributes: Json) -> str:
    reply = full.post("/Gadgets", gadget(name, **attributes))
    assert reply.status == 201, reply.body
    return f"/Gadgets/{reply.body['id']}"


def published(full: Scim, kind: str) -> list[Any]:
    found = [each for each in full.attributes().values() if each["type"] == kind]
    assert found
    return found


def thing(folder: Path, *attributes: Json) -> Path:
    schema = {"id": "urn:x:Thing", "attributes": [*attributes]}
    kind = {"name": "Thing", "endpoint": "/Things", "schema": "urn:x:Thing"}
    file = folder / "thing.json"
    file.write_text(json.dumps({"schemas": [schema], "resourceTypes": [kind]}), "utf-8")
    return file


@honours("RFC7643-2.3.7-1", "RFC7643-2.3.7-6", "RFC7643-7-41")
def test_references_say_what_they_may_point_to(full: Scim) -> None:
    names = {each["name"] for each in full.get("/ResourceTypes").body["Resources"]}
    seen = set()
    for each in published(full, "reference"):
        assert each["referenceTypes"]
        assert set(each["referenceTypes"]) <= names | {"external", "uri"}
        seen.update(each["referenceTypes"])
    assert seen == {"User", "Group", "external", "uri"}
    owner = full.user()
    shown = full.get(
        created(full, owner=owner[1:], manual="https://x.example/m", standard="urn:x:y")
    )
    assert shown.body["owner"] == owner[1:]
    assert shown.body["manual"] == "https://x.example/m"
    assert shown.body["standard"] == "urn:x:y"


@honours("RFC7643-2.3.7-6", "RFC7643-7-41", "RFC7643-7-42")
@pytest.mark.parametrize(
    ("definition", "complaint"),
    [
        ({"name": "a", "type": "reference"}, "needs referenceTypes"),
        ({"name": "a", "type": "reference", "referenceTypes": []}, "needs referenceTypes"),
        ({"name": "a", "type": "reference", "referenceTypes": ["Person"]}, "'Person'"),
        ({"name": "a", "referenceTypes": ["User"]}, "string cannot have referenceTypes"),
    ],
)
def test_a_schema_file_cannot_point_to_nothing(
    make_scim: Callable[..., Scim], tmp_path: Path, definition: Json, complaint: str
) -> None:
    with pytest.raises(SchemaFileError, match=complaint):
        make_scim(schema_files=[thing(tmp_path, definition)])


@honours("RFC7643-2.3.7-2")
@pytest.mark.parametrize(
    "uri",
    [
        "https://login.example.com/bjensen?a=b&c=%20#top",
        "HTTP://[2001:db8::1]:8080/",
        "../Users/2819c223",
        "Users/2819c223",
        "//example.com/x",
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "mailto:b@example.com",
    ],
)
def test_a_reference_is_an_absolute_or_relative_uri(scim: Scim, uri: str) -> None:
    assert scim.get(scim.user(profileUrl=uri)).body["profileUrl"] == uri


@honours("RFC7643-2.3.7-2")
@pytest.mark.parametrize(
    "text", ["my page", "https://example.com/a b", "<a>", "100%", "%zz", "a\\b", "caf\u00e9", "a\n"]
)
def test_what_is_no_uri_is_no_reference(scim: Scim, text: str) -> None:
    reply = scim.post("/Users", {"schemas": [USER], "userName": "b", "profileUrl": text})
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("profileUrl: expected a URI")


def references(scim: Scim) -> dict[str, str]:
    """Make a user in a group in a group, with a manager; return each reference with its target."""
    manager = scim.user("boss")
    person = scim.user("b", **{ENTERPRISE: {"manager": {"value": manager.rpartition("/")[2]}}})
    inner = scim.group("inner", [person])
    outer = scim.group("outer", [inner])
    shown = scim.get(person).body
    groups = {each["type"]: each["$ref"] for each in shown["groups"]}
    return {
        scim.get(inner).body["members"][0]["$ref"]: person,
        scim.get(outer).body["members"][0]["$ref"]: inner,
        groups["direct"]: inner,
        groups["indirect"]: outer,
        shown[ENTERPRISE]["manager"]["$ref"]: manager,
        shown["meta"]["location"]: person,
    }


@honours("RFC7643-2.3.7-7", "RFC7643-2.3.7-8")
def test_the_references_of_the_server_lead_to_their_targets(scim: Scim) -> None:
    found = references(scim)
    assert sorted(found.values()) == sorted(set(found.values()))
    assert len(found) == 4  # the person, the manager and the two groups
    for uri, target in found.items():
        parts = urlsplit(uri)
        assert (parts.scheme, parts.netloc) == ("http", "scim.example.com")
        reply = scim.get(parts.path.removeprefix(scim.app.base_path))
        assert (reply.status, reply.body["id"]) == (200, target.rpartition("/")[2])


@honours("RFC7643-2.3.7-8")
def test_a_reference_to_what_is_gone_answers_404(scim: Scim) -> None:
    for uri in references(scim):
        path = urlsplit(uri).path.removeprefix(scim.app.base_path)
        scim.delete(path)
        assert scim.get(path).status == 404


@honours("RFC7643-2.3.7-4")
def test_relative_references_resolve_against_what_is_before_the_endpoint(scim: Scim) -> None:
    scim.host = ""  # without a host the server has no absolute address to give
    person = scim.user()
    shown = scim.get(scim.group("g", [person])).body
    base = f"http://scim.example.com{scim.app.base_path}/"
    for uri in (shown["members"][0]["$ref"], shown["meta"]["location"]):
        resolved = urlsplit(urljoin(base, uri))
        assert resolved.netloc == "scim.example.com"
        assert scim.get(resolved.path.removeprefix(scim.app.base_path)).status == 200
    assert urljoin(base, person[1:]) == base + person[1:]


@honours("RFC7643-2.3.7-5")
def test_references_are_case_exact(full: Scim) -> None:
    assert all(each["caseExact"] for each in published(full, "reference"))
    uri = "https://example.com/Photos/BJensen"
    path = full.user(profileUrl=uri, photos=[{"value": uri}])
    shown = full.get(path).body
    assert (shown["profileUrl"], shown["photos"]) == (uri, [{"value": uri}])
    assert len(full.get("/Users", filter=f'profileUrl eq "{uri}"').ids) == 1
    assert full.get("/Users", filter=f'profileUrl eq "{uri.lower()}"').ids == []


@honours("RFC7643-2.3.7-9")
def test_a_group_takes_no_member_who_does_not_exist(scim: Scim) -> None:
    person = scim.user()
    group = scim.group("g", [person])
    scim.delete(person)
    assert scim.members(group) == []
    member = {"value": person.rpartition("/")[2]}
    reply = scim.patch(group, {"op": "add", "path": "members", "value": [member]})
    assert reply.fault == (400, "invalidValue")


@honours("RFC7643-2.3.7-10")
def test_an_attribute_may_be_a_reference_without_the_sub_attribute(full: Scim) -> None:
    assert "subAttributes" not in full.attributes(USER)[f"{USER}:profileUrl"]
    assert f"{GROUP}:members.$ref" in full.attributes(GROUP)
    path = full.user(profileUrl="https://example.com/b")
    assert full.get(path).body["profileUrl"] == "https://example.com/b"


@honours("RFC7643-2.3.8-1", "RFC7643-2.3.8-2")
@pytest.mark.parametrize("turn", [False, True])
def test_the_order_of_attributes_makes_no_difference(scim: Scim, turn: bool) -> None:
    name = {"givenName": "Barbara", "familyName": "Jensen", "formatted": "Ms. Jensen"}
    body = {"schemas": [USER], "userName": "b", "name": name, "title": "Guide"}
    given: dict[str, Any] = dict(sorted(body.items(), reverse=turn))
    given["name"] = dict(sorted(name.items(), reverse=turn))
    reply = scim.post("/Users", given)
    assert reply.status == 201
    assert {key: reply.body[key] for key in body} == body
