"""PATCH messages: the body of RFC 7644 section 3.5.2 as a list of operations."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .errors import ScimError
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
from .resources import by_lower_name
from .schemas import ResourceType
from .schemas import Schema
from .schemas import Target
from .tolerances import Tolerance
from .tolerances import Tolerances
from .tolerant_reading import check_message

PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of one attribute; `value` is None both for null and for none given.

    `number` is the place in the client's array.
    """

    op: str
    place: PatchTarget
    value: Json
    number: int


@dataclass(frozen=True, slots=True)
class ExtensionRemoval:
    """The removal of all that an extension holds."""

    extension: Schema
    number: int


Change: TypeAlias = Operation | ExtensionRemoval


def read_operations(
    body: Mapping[str, Json], kind: ResourceType, tolerances: Tolerances
) -> list[Change]:
    """Read a PATCH body; operations on several attributes come out as one for each."""
    message = by_lower_name(body, "")
    if "schemas" in message or not tolerances.allow(Tolerance.PATCH_WITHOUT_SCHEMAS):
        check_message(message, PATCH_URN, tolerances)
    entries = message.get("operations")
    if not isinstance(entries, list) or not entries:
        raise invalid_syntax("Operations must be an array of one or more operations.")
    found: list[Change] = []
    for number, entry in enumerate(entries):
        try:
            found += _Reader(number, kind, tolerances).read(entry)
        except ScimError as fault:
            raise fault.within(f"Operations[{number}]") from fault
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the operation at one place of the array."""

    number: int
    kind: ResourceType
    tolerances: Tolerances

    def read(self, entry: Json) -> Iterator[Change]:
        """Yield the changes that an operation consists of."""
        if not isinstance(entry, dict):
            raise invalid_syntax(f"an operation must be an object, not {kind_of(entry)}.")
        members = by_lower_name(entry, "")
        op = _read_op(members.get("op"), self.tolerances)
        value = members.get("value")
        if op != "remove" and "value" not in members:
            raise invalid_value(f"{op} needs a value.")
        path = members.get("path")
        if path is not None and not isinstance(path, str):
            raise invalid_path(f"the path must be a string, not {kind_of(path)}.")
        if path or (path == "" and not self.tolerances.allow(Tolerance.EMPTY_PATH)):
            yield from self._with_path(
                op, parse_patch_path(path, self.kind, self.tolerances), value
            )
        elif op == "remove":
            raise no_target("remove needs a path.")
        else:
            yield from self._without_path(op, value)

    def _with_path(self, op: str, place: PatchTarget | Schema, value: Json) -> Iterator[Change]:
        if isinstance(place, PatchTarget):
            yield Operation(op, place, value, self.number)
        elif op == "remove" or value is None:
            yield ExtensionRemoval(place, self.number)
        else:
            yield from self._extension_values(op, place, value)

    def _extension_values(self, op: str, extension: Schema, value: Json) -> Iterator[Change]:
        if not isinstance(value, dict):
            raise invalid_value(f"{extension.id} takes an object, not {kind_of(value)}.")
        for name, each in by_lower_name(value, f"{extension.id}:").items():
            attribute = extension.attributes.get(name)
            if attribute is not None:
                place = PatchTarget(Target(extension.id, attribute))
                yield Operation(op, place, each, self.number)

    def _without_path(self, op: str, value: Json) -> Iterator[Change]:
        """Read a value object: each key is an attribute; unknown ones are ignored as in PUT."""
        if not isinstance(value, dict):
            raise invalid_value("without path the value must be an object.")
        for name, each in by_lower_name(value, "").items():
            extension = self.kind.extension(name)
            if extension is not None:
                yield from self._with_path(op, extension, each)
                continue
            target = _key_target(name, self.kind, self.tolerances)
            if target is not None:
                yield Operation(op, PatchTarget(target), each, self.number)


def _read_op(op: Json, tolerances: Tolerances) -> str:
    # The RFC writes the words in lower case and says nothing about others.
    capitals = tolerances.allow(Tolerance.CAPITALISED_OPERATIONS)
    word = op.lower() if isinstance(op, str) and capitals else op
    if not isinstance(word, str) or word not in ("add", "remove", "replace"):
        raise invalid_syntax(f"op must be add, remove or replace, not {op!r:.60}.")
    return word


def _key_target(name: str, kind: ResourceType, tolerances: Tolerances) -> Target | None:
    try:
        path = parse_attr_path(name)
    except BadPathError:
        return None
    for given, tolerance in ((path.sub, _DOTTED), (path.urn, _QUALIFIED)):
        if given is not None and not tolerances.allow(tolerance):
            raise invalid_path(f"the key {name!r:.200} is no plain attribute name.")
    return kind.resolve(path)


_DOTTED = Tolerance.DOTTED_KEYS
_QUALIFIED = Tolerance.QUALIFIED_KEYS
