"""Deviations of lists in how a page is cut and counted, and of what an order goes by."""

from __future__ import annotations

import re
from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import objects
from .documents import parse
from .documents import resources
from .documents import value_of
from .queries import number
from .queries import parameter
from .queries import with_parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import When
from .shaping import change_requests
from .shaping import edit_lists
from .shaping import on
from .shaping import place
from .shaping import refuse

_LIST = on("GET", "Users Groups", one=False)
_SEARCH = on("GET", "Users Groups", one=False, filtered=True)


@deviation("list-without-resources", area="lists")
def list_without_resources(handle: Handler) -> Handler:
    """Leave the resources out of lists that have some."""
    return edit_lists(handle, _LIST, lambda found: drop(found, "Resources"))


@deviation("items-per-page-left-out", area="lists")
def items_per_page_left_out(handle: Handler) -> Handler:
    """Leave itemsPerPage out of lists."""
    return edit_lists(handle, _LIST, lambda found: drop(found, "itemsPerPage"))


@deviation("start-index-as-asked", area="lists")
def start_index_as_asked(handle: Handler) -> Handler:
    """Give startIndex as it was asked for, also below 1."""

    def asked(request: Request, found: Document) -> None:
        if parameter(request, "startIndex") is not None:
            found["startIndex"] = number(request, "startIndex", 1)

    return _edit_pages(handle, _LIST, asked)


@deviation("start-index-always-one", area="lists")
def start_index_always_one(handle: Handler) -> Handler:
    """Say of every page that it starts at 1."""
    return edit_lists(handle, _LIST, lambda found: found.update(startIndex=1))


@deviation("start-index-defaults-to-two", area="lists")
def start_index_defaults_to_two(handle: Handler) -> Handler:
    """Start a page of a filtered list at the second result if startIndex is not given."""

    def second(request: Request) -> Request:
        if parameter(request, "startIndex") is not None or parameter(request, "count") is None:
            return request
        return with_parameter(request, "startIndex", "2")

    return change_requests(handle, _SEARCH, second)


@deviation("start-index-no-number-500", area="lists")
def start_index_no_number_500(handle: Handler) -> Handler:
    """Answer 500 to a startIndex that is no number."""

    def when(request: Request) -> bool:
        text = parameter(request, "startIndex")
        return _LIST(request) and text is not None and not re.fullmatch(r"[+-]?[0-9]+", text)

    return refuse(handle, when, 500, "The query failed.")


@deviation("filter-after-page", area="lists")
def filter_after_page(handle: Handler) -> Handler:
    """Cut the page out of all resources, and apply the filter to what is on it."""

    def wrapped(request: Request) -> Response:
        if not _SEARCH(request) or parameter(request, "count") is None:
            return handle(request)
        whole = without_parameters(request, "startIndex", "count")
        matching = _ids(handle(whole))

        def cut(found: Document) -> None:
            shown = [each for each in resources(found) if value_of(each, "id") in matching]
            found.update(Resources=[*shown], itemsPerPage=len(shown), totalResults=len(matching))

        return edit_lists(handle, _LIST, cut)(without_parameters(request, "filter"))

    return wrapped


@deviation("sort-fails-500", area="lists")
def sort_fails_500(handle: Handler) -> Handler:
    """Answer 500 to a list with sortBy."""
    return refuse(handle, _sorted_by(lambda _path: True), 500, "The query failed.")


@deviation("sort-paths-ignored", area="lists")
def sort_paths_ignored(handle: Handler) -> Handler:
    """Overlook a sortBy that names a part of an attribute."""
    return _unsorted(handle, lambda path: ":" not in path and "." in path)


@deviation("sort-urn-unknown", area="lists")
def sort_urn_unknown(handle: Handler) -> Handler:
    """Overlook a sortBy that is given with its schema."""
    return _unsorted(handle, lambda path: ":" in path)


@deviation("sort-ascending-unknown", area="lists")
def sort_ascending_unknown(handle: Handler) -> Handler:
    """Refuse the word ascending for an order in small letters with 400."""

    def when(request: Request) -> bool:
        return _LIST(request) and parameter(request, "sortOrder") == "ascending"

    return refuse(handle, when, 400, "There is no such order.", "invalidValue")


