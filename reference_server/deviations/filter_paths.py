"""Deviations of filters and orders in depth: parts, extensions, zones, empty arrays and ties."""

from __future__ import annotations

import re
from itertools import groupby

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import parse
from .documents import resources
from .documents import text_of
from .documents import value_of
from .filtering import rewriting
from .queries import number
from .queries import parameter
from .queries import with_parameter
from .registry import deviation
from .shaping import edit_lists
from .shaping import on

_LIST = on("GET", "Users Groups", one=False)
_CREATE = on("POST", "Users", one=False)
_PART = r"\b((?:name|emails)\.\w+|urn:\S+)"
_ORDERED = re.compile(rf"{_PART}\s+(?:co|sw|ew|gt|ge|lt|le)\s", re.IGNORECASE)
_ANY = re.compile(rf'{_PART}\s+(?:pr\b|\w\w\s+(?:"(?:[^"\\]|\\.)*"|\w+))', re.IGNORECASE)
_ZONE = re.compile(r'[+-][0-9]{2}:[0-9]{2}"')
_EMAILS = re.compile(r"\bemails pr\b", re.IGNORECASE)
_WHOLE = 1000


@deviation("filter-parts-by-eq-alone", area="searches")
def filter_parts_by_eq_alone(handle: Handler) -> Handler:
    """Take every comparison on a part of an attribute or of an extension for `eq`."""
    return rewriting(handle, lambda text: _ORDERED.sub(r"\1 eq ", text))


@deviation("filter-parts-overlooked", area="searches")
def filter_parts_overlooked(handle: Handler) -> Handler:
    """Overlook an expression on a part of an attribute or of an extension, as if it were true."""
    return rewriting(handle, lambda text: _ANY.sub("id pr", text))


@deviation("filter-zones-overlooked", area="searches")
def filter_zones_overlooked(handle: Handler) -> Handler:
    """Overlook in which time zone a moment in a filter is written."""
    return rewriting(handle, lambda text: _ZONE.sub('Z"', text))


@deviation("filter-pr-finds-empty-arrays", area="searches")
def filter_pr_finds_empty_arrays(handle: Handler) -> Handler:
    """Find by `emails pr` also who was created with an empty array of emails."""
    empty: list[str] = []

    def widen(text: str) -> str:
        names = " or ".join(f'id eq "{each}"' for each in empty)
        return _EMAILS.sub(f"(emails pr or {names})", text) if empty else text

    def wrapped(request: Request) -> Response:
        reply = rewriting(handle, widen)(request)
        if _CREATE(request) and value_of(parse(request.body) or {}, "emails") == []:
            empty.append(text_of(parse(reply.body) or {}, "id"))
        return reply

    return wrapped


@deviation("sort-ties-differ-by-page", area="lists")
def sort_ties_differ_by_page(handle: Handler) -> Handler:
    """Show resources with equal values in another order on each page of a sorted list."""

    def wrapped(request: Request) -> Response:
        path, start = parameter(request, "sortBy"), number(request, "startIndex", 1)
        if path is None or start <= 1 or not _LIST(request):
            return handle(request)
        count = number(request, "count", _WHOLE)

        def turn(found: Document) -> None:
            shown = _ties_turned(resources(found), path)[start - 1 :][:count]
            found.update(Resources=[*shown], startIndex=start, itemsPerPage=len(shown))

        whole = with_parameter(request, "startIndex", "1")
        return edit_lists(handle, _LIST, turn)(with_parameter(whole, "count", str(_WHOLE)))

    return wrapped


def _ties_turned(shown: list[Document], path: str) -> list[Document]:
    """Return a list in which those with an equal value stand the other way round."""
    ties = groupby(shown, key=lambda each: str(value_of(each, path)).lower())
    return [each for _, tied in ties for each in reversed([*tied])]
