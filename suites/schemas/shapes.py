"""The shape of a representation: types and cardinalities, checked with JSON Schema.

A JSON Schema is made from attribute definitions, the server's own or the RFC's. Attribute names
have no case (RFC 7643 section 2.1), so names are compared in lower case.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any

import jsonschema

from idp_profiles.model import Json

if TYPE_CHECKING:
    from .definitions import Attribute

_DATE = r"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?$"
_BASE64 = r"^[A-Za-z0-9+/_\s-]*={0,2}\s*$"
# What JSON has for each type of RFC 7643 section 2.3; an integer may be written 5.0.
_TYPES: dict[str, dict[str, Json]] = {
    "string": {"type": ["string", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "decimal": {"type": ["number", "null"]},
    "integer": {"type": ["integer", "null"]},
    "dateTime": {"type": ["string", "null"], "pattern": _DATE},
    "binary": {"type": ["string", "null"], "pattern": _BASE64},
    "reference": {"type": ["string", "null"]},
    "complex": {"type": ["object", "null"]},
}


@dataclass(frozen=True)
class Shape:
    """What a representation has to look like, by the attributes that are defined for it.

    Attributes that are not defined are allowed: `unknown` names them.
    """

    name: str
    attributes: tuple[Attribute, ...]

    def faults(self, document: Json, *, complete: bool = False) -> list[str]:
        """Return what is wrong with a document, one line each.

        With `complete` a required attribute that the server returns by default has to be there.
        """
        found = [
            f"{_path(error.absolute_path)}: {_complaint(error)}"
            for error in self._validator.iter_errors(_lowered(document))
        ]
        return sorted(found) + (sorted(self._missing(document)) if complete else [])

    def unknown(self, document: Json) -> list[str]:
        """Return the names in a document that are not defined."""
        return sorted(_unknown(_lowered(document), self._schema, ""))

    @cached_property
    def _schema(self) -> dict[str, Any]:
        return _object(_nested(self.attributes))

    @cached_property
    def _validator(self) -> jsonschema.Draft202012Validator:
        return jsonschema.Draft202012Validator(self._schema)

    def _missing(self, document: Json) -> Iterator[str]:
        lowered = _lowered(document)
        names = lowered.keys() if isinstance(lowered, dict) else set()
        for each in self.attributes:
            shown = each.required and each.returned in ("always", "default")
            if shown and ":" not in each.path and each.name.lower() not in names:
                yield f"{each.name}: required, and not there"


def _nested(attributes: Iterable[Attribute]) -> dict[str, dict[str, Any]]:
    """Return the schema of each attribute by name; those of an extension are under its URN."""
    properties: dict[str, dict[str, Any]] = {}
    extensions: dict[str, dict[str, dict[str, Any]]] = {}
    for each in attributes:
        made = _schema_of(each)
        if each.urn and each.path.startswith(f"{each.urn}:"):
            extensions.setdefault(each.urn.lower(), {})[each.name.lower()] = made
        else:
            properties[each.name.lower()] = made
    return {**properties, **{urn: _object(inner) for urn, inner in extensions.items()}}


def _schema_of(attribute: Attribute) -> dict[str, Any]:
    one: dict[str, Any] = dict(_TYPES.get(attribute.type, {}))
    if attribute.type == "complex":
        one.update(properties={part.name.lower(): _schema_of(part) for part in attribute.parts})
    return {"type": ["array", "null"], "items": one} if attribute.multi_valued else one


def _object(properties: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _lowered(value: Json) -> Json:
    """Return a document with its names in lower case; of two that differ by case the last counts.

    Whether a name comes twice is judged elsewhere.
    """
    if isinstance(value, dict):
        return {key.lower(): _lowered(item) for key, item in value.items()}
    return [_lowered(item) for item in value] if isinstance(value, list) else value


def _unknown(value: Json, schema: dict[str, Any], place: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _unknown(item, schema.get("items", {}), place)
    elif isinstance(value, dict) and "properties" in schema:
        for name, item in value.items():
            inner = schema["properties"].get(name)
            if inner is None:
                yield f"{place}{name}"
            else:
                yield from _unknown(item, inner, f"{place}{name}.")


def _path(parts: Iterable[object]) -> str:
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return shown.removeprefix(".") or "the whole"


def _complaint(error: jsonschema.ValidationError) -> str:
    if error.validator == "type":
        wanted = str(error.schema["type"][0])  # type: ignore[index]  # ours are lists
        return f"{wanted} expected, got {str(error.instance)[:60]!r}"
    return f"{str(error.instance)[:60]!r} is not written as its type wants"
