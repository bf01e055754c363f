"""Privacy: filters that must not stand in a URL, where browsers and logs keep them.

RFC 7644 section 7.5.2: a GET whose filter holds personal data should be answered 403 `sensitive`,
so that the client sends it with POST to `.search`. Which attributes these are, the owner of a
server knows; by default there are none, for every identity provider looks people up with GET.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from typing import TypeAlias

from .errors import ScimError
from .filters import And
from .filters import Filter
from .filters import Not
from .filters import Or
from .filters import ValuePath
from .filters import parse_filter
from .paths import BadPathError
from .paths import parse_attr_path

_Name: TypeAlias = tuple[str, str | None]


class Privacy:
    """The attributes, with all their sub-attributes or one, that no URL may filter by."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(_checked(each) for each in names)

    def check(self, text: str | None) -> None:
        """Raise 403 for a filter in a URL that names one of them."""
        if text is None or not self._names:
            return
        for name, sub in _named(parse_filter(text)):
            if any(_meet((name, sub), wanted) for wanted in self._names):
                detail = f"A filter by {name!r} may hold personal data: send it to /.search."
                raise ScimError(403, detail, "sensitive")


def _meet(given: _Name, wanted: _Name) -> bool:
    """Compare two names; without a sub-attribute, each of them is meant."""
    either = given[1] is None or wanted[1] is None
    return given[0] == wanted[0] and (either or given[1] == wanted[1])


def _checked(text: str) -> _Name:
    try:
        path = parse_attr_path(text)
    except BadPathError as fault:
        raise ValueError(f"sensitive attribute: {fault}") from fault
    if path.urn is not None:
        raise ValueError(f"sensitive attribute: {text!r} must be a name without a URN")
    return path.name.lower(), path.sub.lower() if path.sub else None


def _named(tree: Filter) -> Iterator[_Name]:
    """Go through the attributes that a filter names, whatever their schemas are."""
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _named(part)
        case Not(part):
            yield from _named(part)
        case ValuePath(path, inner):
            yield from ((path.name.lower(), name) for name, _ in _named(inner))
        case _:
            path = tree.path
            yield path.name.lower(), path.sub.lower() if path.sub else None