@deviation("sort-by-first-value", area="lists")
def sort_by_first_value(handle: Handler) -> Handler:
    """Sort by the first of several values, whichever is the primary one."""

    def resort(request: Request, found: Document) -> None:
        name, _, part = (parameter(request, "sortBy") or "").partition(".")
        shown = resources(found)
        if part and all(objects(value_of(each, name)) for each in shown):
            found["Resources"] = [*sorted(shown, key=lambda each: _first(each, name, part))]

    return _edit_pages(handle, _LIST, resort)


@deviation("sort-within-page", area="lists")
def sort_within_page(handle: Handler) -> Handler:
    """Cut the page in the order of creation, and sort what is on it."""

    def wrapped(request: Request) -> Response:
        path = parameter(request, "sortBy") if _LIST(request) else None
        if path is None or parameter(request, "count") is None:
            return handle(request)

        def resort(found: Document) -> None:
            shown = sorted(resources(found), key=lambda each: str(value_of(each, path)).lower())
            found["Resources"] = [*shown]

        return edit_lists(handle, _LIST, resort)(without_parameters(request, "sortBy"))

    return wrapped


@deviation("root-query-without-groups", area="searches")
def root_query_without_groups(handle: Handler) -> Handler:
    """Leave groups out of what a query at the root finds."""

    def lose(found: Document) -> None:
        shown = [each for each in resources(found) if value_of(each, "members") is None]
        found.update(Resources=[*shown], itemsPerPage=len(shown), totalResults=len(shown))

    return edit_lists(handle, _at_root, lose)


@deviation("root-query-and-ignored", area="searches")
def root_query_and_ignored(handle: Handler) -> Handler:
    """Take of a filter at the root only what stands before `and`."""

    def shortened(request: Request) -> Request:
        text = parameter(request, "filter")
        return with_parameter(request, "filter", text.partition(" and ")[0]) if text else request

    return change_requests(handle, _at_root, shortened)


@deviation("root-query-attribute-refused", area="searches")
def root_query_attribute_refused(handle: Handler) -> Handler:
    """Refuse to look at the root for who has a userName, since not all can have one, with 400."""

    def when(request: Request) -> bool:
        return _at_root(request) and "username pr" in (parameter(request, "filter") or "").lower()

    return refuse(handle, when, 400, "There is no such attribute.", "invalidFilter")


@deviation("filter-paths-find-nobody", area="searches")
def filter_paths_find_nobody(handle: Handler) -> Handler:
    """Find nobody by a filter that names a part of the name."""

    def when(request: Request) -> bool:
        return (
            _SEARCH(request) and "name.familyname" in (parameter(request, "filter") or "").lower()
        )

    return edit_lists(
        handle, when, lambda found: found.update(Resources=[], totalResults=0, itemsPerPage=0)
    )


def _at_root(request: Request) -> bool:
    where = place(request)
    return request.method == "GET" and not where.id and where.endpoint not in _ENDPOINTS


_ENDPOINTS = ("Users", "Groups", "Schemas", "ResourceTypes", "ServiceProviderConfig", "Me")


def _sorted_by(test: Callable[[str], bool]) -> When:
    def when(request: Request) -> bool:
        path = parameter(request, "sortBy") if _LIST(request) else None
        return path is not None and test(path)

    return when


def _unsorted(handle: Handler, test: Callable[[str], bool]) -> Handler:
    return change_requests(
        handle, _sorted_by(test), lambda request: without_parameters(request, "sortBy")
    )


def _first(resource: Document, name: str, part: str) -> str:
    return str(value_of(objects(value_of(resource, name))[0], part)).lower()


def _ids(reply: Response) -> list[Json]:
    return [value_of(each, "id") for each in resources(parse(reply.body) or {})]


def _edit_pages(handle: Handler, when: When, edit: Callable[[Request, Document], None]) -> Handler:
    """Edit the list replies, knowing what was asked for."""

    def wrapped(request: Request) -> Response:
        return edit_lists(handle, when, lambda found: edit(request, found))(request)

    return wrapped
