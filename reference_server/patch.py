"""PATCH: a resource and operations give a new resource (RFC 7644 section 3.5.2).

The input is never changed; a failing operation therefore leaves nothing half done. Members of
groups are not in the resource but in a draft, see `members`.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass

from .messages import Json
from .patch_members import MemberPatch
from .patch_messages import Operation
from .patch_values import ValueChange
from .patch_values import read_only
from .resources import JsonObject
from .resources import check_whole
from .schemas import ResourceType
from .schemas import Target
from .tolerances import Tolerances
from .values import same


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

    def apply(self, attributes: Mapping[str, Json], operations: Iterable[Operation]) -> JsonObject:
        """Return the resource after all operations, or raise and leave no trace."""
        result: JsonObject = dict(attributes)
        for operation in operations:
            result = self._applied(result, operation)
        check_whole(result, self.kind)
        return result

    def _applied(self, resource: JsonObject, operation: Operation) -> JsonObject:
        target = operation.place.target
        name = target.attribute.name
        if target.extension is None and name == "schemas":
            # The server lists what is present, so saying what is present changes nothing.
            return resource
        if target.extension is None and target.attribute.read_only:
            self._expect_unchanged(operation, target)
            return resource
        if self.members is not None and target.extension is None and name == "members":
            self.members.apply(operation)
            return resource
        container = resource
        if target.extension is not None:
            inner = resource.get(target.extension)
            container = inner if isinstance(inner, dict) else {}
        new = ValueChange(operation, self.tolerances).result(container.get(name))
        container = _with(container, name, new)
        if target.extension is None:
            return container
        return _with(resource, target.extension, container or None)

    def _expect_unchanged(self, operation: Operation, target: Target) -> None:
        """Let a client repeat what it read; refuse anything else (RFC 7644 section 3.5.2)."""
        current = self.computed(target.attribute.name)
        if target.sub is not None:
            current = current.get(target.sub.name) if isinstance(current, dict) else None
        place = operation.place
        if operation.op == "remove" or place.selection is not None:
            raise read_only(str(place))
        if not same(operation.value, current):
            raise read_only(str(place))


def _with(container: JsonObject, name: str, value: Json) -> JsonObject:
    result = {**container, name: value}
    if value is None:
        del result[name]
    return result
