"""PATCH messages: the body of RFC 7644 section 3.5.2 as a list of operations."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass

from .errors import invalid_path
from .errors import invalid_syntax
from .errors import invalid_value
from .errors import no_target
from .json_text import kind_of
from .messages import Json
from .patch_paths import PatchTarget
from .patch_paths import parse_patch_path
from .paths import BadPathError
from .paths import parse_attr_path
from .schemas import ResourceType
from .schemas import Schema
from .schemas import Target
from .tolerances import Tolerances

PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of one attribute; `value` is None both for null and for none given."""

    op: str
    place: PatchTarget
    value: Json


def read_operations(
    body: Mapping[str, Json], kind: ResourceType, tolerances: Tolerances
) -> list[Operation]:
    """Read a PATCH body; operations on several attributes come out as one for each."""
    message = {key.lower(): value for key, value in body.items()}
    urns = message.get("schemas")
    if not isinstance(urns, list) or not any(_is_patch_urn(urn) for urn in urns):
        raise invalid_syntax(f"schemas must be an array that contains {PATCH_URN!r}.")
    entries = message.get("operations")
    if not isinstance(entries, list) or not entries:
        raise invalid_syntax("Operations must be an array of one or more operations.")
    return [
        operation
        for number, entry in enumerate(entries)
        for operation in _read(entry, number, kind, tolerances)
    ]


def _is_patch_urn(urn: Json) -> bool:
    return isinstance(urn, str) and urn.lower() == PATCH_URN.lower()


def _read(
    entry: Json, number: int, kind: ResourceType, tolerances: Tolerances
) -> Iterator[Operation]:
    where = f"Operations[{number}]"
    if not isinstance(entry, dict):
        raise invalid_syntax(f"{where} must be an object, not {kind_of(entry)}.")
    members = {key.lower(): value for key, value in entry.items()}
    op = _read_op(members.get("op"), where)
    value = members.get("value")
    if op != "remove" and "value" not in members:
        raise invalid_value(f"{where}: {op} needs a value.")
    path = members.get("path")
    if path is not None and not isinstance(path, str):
        raise invalid_path(f"{where}: the path must be a string, not {kind_of(path)}.")
    if path:
        yield from _with_path(op, parse_patch_path(path, kind), value, where)
    elif op == "remove":
        raise no_target(f"{where}: remove needs a path.")
    else:
        yield from _without_path(op, value, kind, tolerances, where)


def _read_op(op: Json, where: str) -> str:
    # The RFC writes the words in lower case and says nothing about others; some IdPs capitalise.
    word = op.lower() if isinstance(op, str) else None
    if word not in ("add", "remove", "replace"):
        raise invalid_syntax(f"{where}: op must be add, remove or replace, not {op!r:.60}.")
    return word


def _with_path(
    op: str, place: PatchTarget | Schema, value: Json, where: str
) -> Iterator[Operation]:
    if isinstance(place, PatchTarget):
        yield Operation(op, place, value)
    elif op == "remove" or value is None:
        yield from _removals(place)
    else:
        yield from _extension_values(op, place, value, where)


def _removals(extension: Schema) -> Iterator[Operation]:
    for attribute in extension.attributes.values():
        if not attribute.read_only:
            yield Operation("remove", PatchTarget(_target(extension, attribute.name)), None)


def _target(extension: Schema, name: str) -> Target:
    return Target(extension.id, extension.attributes[name.lower()])


def _extension_values(op: str, extension: Schema, value: Json, where: str) -> Iterator[Operation]:
    if not isinstance(value, dict):
        raise invalid_value(f"{where}: {extension.id} takes an object, not {kind_of(value)}.")
    for name, each in value.items():
        if name.lower() in extension.attributes:
            yield Operation(op, PatchTarget(_target(extension, name)), each)


def _without_path(
    op: str, value: Json, kind: ResourceType, tolerances: Tolerances, where: str
) -> Iterator[Operation]:
    """Read a value object: each key is an attribute; unknown ones are ignored as in PUT."""
    if not isinstance(value, dict):
        raise invalid_value(f"{where}: without path the value must be an object.")
    for name, each in value.items():
        extension = kind.extension(name)
        if extension is not None:
            yield from _with_path(op, extension, each, where)
            continue
        target = _key_target(name, kind, tolerances)
        if target is not None:
            yield Operation(op, PatchTarget(target), each)


def _key_target(name: str, kind: ResourceType, tolerances: Tolerances) -> Target | None:
    try:
        path = parse_attr_path(name)
    except BadPathError:
        return None
    if path.sub is not None and not tolerances.dotted_keys:
        return None
    return kind.resolve(path)
