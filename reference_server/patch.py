"""PATCH: a resource and operations give a new resource (RFC 7644 section 3.5.2).

The input is never changed; a failing operation therefore leaves nothing half done. Members of
groups are not in the resource but in a draft, see `members`.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass

from .errors import ScimError
from .messages import Json
from .patch_members import MemberPatch
from .patch_messages import Change
from .patch_messages import ExtensionRemoval
from .patch_messages import Operation
from .patch_schemas import unlisted
from .patch_schemas import without_extension
from .patch_values import ValueChange
from .patch_values import read_only
from .resources import JsonObject
from .resources import check_whole
from .schemas import ResourceType
from .tolerances import Tolerance
from .tolerances import Tolerances
from .values import same

# An operation on an array costs as much as the array is long, and one request can hold very many.
MAX_TOUCHED = 1_000_000


@dataclass(frozen=True, slots=True)
class Patch:
    """What applying operations needs besides the resource.

    `computed` shows the present value of an attribute that only the server writes; `members`
    takes the operations on a group's members.
    """

    kind: ResourceType
    tolerances: Tolerances
    computed: Callable[[str], Json]
    members: MemberPatch | None

    def apply(self, attributes: Mapping[str, Json], changes: Iterable[Change]) -> JsonObject:
        """Return the resource after all operations, or raise and leave no trace."""
        result: JsonObject = dict(attributes)
        touched = 0
        for change in changes:
            try:
                touched += _size(result, change)
                if touched > MAX_TOUCHED:
                    raise ScimError(413, f"more than {MAX_TOUCHED} values to go through in all.")
                result = self._changed(result, change)
            except ScimError as fault:
                raise fault.within(f"Operations[{change.number}]") from fault
        check_whole(result, self.kind)
        return result

    def _changed(self, resource: JsonObject, change: Change) -> JsonObject:
        if isinstance(change, ExtensionRemoval):
            return without_extension(resource, change.extension, self.kind)
        target = change.place.target
        if target.extension is not None:
            return self._in_extension(resource, target.extension, change)
        name = target.attribute.name
        if name == "schemas":
            return self._listing(resource, change)
        if self.members is not None and name == "members":
            self.members.apply(change)
            return resource
        if target.attribute.read_only:
            self._expect_unchanged(change, self.computed(name))
            return resource
        return self._with_value(resource, change)

    def _in_extension(self, resource: JsonObject, urn: str, change: Operation) -> JsonObject:
        inner = resource.get(urn)
        container = inner if isinstance(inner, dict) else {}
        attribute = change.place.target.attribute
        if attribute.read_only:
            self._expect_unchanged(change, container.get(attribute.name))
            return resource
        container = self._with_value(container, change)
        if not container:
            return without_extension(resource, self.kind.extensions_by_urn[urn.lower()], self.kind)
        return _with(resource, urn, container)

    def _with_value(self, container: JsonObject, change: Operation) -> JsonObject:
        name = change.place.target.attribute.name
        new = ValueChange(change, self.tolerances).result(container.get(name))
        return _with(container, name, new)

    def _listing(self, resource: JsonObject, change: Operation) -> JsonObject:
        """Apply an operation on `schemas`."""
        own = [each.schema.id for each in self.kind.extensions if each.schema.id in resource]
        present = [self.kind.core.id, *own]
        for extension in unlisted(change, self.kind, present, self.tolerances):
            resource = without_extension(resource, extension, self.kind)
        return resource

    def _expect_unchanged(self, change: Operation, current: Json) -> None:
        """Let a client repeat what it read; refuse anything else (RFC 7644 section 3.5.2)."""
        place = change.place
        if place.target.sub is not None:
            name = place.target.sub.name
            current = current.get(name) if isinstance(current, dict) else None
        allowed = self.tolerances.allow(Tolerance.UNCHANGED_READ_ONLY)
        if not allowed or change.op == "remove" or place.selection is not None:
            raise read_only(str(place))
        if not same(change.value, current):
            raise read_only(str(place))


def _size(resource: JsonObject, change: Change) -> int:
    """Return the length of the array that an operation works on."""
    if isinstance(change, ExtensionRemoval):
        return 0
    target = change.place.target
    container = resource.get(target.extension) if target.extension else resource
    values = container.get(target.attribute.name) if isinstance(container, dict) else None
    return len(values) if isinstance(values, list) else 0


def _with(container: JsonObject, name: str, value: Json) -> JsonObject:
    result = {**container, name: value}
    if value is None:
        del result[name]
    return result
