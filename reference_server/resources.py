"""Resources: a client's body read by the schema, and the rules a whole resource must keep.

Null and the empty array are "unassigned" (RFC 7643 section 2.5) and are dropped here, so that the
rest of the server knows one form of absence. Names are stored as the schema spells them.
"""

from __future__ import annotations

from collections.abc import Hashable
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
from .schemas import Target
from .secret_values import Secret
from .tolerances import Tolerances
from .tolerant_reading import check_schemas
from .tolerant_reading import check_values
from .tolerant_reading import in_array
from .tolerant_reading import tolerated
from .values import comparable
from .values import has_type

JsonObject = dict[str, Json]


def read_resource(
    body: Mapping[str, Json], kind: ResourceType, tolerances: Tolerances
) -> JsonObject:
    """Read the body of POST or PUT: known, writable, assigned attributes under their true names.

    Unknown attributes and readOnly ones are ignored (RFC 7644 sections 3.3 and 3.5.1).
    """
    check_schemas(body, kind, tolerances)
    result: JsonObject = {}
    attributes, extensions = kind.attributes, kind.extensions_by_urn
    for name, value in by_lower_name(body, "").items():
        attribute = attributes.get(name)
        if attribute is None:
            extension = extensions.get(name)
            if extension is not None:
                _put(result, extension.id, read_extension(extension, value, tolerances))
        elif type(value) is attribute.plain:
            result[attribute.name] = value
        elif name != "schemas" and not attribute.read_only:
            if type(value) is dict:
                value = in_array(attribute, value, tolerances)
            found = read_attribute(attribute, value, attribute.name, tolerances)
            _put(result, attribute.name, found)
    return result


