"""Servers that page by cursor in other ways than the reference server (RFC 9865)."""

from __future__ import annotations

from legal_protocol import CONFIG
from legal_protocol import legal

from reference_server.deviations import shaping
from reference_server.deviations.cursor_pages import by_cursor
from reference_server.deviations.cursor_pages import later_page
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import resources
from reference_server.deviations.documents import value_of
from reference_server.deviations.queries import number
from reference_server.deviations.queries import parameter
from reference_server.deviations.queries import with_parameter
from reference_server.deviations.queries import without_parameters
from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

LIST = shaping.on("GET", "Users Groups", one=False)
NOTHING = "nothing-follows"


def _announce(handle: Handler, **values: Json) -> Handler:
    """Say something else of paging."""

    def change(config: Document) -> None:
        for each in objects(value_of(config, "pagination")):
            each.update(values)

    return shaping.edit_replies(handle, CONFIG, change)


def _unchosen(request: Request) -> bool:
    """Tell whether a list is asked for by neither method."""
    chosen = parameter(request, "cursor") is not None or parameter(request, "startIndex")
    return LIST(request) and not chosen


@legal
def cursors_by_default(handle: Handler) -> Handler:
    """Page by cursor unless startIndex asks for an index (RFC 9865 section 2.4)."""
    handle = shaping.change_requests(
        handle, _unchosen, lambda request: with_parameter(request, "cursor", "")
    )
    return _announce(handle, defaultPaginationMethod="cursor")


@legal
def cursors_alone(handle: Handler) -> Handler:
    """Page by cursor alone, also where none is asked for (RFC 9865 section 2.3)."""

    def unindexed(request: Request) -> Request:
        request = without_parameters(request, "startIndex")
        return with_parameter(request, "cursor", "") if _unchosen(request) else request

    def drop_index(body: Document) -> None:
        drop(body, "startIndex")

    handle = shaping.edit_requests(handle, shaping.on("POST", ".search"), drop_index)
    handle = shaping.change_requests(handle, LIST, unindexed)
    return _announce(handle, index=False, defaultPaginationMethod="cursor")


@legal
def cursors_forward_only(handle: Handler) -> Handler:
    """Hand out no previousCursor and no total, and after the last resource an empty page."""

    def short(found: Document) -> None:
        drop(found, "previousCursor", "totalResults", "itemsPerPage")
        if resources(found):
            found.setdefault("nextCursor", NOTHING)

    def wrapped(request: Request) -> Response:
        if parameter(request, "cursor") == NOTHING:
            request = with_parameter(with_parameter(request, "cursor", ""), "count", "0")
        return handle(request)

    return shaping.edit_lists(wrapped, by_cursor, short)


@legal
def cursors_of_short_pages(handle: Handler) -> Handler:
    """Put two resources at most on a page by cursor, and say nothing of sizes."""

    def fewer(request: Request) -> Request:
        asked = parameter(request, "count") or "2"
        count = min(2, int(asked)) if asked.lstrip("-").isdecimal() else asked
        return with_parameter(request, "count", str(count))

    def silent(config: Document) -> None:
        for each in objects(value_of(config, "pagination")):
            drop(each, "defaultPageSize", "maxPageSize", "cursorTimeout")

    handle = shaping.change_requests(handle, by_cursor, fewer)
    return shaping.edit_replies(handle, CONFIG, silent)


@legal
def cursors_that_are_kept(handle: Handler) -> Handler:
    """Keep cursors on the server, forget them, and refuse a count beyond the largest page."""
    known: list[str] = []

    def numbered(found: Document) -> None:
        for name in ("nextCursor", "previousCursor"):
            if name in found:
                known.append(str(found[name]))
                found[name] = f"cursor.{len(known) * 7919:08}"

    def wrapped(request: Request) -> Response:
        if by_cursor(request) and number(request, "count", 1) > 1000:
            return shaping.error(400, "The count is too large.", "invalidCount")
        if later_page(request):
            place, rest = divmod(number_of(request), 7919)
            if rest or not 0 < place <= len(known):
                return shaping.error(400, "The cursor is gone.", "expiredCursor")
            request = with_parameter(request, "cursor", known[place - 1])
        return handle(request)

    return shaping.edit_lists(wrapped, by_cursor, numbered)


def number_of(request: Request) -> int:
    """Return the number in a cursor, 1 where there is none."""
    text = (parameter(request, "cursor") or "").removeprefix("cursor.")
    return int(text) if text.isdecimal() else 1
