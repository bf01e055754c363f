"""Deviations of paging by cursor in how it is asked for, refused and announced (RFC 9865)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .cursor_pages import by_cursor
from .cursor_pages import first_page
from .cursor_pages import later_page
from .documents import Document
from .documents import drop
from .documents import has
from .documents import objects
from .documents import parse
from .documents import put
from .documents import value_of
from .queries import number
from .queries import parameter
from .queries import with_parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import FAILURE
from .shaping import change_replies
from .shaping import change_requests
from .shaping import edit_lists
from .shaping import edit_replies
from .shaping import edit_requests
from .shaping import error
from .shaping import on
from .shaping import refuse

_CONFIG = on("GET", "ServiceProviderConfig")
_LIST = on("GET", "Users Groups", one=False)
_SIZES = ("defaultPageSize", "maxPageSize", "cursorTimeout")
_PAGING = ("invalidCursor", "invalidCount")


@deviation("cursor-empty-refused", area="lists")
def cursor_empty_refused(handle: Handler) -> Handler:
    """Refuse an empty cursor with 400."""
    return refuse(handle, first_page, 400, "The cursor is empty.", "invalidCursor")


@deviation("cursor-empty-ignored", area="lists")
def cursor_empty_ignored(handle: Handler) -> Handler:
    """Take an empty cursor for none, and page by index."""
    return change_requests(handle, first_page, lambda r: without_parameters(r, "cursor"))


@deviation("cursor-needs-count", area="lists")
def cursor_needs_count(handle: Handler) -> Handler:
    """Refuse a cursor without `count` with 400."""

    def when(request: Request) -> bool:
        return by_cursor(request) and parameter(request, "count") is None

    return refuse(handle, when, 400, "There is no count.", "invalidCount")


@deviation("cursor-page-too-long", area="lists")
def cursor_page_too_long(handle: Handler) -> Handler:
    """Show one resource more on a page by cursor than `count` says."""

    def when(request: Request) -> bool:
        return by_cursor(request) and number(request, "count", 0) > 0

    def longer(request: Request) -> Request:
        return with_parameter(request, "count", str(number(request, "count", 0) + 1))

    return change_requests(handle, when, longer)


@deviation("cursor-stands-still", area="lists")
def cursor_stands_still(handle: Handler) -> Handler:
    """Show the first page whatever cursor is given."""
    return change_requests(handle, later_page, lambda r: with_parameter(r, "cursor", ""))


@deviation("cursor-unsorted", area="lists")
def cursor_unsorted(handle: Handler) -> Handler:
    """Overlook the order that a list by cursor asks for."""
    return change_requests(
        handle, by_cursor, lambda r: without_parameters(r, "sortBy", "sortOrder")
    )


@deviation("cursor-unknown-first-page", area="lists")
def cursor_unknown_first_page(handle: Handler) -> Handler:
    """Show the first page for a cursor that was never handed out."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if _scim_type(reply) == "invalidCursor" and later_page(request):
            return handle(with_parameter(request, "cursor", ""))
        return reply

    return wrapped


@deviation("cursor-unknown-500", area="lists")
def cursor_unknown_500(handle: Handler) -> Handler:
    """Answer 500 to a cursor that was never handed out."""
    return _instead_of_refusal(handle, ("invalidCursor",), error(500, "The query failed."))


@deviation("cursor-in-other-query-500", area="lists")
def cursor_in_other_query_500(handle: Handler) -> Handler:
    """Answer 500 to a cursor that was handed out for another query or another count."""
    handed_out: set[Json] = set()

    def wrapped(request: Request) -> Response:
        reply = edit_lists(handle, by_cursor, lambda found: handed_out.add(_next(found)))(request)
        known = later_page(request) and parameter(request, "cursor") in handed_out
        failed = known and _scim_type(reply) in _PAGING
        return error(500, "The query failed.") if failed else reply

    return wrapped


@deviation("cursor-expired-500", area="lists")
def cursor_expired_500(handle: Handler) -> Handler:
    """Answer 500 to a cursor that has expired."""
    return _instead_of_refusal(handle, ("expiredCursor",), error(500, "The query failed."))


@deviation("cursor-of-another-tenant", area="lists")
def cursor_of_another_tenant(handle: Handler) -> Handler:
    """Honour a cursor in whichever tenant it was handed out."""

    def anywhere(request: Request, given: _Given) -> Response:
        asked = replace(given.request, query=request.query)
        return given.handle(asked)

    return _knowing_all_cursors(handle, anywhere)


@deviation("cursor-of-another-tenant-told", area="lists")
def cursor_of_another_tenant_told(handle: Handler) -> Handler:
    """Say of a cursor of another tenant whose it is."""

    def told(_request: Request, given: _Given) -> Response:
        owner = given.request.path.rpartition("/")[0]
        return error(403, f"The cursor belongs to {owner}.")

    return _knowing_all_cursors(handle, told)


@dataclass(frozen=True, slots=True)
class _Given:
    """By which tenant a cursor was handed out, and to which request."""

    handle: Handler
    request: Request


