"""References in bulk operations: `bulkId:NAME` where the id of a new resource belongs (3.7.2).

They are found in paths, in any text of the data that is nothing else, at the end of a `$ref`, and
in the filters of PATCH paths, wherever in the data that is: extensions are no exception.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from typing import TypeAlias
from urllib.parse import quote
from urllib.parse import unquote

from .bulk_messages import BulkOperation
from .filters import MAX_LENGTH
from .messages import Json

# Gives the id for a name, or raises; the second argument says where the name stands.
Lookup: TypeAlias = Callable[[str, str], str]

_PREFIX = "bulkId:"
_QUOTED = re.compile(r'"bulkId:(?:[^"\\]|\\.)+"')


class GoneError(Exception):
    """Raised by a look-up for a name whose reference is to be left out."""


def referenced(operation: BulkOperation) -> frozenset[str]:
    """Return the names that an operation refers to."""
    found: set[str] = set()

    def note(name: str, _where: str) -> str:
        found.add(name)
        return ""

    resolve_path(operation, note)
    resolve_data(operation, note)
    return frozenset(found)


def resolve_path(operation: BulkOperation, lookup: Lookup) -> str:
    """Return the path of an operation with the id in the place of a name."""
    endpoint, _, identifier = operation.path[1:].partition("/")
    if not identifier.startswith(_PREFIX):
        return operation.path
    name = unquote(identifier[len(_PREFIX) :])
    return f"/{endpoint}/{quote(lookup(name, 'path'), safe='')}"


def resolve_data(operation: BulkOperation, lookup: Lookup) -> Json:
    """Return the data of an operation with ids in the places of names."""
    if not isinstance(operation.data, dict):
        return operation.data
    return dict(_members(operation.data, "data", lookup))


def _members(value: dict[str, Json], where: str, lookup: Lookup) -> Iterator[tuple[str, Json]]:
    for key, each in value.items():
        inner = f"{where}.{key}"
        if isinstance(each, dict) and key.lower().startswith("urn:"):
            # An extension is a container like the resource itself, and stays without a reference.
            yield key, dict(_members(each, inner, lookup))
            continue
        try:
            yield key, _resolved(each, key, inner, lookup)
        except GoneError:
            continue


def _resolved(value: Json, key: str, where: str, lookup: Lookup) -> Json:
    """Resolve a value; an object with a reference that is gone is gone itself."""
    if isinstance(value, str):
        return _text(value, key.lower(), where, lookup)
    if isinstance(value, dict):
        return {
            name: _resolved(each, name, f"{where}.{name}", lookup) for name, each in value.items()
        }
    if isinstance(value, list):
        return list(_items(value, key, where, lookup))
    return value


def _items(values: list[Json], key: str, where: str, lookup: Lookup) -> Iterator[Json]:
    for number, each in enumerate(values):
        try:
            yield _resolved(each, key, f"{where}[{number}]", lookup)
        except GoneError:
            continue


def _text(text: str, key: str, where: str, lookup: Lookup) -> str:
    if text.startswith(_PREFIX) and len(text) > len(_PREFIX):
        return lookup(text[len(_PREFIX) :], where)
    if key == "path" and _PREFIX in text and len(text) <= MAX_LENGTH:
        return _QUOTED.sub(lambda found: _in_filter(found[0], where, lookup), text)
    if key == "$ref":
        start, slash, last = text.rpartition("/")
        if slash and last.startswith(_PREFIX) and len(last) > len(_PREFIX):
            return f"{start}/{quote(lookup(unquote(last[len(_PREFIX) :]), where), safe='')}"
    return text


def _in_filter(literal: str, where: str, lookup: Lookup) -> str:
    try:
        name = str(json.loads(literal))[len(_PREFIX) :]
    except ValueError:
        return literal  # a broken string, which the filter's reader will refuse
    return json.dumps(lookup(name, where), ensure_ascii=False)
