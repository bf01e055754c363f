"""Resources: a client's body read by the schema, and the rules a whole resource must keep.

Null and the empty array are "unassigned" (RFC 7643 section 2.5) and are dropped here, so that the
rest of the server knows one form of absence. Names are stored as the schema spells them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from collections.abc import Mapping

from .errors import ScimError
from .errors import invalid_syntax
from .errors import invalid_value
from .errors import mutability
from .json_text import kind_of
from .messages import Json
from .schemas import Attribute
from .schemas import ResourceType
from .schemas import Schema
from .tolerances import Tolerances
from .tolerances import literal
from .values import has_type

JsonObject = dict[str, Json]

# Nothing ever reads a writeOnly value back, so only a keyed digest is kept: enough to see whether
# a new value differs, useless to whoever gets hold of the store.
_DIGEST_KEY = secrets.token_bytes(32)


def read_resource(body: Mapping[str, Json], kind: ResourceType) -> JsonObject:
    """Read the body of POST or PUT: known, writable, assigned attributes under their true names.

    Unknown attributes and readOnly ones are ignored (RFC 7644 sections 3.3 and 3.5.1).
    """
    check_schemas(body, kind)
    result: JsonObject = {}
    for name, value in _by_lower_name(body, "").items():
        extension = kind.extensions_by_urn.get(name)
        attribute = kind.attributes.get(name)
        if extension is not None:
            _put(result, extension.id, read_extension(extension, value))
        elif attribute is not None and name != "schemas" and not attribute.read_only:
            _put(result, attribute.name, read_attribute(attribute, value, attribute.name))
    return result


def check_schemas(body: Mapping[str, Json], kind: ResourceType) -> None:
    """Refuse a body that does not name the core schema (RFC 7643 section 3)."""
    given = next((value for key, value in body.items() if key.lower() == "schemas"), None)
    urns = given if isinstance(given, list) else []
    if not any(isinstance(urn, str) and urn.lower() == kind.core.id.lower() for urn in urns):
        raise invalid_value(f"schemas: must be an array that contains {kind.core.id!r}.")


def read_extension(
    schema: Schema, value: Json, tolerances: Tolerances | None = None
) -> JsonObject | None:
    """Read the object under an extension's URN."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise invalid_value(f"{schema.id}: expected an object, got {kind_of(value)}.")
    return _read_members(schema.attributes, value, f"{schema.id}:", tolerances) or None


def read_attribute(
    attribute: Attribute, value: Json, where: str, tolerances: Tolerances | None = None
) -> Json:
    """Read the value of an attribute, or return None for "unassigned"."""
    if value is None:
        return None
    if not attribute.multi_valued:
        return read_value(attribute, value, where, tolerances)
    if not isinstance(value, list):
        raise invalid_value(f"{where}: expected an array, got {kind_of(value)}.")
    values = (
        read_value(attribute, each, f"{where}[{number}]", tolerances)
        for number, each in enumerate(value)
    )
    return [each for each in values if each is not None] or None


def read_value(
    attribute: Attribute, value: Json, where: str, tolerances: Tolerances | None = None
) -> Json:
    """Read one single value of an attribute."""
    value = literal(attribute, value, tolerances)
    if value is None:
        return None
    if not has_type(attribute, value):
        wanted = _IN_WORDS.get(attribute.type, "a string")
        raise invalid_value(f"{where}: expected {wanted}, got {_shown(attribute, value)}.")
    if isinstance(value, dict):
        return _read_members(attribute.subs, value, f"{where}.", tolerances) or None
    if attribute.mutability == "writeOnly" and isinstance(value, str):
        return hashlib.blake2b(value.encode(), key=_DIGEST_KEY).hexdigest()
    return value


_IN_WORDS = {
    "boolean": "true or false",
    "integer": "an integer",
    "decimal": "a number",
    "dateTime": "a date and time such as 2011-05-13T04:42:34Z",
    "binary": "base64 text",
    "complex": "an object",
}


def _shown(attribute: Attribute, value: Json) -> str:
    """Quote a wrong value, unless it may be a secret or is long."""
    if attribute.mutability == "writeOnly" or isinstance(value, list | dict):
        return kind_of(value)
    return f"{value!r:.80}"


