"""Deviations of paging and sorting: which part of a list is shown, and in which order."""

from __future__ import annotations

import re
from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import parse
from .documents import resources
from .documents import value_of
from .queries import names
from .queries import number
from .queries import parameter
from .queries import with_parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import change_requests
from .shaping import edit_lists
from .shaping import error
from .shaping import on
from .shaping import refuse

_LIST = on("GET", "Users Groups", one=False)
_KNOWN = frozenset(
    {
        *("attributes", "count", "cursor", "excludedattributes", "filter"),
        *("sortby", "sortorder", "startindex"),
    }
)
_MOST = 200


@deviation("count-zero-as-default", area="lists")
def count_zero_as_default(handle: Handler) -> Handler:
    """Show a page of the usual size if `count` is 0."""
    return _without_count(handle, lambda count: count == 0)


@deviation("count-negative-as-unlimited", area="lists")
def count_negative_as_unlimited(handle: Handler) -> Handler:
    """Show resources without limit if `count` is negative."""
    return _without_count(handle, lambda count: count < 0)


@deviation("count-negative-refused", area="lists")
def count_negative_refused(handle: Handler) -> Handler:
    """Refuse a negative `count` with 400."""
    return _refusing(handle, "count", lambda count: count < 0)


@deviation("count-large-refused", area="lists")
def count_large_refused(handle: Handler) -> Handler:
    """Refuse a `count` above 200 with 400."""
    return _refusing(handle, "count", lambda count: count > _MOST)


@deviation("count-no-number-500", area="lists")
def count_no_number_500(handle: Handler) -> Handler:
    """Answer 500 to a `count` that is no number."""

    def when(request: Request) -> bool:
        text = parameter(request, "count")
        return _LIST(request) and text is not None and not re.fullmatch(r"[+-]?[0-9]+", text)

    return refuse(handle, when, 500, "The query failed.")


@deviation("start-index-below-one-refused", area="lists")
def start_index_below_one_refused(handle: Handler) -> Handler:
    """Refuse a startIndex below 1 with 400."""
    return _refusing(handle, "startIndex", lambda start: start < 1)


@deviation("start-index-beyond-end-404", area="lists")
def start_index_beyond_end_404(handle: Handler) -> Handler:
    """Answer 404 if startIndex is beyond the end of a list."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        found = parse(reply.body) if reply.status == 200 and _LIST(request) else None
        total = (found or {}).get("totalResults")
        if isinstance(total, int) and number(request, "startIndex", 1) > max(total, 1):
            return error(404, "There is no such page.")
        return reply

    return wrapped


@deviation("start-index-left-out", area="lists")
def start_index_left_out(handle: Handler) -> Handler:
    """Leave startIndex out of lists."""
    return edit_lists(handle, _LIST, lambda found: drop(found, "startIndex"))


@deviation("items-per-page-as-asked", area="lists")
def items_per_page_as_asked(handle: Handler) -> Handler:
    """Give the `count` that was asked for as itemsPerPage, however few resources there are."""

    def asked(request: Request, found: Document) -> None:
        if parameter(request, "count") is not None:
            found["itemsPerPage"] = number(request, "count", 0)

    return _edit_pages(handle, asked)


@deviation("pages-overlap", area="lists")
def pages_overlap(handle: Handler) -> Handler:
    """Begin each later page of a list with the last resource of the page before."""

    def earlier(request: Request) -> Request:
        start = number(request, "startIndex", 1)
        return with_parameter(request, "startIndex", str(start - 1)) if start > 1 else request

    def told(request: Request, found: Document) -> None:
        if number(request, "startIndex", 1) > 1 and "startIndex" in found:
            found["startIndex"] = number(request, "startIndex", 1)

    return _edit_pages(change_requests(handle, _LIST, earlier), told)


@deviation("unknown-parameter-refused", area="lists")
def unknown_parameter_refused(handle: Handler) -> Handler:
    """Refuse a query parameter that the RFCs do not know with 400."""

    def when(request: Request) -> bool:
        unknown = {name.lower() for name in names(request)} - _KNOWN
        return on("GET", "Users Groups")(request) and bool(unknown)

    return refuse(handle, when, 400, "There is an unknown parameter.", "invalidValue")


@deviation("sort-ignored", area="lists")
def sort_ignored(handle: Handler) -> Handler:
    """Show lists in the order of creation, whatever sortBy asks for."""
    return change_requests(handle, _LIST, lambda request: without_parameters(request, "sortBy"))


@deviation("sort-order-ignored", area="lists")
def sort_order_ignored(handle: Handler) -> Handler:
    """Sort in ascending order, whatever sortOrder asks for."""
    return change_requests(handle, _LIST, lambda request: without_parameters(request, "sortOrder"))


@deviation("sort-descending-by-default", area="lists")
def sort_descending_by_default(handle: Handler) -> Handler:
    """Sort in descending order if sortOrder is not given."""

    def descending(request: Request) -> Request:
        given = parameter(request, "sortOrder") or not parameter(request, "sortBy")
        return request if given else with_parameter(request, "sortOrder", "descending")

    return change_requests(handle, _LIST, descending)


@deviation("sort-missing-first", area="lists")
def sort_missing_first(handle: Handler) -> Handler:
    """Show the resources without the attribute first in ascending and last in descending order."""

    def turned(request: Request, found: Document) -> None:
        path = parameter(request, "sortBy")
        if path is None:
            return
        last = (parameter(request, "sortOrder") or "").lower() == "descending"
        shown = resources(found)
        missing = [each for each in shown if _at(each, path) is None]
        there = [each for each in shown if _at(each, path) is not None]
        found["Resources"] = [*there, *missing] if last else [*missing, *there]

    return _edit_pages(handle, turned)


@deviation("sort-by-code-point", area="lists")
def sort_by_code_point(handle: Handler) -> Handler:
    """Sort capitals before small letters, whether the attribute has case or not."""

    def resort(request: Request, found: Document) -> None:
        path = parameter(request, "sortBy")
        texts = [_at(each, path or "") for each in resources(found)]
        if path is None or not all(isinstance(text, str) for text in texts):
            return
        down = (parameter(request, "sortOrder") or "").lower() == "descending"
        shown = sorted(resources(found), key=lambda each: str(_at(each, path)), reverse=down)
        found["Resources"] = [*shown]

    return _edit_pages(handle, resort)


def _at(resource: Document, path: str) -> Json:
    """Return what a resource has at a path of plain names, None if nothing or many."""
    found: Json = resource
    for name in path.split("."):
        found = value_of(found, name) if isinstance(found, dict) else None
    return found


def _without_count(handle: Handler, test: Callable[[int], bool]) -> Handler:
    def change(request: Request) -> Request:
        asked = test(number(request, "count", _MOST))
        return without_parameters(request, "count") if asked else request

    return change_requests(handle, _LIST, change)


def _refusing(handle: Handler, name: str, test: Callable[[int], bool]) -> Handler:
    def when(request: Request) -> bool:
        return _LIST(request) and test(number(request, name, 1))

    return refuse(handle, when, 400, f"The value of {name} is out of range.", "invalidValue")


def _edit_pages(handle: Handler, edit: Callable[[Request, Document], None]) -> Handler:
    """Edit the list replies, knowing what was asked for."""

    def wrapped(request: Request) -> Response:
        return edit_lists(handle, _LIST, lambda found: edit(request, found))(request)

    return wrapped
