"""RFC 7643 section 7: schemas as resources."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from reference_server import SchemaFileError

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
GADGET = "urn:example:params:scim:schemas:2.0:Gadget"

honours = pytest.mark.honours


def started(make_scim: Callable[..., Scim], folder: Path, **schema: Json) -> Scim:
    """Start a server with a type whose schema is made of these parts."""
    kind = {"name": "Thing", "endpoint": "/Things", "schema": schema.get("id") or "urn:x:Thing"}
    file = folder / "thing.json"
    file.write_text(json.dumps({"schemas": [schema], "resourceTypes": [kind]}), "utf-8")
    return make_scim(schema_files=[file])


@honours("RFC7643-7-3", "RFC7643-7-4", "RFC7643-7-8")
def test_each_schema_is_found_by_its_uri(full: Scim) -> None:
    found = full.get("/Schemas").body["Resources"]
    assert len(found) == 10
    for each in found:
        assert each["schemas"] == [SCHEMA]
        assert re.fullmatch(r"urn:[a-z0-9]+:\S+", each["id"])
        assert full.get(f"/Schemas/{each['id']}").body == each
        path = urlsplit(each["meta"]["location"]).path.removeprefix(full.app.base_path)
        assert path == f"/Schemas/{each['id']}"
        assert {"name", "description", "attributes"} <= each.keys()
    definitions = full.attributes(SCHEMA)
    # Section 7 says so in its text; the example of section 8.7.2 says "default" for the id.
    assert definitions[f"{SCHEMA}:id"]["returned"] == "always"
    others = {each["returned"] for where, each in definitions.items() if where != f"{SCHEMA}:id"}
    assert others == {"default"}


@honours("RFC7643-7-2")
def test_the_attributes_of_schemas_are_read_only(full: Scim) -> None:
    assert {each["mutability"] for each in full.attributes(SCHEMA).values()} == {"readOnly"}


@honours("RFC7643-7-5")
def test_what_schemas_say_has_no_case(
    make_scim: Callable[..., Scim], tmp_path: Path, full: Scim
) -> None:
    attribute = {
        "name": "stamp",
        "type": "STRING",
        "mutability": "readonly",
        "returned": "Always",
        "uniqueness": "None",
    }
    scim = started(make_scim, tmp_path, id="urn:x:Thing", attributes=[attribute])
    shown = scim.attributes("urn:x:Thing")["urn:x:Thing:stamp"]
    assert [shown[name] for name in ("type", "mutability", "returned", "uniqueness")] == [
        "string",
        "readOnly",
        "always",
        "none",
    ]
    assert full.get(f"/Schemas/{USER.upper()}").body["id"] == USER


@honours("RFC7643-7-6")
def test_the_schema_of_schemas_holds_a_complex_value_in_another(full: Scim) -> None:
    definitions = full.attributes(SCHEMA)
    assert definitions[f"{SCHEMA}:attributes"]["type"] == "complex"
    assert definitions[f"{SCHEMA}:attributes.subAttributes"]["type"] == "complex"
    emails = full.attributes(USER)[f"{USER}:emails"]
    assert {each["name"] for each in emails["subAttributes"]} == {
        *("value", "display", "type", "primary")
    }


@honours("RFC7643-7-7", "RFC7643-7-14", "RFC7643-7-15", "RFC7643-7-17")
def test_every_definition_is_complete_at_every_depth(full: Scim) -> None:
    names = {"name", "type", "multiValued", "required", "mutability", "returned", "uniqueness"}
    depths = set()
    for where, each in full.attributes().items():
        assert names <= each.keys(), where
        depths.add(where.rpartition(":")[2].count("."))
    assert depths == {0, 1, 2}
    for each in full.get("/Schemas").body["Resources"]:
        assert each["id"]
        assert each["attributes"]


@honours("RFC7643-7-7", "RFC7643-7-8", "RFC7643-7-11", "RFC7643-7-13", "RFC7643-7-18")
@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ({"attributes": []}, "'id'"),
        ({"id": "", "attributes": []}, "not defined"),
        ({"id": "Thing", "attributes": []}, "must be a URI"),
        ({"id": "urn:x:a b", "attributes": []}, "must be a URI"),
        ({"id": "urn:x:Thing"}, "a list of attributes is missing"),
        ({"id": "urn:x:Thing", "attributes": [{"type": "string"}]}, "'name'"),
        ({"id": "urn:x:Thing", "attributes": [{"name": "a", "type": "complex"}]}, "list of attr"),
        ({"id": "urn:x:Thing", "attributes": [{"name": "a", "canonicalValues": "b"}]}, "canonical"),
        ({"id": "urn:x:Thing", "attributes": [{"name": "a", "canonicalValues": [1]}]}, "canonical"),
    ],
)
def test_a_schema_file_cannot_leave_out_what_is_required(
    make_scim: Callable[..., Scim], tmp_path: Path, schema: dict[str, Json], complaint: str
) -> None:
    with pytest.raises(SchemaFileError, match=complaint):
        started(make_scim, tmp_path, **schema)


@honours("RFC7643-7-9", "RFC7643-7-10", "RFC7643-7-16")
def test_everything_that_the_rfc_defines_has_a_name_and_a_description(scim: Scim) -> None:
    for each in scim.get("/Schemas").body["Resources"]:
        assert isinstance(each["name"], str)
        assert each["description"]
    for where, each in scim.attributes().items():
        assert isinstance(each["description"], str), where
        assert each["description"], where
    assert scim.get(f"/Schemas/{USER}").body["name"] == "User"
    assert scim.get(f"/Schemas/{GROUP}").body["name"] == "Group"


@honours("RFC7643-7-13", "RFC7643-7-14")
def test_complex_definitions_say_what_they_hold(full: Scim) -> None:
    found = [each for each in full.attributes().values() if each["type"] == "complex"]
    assert len(found) > 20
    assert all(each["subAttributes"] for each in found)


@honours("RFC7643-7-15")
def test_a_definition_says_how_many_values_there_are(full: Scim) -> None:
    values: dict[str, Json] = {
        "plain": "a",
        "tags": ["a"],
        "sizes": [1],
        "parts": [{"value": "a"}],
        "maker": {"company": "x"},
    }
    reply = full.post("/Gadgets", {"schemas": [GADGET], "name": "lamp", **values})
    definitions = full.attributes(GADGET)
    for name, value in values.items():
        assert definitions[f"{GADGET}:{name}"]["multiValued"] == isinstance(value, list)
        assert reply.body[name] == value


@honours("RFC7643-7-18")
def test_canonical_values_are_a_suggestion(full: Scim) -> None:
    definition = full.attributes(GADGET)[f"{GADGET}:color"]
    assert definition["canonicalValues"] == ["red", "green"]
    for number, color in enumerate(("red", "Green", "ultraviolet", "")):
        body = {"schemas": [GADGET], "name": f"lamp{number}", "color": color}
        reply = full.post("/Gadgets", body)
        assert (reply.status, reply.body["color"]) == (201, color)


@honours("RFC7643-7-42")
def test_only_references_have_reference_types(full: Scim) -> None:
    for where, each in full.attributes().items():
        assert ("referenceTypes" in each) == (each["type"] == "reference"), where