def read_extension(schema: Schema, value: Json, tolerances: Tolerances) -> JsonObject | None:
    """Read the object under an extension's URN."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise invalid_value(f"{schema.id}: expected an object, got {kind_of(value)}.")
    return _read_members(schema.attributes, value, f"{schema.id}:", tolerances) or None


def read_attribute(attribute: Attribute, value: Json, where: str, tolerances: Tolerances) -> Json:
    """Read the value of an attribute, or return None for "unassigned"."""
    check_values(value, attribute, where, tolerances)
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
    return distinct(attribute, [each for each in values if each is not None]) or None


def distinct(attribute: Attribute, values: list[Json]) -> list[Json]:
    """Join values of the same type and value, which a client should never see (section 2.4).

    The later one prevails. Values that are alone in this stay the very same objects.
    """
    if len(values) < 2 or "value" not in attribute.subs:
        return values
    found: dict[Hashable, Json] = {}
    for number, each in enumerate(values):
        key = identity(attribute, each)
        before = found.get(key) if key is not None else None
        joined = {**before, **each} if isinstance(before, dict) and isinstance(each, dict) else each
        found[number if key is None else key] = joined
    return list(found.values())


def identity(attribute: Attribute, value: Json) -> Hashable | None:
    """Return what tells a value from the others of its attribute: its value and its type."""
    if not isinstance(value, dict) or value.get("value") is None:
        return None
    return tuple(_form(attribute.subs.get(name), value.get(name)) for name in ("value", "type"))


def _form(attribute: Attribute | None, value: Json) -> str:
    if attribute is not None and isinstance(value, str):
        return comparable(attribute, value)
    return repr(value)


def read_value(attribute: Attribute, value: Json, where: str, tolerances: Tolerances) -> Json:
    """Read one single value of an attribute."""
    value = tolerated(attribute, value, tolerances)
    if value is None:
        return None
    if not has_type(attribute, value):
        wanted = _IN_WORDS.get(attribute.type, "a string")
        raise invalid_value(f"{where}: expected {wanted}, got {_shown(attribute, value)}.")
    if isinstance(value, dict):
        return _read_members(attribute.subs, value, f"{where}.", tolerances) or None
    if attribute.mutability == "writeOnly":
        return Secret(value if isinstance(value, str) else repr(value))
    if attribute.type == "decimal" and isinstance(value, int) and abs(value) < 2**53:
        return float(value)  # written with a digit after the point (RFC 7643 section 2.3.3)
    return value


_IN_WORDS = {
    "boolean": "true or false",
    "integer": "an integer",
    "decimal": "a number",
    "dateTime": "a date and time such as 2011-05-13T04:42:34Z",
    "binary": "base64 text",
    "reference": "a URI",
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
    tolerances: Tolerances,
) -> JsonObject:
    result: JsonObject = {}
    for name, value in by_lower_name(given, prefix).items():
        attribute = attributes.get(name)
        if attribute is None:
            continue
        if type(value) is attribute.plain:
            result[attribute.name] = value
        elif not attribute.read_only:
            where = f"{prefix}{attribute.name}"
            _put(result, attribute.name, read_attribute(attribute, value, where, tolerances))
    return result


def by_lower_name(given: Mapping[str, Json], prefix: str) -> dict[str, Json]:
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
    """Refuse a resource that lacks something required, is misspelt or has two primary values."""
    check_required(resource, kind)
    for urn, attributes in kind.with_primary.items():
        values = _container(resource, urn)
        for attribute in attributes:
            if attribute.name in values:
                _check_primary(values[attribute.name], f"{_prefix(urn)}{attribute.name}")
    for target, fault_of in kind.formats:
        if target.attribute.name not in resource:
            continue
        for where, value in _texts_at(resource, target):
            fault = fault_of(value)
            if fault:
                raise invalid_value(f"{where}: {fault}.")


def _texts_at(resource: Mapping[str, Json], target: Target) -> Iterable[tuple[str, str]]:
    """Yield the texts of a core attribute with their places."""
    name = target.attribute.name
    for where, value in _numbered(name, resource.get(name)):
        if target.sub is None:
            found, place = value, where
        else:
            found = value.get(target.sub.name) if isinstance(value, dict) else None
            place = f"{where}.{target.sub.name}"
        if isinstance(found, str):
            yield place, found


def check_required(
    resource: Mapping[str, Json], kind: ResourceType, scim_type: str = "invalidValue"
) -> None:
    """Refuse a resource without a required attribute; `scim_type` names the fault of absence."""
    for extension in kind.extensions:
        if extension.required and extension.schema.id not in resource:
            raise ScimError(400, f"{extension.schema.id}: required but missing.", scim_type)
    for urn, attributes in kind.demanding.items():
        if not urn or urn in resource:
            _check_members(attributes, _container(resource, urn), _prefix(urn), scim_type)


def _check_members(
    attributes: Iterable[Attribute], values: Mapping[str, Json], prefix: str, scim_type: str
) -> None:
    for attribute in attributes:
        value = values.get(attribute.name)
        if value is None and not attribute.required:
            continue  # most of what a schema offers is absent from a resource
        where = f"{prefix}{attribute.name}"
        if attribute.required and not attribute.read_only and attribute.name != "schemas":
            if value is None:
                raise ScimError(400, f"{where}: required but missing.", scim_type)
            if isinstance(value, str) and not value.strip():
                raise invalid_value(f"{where}: required, so it must not be empty.")
        for place, each in _numbered(where, value) if attribute.subs else ():
            if isinstance(each, dict):
                _check_members(attribute.subs.values(), each, f"{place}.", scim_type)


def _numbered(where: str, value: Json) -> Iterable[tuple[str, Json]]:
    """Yield single values with their places: `emails[0]` and so on, or the one there is."""
    if isinstance(value, list):
        return ((f"{where}[{number}]", each) for number, each in enumerate(value))
    return ((where, value),)


def _container(resource: Mapping[str, Json], urn: str) -> Mapping[str, Json]:
    """Return what holds the attributes of an extension, or without a URN the resource itself."""
    values = resource.get(urn) if urn else resource
    return values if isinstance(values, Mapping) else {}


def _prefix(urn: str) -> str:
    return f"{urn}:" if urn else ""


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
        old, new = stored.get(name), result.get(name)
        if old is None:
            continue
        if attribute.mutability == "readWrite":
            if isinstance(old, dict) and isinstance(new, dict):
                result[name] = _merged(attribute.subs, old, new, f"{prefix}{name}.")
            elif isinstance(old, list) and isinstance(new, list) and "value" in attribute.subs:
                result[name] = merged_values(attribute, old, new, f"{prefix}{name}")
            elif attribute.returned == "never" and new is None:
                result[name] = old
            continue
        if attribute.mutability == "immutable" and new is not None and not _matches(new, old):
            raise mutability(f"{prefix}{name}: immutable, and already set to another value.")
        if new is None or attribute.read_only:
            result[name] = old
    return result


def merged_values(
    attribute: Attribute, stored: list[Json], given: list[Json], prefix: str
) -> list[Json]:
    """Hold each value against the one of the same type and value, if there was one."""
    old = {identity(attribute, each): each for each in stored}
    result: list[Json] = []
    for number, new in enumerate(given):
        key = identity(attribute, new)
        before = old.get(key) if key is not None else None
        if isinstance(before, dict) and isinstance(new, dict):
            new = _merged(attribute.subs, before, new, f"{prefix}[{number}].")
        result.append(new)
    return result


def _matches(new: Json, old: Json) -> bool:
    """Compare two values; the order of an array says nothing (RFC 7643 section 2.4)."""
    if not (isinstance(new, list) and isinstance(old, list)):
        return new == old
    return len(new) == len(old) and all(each in old for each in new) and all(e in new for e in old)
