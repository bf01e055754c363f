"""Schema and resource type documents read into definitions, checked on the way."""

from __future__ import annotations

from collections.abc import Mapping

from .messages import Json
from .paths import NAME
from .schemas import Attribute
from .schemas import Extension
from .schemas import ResourceType
from .schemas import Schema

# RFC 7643 section 7: the allowed words of each characteristic.
_WORDS = {
    "type": [
        *("string", "boolean", "decimal", "integer"),
        *("dateTime", "reference", "complex", "binary"),
    ],
    "mutability": ["readWrite", "readOnly", "immutable", "writeOnly"],
    "returned": ["default", "always", "never", "request"],
    "uniqueness": ["none", "server", "global"],
}


class SchemaFileError(ValueError):
    """A schema document that cannot be used; the message says where and why."""


def read_schema(document: Json) -> Schema:
    """Read one schema document (RFC 7643 section 7)."""
    entry = _object(document, "a schema")
    urn = _text(entry, "id", "a schema") if entry.get("id") != "" else ""
    attributes = _attributes(entry.get("attributes"), f"schema {urn!r}")
    return Schema(urn, attributes, entry)


def read_resource_type(
    document: Json, schemas: Mapping[str, Schema], common: Schema
) -> ResourceType:
    """Read one resource type document (RFC 7643 section 6)."""
    entry = _object(document, "a resource type")
    name = _text(entry, "name", "a resource type")
    where = f"resource type {name!r}"
    endpoint = _text(entry, "endpoint", where)
    if not endpoint.startswith("/") or not endpoint.strip("/") or "/" in endpoint[1:]:
        raise SchemaFileError(f"{where}: endpoint {endpoint!r} must be a slash and one word")
    core = _known(schemas, _text(entry, "schema", where), where)
    listed = entry.get("schemaExtensions") or []
    if not isinstance(listed, list):
        raise SchemaFileError(f"{where}: schemaExtensions must be an array")
    extensions = tuple(_extension(each, schemas, where) for each in listed)
    return ResourceType(name, endpoint, core, extensions, common, {"id": name, **entry})


def _extension(document: Json, schemas: Mapping[str, Schema], where: str) -> Extension:
    entry = _object(document, f"{where}: a schema extension")
    schema = _known(schemas, _text(entry, "schema", where), where)
    return Extension(schema, entry.get("required") is True)


def _known(schemas: Mapping[str, Schema], urn: str, where: str) -> Schema:
    if urn.lower() not in schemas:
        raise SchemaFileError(f"{where}: the schema {urn!r} is not defined")
    return schemas[urn.lower()]


def _attributes(documents: Json, where: str) -> dict[str, Attribute]:
    if not isinstance(documents, list):
        raise SchemaFileError(f"{where}: a list of attributes is missing")
    result: dict[str, Attribute] = {}
    for document in documents:
        attribute = _attribute(_object(document, f"{where}: an attribute"), where)
        if attribute.name.lower() in result:
            raise SchemaFileError(f"{where}: the attribute {attribute.name!r} is defined twice")
        result[attribute.name.lower()] = attribute
    return result


def _attribute(entry: dict[str, Json], where: str) -> Attribute:
    name = _text(entry, "name", where)
    if not NAME.fullmatch(name):
        raise SchemaFileError(f"{where}: {name!r} is not an attribute name")
    where = f"{where}, attribute {name!r}"
    words = {key: _word(entry, key, where) for key in _WORDS}
    complex_type = words["type"] == "complex"
    return Attribute(
        name=name,
        multi_valued=_flag(entry, "multiValued", where),
        required=_flag(entry, "required", where),
        # RFC 7643 sections 2.3.6 and 2.3.7: binary values and references are always case exact,
        # unless a definition says otherwise.
        case_exact=_flag(entry, "caseExact", where, words["type"] in ("binary", "reference")),
        subs=_attributes(entry.get("subAttributes"), where) if complex_type else {},
        **words,
    )


def _word(entry: Mapping[str, Json], key: str, where: str) -> str:
    value = entry.get(key, _WORDS[key][0])
    if value not in _WORDS[key]:
        raise SchemaFileError(f"{where}: {key} is {value!r}, not one of {', '.join(_WORDS[key])}")
    return value


def _flag(entry: Mapping[str, Json], key: str, where: str, default: bool = False) -> bool:
    value = entry.get(key, default)
    if not isinstance(value, bool):
        raise SchemaFileError(f"{where}: {key} must be true or false, not {value!r}")
    return value


def _text(entry: Mapping[str, Json], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise SchemaFileError(f"{where}: {key!r} must be a text that is not empty")
    return value


def _object(value: Json, where: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise SchemaFileError(f"{where} must be an object, not {value!r:.60}")
    return value
