"""PATCH on the members of a group: operations become changes of a draft.

What an operation costs depends on what it names, not on the group, except for filters that need
more than `value eq`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .errors import ScimError
from .errors import mutability
from .errors import no_target
from .filters import Compare
from .filters import Filter
from .members import MemberDraft
from .members import expect_ids
from .messages import Json
from .patch_messages import Operation
from .predicates import compile_value_filter
from .resources import read_attribute
from .schemas import Target
from .tolerances import Tolerance
from .tolerances import Tolerances
from .tolerant_reading import check_values
from .values import same


@dataclass(frozen=True, slots=True)
class MemberPatch:
    """Applies operations to a draft; `entry` shows the member value of an id."""

    draft: MemberDraft
    tolerances: Tolerances
    entry: Callable[[str], dict[str, Json]]

    def apply(self, operation: Operation) -> None:
        """Play one operation on `members`."""
        place = operation.place
        if place.selection is not None:
            self._apply_selected(operation, self._matching(place.selection, place.target))
        elif place.target.sub is not None:
            raise _immutable(operation)
        elif operation.op == "remove":
            self._remove(operation.value)
        else:
            if operation.op == "replace":
                self.draft.clear()
            self.draft.add(self._read(operation))

    def _remove(self, value: Json) -> None:
        """Remove all members, or those that a value array names.

        Only those named: the reading that does no harm, and the one clients mean.
        """
        if value is None or not self.tolerances.allow(Tolerance.REMOVE_MEMBERS_BY_VALUE):
            self.draft.clear()
        else:
            self.draft.remove(_named(value))

    def _matching(self, selection: Filter, target: Target) -> list[str]:
        # Compiled also for the short way, so that a wrong filter is refused in both.
        matches = compile_value_filter(selection, target.attribute)
        match selection:
            case Compare(path, "eq", str(member)) if path.name.lower() == "value":
                return [member] if self.draft.has(member) else []
            case _:
                return [each for each in self.draft.ids() if matches(self.entry(each))]

    def _apply_selected(self, operation: Operation, found: list[str]) -> None:
        if not found and operation.op != "remove":
            raise no_target("members: no member matches the filter.")
        sub = operation.place.target.sub
        if sub is not None:
            if operation.op == "remove" and found:
                raise _immutable(operation)
            current = (self.entry(each).get(sub.name) for each in found)
            if not all(same(operation.value, each) for each in current):
                raise _immutable(operation)
        elif operation.op == "replace" and operation.value is not None:
            self.draft.remove(found)
            self.draft.add(self._read(operation))
        elif operation.op == "add":
            if not all(same(operation.value, self.entry(each)) for each in found):
                raise _immutable(operation)
        else:
            self.draft.remove(found)

    def _read(self, operation: Operation) -> list[Json]:
        value = operation.value
        attribute = operation.place.target.attribute
        check_values(value, attribute, "members", self.tolerances)
        if value is None:
            return []
        expect_ids(value)
        if not isinstance(value, list) and self.tolerances.allow(Tolerance.BARE_VALUE_FOR_ARRAY):
            value = [value]
        read = read_attribute(attribute, value, "members", self.tolerances)
        return read if isinstance(read, list) else []


def _named(value: Json) -> list[str]:
    items = value if isinstance(value, list) else [value]
    ids = (each.get("value") if isinstance(each, dict) else each for each in items)
    return [each for each in ids if isinstance(each, str)]


def _immutable(operation: Operation) -> ScimError:
    place = operation.place
    return mutability(f"{place}: immutable; add and remove whole members instead.")
