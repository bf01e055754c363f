"""RFC 7643 section 3.1: the common attributes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from reference_server import SchemaFileError
from reference_server.tenants import Tenant
from reference_server.tenants import create_tenants

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
GADGET = "urn:example:params:scim:schemas:2.0:Gadget"
CONTRACT = "urn:example:params:scim:schemas:2.0:Contract"
WARRANTY = "urn:example:params:scim:schemas:extension:2.0:Warranty"

honours = pytest.mark.honours


def user(**attributes: Json) -> dict[str, Any]:
    return {"schemas": [USER], "userName": "bjensen", **attributes}


TITLE = {"op": "add", "path": "title", "value": "Guide"}
BODIES: list[tuple[str, dict[str, Any]]] = [
    ("/Users", user()),
    ("/Groups", {"schemas": [GROUP], "displayName": "g"}),
    ("/Gadgets", {"schemas": [GADGET], "name": "lamp"}),
    ("/Contracts", {"schemas": [CONTRACT], "subject": "s", WARRANTY: {"years": 1}}),
]


@honours("RFC7643-3.1-1", "RFC7643-3.1-2", "RFC7643-3-9")
@pytest.mark.parametrize(("endpoint", "body"), BODIES)
def test_every_resource_has_the_common_attributes(
    full: Scim, endpoint: str, body: dict[str, Any]
) -> None:
    reply = full.post(endpoint, body | {"externalId": "7"})
    assert reply.body["id"]
    assert reply.body["externalId"] == "7"
    names = {"resourceType", "created", "lastModified", "location", "version"}
    assert set(reply.body["meta"]) == names
    assert all(reply.body["meta"].values())
    assert full.get(f"{endpoint}/{reply.body['id']}").body == reply.body


@honours("RFC7643-3.1-3")
def test_common_attributes_have_no_schema_of_their_own(full: Scim) -> None:
    urns = set(full.get("/Schemas").ids)
    for endpoint, body in BODIES:
        assert set(full.post(endpoint, body).body["schemas"]) <= urns
    definitions = full.attributes()
    assert not [urn for urn in urns if f"{urn}:externalId" in definitions]


@honours("RFC7643-3.1-4", "RFC7643-3.1-5")
def test_what_an_older_schema_says_of_common_attributes_does_not_count(
    make_scim: Callable[..., Scim], tmp_path: Path
) -> None:
    attributes = [
        {"name": "ID", "mutability": "readWrite", "returned": "request", "caseExact": False},
        {"name": "externalId", "mutability": "readOnly", "required": True, "caseExact": False},
        {"name": "label"},
    ]
    schema = {"id": "urn:x:Thing", "attributes": attributes}
    kind = {"name": "Thing", "endpoint": "/Things", "schema": "urn:x:Thing"}
    file = tmp_path / "thing.json"
    file.write_text(json.dumps({"schemas": [schema], "resourceTypes": [kind]}), "utf-8")
    scim = make_scim(schema_files=[file])
    body = {"schemas": ["urn:x:Thing"], "id": "mine", "label": "l", "externalId": "Abc"}
    shown = scim.post("/Things", body).body
    assert shown["id"] != "mine"
    assert shown["externalId"] == "Abc"
    assert scim.get("/Things", filter='externalId eq "abc"').ids == []
    assert "id" in scim.get("/Things", attributes="label").body["Resources"][0]
    assert scim.post("/Things", {"schemas": ["urn:x:Thing"]}).status == 201
    listed = {
        each["name"].lower(): each for each in scim.get("/Schemas/urn:x:Thing").body["attributes"]
    }
    for name, wanted in {
        "id": {"mutability": "readOnly", "returned": "always", "caseExact": True},
        "externalid": {"mutability": "readWrite", "required": False, "caseExact": True},
    }.items():
        assert wanted.items() <= listed[name].items()


@honours("RFC7643-3.1-6")
def test_every_representation_has_an_id(scim: Scim) -> None:
    path = scim.user()
    scim.group("g", [path])
    shown = [
        scim.get(path).body,
        scim.put(path, user()).body,
        scim.patch(path, TITLE).body,
        scim.get(path, attributes="userName").body,
        *scim.get("/Users").body["Resources"],
        *scim.get("/Groups", excludedAttributes="id").body["Resources"],
        scim.post("/Users", user(userName="b"), attributes="title").body,
    ]
    assert all(isinstance(each["id"], str) and each["id"] for each in shown)


@honours("RFC7643-3.1-7", "RFC7643-3.1-12")
def test_ids_are_unique_over_all_types(full: Scim) -> None:
    ids = []
    for number in range(25):
        for endpoint, body in BODIES:
            unique = {"userName": f"u{number}", "name": f"g{number}"}
            given = {key: unique.get(key, value) for key, value in body.items()}
            ids.append(full.post(endpoint, given).body["id"])
    assert len(set(ids)) == 100
    assert not [each for each in ids if "bulkid" in each.lower()]


@honours("RFC7643-3.1-12")
def test_a_schema_file_cannot_use_the_reserved_word_in_an_id(
    make_scim: Callable[..., Scim], tmp_path: Path
) -> None:
    file = tmp_path / "seeds.json"
    resource = {"id": "my-bulkId-7", "userName": "b"}
    file.write_text(json.dumps({"resources": {"User": [resource]}}), "utf-8")
    with pytest.raises(SchemaFileError, match="bulkId"):
        make_scim(schema_files=[file])


@honours("RFC7643-3.1-8")
def test_the_id_of_a_resource_never_changes(scim: Scim) -> None:
    path = scim.user()
    identifier = path.rpartition("/")[2]
    shown = [
        scim.put(path, user(userName="other", id="mine")).body,
        scim.patch(path, TITLE).body,
        scim.get(path).body,
        *scim.get("/Users").body["Resources"],
    ]
    assert [each["id"] for each in shown] == [identifier] * 4


@honours("RFC7643-3.1-9")
def test_an_id_is_never_used_again(scim: Scim) -> None:
    used = set()
    for _ in range(5):
        path = scim.user()
        assert path not in used
        used.add(path)
        scim.delete(path)
        scim.user()
        assert scim.get(path).status == 404
        for each in scim.get("/Users").ids:
            scim.delete(f"/Users/{each}")


@honours("RFC7643-3.1-10", "RFC7643-3.1-26")
def test_what_a_client_says_of_id_and_meta_is_ignored(scim: Scim) -> None:
    meta = {
        "resourceType": "Robot",
        "created": "1999-01-01T00:00:00Z",
        "lastModified": "x",
        "location": 5,
        "version": 'W/"mine"',
    }
    reply = scim.post("/Users", user(id="mine", meta=meta))
    assert reply.status == 201
    assert reply.body["id"] != "mine"
    assert not set(map(str, meta.values())) & set(reply.body["meta"].values())
    assert scim.get("/Users/mine").status == 404
    assert scim.post("/Users", user(userName="b", meta="nonsense")).status == 201


@honours("RFC7643-3.1-13")
def test_the_id_is_case_exact(make_scim: Callable[..., Scim]) -> None:
    ids = iter(["AbC", "x"])
    scim = make_scim(new_id=ids.__next__)
    scim.user()
    assert scim.get("/Users/AbC").status == 200
    assert scim.get("/Users/abc").status == 404
    assert scim.get("/Users", filter='id eq "AbC"').ids == ["AbC"]
    assert scim.get("/Users", filter='id eq "abc"').ids == []
    reply = scim.post(
        "/Groups", {"schemas": [GROUP], "displayName": "g", "members": [{"value": "abc"}]}
    )
    assert reply.fault == (400, "invalidValue")


@honours("RFC7643-3.1-14")
def test_the_id_is_read_only(scim: Scim) -> None:
    path = scim.user()
    before = scim.get(path).body
    assert scim.put(path, user(id="mine")).body["id"] == before["id"]
    for operation in (
        {"op": "replace", "path": "id", "value": "mine"},
        {"op": "replace", "value": {"id": "mine"}},
        {"op": "remove", "path": "id"},
    ):
        assert scim.patch(path, operation).fault == (400, "mutability")
    assert scim.get(path).body == before


@honours("RFC7643-3.1-15", "RFC7643-7-30")
@pytest.mark.parametrize(
    "parameters",
    [
        {"attributes": "userName"},
        {"attributes": "nothing"},
        {"excludedAttributes": "id"},
        {"excludedAttributes": "id,schemas,userName"},
    ],
)
def test_the_id_is_always_returned(scim: Scim, parameters: dict[str, str]) -> None:
    path = scim.user()
    identifier = path.rpartition("/")[2]
    assert scim.get(path, **parameters).body["id"] == identifier
    assert scim.get("/Users", **parameters).ids == [identifier]
    assert scim.patch(path, TITLE, **parameters).body["id"] == identifier


@honours("RFC7643-3.1-16", "RFC7643-3.1-17", "RFC7643-3.1-18")
@pytest.mark.parametrize("given", [{}, {"externalId": None}, {"externalId": "701984"}])
def test_the_external_id_is_what_the_client_says(scim: Scim, given: dict[str, Any]) -> None:
    shown = scim.get(scim.user(**given)).body
    assert shown.get("externalId") == given.get("externalId")
    assert ("externalId" in shown) == bool(given.get("externalId"))


@honours("RFC7643-3.1-19", "RFC7643-9.3-3")
def test_an_external_id_belongs_to_the_domain_that_gave_it(make_scim: Callable[..., Scim]) -> None:
    names = ("north", "south")
    app = create_tenants([Tenant(name=each, base_path=f"/{each}", token=each) for each in names])
    domains = {
        each: replace(make_scim(), app=app, authorization=f"Bearer {each}") for each in names
    }
    ids = {
        name: scim.post(f"/{name}/Users", user(externalId="701984")).body["id"]
        for name, scim in domains.items()
    }
    for name, scim in domains.items():
        other = next(each for each in names if each != name)
        found = scim.get(f"/{name}/Users", filter='externalId eq "701984"')
        assert found.ids == [ids[name]]
        assert scim.get(f"/{name}/Users/{ids[other]}").status == 404
        assert scim.get(f"/{other}/Users", filter='externalId eq "701984"').status == 401


@honours("RFC7643-3.1-20", "RFC7643-3.1-23")
def test_external_ids_need_not_be_unique(scim: Scim) -> None:
    paths = [scim.user(name, externalId="701984") for name in ("a", "b")]
    scim.user("c", externalId="7")
    found = scim.get("/Users", filter='externalId eq "701984"').ids
    assert found == [each.rpartition("/")[2] for each in paths]


@honours("RFC7643-3.1-21", "RFC7643-7-20", "RFC7643-7-21")
def test_the_external_id_is_case_exact(scim: Scim) -> None:
    path = scim.user(externalId="AbC")
    assert scim.get(path).body["externalId"] == "AbC"
    assert len(scim.get("/Users", filter='externalId eq "AbC"').ids) == 1
    for text in ('externalId eq "abc"', 'externalId sw "ab"', 'externalId co "BC"'):
        assert scim.get("/Users", filter=text).ids == []


@honours("RFC7643-3.1-22")
def test_the_external_id_can_be_changed(scim: Scim) -> None:
    path = scim.user(externalId="a")
    assert scim.put(path, user(externalId="b")).body["externalId"] == "b"
    operation = {"op": "replace", "path": "externalId", "value": "c"}
    assert scim.patch(path, operation).body["externalId"] == "c"
    assert len(scim.get("/Users", filter='externalId eq "c"').ids) == 1
    assert scim.get("/Users", filter='externalId eq "a"').ids == []
