"""Predicates: a filter's tree, given meaning by a resource type's schema.

Reads the RFC where it is open as follows: a comparison with an attribute that has no value is
false, except `ne` with a value and `eq` with null, which are true; `pr` does not hold for an
empty string. An expression that does not fit the schema is refused; in a query over several types
it is refused when it fits none of them, else the types it does not fit have no value there
(RFC 7644 section 3.4.2.1).
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from functools import lru_cache
from typing import Any
from typing import TypeAlias

from .errors import ScimError
from .errors import invalid_filter
from .filters import And
from .filters import Compare
from .filters import Filter
from .filters import Leaf
from .filters import Literal
from .filters import Not
from .filters import Or
from .filters import Present
from .filters import ValuePath
from .formats import instant
from .messages import Json
from .paths import AttrPath
from .schemas import Attribute
from .schemas import Key
from .schemas import ResourceType
from .schemas import Target
from .tolerances import Tolerance
from .tolerances import Tolerances
from .values import comparable
from .values import prepared
from .values import values_at

Predicate: TypeAlias = Callable[[Mapping[str, Json]], bool]
_Resolve: TypeAlias = Callable[[Leaf], Target]
_Test: TypeAlias = Callable[[Json], bool]

_TOLERANT = Tolerances()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A filter ready to use.

    `roots` are the top-level attributes it looks at; `lookups`, if any, are index entries that
    together hold every resource that can match.
    """

    test: Predicate
    roots: frozenset[str]
    lookups: tuple[tuple[Key, str], ...] | None


def compile_filter(
    tree: Filter, kind: ResourceType, tolerances: Tolerances = _TOLERANT
) -> Compiled:
    """Give a filter over whole resources its meaning, or raise 400 `invalidFilter`."""
    loosely = tolerances.allow(Tolerance.UNQUALIFIED_EXTENSIONS)
    if isinstance(tree, Compare) and tree.op == "eq" and isinstance(tree.value, str):
        equality = _equality(kind, tree.path, loosely)
        if equality is not None:
            return equality.with_value(tree.value)
    roots: set[str] = set()

    def resolve(leaf: Leaf) -> Target:
        target = _readable(kind.resolve(leaf.path, loosely=loosely), leaf, kind.name)
        roots.add(target.root)
        return target

    test = _compile(tree, resolve)
    found = _lookups(tree, resolve, kind.can_look_up)
    return Compiled(test, frozenset(roots), found)


@dataclass(frozen=True, slots=True)
class _Equality:
    """The comparison of a text that has an index, ready but for the value."""

    target: Target
    roots: frozenset[str]

    def with_value(self, value: str) -> Compiled:
        """Return the filter for one value."""
        target, leaf = self.target, self.target.leaf
        wanted = comparable(leaf, value)

        def test(resource: Mapping[str, Json]) -> bool:
            found = values_at(resource, target)
            return any(isinstance(each, str) and comparable(leaf, each) == wanted for each in found)

        return Compiled(test, self.roots, ((target.key, wanted),))


# What nearly every search is, `userName eq "..."`: it is understood once for all values.
@lru_cache(maxsize=256)
def _equality(kind: ResourceType, path: AttrPath, loosely: bool) -> _Equality | None:
    """Prepare a comparison, unless it is one that takes more than an index and a look."""
    target = kind.resolve(path, loosely=loosely)
    if target is None or target.leaf.hidden or target.leaf.type != "string":
        return None
    if target.leaf.assumed is not None or not kind.can_look_up(target):
        return None
    return _Equality(target, frozenset((target.root,)))


def compile_across(
    tree: Filter, kinds: Sequence[ResourceType], tolerances: Tolerances = _TOLERANT
) -> dict[str, Compiled]:
    """Give a filter over several resource types its meaning for each, by the type's name."""

    def fits(leaf: Filter, kind: ResourceType) -> bool:
        try:
            compile_filter(leaf, kind, tolerances)
        except ScimError:
            return False
        return True

    trees = {kind: _fitted(tree, kind, kinds, fits) for kind in kinds}
    return {kind.name: compile_filter(trees[kind], kind, tolerances) for kind in kinds}


