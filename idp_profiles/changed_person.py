"""A person of a directory after a change of fields or source attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from dataclasses import replace

from .model import Json
from .model import Person

_FIELDS = frozenset(field.name for field in fields(Person)) - {"idp_id", "attributes"}


def changed_person(person: Person, changes: Mapping[str, Json]) -> Person:
    """Return the person with fields and source attributes changed; empty ones are taken away."""
    given = {name: value or "" for name, value in changes.items() if name in _FIELDS}
    attributes = {**person.attributes, **{k: v for k, v in changes.items() if k not in _FIELDS}}
    kept = {name: value for name, value in attributes.items() if value not in (None, "")}
    return replace(person, **given, attributes=kept)  # type: ignore[arg-type] # fields are texts
