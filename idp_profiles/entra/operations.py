"""The operations of a PATCH: what differs from the resource that the server returned.

Add where the server returned nothing, Replace where it returned something. The rule itself is
inferred; reports show both forms in the places that it explains.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from typing import TypeAlias

from idp_profiles.changed_person import changed_person
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry
from idp_profiles.mapping import steps_of
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.wire import member
from idp_profiles.wire import merge

from .mappings import head_and_part
from .mappings import target_of
from .mappings import value_for

_Object: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a job writes its operations: `flagged` is the compliant form."""

    flagged: bool
    active_value: str = "text"
    active_op: str = "by-answer"
    nested_extensions: bool = False

    def without_flag(self) -> Shape:
        """Return the shape of the same job on demand, where the flag has no effect."""
        return replace(self, flagged=False)

    def op(self, name: str) -> str:
        """Return Add, Replace or Remove as this job spells it."""
        return name.lower() if self.flagged else name

    def active(self, active: bool) -> Json:
        """Return the value of `active`: the job without a flag writes it as a text."""
        if self.flagged or self.active_value == "boolean":
            return active
        return str(active)

    def operation(self, name: str, path: str, value: Json) -> dict[str, Json]:
        """Return one operation with a path and a value."""
        return {"op": self.op(name), "path": path, "value": value}


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute that is to have another value; `known` tells whether it has one now."""

    path: str
    value: Json
    known: bool


def changes(
    mapping: AttributeMapping, person: Person, current: _Object, occasion: str
) -> Iterator[Change]:
    """Yield what is mapped and differs; what became empty is not sent."""
    for entry in mapping.entries:
        wanted = value_for(entry, person) if occasion in entry.when else None
        if wanted is None or entry.path == "active":
            continue
        present = present_value(entry, current)
        if present != wanted:
            yield Change(target_of(entry), wanted, present is not None)


def operations(found: Iterable[Change], shape: Shape) -> list[Json]:
    """Return the operations for the changes, as the job's dialect groups them."""
    listed = list(found)
    plain = [one for one in listed if one.known and "[" not in one.path]
    folded = plain if shape.flagged and len(plain) > 1 else []
    single: list[Json] = [
        shape.operation("Replace" if one.known else "Add", one.path, one.value)
        for one in listed
        if one not in folded
    ]
    if folded:
        # The keys are paths: dotted ones, and full URNs.
        values: dict[str, Json] = {one.path: one.value for one in folded}
        if shape.nested_extensions:
            values = _nested(values)
        single.append({"op": "replace", "value": values})
    return single


def _nested(values: Mapping[str, Json]) -> dict[str, Json]:
    """Return the values with those of an extension in an object under its URN."""
    result: dict[str, Json] = {}
    for path, value in values.items():
        urn, _, name = path.rpartition(":")
        result = merge(result, {urn: {name: value}} if urn else {name: value})
    return result


def active_operation(current: _Object, shape: Shape, *, active: bool) -> list[Json]:
    """Return the operation that disables or enables, none when the server has it so already."""
    present = as_boolean(member(current, "active"))
    if present is active:
        return []
    name = "Add" if present is None else "Replace"
    name = name if shape.active_op == "by-answer" else shape.active_op
    return [shape.operation(name, "active", shape.active(active))]


def as_boolean(value: Json) -> bool | None:
    """Return a boolean that a server may have kept as the text that it was sent."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def present_value(entry: Entry, current: _Object) -> Json:
    """Return what the server returned for an entry, None when it returned nothing."""
    if entry.type is None:
        value: Json = dict(current)
        for key in steps_of(entry.path):
            value = member(value, key) if isinstance(value, dict) else None
        return None if value == "" else value
    head, part = head_and_part(entry)
    listed = member(current, head)
    for element in listed if isinstance(listed, list) else []:
        if isinstance(element, dict) and _same(member(element, "type"), entry.type):
            return member(element, part)
    return None


def as_found(mapping: AttributeMapping, person: Person, current: _Object) -> Person:
    """Return the person with every mapped attribute as the server has it."""
    held: dict[str, Json] = {
        entry.source: present_value(entry, current)
        for entry in mapping.entries
        if entry.source not in {None, "fullName", "idp_id"} and entry.path != mapping.match
    }
    return changed_person(person, held)


def _same(given: Json, wanted: str) -> bool:
    return isinstance(given, str) and given.lower() == wanted.lower()
