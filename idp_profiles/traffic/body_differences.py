"""How one JSON body differs from another in its form: names, order, types, spelling, paths."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from itertools import zip_longest
from typing import TypeAlias

from idp_profiles.model import Json

from .harmless import TYPES
from .parts import Difference
from .parts import general
from .targets import leaf

# Tells whether a path holds something of a person that another person may lack; the second value
# says whether it is what a PATCH changes, where nothing has to be there.
Optional: TypeAlias = Callable[[str, bool], bool]
_LITERAL = frozenset({"op", "path", "schemas", "resourcetype"})


def body_differences(
    ours: Json, theirs: Json, optional: Optional, method: str
) -> Iterator[Difference]:
    """Yield where a recorded body differs in its form from the profile's."""
    yield from _Comparing(optional, method).values(ours, theirs, "", "")


@dataclass(frozen=True, slots=True)
class _Comparing:
    """One pair of bodies; `path` is an attribute's path, `where` what is said of it."""

    optional: Optional
    method: str

    def values(self, ours: Json, theirs: Json, path: str, where: str) -> Iterator[Difference]:
        if isinstance(ours, dict) and isinstance(theirs, dict):
            yield from self._objects(ours, theirs, path, where)
        elif isinstance(ours, list) and isinstance(theirs, list):
            yield from self._lists(ours, theirs, path, where)
        elif form(ours, path) != form(theirs, path):
            yield Difference("body", where or "whole", form(ours, path), form(theirs, path))

    # -- objects

    def _objects(
        self, ours: dict[str, Json], theirs: dict[str, Json], path: str, where: str
    ) -> Iterator[Difference]:
        spelled = {general(key).lower(): key for key in ours}
        pairs = [(spelled.get(general(key).lower()), key) for key in theirs]
        found = {mine for mine, _ in pairs}
        for key, value in ours.items():
            if key not in found and not self.optional(_below(path, key), False):
                where_to = _below(where, key)
                yield Difference("body", where_to, form(value, key), "nothing there")
        for mine, key in pairs:
            if mine is None:
                if not self.optional(_below(path, key), False):
                    where_to = _below(where, key)
                    yield Difference("body", where_to, "nothing there", form(theirs[key], key))
                continue
            if general(mine) != general(key):
                yield Difference("body", f"spelling of {_below(where, mine)}", mine, key)
            yield from self.values(ours[mine], theirs[key], _below(path, mine), _below(where, mine))
        yield from _order(list(ours), [mine for mine, _ in pairs if mine], where)

    # -- lists

    def _lists(
        self, ours: list[Json], theirs: list[Json], path: str, where: str
    ) -> Iterator[Difference]:
        name = leaf(path)
        if name == "operations":
            yield from self._operations(_objects_in(ours), _objects_in(theirs))
        elif name == "schemas":
            if ours != theirs:
                yield Difference("body", where, _texts(ours), _texts(theirs))
        elif _typed(ours) and _typed(theirs):
            yield from self._typed(_objects_in(ours), _objects_in(theirs), path, where)
        elif bool(ours) != bool(theirs):
            # Who is in a group is no matter of form once the group is there.
            if "members" not in path or self.method == "POST":
                yield Difference("body", where, _filled(ours), _filled(theirs))
        elif ours:
            for one in _distinct(theirs, path):
                yield from self.values(ours[0], one, path, where)

    def _typed(
        self, ours: list[dict[str, Json]], theirs: list[dict[str, Json]], path: str, where: str
    ) -> Iterator[Difference]:
        """Compare elements that say of which type they are, each with its like."""
        mine = {general(str(one.get("type"))): one for one in ours}
        other = {general(str(one.get("type"))): one for one in theirs}
        for kind in [kind for kind in (*mine, *other) if (kind in mine) != (kind in other)]:
            if not self.optional(path, False):
                here = "an element" if kind in mine else "nothing there"
                there = "an element" if kind in other else "nothing there"
                yield Difference("body", f"{where} of type {kind}", here, there)
        for kind, one in other.items():
            if kind in mine:
                yield from self.values(mine[kind], one, path, f"{where}[{kind}]")

    # -- operations

    def _operations(
        self, ours: list[dict[str, Json]], theirs: list[dict[str, Json]]
    ) -> Iterator[Difference]:
        mine, other = _distinct_operations(ours), _distinct_operations(theirs)
        pairs = _paired(mine, other)
        for at, operation in pairs:
            yield from self._pair(mine[at], operation)
        matched = [at for at, _ in pairs]
        left = [one for at, one in enumerate(mine) if at not in matched]
        alone = [one for one in other if not any(one is found for _, found in pairs)]
        yield from self._alone(mine, left, alone)
        if matched != sorted(matched):
            expected = [_operation(mine[at]) for at in sorted(matched)]
            found = [_operation(mine[at]) for at in matched]
            yield Difference("body", "order of the operations", _texts(expected), _texts(found))

    def _pair(self, ours: dict[str, Json], theirs: dict[str, Json]) -> Iterator[Difference]:
        """Compare two operations on the same path; how `op` is spelled is no matter of the path."""
        path = general(_path_of(theirs))
        for one in self._objects(ours, theirs, _path_of(theirs), f"Operations[{path}]"):
            is_op = one.where == f"Operations[{path}].op"
            yield replace(one, where="Operations.op") if is_op else one

    def _alone(
        self,
        all_of_ours: list[dict[str, Json]],
        ours: list[dict[str, Json]],
        theirs: list[dict[str, Json]],
    ) -> Iterator[Difference]:
        """Judge operations without a partner: by path, and by how `op` is spelled."""
        known = {str(one.get("op")) for one in all_of_ours}
        styles = {op.islower() for op in known}
        for op in {str(one.get("op")) for one in theirs} - known:
            if known and op.islower() not in styles:
                said = " or ".join(json.dumps(one) for one in sorted(known))
                yield Difference("body", "Operations.op", said, json.dumps(op))
        expected = [_operation(one) for one in ours if self._is_due(one, theirs)]
        found = [_operation(one) for one in theirs if not self.optional(_path_of(one), True)]
        for mine, other in zip_longest(expected, found, fillvalue="no such operation"):
            yield Difference("body", "Operations", mine, other)

    def _is_due(self, operation: dict[str, Json], theirs: list[dict[str, Json]]) -> bool:
        """Tell whether an operation has to be there, whoever the person is."""
        changes = any(self.optional(_path_of(one), True) for one in theirs)
        return not (self.optional(_path_of(operation), True) and (changes or not theirs))