def _fitted(
    tree: Filter,
    kind: ResourceType,
    kinds: Sequence[ResourceType],
    fits: Callable[[Filter, ResourceType], bool],
) -> Filter:
    """Replace what fits other types only by what it means for a resource without the value."""
    match tree:
        case And(parts):
            return And(tuple(_fitted(part, kind, kinds, fits) for part in parts))
        case Or(parts):
            return Or(tuple(_fitted(part, kind, kinds, fits) for part in parts))
        case Not(part):
            return Not(_fitted(part, kind, kinds, fits))
        case _ if fits(tree, kind) or not any(fits(tree, other) for other in kinds):
            return tree
        case Compare(_, op, value):
            return _ALL if op == ("eq" if value is None else "ne") else _NONE
        case _:
            return _NONE


# Without parts, `and` always holds and `or` never does.
_ALL = And(())
_NONE = Or(())


def compile_value_filter(tree: Filter, attribute: Attribute) -> _Test:
    """Give a filter in square brackets its meaning for one value of an attribute.

    Values that are no objects are compared under the name `value`.
    """

    def resolve(leaf: Leaf) -> Target:
        sub = _inner(attribute, leaf.path)
        return _readable(Target(None, sub) if sub else None, leaf, attribute.name)

    test = _compile(tree, resolve)
    return lambda each: test(each if isinstance(each, dict) else {attribute.name: each})


def _inner(attribute: Attribute, path: AttrPath) -> Attribute | None:
    """Find what a path in square brackets means for the attribute before them."""
    if path.urn is not None or path.sub is not None:
        return None
    if attribute.multi_valued and not attribute.subs and path.name.lower() == "value":
        return attribute
    return attribute.subs.get(path.name.lower())


def _readable(target: Target | None, leaf: Leaf, owner: str) -> Target:
    if target is None:
        raise _wrong(leaf, f"{owner} has no attribute {str(leaf.path)!r:.200}")
    if target.leaf.hidden:
        # RFC 7643 section 7 lets a server filter by hidden attributes; that would reveal them.
        raise _wrong(leaf, f"{leaf.path} cannot be used in a filter")
    return target


def _wrong(leaf: Leaf, message: str) -> ScimError:
    return invalid_filter(f"The filter is wrong at character {leaf.at}: {message}.")


def _compile(tree: Filter, resolve: _Resolve) -> Predicate:
    match tree:
        case And(parts):
            tests = [_compile(part, resolve) for part in parts]
            return lambda resource: all(test(resource) for test in tests)
        case Or(parts):
            tests = [_compile(part, resolve) for part in parts]
            return lambda resource: any(test(resource) for test in tests)
        case Not(part):
            inner = _compile(part, resolve)
            return lambda resource: not inner(resource)
        case Present():
            target = resolve(tree)
            return lambda resource: any(_is_filled(each) for each in values_at(resource, target))
        case ValuePath():
            return _value_path(resolve(tree), tree.inner)
        case Compare():
            return _compare(tree, resolve)


def _value_path(target: Target, tree: Filter) -> Predicate:
    test = compile_value_filter(tree, target.leaf)
    return lambda resource: any(test(each) for each in values_at(resource, target))


def _is_filled(value: Json) -> bool:
    if isinstance(value, dict):
        return any(_is_filled(each) for each in value.values())
    return value is not None and value != "" and value != []


def _compare(tree: Compare, resolve: _Resolve) -> Predicate:
    target = _compared(resolve(tree), tree)
    if tree.value is None:
        return _compare_null(tree, target)
    test = _test(tree, target.leaf)
    values = values_at if target.leaf.assumed is None else _values_or_assumed
    if tree.op == "ne":
        return lambda resource: _any_or_none(test, values(resource, target))
    return lambda resource: any(test(each) for each in values(resource, target))


def _values_or_assumed(resource: Mapping[str, Json], target: Target) -> list[Json]:
    """Return the values at a place, with what is assumed where one is missing."""
    if target.sub is None:
        return values_at(resource, target) or [target.leaf.assumed]
    held = values_at(resource, Target(target.extension, target.attribute))
    found = (each.get(target.sub.name) for each in held if isinstance(each, dict))
    return [target.leaf.assumed if each is None else each for each in found]


def _any_or_none(test: _Test, values: list[Json]) -> bool:
    return not values or any(test(each) for each in values)


def _compared(target: Target, leaf: Leaf) -> Target:
    """Complete a path to a complex attribute with `value`, as the example `emails co` wants."""
    if target.leaf.type != "complex":
        return target
    sub = target.attribute.subs.get("value") if target.sub is None else None
    if sub is None:
        raise _wrong(leaf, f"{leaf.path} is complex: name the sub-attribute to compare")
    return Target(target.extension, target.attribute, sub)


