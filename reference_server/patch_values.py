"""PATCH on one attribute: its old value and an operation give its new value.

Values that an operation does not touch stay the very same objects; that is how `_one_primary`
knows which value has just been made the primary one.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass

from .errors import ScimError
from .errors import invalid_path
from .errors import invalid_value
from .errors import mutability
from .errors import no_target
from .filters import And
from .filters import Compare
from .filters import Filter
from .json_text import kind_of
from .messages import Json
from .patch_arrays import NamedValues
from .patch_arrays import ValueArray
from .patch_messages import Operation
from .predicates import compile_value_filter
from .resources import JsonObject
from .resources import distinct
from .resources import merged_values
from .resources import read_attribute
from .resources import read_value
from .schemas import Attribute
from .tolerances import Tolerance
from .tolerances import Tolerances
from .tolerant_reading import check_values
from .tolerant_reading import tolerated
from .values import same


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One operation on one attribute that is not kept by the store itself."""

    operation: Operation
    tolerances: Tolerances

    @property
    def _attribute(self) -> Attribute:
        return self.operation.place.target.attribute

    @property
    def _sub(self) -> Attribute | None:
        return self.operation.place.target.sub

    @property
    def _removes(self) -> bool:
        return self.operation.op == "remove"

    def result(self, old: Json) -> Json:
        """Return the new value of the attribute, None for unassigned."""
        if self._attribute.multi_valued:
            new = self._many(old if isinstance(old, list) else [])
        elif self.operation.place.selection is not None:
            new = self._one_selected(old, self.operation.place.selection)
        elif self._sub is not None:
            new = self._with_sub(old if isinstance(old, dict) else {}) or None
        else:
            new = self._single(old)
        _guard(self._attribute, old, new, self._where)
        return new

    @property
    def _where(self) -> str:
        return str(self.operation.place)

    def _single(self, old: Json) -> Json:
        value = self.operation.value
        if self._removes or value is None:
            return None
        if self._attribute.type == "complex":
            return self._merged(old if isinstance(old, dict) else {}, self._unpacked(value)) or None
        return read_attribute(self._attribute, value, self._where, self.tolerances)

    def _one_selected(self, old: Json, selection: Filter) -> Json:
        """Apply an operation to a single complex value if a filter selects it."""
        tolerant = self.tolerances.allow(Tolerance.FILTER_ON_SINGLE_VALUE)
        if not tolerant or self._attribute.type != "complex":
            raise invalid_path(f"{self._where} has one value only, so no filter can select it.")
        if not self._matcher(selection)(old):
            if self._removes:
                return old
            raise no_target(f"{self._where}: its value does not match the filter.")
        if self._sub is not None:
            return self._with_sub(old if isinstance(old, dict) else {}) or None
        return self._single(old)

    def _unpacked(self, value: Json) -> Json:
        """Take a single value out of an array of one."""
        tolerant = self.tolerances.allow(Tolerance.ARRAY_FOR_SINGLE_VALUE)
        return value[0] if tolerant and isinstance(value, list) and len(value) == 1 else value

    def _listed(self, value: Json) -> Json:
        """Put a value that is no array into one."""
        tolerant = self.tolerances.allow(Tolerance.BARE_VALUE_FOR_ARRAY)
        return [value] if tolerant and not isinstance(value, list) else value

    def _matcher(self, selection: Filter) -> Callable[[Json], bool]:
        return compile_value_filter(selection, self._attribute)

    def _merged(self, old: JsonObject, value: Json) -> JsonObject:
        """Set the sub-attributes given, clear those given as null, leave the others (3.5.2.3)."""
        value = tolerated(self._attribute, value, self.tolerances)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise invalid_value(f"{self._where}: expected an object, got {kind_of(value)}.")
        new = read_value(self._attribute, value, self._where, self.tolerances)
        assigned = new if isinstance(new, dict) else {}
        result = {**old, **assigned}
        for name in value:
            sub = self._attribute.subs.get(name.lower())
            if sub is not None and not sub.read_only:
                if sub.name not in assigned:
                    result.pop(sub.name, None)
                _guard(sub, old.get(sub.name), result.get(sub.name), f"{self._where}.{sub.name}")
        return result

    def _with_sub(self, old: JsonObject) -> JsonObject:
        """Return an object with the sub-attribute of the path set or removed."""
        sub = self._sub
        if sub is None:
            raise ValueError("only for paths with a sub-attribute")
        if sub.read_only and self._removes:
            raise read_only(self._where)
        before = old.get(sub.name)
        after = None
        if not self._removes:
            after = self._read_sub(sub, before)
        _guard(sub, before, after, self._where)
        result = {**old, sub.name: after}
        if after is None:
            del result[sub.name]
        return result

    def _read_sub(self, sub: Attribute, before: Json) -> Json:
        value = self.operation.value
        if sub.read_only:
            if same(value, before) and self.tolerances.allow(Tolerance.UNCHANGED_READ_ONLY):
                return before
            raise read_only(self._where)
        if sub.multi_valued and value is not None:
            new = read_attribute(sub, self._listed(value), self._where, self.tolerances)
            if self.operation.op == "add" and isinstance(before, list) and isinstance(new, list):
                return _united(before, new, sub)
            return new
        return read_attribute(sub, value, self._where, self.tolerances)

    def _many(self, old: list[Json]) -> Json:
        if self.operation.place.selection is not None:
            new = distinct(self._attribute, self._selected(old, self.operation.place.selection))
        elif self._sub is not None:
            new = distinct(self._attribute, self._in_all(old))
        elif self._removes:
            new = self._without_named(old)
        else:
            given = self._read_values()
            new = self._joined(old, given) if self.operation.op == "add" else self._held(old, given)
        return _one_primary(old, new) or None

    def _held(self, old: list[Json], given: list[Json]) -> list[Json]:
        """Hold new values against those of the same type and value, as PUT does."""
        return merged_values(self._attribute, old, given, self._where)

    def _read_values(self) -> list[Json]:
        value = self.operation.value
        check_values(value, self._attribute, self._where, self.tolerances)
        if value is None:
            return []
        read = read_attribute(self._attribute, self._listed(value), self._where, self.tolerances)
        return read if isinstance(read, list) else []

    def _in_all(self, old: list[Json]) -> list[Json]:
        """Apply a sub-attribute path without filter to every value; there may have to be one."""
        if not old and not self._removes:
            old = [{}]
        return _kept(self._touched(each) for each in old)

    def _touched(self, each: Json) -> Json:
        if not isinstance(each, dict):
            raise invalid_path(f"{self._where}: the values have no sub-attributes.")
        return _unless_equal(each, self._with_sub(each)) or None

    def _without_named(self, old: list[Json]) -> list[Json]:
        """Remove all values, or those that a value array names.

        RFC 7644 section 3.5.2.2 knows no value here, yet clients send one and mean just it:
        removing everything would be the worst possible reading.
        """
        value = self.operation.value
        if value is None or not self.tolerances.allow(Tolerance.REMOVE_VALUES_BY_VALUE):
            return []
        items = value if isinstance(value, list) else [value]
        named = NamedValues(self._attribute, items)
        return [each for each in old if not named.include(each)]

    def _joined(self, old: list[Json], given: list[Json]) -> list[Json]:
        """Add values; one that is there already takes what the new one says besides (3.5.2.1)."""
        result = ValueArray(self._attribute, old)
        for value in given:
            at = result.find(value)
            if at is None:
                result.append(value)
            else:
                present = result.values[at]
                self._guard_subs(present, value)
                result.values[at] = _unless_equal(present, _overlaid(present, value))
        return result.values

    def _guard_subs(self, old: Json, given: Json) -> None:
        if isinstance(old, dict) and isinstance(given, dict):
            for sub in self._attribute.subs.values():
                if sub.name in given:
                    where = f"{self._where}.{sub.name}"
                    _guard(sub, old.get(sub.name), given[sub.name], where)

    def _selected(self, old: list[Json], selection: Filter) -> list[Json]:
        matches = self._matcher(selection)
        chosen = [matches(each) for each in old]
        if not any(chosen):
            return self._none_selected(old, selection)
        value = self.operation.value
        if self._sub is None and self.operation.op == "replace" and value is not None:
            return self._replaced(old, chosen, value)
        change = self._selected_change()
        return _kept(change(each) if hit else each for each, hit in zip(old, chosen, strict=True))

    def _selected_change(self) -> Callable[[Json], Json]:
        if self._sub is not None:
            return self._touched
        value = self.operation.value
        if self._removes or value is None:
            return lambda each: None
        if self._attribute.type == "complex":
            return lambda each: self._merged(each if isinstance(each, dict) else {}, value)
        new = read_value(self._attribute, value, self._where, self.tolerances)
        return lambda each: new

    def _replaced(self, old: list[Json], chosen: list[bool], value: Json) -> list[Json]:
        """Replace records as a whole: "all matching record values SHALL be replaced" (3.5.2.3).

        Merging, as for a single complex attribute, is what `add` and a path with sub-attribute are
        for. Several that match would become equal, so the new value takes the place of the first.
        """
        new = read_value(self._attribute, value, self._where, self.tolerances)
        first = chosen.index(True)
        kept = [
            each for each, hit in zip(old[first + 1 :], chosen[first + 1 :], strict=True) if not hit
        ]
        [held] = self._held([old[first]], [new])
        return _kept([*old[:first], _unless_equal(old[first], held), *kept])

    def _none_selected(self, old: list[Json], selection: Filter) -> list[Json]:
        """Decide about a filter without match.

        `remove` has nothing to do; `replace` must fail (3.5.2.3); about `add` the RFC is silent,
        and clients expect `emails[type eq "work"].value` to make such a value.
        """
        if self._removes:
            return old
        creates = self.operation.op == "add" and self.tolerances.allow(Tolerance.ADD_CREATES_VALUE)
        start = _described(selection) if creates else None
        if start is None or not self._attribute.subs:
            raise no_target(f"{self._where}: no value matches the filter.")
        made = read_value(self._attribute, start, self._where, self.tolerances)
        base = made if isinstance(made, dict) else {}
        if self._sub is not None:
            return [*old, self._with_sub(base)]
        return [*old, self._merged(base, self.operation.value)]