def form(value: Json, path: str) -> str:
    """Return what is compared of a value: itself where it is protocol, else its JSON type."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int | float):
        return "a number"
    name = leaf(path)
    literal = name in _LITERAL or (name == "type" and value.lower() in TYPES)
    if literal or value.lower() in {"true", "false"}:
        return json.dumps(general(value), ensure_ascii=False)
    return "a text" if value else "an empty text"


def signature(value: Json, path: str = "") -> str:
    """Return the whole form of a value in one line: equal for bodies of one form."""
    if isinstance(value, dict):
        members = (f"{general(key)}:{signature(item, key)}" for key, item in value.items())
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dict.fromkeys(signature(item, path) for item in value)) + "]"
    return form(value, path)


def _below(path: str, key: str) -> str:
    if not path or not key:
        return path or key
    return f"{path}:{key}" if path.lower().startswith("urn:") and "." in path else f"{path}.{key}"


def _order(ours: list[str], theirs: list[str], where: str) -> Iterator[Difference]:
    common = [key for key in ours if key in theirs]
    if common != theirs:
        said = f"order of the members of {where}" if where else "order of the members"
        yield Difference("body", said, ", ".join(common), ", ".join(theirs))


def _distinct(elements: list[Json], path: str) -> list[Json]:
    return list({signature(one, path): one for one in elements}.values())


def _distinct_operations(operations: list[dict[str, Json]]) -> list[dict[str, Json]]:
    return list({signature(one): one for one in reversed(operations)}.values())[::-1]


def _paired(
    ours: list[dict[str, Json]], theirs: list[dict[str, Json]]
) -> list[tuple[int, dict[str, Json]]]:
    """Return the recorded operations that have a partner: same path, same `op` if possible."""
    left = list(range(len(ours)))
    pairs: list[tuple[int, dict[str, Json]]] = []
    for operation in theirs:
        wanted, op = general(_path_of(operation)).lower(), str(operation.get("op")).lower()
        same = [at for at in left if general(_path_of(ours[at])).lower() == wanted]
        exact = [at for at in same if str(ours[at].get("op")).lower() == op]
        at = next(iter(exact or same), None)
        if at is not None:
            left.remove(at)
            pairs.append((at, operation))
    return pairs


def _path_of(operation: dict[str, Json]) -> str:
    return next((str(v) for k, v in operation.items() if k.lower() == "path"), "")


def _operation(operation: dict[str, Json]) -> str:
    path = general(_path_of(operation))
    return f"{operation.get('op')} {path}" if path else f"{operation.get('op')} without a path"


def _objects_in(elements: list[Json]) -> list[dict[str, Json]]:
    return [one for one in elements if isinstance(one, dict)]


def _typed(elements: list[Json]) -> bool:
    return bool(elements) and all(isinstance(one, dict) and "type" in one for one in elements)


def _filled(elements: list[Json]) -> str:
    return "a list with elements" if elements else "an empty list"


def _texts(elements: list[Json] | list[str]) -> str:
    return ", ".join(str(one) for one in elements) or "none"
