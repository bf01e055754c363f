"""Finds out whom each request is about, and gives everybody a name that tells nothing.

Ids, user names and whatever else a log calls a person or a group by are linked where a request
or reply shows them together; what is shown is `user-1`, `group-2`.
"""

from __future__ import annotations

from collections.abc import Iterator

from .model import Hit
from .places import looked_for
from .shapes import found_in
from .shapes import operations_of
from .shapes import part

_KINDS = {"Users": "user", "Groups": "group"}
_NAMES: dict[str, tuple[str, ...]] = {
    "Users": ("userName", "externalId"),
    "Groups": ("displayName", "externalId"),
}


class Subjects:
    """The people and groups of one log; the same one has the same placeholder throughout."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}
        self._last_asked: dict[tuple[str, str], int] = {}
        self._counts: dict[str, int] = {}
        self._owned: dict[tuple[str, int], set[tuple[str, str]]] = {}

    def of(self, hit: Hit) -> str:
        """Return the placeholder of whom a request is about, or an empty text for nobody."""
        kind = _KINDS.get(hit.place.endpoint)
        if kind is None:
            return ""
        # Two tenants may have the same names; what is asked on behalf of which has its base path.
        stream = hit.place.base
        keys = [f"{stream}\0{key}" for key in _keys(hit)]
        if hit.method == "POST" and not _name_keys(hit):
            # Without a body a create is about whoever was looked up just before it.
            number = self._last_asked.pop((stream, kind), None) or self._new(kind)
            self._bind(kind, number, keys)
            return f"{kind}-{number}"
        if not keys:
            return ""
        number = next((self._known[kind, key] for key in keys if (kind, key) in self._known), 0)
        number = number or self._new(kind)
        if hit.method in ("PUT", "PATCH") and 200 <= hit.status < 300 and _name_keys(hit):
            self._forget_names(kind, number, stream)
        self._bind(kind, number, keys)
        if hit.method == "GET" and not hit.place.identifier:
            self._last_asked[stream, kind] = number
        else:
            self._last_asked.pop((stream, kind), None)
        return f"{kind}-{number}"

    def named(self, kind: str, key: str) -> str:
        """Return the placeholder of whom an IdP's own log calls by that key."""
        number = self._known.get((kind, key)) or self._new(kind)
        self._bind(kind, number, [key])
        return f"{kind}-{number}"

    def _new(self, kind: str) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def _bind(self, kind: str, number: int, keys: list[str]) -> None:
        for key in keys:
            self._known[kind, key] = number
            self._owned.setdefault((kind, number), set()).add((kind, key))

    def _forget_names(self, kind: str, number: int, stream: str) -> None:
        """Let go of the old name of somebody who is written anew: another may have it next."""
        owned = self._owned.get((kind, number), set())
        for key in [key for key in owned if key[1].startswith(f"{stream}\0name:")]:
            owned.discard(key)
            self._known.pop(key, None)


def _keys(hit: Hit) -> Iterator[str]:
    """Return whatever names the one that a request is about, the surest first."""
    if hit.place.identifier:
        yield f"id:{hit.place.identifier}"
    elif hit.method == "POST" and 200 <= hit.status < 300:
        created = part(hit.got, "id")
        if isinstance(created, str) and created:
            yield f"id:{created}"
    if hit.method == "GET":
        yield from _keys_of_look_up(hit)
    else:
        yield from _name_keys(hit)


def _keys_of_look_up(hit: Hit) -> Iterator[str]:
    wanted = None if hit.place.identifier else looked_for(hit.place)
    if wanted is None:
        return
    yield f"name:{wanted[1].casefold()}"
    found = found_in(hit)
    identifier = part(found[0], "id") if len(found) == 1 else None
    named = part(found[0], wanted[0]) if len(found) == 1 else None
    same = isinstance(named, str) and named.casefold() == wanted[1].casefold()
    if isinstance(identifier, str) and same:
        yield f"id:{identifier}"


def _name_keys(hit: Hit) -> list[str]:
    names = _NAMES.get(hit.place.endpoint, ("",))
    values = [part(hit.sent, name) for name in names]
    for operation in operations_of(hit):
        path, value = part(operation, "path"), part(operation, "value")
        if isinstance(path, str) and path.lower() == names[0].lower():
            values.append(value)
        elif path is None:
            values.append(part(value, names[0]))
    return [f"name:{value.casefold()}" for value in values if isinstance(value, str) and value]
