"""RFC 7643 section 1: conventions and definitions."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
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
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"

honours = pytest.mark.honours


@honours("RFC7643-1.1-1")
@pytest.mark.parametrize(("endpoint", "urn"), [("/Users", USER), ("/Groups", GROUP)])
def test_only_what_is_marked_as_required_must_be_there(scim: Scim, endpoint: str, urn: str) -> None:
    definitions = scim.attributes(urn)
    required = [each["name"] for each in definitions.values() if each["required"]]
    top = [name for name in required if f"{urn}:{name}" in definitions]
    body = {"schemas": [urn], **dict.fromkeys(top, "x")}
    assert scim.post(endpoint, body).status == 201
    for name in top:
        less = {key: value for key, value in body.items() if key != name}
        reply = scim.post(endpoint, less)
        assert reply.fault == (400, "invalidValue")
        assert reply.body["detail"].startswith(f"{name}:")


def texts(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from texts(each)
        case dict():
            for key, each in value.items():
                if key != "description":
                    yield from (key, *texts(each))


@honours("RFC7643-1.1-2")
@pytest.mark.parametrize(
    ("path", "literal"),
    [
        ("/Users", "User"),
        ("/Groups", "Group"),
        ("/ResourceTypes", "/Users"),
        ("/Schemas", "readWrite"),
        ("/ServiceProviderConfig", "oauthbearertoken"),
    ],
)
def test_quotation_marks_of_the_text_are_no_part_of_a_value(
    scim: Scim, path: str, literal: str
) -> None:
    scim.group("guides", [scim.user()])
    found = [*texts(scim.get(path).body)]
    assert literal in found
    etags = {each for each in found if each.startswith("W/")}
    assert [each for each in found if '"' in each and each not in etags] == []
    assert [each for each in found if each != each.strip("'`\u201c\u201d")] == []


@honours("RFC7643-1.2-1")
def test_the_schemas_are_published(scim: Scim) -> None:
    reply = scim.get("/Schemas")
    assert reply.status == 200
    assert reply.body["totalResults"] == len(reply.body["Resources"])
    assert {USER, GROUP} <= set(reply.ids)


@honours("RFC7643-1.2-2")
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("displayName", ["Babs", "Barbara"]),
        ("userName", ["a"]),
        ("active", [True, False]),
        ("name", [{"givenName": "B"}, {"givenName": "C"}]),
        ("title", []),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_singular_attribute_takes_one_value(
    scim: Scim, method: str, name: str, values: list[Any]
) -> None:
    path = scim.user() if method == "PUT" else "/Users"
    before = scim.get("/Users").body
    reply = scim.call(method, path, {"schemas": [USER], "userName": "b", name: values})
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith(f"{name}:")
    assert scim.get("/Users").body == before


@honours("RFC7643-1.2-3")
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_a_multi_valued_attribute_holds_any_number_of_values(scim: Scim, count: int) -> None:
    emails = [{"value": f"{number}@example.com"} for number in range(count)]
    path = scim.user(**({"emails": emails} if emails else {}))
    assert scim.get(path).body.get("emails", []) == emails


@honours("RFC7643-1.2-4")
def test_simple_attributes_have_no_sub_attributes(full: Scim) -> None:
    for where, each in full.attributes().items():
        assert (each["type"] == "complex") == ("subAttributes" in each), where


@honours("RFC7643-1.2-5", "RFC7643-2.3.8-4")
def test_sub_attributes_are_simple(full: Scim) -> None:
    for where, each in full.attributes().items():
        for sub in each.get("subAttributes", []):
            # Section 7 makes one exception: the schema that describes schemas.
            assert sub["type"] != "complex" or where.startswith(SCHEMA), where


@honours("RFC7643-2.3.8-4")
@pytest.mark.parametrize("value", [{"x": "y"}, [{"value": "y"}]])
def test_a_sub_attribute_takes_no_object(scim: Scim, value: Json) -> None:
    body = {"schemas": [USER], "userName": "b", "name": {"familyName": value}}
    reply = scim.post("/Users", body)
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("name.familyName:")


@honours("RFC7643-1.2-4", "RFC7643-1.2-5")
@pytest.mark.parametrize(
    ("attribute", "complaint"),
    [
        ({"name": "a", "subAttributes": [{"name": "b"}]}, "string cannot have subAttributes"),
        (
            {
                "name": "a",
                "type": "complex",
                "subAttributes": [{"name": "b", "type": "complex", "subAttributes": []}],
            },
            "'a.b': a sub-attribute cannot be complex",
        ),
    ],
)
def test_a_schema_file_cannot_say_otherwise(
    make_scim: Callable[..., Scim], tmp_path: Path, attribute: dict[str, Any], complaint: str
) -> None:
    schema = {"id": "urn:x:Thing", "attributes": [attribute]}
    kind = {"name": "Thing", "endpoint": "/Things", "schema": "urn:x:Thing"}
    file = tmp_path / "thing.json"
    file.write_text(json.dumps({"schemas": [schema], "resourceTypes": [kind]}), "utf-8")
    with pytest.raises(SchemaFileError, match=complaint):
        make_scim(schema_files=[file])
