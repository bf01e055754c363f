"""Queries: parameters, candidates, filter, order and page (RFC 7644 section 3.4.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TypeAlias
from urllib.parse import parse_qsl

from .errors import invalid_value
from .filters import parse_filter
from .messages import Json
from .paths import BadPathError
from .paths import parse_attr_path
from .predicates import Compiled
from .predicates import compile_filter
from .presenter import Presenter
from .projection import Projection
from .schemas import ResourceType
from .schemas import Target
from .store import Record
from .values import comparable
from .values import instant
from .values import values_at

LIST_URN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
DEFAULT_COUNT = 100
MAX_COUNT = 1000

_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,18}\s*")
_SortKey: TypeAlias = tuple[bool, float | str]


def parse_parameters(query: str) -> dict[str, str]:
    """Read a query string; `+` and `%20` are blanks, bytes are UTF-8."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError as fault:
        raise invalid_value(f"The query string cannot be read: {fault}.") from fault
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise invalid_value(f"The query parameter {doubled!r} is given twice.")
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list request asks for."""

    filter: Compiled | None
    sort_by: Target | None
    descending: bool
    start: int
    count: int


def read_query(parameters: Mapping[str, str], kind: ResourceType) -> Query:
    """Read the parameters of a list request for resources of one type."""
    text = parameters.get("filter")
    return Query(
        filter=_compiled(text, kind) if text is not None else None,
        sort_by=_sort_target(parameters.get("sortBy"), kind),
        descending=_descending(parameters.get("sortOrder")),
        start=max(1, _whole(parameters, "startIndex", 1)),
        count=min(MAX_COUNT, max(0, _whole(parameters, "count", DEFAULT_COUNT))),
    )


# IdPs ask the same filter again with other values only, but polls repeat it word for word.
@lru_cache(maxsize=256)
def _compiled(text: str, kind: ResourceType) -> Compiled:
    return compile_filter(parse_filter(text), kind)


def _whole(parameters: Mapping[str, str], name: str, default: int) -> int:
    text = parameters.get(name)
    if text is None:
        return default
    if not _WHOLE.fullmatch(text):
        raise invalid_value(f"{name} must be a whole number, not {text!r:.60}.")
    return int(text)


def _descending(order: str | None) -> bool:
    if order is None or order.lower() == "ascending":
        return False
    if order.lower() == "descending":
        return True
    raise invalid_value(f"sortOrder must be ascending or descending, not {order!r:.60}.")


def _sort_target(name: str | None, kind: ResourceType) -> Target | None:
    if not name:
        return None
    try:
        target = kind.resolve(parse_attr_path(name))
    except BadPathError as fault:
        raise invalid_value(f"sortBy: {fault}.") from fault
    if target is None or target.leaf.returned == "never":
        raise invalid_value(f"sortBy: {kind.name} cannot be sorted by {name!r}.")
    if target.leaf.type == "complex":
        sub = target.attribute.subs.get("value")
        if sub is None:
            raise invalid_value(f"sortBy: {name} is complex: name a sub-attribute.")
        return Target(target.extension, target.attribute, sub)
    return target


def run_query(
    query: Query, kind: ResourceType, presenter: Presenter, projection: Projection
) -> dict[str, Json]:
    """Answer a query with a ListResponse."""
    total, page = _page(query, kind, presenter)
    shown: list[Json] = [presenter.show(record, projection) for record in page]
    return list_response(shown, total, query.start)


def list_response(resources: Sequence[Json], total: int, start: int = 1) -> dict[str, Json]:
    """Build the message of a list; `itemsPerPage` is the number it holds (section 3.4.2)."""
    return {
        "schemas": [LIST_URN],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": [*resources],
    }


def _page(query: Query, kind: ResourceType, presenter: Presenter) -> tuple[int, list[Record]]:
    store = presenter.store
    if query.filter is None and query.sort_by is None:
        records = store.scan(kind, query.start - 1)
        return store.count(kind), list(islice(records, query.count))
    matches = _matches(query.filter, kind, presenter)
    if query.sort_by is not None:
        matches = _sorted(matches, query.sort_by, query.descending, presenter)
    first = query.start - 1
    return len(matches), matches[first : first + query.count]


def _matches(wanted: Compiled | None, kind: ResourceType, presenter: Presenter) -> list[Record]:
    if wanted is None:
        return list(presenter.store.scan(kind))
    candidates: Iterable[Record] = presenter.store.scan(kind)
    if wanted.lookups is not None:
        found = {
            record.id: record
            for key, value in wanted.lookups
            for record in presenter.store.lookup(kind, key, value)
        }
        candidates = sorted(found.values(), key=lambda record: record.sequence)
    return [each for each in candidates if wanted.test(presenter.view(each, wanted.roots))]


def _sorted(
    records: list[Record], target: Target, descending: bool, presenter: Presenter
) -> list[Record]:
    """Sort; what has no value comes last, or first when descending (section 3.4.2.3)."""
    roots = frozenset((target.attribute.name,))

    def key(record: Record) -> _SortKey:
        value = _sort_value(presenter.view(record, roots), target)
        if value is None:
            return True, 0
        return False, _sort_form(value, target)

    return sorted(records, key=key, reverse=descending)


def _sort_value(resource: Mapping[str, Json], target: Target) -> Json:
    """Pick the primary value, else the first."""
    if target.sub is not None:
        for each in values_at(resource, Target(target.extension, target.attribute)):
            if isinstance(each, dict) and each.get("primary") is True:
                return each.get(target.sub.name)
    return next(iter(values_at(resource, target)), None)


def _sort_form(value: Json, target: Target) -> float | str:
    if isinstance(value, bool | int | float):
        return value
    text = str(value)
    moment = instant(text) if target.leaf.type == "dateTime" else None
    return moment.timestamp() if moment else comparable(target.leaf, text)