# The tenants of one server are applications of their own; here their cursors meet.
_GIVEN: dict[Json, _Given] = {}
_MOST = 1000


def _knowing_all_cursors(handle: Handler, answer: Callable[[Request, _Given], Response]) -> Handler:
    """Answer otherwise to a cursor that another tenant handed out."""

    def wrapped(request: Request) -> Response:
        def remember(found: Document) -> None:
            if len(_GIVEN) >= _MOST:
                _GIVEN.clear()
            _GIVEN[_next(found)] = _Given(handle, request)

        reply = edit_lists(handle, by_cursor, remember)(request)
        refused = later_page(request) and _scim_type(reply) == "invalidCursor"
        given = _GIVEN.get(parameter(request, "cursor")) if refused else None
        return reply if given is None or given.handle is handle else answer(request, given)

    return wrapped


@deviation("cursor-errors-as-invalid-value", area="lists")
def cursor_errors_as_invalid_value(handle: Handler) -> Handler:
    """Call a wrong cursor or count an invalid value."""

    def rename(body: Document) -> None:
        if body.get("scimType") in (*_PAGING, "expiredCursor"):
            body["scimType"] = "invalidValue"

    return edit_replies(handle, by_cursor, rename, FAILURE)


@deviation("cursor-overlooks-start-index", area="lists")
def cursor_overlooks_start_index(handle: Handler) -> Handler:
    """Begin a list by cursor though startIndex asks for a page by index."""

    def when(request: Request) -> bool:
        return _LIST(request) and parameter(request, "startIndex") is not None

    def change(request: Request) -> Request:
        return with_parameter(without_parameters(request, "startIndex"), "cursor", "")

    return change_requests(handle, when, change)


@deviation("search-by-post-ignores-cursor", area="lists")
def search_by_post_ignores_cursor(handle: Handler) -> Handler:
    """Overlook the cursor of a search by POST."""
    return edit_requests(handle, _posted, lambda body: drop(body, "cursor"))


@deviation("search-by-post-stands-still", area="lists")
def search_by_post_stands_still(handle: Handler) -> Handler:
    """Show the first page by POST whatever cursor is given."""

    def forget(body: Document) -> None:
        if has(body, "cursor"):
            put(body, "cursor", "")

    return edit_requests(handle, _posted, forget)


@deviation("config-without-pagination", area="discovery")
def config_without_pagination(handle: Handler) -> Handler:
    """Leave `pagination` out of ServiceProviderConfig."""
    return edit_replies(handle, _CONFIG, lambda config: drop(config, "pagination"))


@deviation("config-cursor-as-text", area="discovery")
def config_cursor_as_text(handle: Handler) -> Handler:
    """Give `cursor` and `index` of `pagination` as texts."""
    return _announcing(handle, {"cursor": "true", "index": "true"})


@deviation("config-paging-methods-left-out", area="discovery")
def config_paging_methods_left_out(handle: Handler) -> Handler:
    """Leave `cursor` and `index` out of `pagination`."""
    return _announcing(handle, {"cursor": None, "index": None})


@deviation("config-default-paging-wrong", area="discovery")
def config_default_paging_wrong(handle: Handler) -> Handler:
    """Announce paging by cursor as the default, which it is not."""
    return _announcing(handle, {"defaultPaginationMethod": "cursor"})


@deviation("config-default-paging-unknown", area="discovery")
def config_default_paging_unknown(handle: Handler) -> Handler:
    """Announce a default method of paging that no text knows."""
    return _announcing(handle, {"defaultPaginationMethod": "offset"})


@deviation("config-page-sizes-zero", area="discovery")
def config_page_sizes_zero(handle: Handler) -> Handler:
    """Announce 0 for the sizes of a page and the life of a cursor."""
    return _announcing(handle, dict.fromkeys(_SIZES, 0))


@deviation("config-page-sizes-too-small", area="discovery")
def config_page_sizes_too_small(handle: Handler) -> Handler:
    """Announce 1 for the sizes of a page, and show more."""
    return _announcing(handle, {"defaultPageSize": 1, "maxPageSize": 1})


def _announcing(handle: Handler, values: Mapping[str, Json]) -> Handler:
    """Say something else of paging; None leaves a word out."""

    def change(config: Document) -> None:
        for each in objects(value_of(config, "pagination")):
            each.update(values)
            drop(each, *(name for name, value in values.items() if value is None))

    return edit_replies(handle, _CONFIG, change)


def _instead_of_refusal(handle: Handler, kinds: tuple[str, ...], answer: Response) -> Handler:
    def change(reply: Response) -> Response:
        return answer if _scim_type(reply) in kinds else reply

    return change_replies(handle, by_cursor, change, FAILURE)


def _scim_type(reply: Response) -> Json:
    return (parse(reply.body) or {}).get("scimType") if reply.status in FAILURE else None


def _next(found: Document) -> Json:
    return found.get("nextCursor")


def _posted(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/.search")