def _compare_null(tree: Compare, target: Target) -> Predicate:
    if tree.op not in ("eq", "ne"):
        raise _unsupported(tree, target.leaf)
    wanted = tree.op == "ne"
    return lambda resource: bool(values_at(resource, target)) is wanted


def _test(tree: Compare, attribute: Attribute) -> _Test:
    """Choose the comparison by the attribute's type (Table 3)."""
    kind = _KINDS.get(attribute.type, "text")
    if kind == "boolean" and isinstance(tree.value, str) and tree.text_for_boolean:
        tree = replace(tree, value=_BOOLEANS.get(tree.value.lower(), tree.value))
    if tree.op not in _SUPPORTED[kind] or not isinstance(tree.value, _PYTHON[kind]):
        raise _unsupported(tree, attribute)
    if kind != "boolean" and isinstance(tree.value, bool):
        raise _unsupported(tree, attribute)
    if kind == "instant" and tree.op not in _TEXTUAL:
        return _instant_test(tree, attribute)
    compare = _COMPARISONS[tree.op]
    if isinstance(tree.value, str):
        form = prepared if tree.op in _TEXTUAL else comparable
        wanted: Literal = form(attribute, tree.value)
        return lambda each: isinstance(each, str) and compare(form(attribute, each), wanted)
    return lambda each: compare(each, tree.value)


def _instant_test(tree: Compare, attribute: Attribute) -> _Test:
    compare = _COMPARISONS[tree.op]
    wanted = instant(str(tree.value))
    if wanted is None:
        raise _unsupported(tree, attribute)
    return lambda each: isinstance(each, str) and compare(instant(each), wanted)


def _unsupported(tree: Compare, attribute: Attribute) -> ScimError:
    comparison = f"{tree.op} {json.dumps(tree.value, ensure_ascii=False):.60}"
    return _wrong(tree, f"{tree.path} is of type {attribute.type}, which {comparison} does not fit")


_BOOLEANS: dict[str, Literal] = {"true": True, "false": False}

_TEXTUAL = frozenset(("co", "sw", "ew"))
_EQUALITY = frozenset(("eq", "ne"))
_ORDER = frozenset(("gt", "ge", "lt", "le"))

_KINDS = {
    "boolean": "boolean",
    "integer": "number",
    "decimal": "number",
    "dateTime": "instant",
    "binary": "binary",
}
_PYTHON: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "number": (int, float),
    "instant": (str,),
    "binary": (str,),
    "text": (str,),
}
_SUPPORTED = {
    "boolean": _EQUALITY,
    "number": _EQUALITY | _ORDER,
    "instant": _EQUALITY | _ORDER | _TEXTUAL,
    "binary": _EQUALITY | _TEXTUAL,
    "text": _EQUALITY | _ORDER | _TEXTUAL,
}

# Any: both sides have the type that the attribute's kind was checked for.
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "co": operator.contains,
    "sw": str.startswith,
    "ew": str.endswith,
}


def _lookups(
    tree: Filter, resolve: _Resolve, indexed: Callable[[Target], bool]
) -> tuple[tuple[Key, str], ...] | None:
    """Find index entries that cover every match: one `eq`, one part of `and`, all of `or`."""
    match tree:
        case And(parts):
            found = (_lookups(part, resolve, indexed) for part in parts)
            return next((each for each in found if each is not None), None)
        case Or(parts):
            covers = [_lookups(part, resolve, indexed) for part in parts]
            known = [each for each in covers if each is not None]
            complete = len(known) == len(covers)
            return tuple(entry for each in known for entry in each) if complete else None
        case ValuePath():
            return _lookups(tree.inner, _within(resolve(tree)), indexed)
        case Compare(_, "eq", str(value)):
            target = _compared(resolve(tree), tree)
            return ((target.key, comparable(target.leaf, value)),) if indexed(target) else None
        case _:
            return None


def _within(outer: Target) -> _Resolve:
    """Resolve the paths of a value filter, which the compilation has found to be right."""

    def resolve(leaf: Leaf) -> Target:
        sub = outer.attribute.subs.get(leaf.path.name.lower())
        return Target(outer.extension, outer.attribute, sub)

    return resolve
