"""What may be left of creates whose reply was lost, found again by the names that runs give."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from urllib.parse import quote

from idp_profiles.model import Json
from suites.reach.leafing import Endless
from suites.reach.leafing import leafed
from suites.values import value_at

NAME_OF = {"Users": "userName", "Groups": "displayName"}
PAGES = 200  # that a search goes through; a server that shows more is not read to its end

# (method, target relative to the base URL) -> (status, body); raises OSError on trouble.
Call = Callable[[str, str], tuple[int, bytes]]


class _Unclear(Exception):
    """The server gave no answer to rely on."""


def named(kind: str, name: str, call: Call, *, listing: bool) -> list[str] | None:
    """Return the ids of the resources of a name; None when there is no answer to rely on.

    With `listing` everything is gone through on a server that cannot search.
    """
    if not name:
        return None
    wanted = name.lower()

    def fits(shown: str) -> bool:
        return shown.lower() == wanted

    found = _found(kind, _filter(kind, "eq", name), fits, call)
    return _found(kind, "", fits, call) if found is None and listing else found


def nameless(kind: str, call: Call) -> bool:
    """Return whether there may be resources without a name, which a create may have left."""
    unnamed = "filter=" + quote(f"not ({NAME_OF[kind]} pr)", safe="")
    for query in (unnamed, ""):
        try:
            return any(not value_at(each, NAME_OF[kind]) for each in _pages(kind, query, call))
        except _Unclear:
            continue
    return True


def marked(kind: str, mark: str, call: Call) -> list[tuple[str, str]]:
    """Return id and name of every resource that bears a mark, as far as the server can search."""
    try:
        resources = list(_pages(kind, _filter(kind, "co", mark), call))
    except (_Unclear, OSError):
        return []
    shown = [(value_at(each, "id"), _name(kind, each)) for each in resources]
    return [(str(found), name) for found, name in shown if found and mark in name.lower()]


def _found(kind: str, query: str, fits: Callable[[str], bool], call: Call) -> list[str] | None:
    try:
        resources = list(_pages(kind, query, call))
    except _Unclear:
        return None
    ids = [value_at(each, "id") for each in resources if fits(_name(kind, each))]
    return None if None in ids else [str(resource_id) for resource_id in ids]


def _filter(kind: str, operator: str, value: str) -> str:
    text = value.replace("\\", "\\\\").replace('"', '\\"')
    return "filter=" + quote(f'{NAME_OF[kind]} {operator} "{text}"', safe="")


def _name(kind: str, resource: Json) -> str:
    return str(value_at(resource, NAME_OF[kind]))


def _pages(kind: str, query: str, call: Call) -> Iterator[Json]:
    """Yield what a query finds, page by page: who ignores a filter has ours on a later one."""

    def ask(start: int) -> tuple[list[Json], int, Json]:
        further = [f"startIndex={start}"] if start > 1 else []
        asked = "&".join([*([query] if query else []), *further])
        found, total = _page(call("GET", f"/{kind}?{asked}" if asked else f"/{kind}"))
        return found, len(found), total

    try:
        for found in leafed(ask, PAGES):
            yield from found
    except Endless:
        raise _Unclear from None


def _page(reply: tuple[int, bytes]) -> tuple[list[Json], Json]:
    status, body = reply
    try:
        document = json.loads(body) if status == 200 else None
    except (ValueError, RecursionError):
        document = None
    found = value_at(document, "Resources") or []
    if not isinstance(document, dict) or not isinstance(found, list):
        raise _Unclear
    if not all(isinstance(resource, dict) for resource in found):
        raise _Unclear
    return found, value_at(document, "totalResults")
