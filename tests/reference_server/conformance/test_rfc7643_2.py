"""RFC 7643 sections 2 to 2.2: validation, attribute names, and the defaults of characteristics."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

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


@honours("RFC7643-2-1")
def test_each_attribute_of_a_replacement_is_judged_by_its_own_characteristics(scim: Scim) -> None:
    path = scim.user(title="Tour Guide", active=True)
    scim.group("guides", [path])
    before = scim.get(path).body
    reply = scim.put(
        path,
        {
            "schemas": [USER],
            "id": "mine",
            "userName": "bjensen",
            "title": "Manager",
            "active": False,
            "groups": [{"value": "invented"}],
            "meta": {"created": "1999-01-01T00:00:00Z", "resourceType": "Robot"},
        },
    )
    assert reply.status == 200
    after = scim.get(path).body
    assert (after["title"], after["active"]) == ("Manager", False)
    assert (after["id"], after["groups"]) == (before["id"], before["groups"])
    assert after["meta"]["created"] == before["meta"]["created"]
    assert after["meta"]["resourceType"] == "User"


@honours("RFC7643-2.1-1")
def test_names_in_bodies_have_no_case(scim: Scim) -> None:
    body = {
        "SCHEMAS": [USER],
        "USERNAME": "bjensen",
        "Name": {"FAMILYNAME": "Jensen"},
        "eMails": [{"VALUE": "b@example.com", "Type": "work"}],
        ENTERPRISE: {"DEPARTMENT": "Tours"},
    }
    reply = scim.post("/Users", body)
    assert reply.status == 201
    assert reply.body["userName"] == "bjensen"
    assert reply.body["name"] == {"familyName": "Jensen"}
    assert reply.body["emails"] == [{"value": "b@example.com", "type": "work"}]
    assert reply.body[ENTERPRISE] == {"department": "Tours"}


@honours("RFC7643-2.1-1")
def test_names_in_paths_and_parameters_have_no_case(scim: Scim) -> None:
    first = scim.user("a", title="Zulu", name={"familyName": "Jensen"})
    second = scim.user("b", title="Alpha")
    operation = {"OP": "replace", "PATH": "NAME.familyname", "VALUE": "Smith"}
    assert scim.patch(first, operation).body["name"] == {"familyName": "Smith"}
    found = scim.get("/Users", filter='NAME.FAMILYNAME eq "smith"')
    assert found.ids == [first.rpartition("/")[2]]
    ordered = scim.get("/Users", sortBy="TITLE")
    assert ordered.ids == [each.rpartition("/")[2] for each in (second, first)]
    assert sorted(scim.get(first, attributes="TITLE").body) == ["id", "schemas", "title"]
    assert "title" not in scim.get(first, excludedAttributes="TITLE").body


@honours("RFC7643-2.1-2", "RFC7643-3-5")
def test_every_resource_says_its_schemas(scim: Scim) -> None:
    person = scim.user()
    group = scim.group("guides", [person])
    body = {"schemas": [USER], "userName": "b"}
    shown = [
        scim.post("/Users", body).body,
        scim.get(person).body,
        scim.put(person, body | {"userName": "c"}).body,
        scim.patch(person, {"op": "add", "path": "title", "value": "t"}).body,
        scim.get(group).body,
        *scim.get("/Users").body["Resources"],
        *scim.get("/Groups").body["Resources"],
    ]
    assert [each["schemas"] for each in shown[:4]] == [[USER]] * 4
    assert [each["schemas"] for each in shown[4:]] == [[GROUP], [USER], [USER], [GROUP]]
    for path in ("/Users", "/Schemas", "/ResourceTypes", "/ServiceProviderConfig"):
        assert scim.get(path).body["schemas"] != []
    assert scim.get("/Users/nobody").body["schemas"] != []


@honours("RFC7643-2.1-2", "RFC7643-3-3", "RFC7643-3-5")
@pytest.mark.parametrize(
    "schemas", [{}, {"schemas": None}, {"schemas": []}, {"schemas": USER}, {"schemas": [5]}]
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_body_must_say_its_schemas(scim: Scim, method: str, schemas: dict[str, Any]) -> None:
    path = scim.user() if method == "PUT" else "/Users"
    reply = scim.call(method, path, {"userName": "changed", **schemas})
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("schemas:")
    assert scim.get("/Users", filter='userName eq "changed"').body["totalResults"] == 0


@honours("RFC7643-2.1-3", "RFC7643-2.1-4", "RFC7643-7-11")
def test_published_names_follow_the_rule_for_names(full: Scim) -> None:
    for where, each in full.attributes().items():
        # `$ref` is named by section 2.4 itself, though the rule of section 2.1 forbids it.
        legal = re.fullmatch(r"[A-Za-z][$A-Za-z0-9_-]*", each["name"], re.ASCII)
        assert legal or each["name"] == "$ref", where


@honours("RFC7643-2.1-3")
def test_every_character_that_the_rule_permits_works(full: Scim) -> None:
    path = created(full, **{"colour-code_2$": "red"})
    assert full.get(path).body["colour-code_2$"] == "red"
    reply = full.patch(path, {"op": "replace", "path": "Colour-Code_2$", "value": "blue"})
    assert reply.body["colour-code_2$"] == "blue"
    assert len(full.get("/Gadgets", filter='colour-code_2$ eq "BLUE"').ids) == 1
    assert "colour-code_2$" in full.get(path, attributes="colour-code_2$").body


def thing(make_scim: Callable[..., Scim], folder: Path, *attributes: Json) -> Scim:
    """Start a server with a type of these attributes."""
    schema = {"id": "urn:x:Thing", "attributes": [*attributes]}
    kind = {"name": "Thing", "endpoint": "/Things", "schema": "urn:x:Thing"}
    file = folder / "thing.json"
    file.write_text(json.dumps({"schemas": [schema], "resourceTypes": [kind]}), "utf-8")
    return make_scim(schema_files=[file])


@honours("RFC7643-2.1-3", "RFC7643-2.1-4")
@pytest.mark.parametrize("name", ["1st", "-a", "_a", "a b", "a.b", "a:b", "na\u00efve", ""])
def test_a_schema_file_cannot_break_the_rule_for_names(
    make_scim: Callable[..., Scim], tmp_path: Path, name: str
) -> None:
    with pytest.raises(SchemaFileError):
        thing(make_scim, tmp_path, {"name": name})


@honours("RFC7643-2.1-4")
def test_two_names_cannot_differ_by_case_alone(
    make_scim: Callable[..., Scim], tmp_path: Path, full: Scim
) -> None:
    with pytest.raises(SchemaFileError, match="defined twice"):
        thing(make_scim, tmp_path, {"name": "colour"}, {"name": "Colour"})
    names = [where.lower() for where in full.attributes()]
    assert len(names) == len(set(names))


WORDS = {
    "type": {
        *("string", "boolean", "decimal", "integer"),
        *("dateTime", "binary", "reference", "complex"),
    },
    "mutability": {"readOnly", "readWrite", "immutable", "writeOnly"},
    "returned": {"always", "never", "default", "request"},
    "uniqueness": {"none", "server", "global"},
}


@honours("RFC7643-2.2-1", "RFC7643-2.3-1", "RFC7643-7-12", "RFC7643-7-15", "RFC7643-7-17")
def test_each_published_attribute_has_every_characteristic(full: Scim) -> None:
    seen: dict[str, set[str]] = {name: set() for name in WORDS}
    for where, each in full.attributes().items():
        for name, words in WORDS.items():
            assert each[name] in words, where
            seen[name].add(each[name])
        assert isinstance(each["multiValued"], bool), where
        assert isinstance(each["required"], bool), where
        assert isinstance(each.get("caseExact", False), bool), where
        assert ("caseExact" in each) == (each["type"] in ("string", "reference", "binary")), where
    assert seen == WORDS  # so that the table above is not proven by one kind alone


@honours("RFC7643-2.2-1", "RFC7643-2.3-1")
@pytest.mark.parametrize(
    ("characteristic", "value"),
    [
        ("type", "money"),
        ("type", 5),
        ("mutability", "sometimes"),
        ("returned", "maybe"),
        ("uniqueness", "galaxy"),
        ("required", "yes"),
        ("multiValued", 1),
        ("caseExact", "false"),
        ("referenceTypes", "User"),
    ],
)
def test_a_schema_file_cannot_invent_characteristics(
    make_scim: Callable[..., Scim], tmp_path: Path, characteristic: str, value: Json
) -> None:
    with pytest.raises(SchemaFileError, match=characteristic):
        thing(make_scim, tmp_path, {"name": "price", characteristic: value})


PLAIN = f"{GADGET}:plain"  # defined by its name alone


@honours("RFC7643-2.2-2")
def test_an_attribute_is_not_required_by_default(full: Scim) -> None:
    assert full.attributes(GADGET)[PLAIN]["required"] is False
    assert "plain" not in full.get(created(full)).body


@honours("RFC7643-2.2-3")
def test_an_attribute_has_no_canonical_values_by_default(full: Scim) -> None:
    assert full.attributes(GADGET)[PLAIN].get("canonicalValues", []) == []
    assert full.get(created(full, plain="whatever")).body["plain"] == "whatever"


@honours("RFC7643-2.2-4")
def test_an_attribute_is_not_case_exact_by_default(full: Scim) -> None:
    created(full, plain="Whatever")
    assert full.attributes(GADGET)[PLAIN]["caseExact"] is False
    assert len(full.get("/Gadgets", filter='plain eq "wHATEVER"').ids) == 1


@honours("RFC7643-2.2-5")
def test_an_attribute_is_writable_by_default(full: Scim) -> None:
    path = created(full, plain="a")
    assert full.attributes(GADGET)[PLAIN]["mutability"] == "readWrite"
    assert full.put(path, gadget(plain="b")).body["plain"] == "b"
    operation = {"op": "replace", "path": "plain", "value": "c"}
    assert full.patch(path, operation).body["plain"] == "c"
    assert full.get(path).body["plain"] == "c"


@honours("RFC7643-2.2-6", "RFC7643-7-33")
def test_an_attribute_is_returned_unless_others_are_asked_for_by_default(full: Scim) -> None:
    path = created(full, plain="a", weight=1.5)
    assert full.attributes(GADGET)[PLAIN]["returned"] == "default"
    assert full.get(path).body["plain"] == "a"
    assert "plain" not in full.get(path, attributes="weight").body
    assert "plain" not in full.get(path, excludedAttributes="plain").body
    assert full.get(path, attributes="plain").body["plain"] == "a"


@honours("RFC7643-2.2-7", "RFC7643-7-37")
def test_an_attribute_is_not_unique_by_default(full: Scim) -> None:
    assert full.attributes(GADGET)[PLAIN]["uniqueness"] == "none"
    assert full.get(created(full, "a", plain="same")).body["plain"] == "same"
    assert full.get(created(full, "b", plain="same")).body["plain"] == "same"


@honours("RFC7643-2.2-8")
@pytest.mark.parametrize("value", [5, True, {"value": "a"}, ["a"]])
def test_an_attribute_is_a_string_by_default(full: Scim, value: Json) -> None:
    assert full.attributes(GADGET)[PLAIN]["type"] == "string"
    assert full.get(created(full, plain="5")).body["plain"] == "5"
    reply = full.post("/Gadgets", gadget("other", plain=value))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("plain: expected a string")
