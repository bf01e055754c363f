"""Schema and resource type documents read into definitions, checked on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace

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
# Sections 2.3.2 to 2.3.8: what cannot be unique, and what has no case.
_NEVER_UNIQUE = ("boolean", "dateTime", "binary", "complex")
_WITHOUT_CASE = ("boolean", "decimal", "integer", "dateTime", "complex")
# RFC 7644 section 3.2: paths that mean something else than resources of a type.
_RESERVED = ("ServiceProviderConfig", "ResourceTypes", "Schemas", "Me", "Bulk", ".search")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")

# Section 2.4: the sub-attributes of a multi-valued attribute whose definition names none.
_DEFAULT_SUBS: list[Json] = [
    {"name": "type"},
    {"name": "primary", "type": "boolean"},
    {"name": "display", "mutability": "immutable"},
    {"name": "value"},
    {"name": "$ref", "type": "reference", "referenceTypes": ["external", "uri"]},
]


class SchemaFileError(ValueError):
    """A schema document that cannot be used; the message says where and why."""


def read_schema(document: Json) -> Schema:
    """Read one schema document (RFC 7643 section 7), and complete it with the defaults."""
    entry = _object(document, "a schema")
    urn = _text(entry, "id", "a schema") if entry.get("id") != "" else ""
    if urn and not _URI.fullmatch(urn):
        raise SchemaFileError(f"schema {urn!r}: the id must be a URI")
    documents = _documents(entry.get("attributes"), f"schema {urn!r}")
    attributes = _attributes(documents, f"schema {urn!r}")
    shown: list[Json] = [_completed(each) for each in documents]
    return Schema(urn, attributes, {**entry, "attributes": shown})


def with_common(schema: Schema, common: Schema) -> Schema:
    """Return a core schema in which common attributes are described as they are.

    A schema may list them, but RFC 7643 section 3.1 prevails over what it says of them.
    """
    true = {str(each["name"]).lower(): each for each in _shown(common)}
    if not true.keys() & schema.attributes.keys():
        return schema
    shown: list[Json] = [
        {**each, **true.get(str(each["name"]).lower(), {})} for each in _shown(schema)
    ]
    attributes = {**schema.attributes, **common.attributes}
    return Schema(schema.id, attributes, {**schema.document, "attributes": shown})


def _shown(schema: Schema) -> list[dict[str, Json]]:
    return _documents(schema.document["attributes"], f"schema {schema.id!r}")


def check_references(schema: Schema, names: frozenset[str]) -> None:
    """Refuse references to resource types that do not exist."""
    for where, attribute in _walked(schema.attributes, ""):
        unknown = set(attribute.reference_types) - names - {"external", "uri"}
        if unknown:
            raise SchemaFileError(
                f"schema {schema.id!r}, attribute {where!r}: referenceTypes has {min(unknown)!r},"
                " which is neither a resource type nor 'external' nor 'uri'"
            )


def _walked(attributes: Mapping[str, Attribute], prefix: str) -> Iterator[tuple[str, Attribute]]:
    for each in attributes.values():
        yield prefix + each.name, each
        yield from _walked(each.subs, f"{prefix}{each.name}.")


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
    if endpoint[1:] in _RESERVED:
        raise SchemaFileError(f"{where}: endpoint {endpoint!r} is one of the protocol's own")
    core = _known(schemas, _text(entry, "schema", where), where)
    listed = entry.get("schemaExtensions") or []
    if not isinstance(listed, list):
        raise SchemaFileError(f"{where}: schemaExtensions must be an array")
    extensions = tuple(_extension(each, schemas, where) for each in listed)
    for schema in (core, *(each.schema for each in extensions)):
        _refuse_deep(schema)
    shown: dict[str, Json] = {"id": name, **entry}
    if extensions:
        shown["schemaExtensions"] = [
            {"schema": each.schema.id, "required": each.required} for each in extensions
        ]
    return ResourceType(name, endpoint, core, extensions, common, shown)


def _refuse_deep(schema: Schema) -> None:
    """Refuse complex values in complex values (RFC 7643 section 2.3.8).

    Only the Schema schema has them (section 7), and no resource type is made of that.
    """
    for where, attribute in _walked(schema.attributes, ""):
        if attribute.type == "complex" and "." in where:
            raise SchemaFileError(
                f"schema {schema.id!r}, attribute {where!r}: a sub-attribute cannot be complex"
            )


def _extension(document: Json, schemas: Mapping[str, Schema], where: str) -> Extension:
    entry = _object(document, f"{where}: a schema extension")
    schema = _known(schemas, _text(entry, "schema", where), where)
    return Extension(schema, _flag(entry, "required", f"{where}: schema extension {schema.id!r}"))


def _known(schemas: Mapping[str, Schema], urn: str, where: str) -> Schema:
    if urn.lower() not in schemas:
        raise SchemaFileError(f"{where}: the schema {urn!r} is not defined")
    return schemas[urn.lower()]


def _documents(value: Json, where: str) -> list[dict[str, Json]]:
    if not isinstance(value, list):
        raise SchemaFileError(f"{where}: a list of attributes is missing")
    return [_object(each, f"{where}: an attribute") for each in value]


def _attributes(documents: list[dict[str, Json]], where: str) -> dict[str, Attribute]:
    result: dict[str, Attribute] = {}
    for document in documents:
        attribute = _attribute(document, where)
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
    attribute = Attribute(
        name=name,
        multi_valued=_flag(entry, "multiValued", where),
        required=_flag(entry, "required", where),
        # RFC 7643 sections 2.3.6 and 2.3.7: binary values and references are always case exact,
        # unless a definition says otherwise.
        case_exact=_flag(entry, "caseExact", where, words["type"] in ("binary", "reference")),
        reference_types=_reference_types(entry, words["type"], where),
        subs=_read_subs(entry, where) if words["type"] == "complex" else {},
        type=words["type"],
        mutability=words["mutability"],
        returned=words["returned"],
        uniqueness=words["uniqueness"],
    )
    _refuse_contradictions(attribute, entry, where)
    return attribute


def _read_subs(entry: Mapping[str, Json], where: str) -> dict[str, Attribute]:
    subs = _attributes(_subs(entry, where), where)
    primary = subs.get("primary")
    if primary is not None and primary.type == "boolean" and entry.get("multiValued") is True:
        subs["primary"] = replace(primary, assumed=False)  # RFC 7643 section 2.4
    return subs


def _subs(entry: Mapping[str, Json], where: str) -> list[dict[str, Json]]:
    if entry.get("multiValued") is True and "subAttributes" not in entry:
        return _documents(_DEFAULT_SUBS, where)
    return _documents(entry.get("subAttributes"), where)


def _reference_types(entry: Mapping[str, Json], kind: str, where: str) -> tuple[str, ...]:
    value = entry.get("referenceTypes", [])
    texts = [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
    if texts != value:
        raise SchemaFileError(f"{where}: referenceTypes must be an array of texts")
    if bool(texts) != (kind == "reference"):
        # RFC 7643 sections 2.3.7 and 7: every reference has them, and nothing else does.
        fault = "needs referenceTypes" if kind == "reference" else "cannot have referenceTypes"
        raise SchemaFileError(f"{where}: an attribute of type {kind} {fault}")
    return tuple(texts)


def _refuse_contradictions(attribute: Attribute, entry: Mapping[str, Json], where: str) -> None:
    """Refuse characteristics that the type excludes (RFC 7643 sections 1.2 and 2.3)."""
    kind = attribute.type
    values = entry.get("canonicalValues", [])
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise SchemaFileError(f"{where}: canonicalValues must be an array of texts")
    if attribute.uniqueness != "none" and kind in _NEVER_UNIQUE:
        raise SchemaFileError(f"{where}: an attribute of type {kind} cannot be unique")
    if attribute.case_exact and kind in _WITHOUT_CASE:
        raise SchemaFileError(f"{where}: an attribute of type {kind} cannot be case exact")
    if entry.get("subAttributes") and kind != "complex":
        raise SchemaFileError(f"{where}: an attribute of type {kind} cannot have subAttributes")


def _completed(entry: dict[str, Json]) -> dict[str, Json]:
    """Return a definition, already found to be right, with every default written out."""
    words: dict[str, Json] = {key: _word(entry, key, "") for key in _WORDS}
    defaults: dict[str, Json] = {"multiValued": False, "required": False}
    if words["type"] not in _WITHOUT_CASE:
        defaults["caseExact"] = words["type"] in ("binary", "reference")
    result = {**defaults, **entry, **words}
    if words["type"] == "complex":
        result["subAttributes"] = [_completed(each) for each in _subs(entry, "")]
    return result


def _word(entry: Mapping[str, Json], key: str, where: str) -> str:
    value = entry.get(key, _WORDS[key][0])
    # Section 7: what schemas say is compared without regard to case.
    folded = value.lower() if isinstance(value, str) else value
    found = next((word for word in _WORDS[key] if word.lower() == folded), None)
    if found is None:
        raise SchemaFileError(f"{where}: {key} is {value!r}, not one of {', '.join(_WORDS[key])}")
    return found


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