def _read_members(
    attributes: Mapping[str, Attribute],
    given: Mapping[str, Json],
    prefix: str,
    tolerances: Tolerances | None,
) -> JsonObject:
    result: JsonObject = {}
    for name, value in _by_lower_name(given, prefix).items():
        attribute = attributes.get(name)
        if attribute is not None and not attribute.read_only:
            where = f"{prefix}{attribute.name}"
            _put(result, attribute.name, read_attribute(attribute, value, where, tolerances))
    return result


def _by_lower_name(given: Mapping[str, Json], prefix: str) -> dict[str, Json]:
    """Key an object by lower-case names; RFC 7643 section 2.1 makes names case-insensitive."""
    result = {key.lower(): value for key, value in given.items()}
    if len(result) != len(given):
        names = [key.lower() for key in given]
        doubled = next(key for key in given if names.count(key.lower()) > 1)
        raise invalid_syntax(f"{prefix}{doubled} is given twice, in different spellings.")
    return result


def _put(result: JsonObject, name: str, value: Json) -> None:
    if value is not None:
        result[name] = value


def check_whole(resource: Mapping[str, Json], kind: ResourceType) -> None:
    """Refuse a resource that lacks something required or has two primary values."""
    check_required(resource, kind)
    for prefix, attributes, values in _containers(resource, kind):
        for attribute in attributes.values():
            if "primary" in attribute.subs:
                _check_primary(values.get(attribute.name), f"{prefix}{attribute.name}")


def check_required(
    resource: Mapping[str, Json], kind: ResourceType, scim_type: str = "invalidValue"
) -> None:
    """Refuse a resource without a required attribute; `scim_type` names the fault of absence."""
    for extension in kind.extensions:
        if extension.required and extension.schema.id not in resource:
            raise ScimError(400, f"{extension.schema.id}: required but missing.", scim_type)
    for prefix, attributes, values in _containers(resource, kind):
        _check_members(attributes, values, prefix, scim_type)


def _check_members(
    attributes: Mapping[str, Attribute], values: Mapping[str, Json], prefix: str, scim_type: str
) -> None:
    for attribute in attributes.values():
        value = values.get(attribute.name)
        where = f"{prefix}{attribute.name}"
        if attribute.required and not attribute.read_only and attribute.name != "schemas":
            if value is None:
                raise ScimError(400, f"{where}: required but missing.", scim_type)
            if value == "":
                raise invalid_value(f"{where}: required, so it must not be empty.")
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                _check_members(attribute.subs, each, f"{where}.", scim_type)


def _containers(
    resource: Mapping[str, Json], kind: ResourceType
) -> Iterable[tuple[str, Mapping[str, Attribute], Mapping[str, Json]]]:
    """Yield the resource itself, then each extension that is present."""
    yield "", kind.attributes, resource
    for extension in kind.extensions:
        values = resource.get(extension.schema.id)
        if isinstance(values, dict):
            yield f"{extension.schema.id}:", extension.schema.attributes, values


def _check_primary(values: Json, where: str) -> None:
    """Refuse a second `primary: true` (RFC 7643 section 2.4)."""
    items = values if isinstance(values, list) else []
    if sum(isinstance(each, dict) and each.get("primary") is True for each in items) > 1:
        raise invalid_value(f"{where}: more than one value says primary: true.")


def replaced(stored: Mapping[str, Json], given: JsonObject, kind: ResourceType) -> JsonObject:
    """Return what PUT makes of a resource, attribute by attribute (RFC 7644 section 3.5.1).

    What a client could not know or may not change survives its absence; the rest is cleared.
    """
    result = _merged(kind.attributes, stored, given, "")
    for extension in kind.extensions:
        urn = extension.schema.id
        old, new = stored.get(urn), given.get(urn)
        merged = _merged(
            extension.schema.attributes,
            old if isinstance(old, dict) else {},
            new if isinstance(new, dict) else {},
            f"{urn}:",
        )
        result.pop(urn, None)
        _put(result, urn, merged or None)
    return result


def _merged(
    attributes: Mapping[str, Attribute],
    stored: Mapping[str, Json],
    given: Mapping[str, Json],
    prefix: str,
) -> JsonObject:
    result = dict(given)
    for attribute in attributes.values():
        name = attribute.name
        old = stored.get(name)
        if old is None or attribute.mutability == "readWrite":
            continue
        new = result.get(name)
        if attribute.mutability == "immutable" and new is not None and new != old:
            raise mutability(f"{prefix}{name}: immutable, and already set to another value.")
        if new is None or attribute.read_only:
            result[name] = old
    return result
