"""Queries: what a search means for some resource types: filter and order (RFC 7644 section 3.4.2).

A list may be of one resource type, or of all of them when the root is queried; then an attribute
that a type does not have counts as having no value (section 3.4.2.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import TypeAlias

from .errors import ScimError
from .errors import invalid_value
from .filters import parse_filter
from .formats import instant
from .messages import Json
from .paths import BadPathError
from .paths import parse_attr_path
from .predicates import Compiled
from .predicates import compile_across
from .predicates import compile_filter
from .presenter import Presenter
from .schemas import ResourceType
from .schemas import Target
from .searches import Search
from .store import Record
from .store import Store
from .tolerances import Tolerance
from .tolerances import Tolerances
from .values import comparable
from .values import values_at

Kinds: TypeAlias = tuple[ResourceType, ...]

# (absent, kind of value, value...): comparable whatever the types are, and writable as JSON.
SortKey: TypeAlias = tuple[int | float | str, ...]

_NOT_STORED = frozenset(("schemas", "id", "meta", "members", "groups"))
_SEQUENCE = attrgetter("sequence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a search asks for, by resource type; a type without a target has no value to sort by."""

    kinds: Kinds
    filters: Mapping[str, Compiled] | None
    targets: Mapping[str, Target] | None
    descending: bool


def read_query(search: Search, kinds: Kinds, tolerances: Tolerances) -> Query:
    """Give the filter and the order of a search their meaning."""
    text = search.filter
    return Query(
        kinds=kinds,
        filters=_compiled(text, kinds, tolerances) if text is not None else None,
        targets=_targets(search.sort_by, kinds, tolerances) if search.sort_by is not None else None,
        descending=search.descending,
    )


# IdPs ask the same filter again with other values only, but polls repeat it word for word.
@lru_cache(maxsize=256)
def _compiled(text: str, kinds: Kinds, tolerances: Tolerances) -> Mapping[str, Compiled]:
    tree = parse_filter(text, tolerances=tolerances)
    if len(kinds) == 1:
        return {kinds[0].name: compile_filter(tree, kinds[0], tolerances)}
    return compile_across(tree, kinds, tolerances)


def _targets(name: str, kinds: Kinds, tolerances: Tolerances) -> Mapping[str, Target]:
    """Find what to sort each type by; one type at least must have it."""
    targets: dict[str, Target] = {}
    refusal: ScimError | None = None
    for kind in kinds:
        try:
            targets[kind.name] = _target(name, kind, tolerances)
        except ScimError as fault:
            refusal = refusal or fault
    if refusal is not None and not targets:
        raise refusal
    return targets


def _target(name: str, kind: ResourceType, tolerances: Tolerances) -> Target:
    loosely = tolerances.allow(Tolerance.UNQUALIFIED_EXTENSIONS)
    try:
        target = kind.resolve(parse_attr_path(name), loosely=loosely)
    except BadPathError as fault:
        raise invalid_value(f"sortBy: {fault}.") from fault
    if target is None or target.leaf.hidden:
        raise invalid_value(f"sortBy: {kind.name} cannot be sorted by {name!r:.200}.")
    if target.leaf.type == "complex":
        sub = target.attribute.subs.get("value")
        if sub is None:
            raise invalid_value(f"sortBy: {name!r:.200} is complex: name a sub-attribute.")
        return Target(target.extension, target.attribute, sub)
    return target


def total(query: Query, store: Store) -> int:
    """Count all resources of the types of a query without filter."""
    return sum(store.count(kind) for kind in query.kinds)


def everything(query: Query, store: Store, start: int = 0, after: int = 0) -> Iterator[Record]:
    """Go through all resources of the types of a query in creation order."""
    if len(query.kinds) == 1:
        return store.scan(query.kinds[0], start, after)
    scans = (store.scan(kind, after=after) for kind in query.kinds)
    return islice(merge(*scans, key=_SEQUENCE), start, None)


def matches(query: Query, presenter: Presenter) -> list[Record]:
    """Return all matches in creation order."""
    if query.filters is None:
        return list(everything(query, presenter.store))
    found = [
        record
        for kind in query.kinds
        for record in _matches(query.filters[kind.name], kind, presenter)
    ]
    return found if len(query.kinds) == 1 else sorted(found, key=_SEQUENCE)


def _matches(wanted: Compiled, kind: ResourceType, presenter: Presenter) -> list[Record]:
    candidates: Iterable[Record]
    if wanted.lookups is None:
        candidates = presenter.store.scan(kind)
    else:
        candidates = _candidates(wanted, kind, presenter.store)
    if _are_stored(wanted.roots, kind):
        return [each for each in candidates if wanted.test(each.attributes)]
    return [each for each in candidates if wanted.test(presenter.view(each, wanted.roots))]


def _are_stored(roots: frozenset[str], kind: ResourceType) -> bool:
    """Tell whether a record has all of these by itself, and nothing has to be computed."""
    return roots.isdisjoint(_NOT_STORED) and roots.isdisjoint(kind.links)


def _candidates(wanted: Compiled, kind: ResourceType, store: Store) -> Iterable[Record]:
    lookups = wanted.lookups or ()
    found = {
        record.id: record for key, value in lookups for record in store.lookup(kind, key, value)
    }
    return sorted(found.values(), key=_SEQUENCE) if len(found) > 1 else found.values()


def keyed(
    records: Sequence[Record], query: Query, presenter: Presenter, longest: int | None = None
) -> list[tuple[SortKey, Record]]:
    """Sort records, each with what it is sorted by; equal ones stay in creation order.

    What has no value comes last, or first when descending (section 3.4.2.3). Of texts, at most
    `longest` characters count.
    """
    targets = query.targets or {}
    pairs = [
        (_sort_key(each, targets.get(each.kind.name), presenter, longest), each) for each in records
    ]
    return sorted(pairs, key=lambda pair: pair[0], reverse=query.descending)


def _sort_key(
    record: Record, target: Target | None, presenter: Presenter, longest: int | None
) -> SortKey:
    if target is None:
        return _ABSENT
    roots = frozenset((target.root,))
    stored = _are_stored(roots, record.kind)
    value = _sort_value(record.attributes if stored else presenter.view(record, roots), target)
    return _ABSENT if value is None else (0, *_sort_form(value, target, longest))


_ABSENT: SortKey = (1,)


def _sort_value(resource: Mapping[str, Json], target: Target) -> Json:
    """Pick the primary value, else the first."""
    if target.sub is not None:
        for each in values_at(resource, Target(target.extension, target.attribute)):
            if isinstance(each, dict) and each.get("primary") is True:
                return each.get(target.sub.name)
    return next(iter(values_at(resource, target)), None)


def _sort_form(value: Json, target: Target, longest: int | None) -> SortKey:
    if isinstance(value, bool | int | float):
        return 0, value
    text = str(value)
    moment = instant(text) if target.leaf.type == "dateTime" else None
    return (1, *moment) if moment else (2, comparable(target.leaf, text)[:longest])
