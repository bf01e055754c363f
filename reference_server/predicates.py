"""Predicates: a filter's tree, given meaning by a resource type's schema.

Reads the RFC where it is open as follows: a comparison with an attribute that has no value is
false, except `ne` with a value and `eq` with null, which are true; `pr` does not hold for an
empty string.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import TypeAlias

from .errors import ScimError
from .errors import invalid_filter
from .filters import And
from .filters import Compare
from .filters import Filter
from .filters import Literal
from .filters import Not
from .filters import Or
from .filters import Present
from .filters import ValuePath
from .messages import Json
from .paths import AttrPath
from .schemas import Attribute
from .schemas import Key
from .schemas import ResourceType
from .schemas import Target
from .values import comparable
from .values import instant
from .values import values_at

Predicate: TypeAlias = Callable[[Mapping[str, Json]], bool]
_Resolve: TypeAlias = Callable[[AttrPath], Target]
_Test: TypeAlias = Callable[[Json], bool]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A filter ready to use.

    `roots` are the top-level attributes it looks at; `lookups`, if any, are index entries that
    together hold every resource that can match.
    """

    test: Predicate
    roots: frozenset[str]
    lookups: tuple[tuple[Key, str], ...] | None


def compile_filter(tree: Filter, kind: ResourceType) -> Compiled:
    """Give a filter over whole resources its meaning, or raise 400 `invalidFilter`."""
    roots: set[str] = set()

    def resolve(path: AttrPath) -> Target:
        target = _readable(kind.resolve(path), path, kind.name)
        if target.extension is None:
            roots.add(target.attribute.name)
        return target

    test = _compile(tree, resolve)
    found = _lookups(tree, resolve, kind.can_look_up)
    return Compiled(test, frozenset(roots), found)


def compile_value_filter(tree: Filter, attribute: Attribute) -> _Test:
    """Give a filter in square brackets its meaning for one value of an attribute.

    Values that are no objects are compared under the name `value`.
    """

    def resolve(path: AttrPath) -> Target:
        simple = not attribute.subs and path.name.lower() == "value"
        sub = attribute if simple else attribute.subs.get(path.name.lower())
        plain = path.urn is None and path.sub is None
        return _readable(Target(None, sub) if sub and plain else None, path, attribute.name)

    test = _compile(tree, resolve)
    return lambda each: test(each if isinstance(each, dict) else {attribute.name: each})


def _readable(target: Target | None, path: AttrPath, owner: str) -> Target:
    if target is None:
        raise invalid_filter(f"{owner} has no attribute {str(path)!r}.")
    if target.leaf.returned == "never" or target.leaf.mutability == "writeOnly":
        # RFC 7643 section 7 lets a server filter by hidden attributes; that would reveal them.
        raise invalid_filter(f"{path} cannot be used in a filter.")
    return target


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
        case Present(path):
            target = resolve(path)
            return lambda resource: any(_is_filled(each) for each in values_at(resource, target))
        case ValuePath(path, inner_tree):
            return _value_path(resolve(path), inner_tree)
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
    target = _compared(resolve(tree.path), tree.path)
    if tree.value is None:
        return _compare_null(tree, target)
    test = _test(tree, target.leaf)
    if tree.op == "ne":
        return lambda resource: _any_or_none(test, values_at(resource, target))
    return lambda resource: any(test(each) for each in values_at(resource, target))


def _any_or_none(test: _Test, values: list[Json]) -> bool:
    return not values or any(test(each) for each in values)


def _compared(target: Target, path: AttrPath) -> Target:
    """Complete a path to a complex attribute with `value`, as the example `emails co` wants."""
    if target.leaf.type != "complex":
        return target
    sub = target.attribute.subs.get("value") if target.sub is None else None
    if sub is None:
        raise invalid_filter(f"{path} is complex: name the sub-attribute to compare.")
    return Target(target.extension, target.attribute, sub)


def _compare_null(tree: Compare, target: Target) -> Predicate:
    if tree.op not in ("eq", "ne"):
        raise _unsupported(tree, target.leaf)
    wanted = tree.op == "ne"
    return lambda resource: bool(values_at(resource, target)) is wanted


def _test(tree: Compare, attribute: Attribute) -> _Test:
    """Choose the comparison by the attribute's type (Table 3)."""
    kind = _KINDS.get(attribute.type, "text")
    if tree.op not in _SUPPORTED[kind] or not isinstance(tree.value, _PYTHON[kind]):
        raise _unsupported(tree, attribute)
    if kind != "boolean" and isinstance(tree.value, bool):
        raise _unsupported(tree, attribute)
    if kind == "instant" and tree.op not in _TEXTUAL:
        return _instant_test(tree, attribute)
    compare = _COMPARISONS[tree.op]
    if isinstance(tree.value, str):
        wanted: Literal = comparable(attribute, tree.value)
        return lambda each: isinstance(each, str) and compare(comparable(attribute, each), wanted)
    return lambda each: compare(each, tree.value)


def _instant_test(tree: Compare, attribute: Attribute) -> _Test:
    compare = _COMPARISONS[tree.op]
    wanted = instant(str(tree.value))
    if wanted is None:
        raise _unsupported(tree, attribute)
    return lambda each: isinstance(each, str) and compare(instant(each), wanted)


def _unsupported(tree: Compare, attribute: Attribute) -> ScimError:
    return invalid_filter(
        f"{tree.path}: {tree.op!r} with {tree.value!r:.60} does not fit the type {attribute.type}."
    )


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
        case ValuePath(path, inner):
            return _lookups(inner, _within(resolve(path)), indexed)
        case Compare(path, "eq", str(value)):
            target = _compared(resolve(path), path)
            return ((target.key, comparable(target.leaf, value)),) if indexed(target) else None
        case _:
            return None


def _within(outer: Target) -> _Resolve:
    """Resolve the paths of a value filter, which the compilation has found to be right."""

    def resolve(path: AttrPath) -> Target:
        sub = outer.attribute.subs.get(path.name.lower())
        return Target(outer.extension, outer.attribute, sub)

    return resolve