def _guard(attribute: Attribute, old: Json, new: Json, where: str) -> None:
    """Refuse a change that the attribute's mutability forbids (RFC 7644 section 3.5.2)."""
    if attribute.required and new in (None, []):
        raise mutability(f"{where}: required, so it cannot be removed.")
    if attribute.read_only and not _equal(new, old):
        raise read_only(where)
    if attribute.mutability == "immutable" and old is not None and not _equal(new, old):
        raise mutability(f"{where}: immutable, and already set to another value.")


def read_only(where: str) -> ScimError:
    """Build the error for a change of something that only the server writes."""
    return mutability(f"{where}: readOnly, so it cannot be changed.")


def _kept(values: Iterable[Json]) -> list[Json]:
    return [each for each in values if each is not None and each != {}]


def _unless_equal(old: Json, new: Json) -> Json:
    return old if _equal(old, new) else new


def _equal(one: Json, other: Json) -> bool:
    return same(one, other) and same(other, one)


def _overlaid(old: Json, new: Json) -> Json:
    return {**old, **new} if isinstance(old, dict) and isinstance(new, dict) else old


def _united(old: list[Json], new: list[Json], attribute: Attribute) -> list[Json]:
    result = ValueArray(attribute, old)
    for each in new:
        if result.find(each) is None:
            result.append(each)
    return result.values


def _described(selection: Filter) -> JsonObject | None:
    """Read `type eq "work" and primary eq true` as the value that it describes."""
    parts = selection.parts if isinstance(selection, And) else (selection,)
    result: JsonObject = {}
    for part in parts:
        if not isinstance(part, Compare) or part.op != "eq":
            return None
        result[part.path.name] = part.value
    return result


def _one_primary(old: list[Json], new: list[Json]) -> list[Json]:
    """Take `primary` from the others when an operation has given it to a value (3.5.2)."""
    primary = [id(each) for each in new if _is_primary(each)]
    if len(primary) < 2:
        return new
    made = set(primary).difference(id(each) for each in old)
    if not made:
        return new
    return [
        {**each, "primary": False}
        if isinstance(each, dict) and _is_primary(each) and id(each) not in made
        else each
        for each in new
    ]


def _is_primary(value: Json) -> bool:
    return isinstance(value, dict) and value.get("primary") is True
