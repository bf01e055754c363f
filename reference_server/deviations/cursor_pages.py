"""Deviations of lists that are paged by cursor, in what is on a page and in its cursors (RFC 9865).

Some remember which cursor they handed out with which page, as the servers do that they imitate.
"""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import resources
from .documents import value_of
from .queries import number
from .queries import parameter
from .queries import with_parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import change_requests
from .shaping import edit_lists
from .shaping import error
from .shaping import on

_LIST = on("GET", "Users Groups", one=False)
_UNFILTERED = on("GET", "Users Groups", one=False, filtered=False)
_END = "end"


@deviation("cursor-next-on-last-page", area="lists")
def cursor_next_on_last_page(handle: Handler) -> Handler:
    """Hand out a nextCursor with the last page as well, to empty pages without end."""

    def endless(found: Document) -> None:
        found.setdefault("nextCursor", _END)

    def wrapped(request: Request) -> Response:
        if by_cursor(request) and parameter(request, "cursor") == _END:
            request = with_parameter(with_parameter(request, "cursor", ""), "count", "0")
        return edit_lists(handle, by_cursor, endless)(request)

    return wrapped


@deviation("cursor-next-left-out-early", area="lists")
def cursor_next_left_out_early(handle: Handler) -> Handler:
    """Leave nextCursor out of the first page by cursor, though others follow."""
    return edit_lists(handle, first_page, lambda found: drop(found, "nextCursor"))


@deviation("cursor-empty-on-last-page", area="lists")
def cursor_empty_on_last_page(handle: Handler) -> Handler:
    """Give an empty text as nextCursor of the last page by cursor."""
    return edit_lists(handle, by_cursor, lambda found: found.setdefault("nextCursor", ""))


@deviation("cursor-previous-on-first-page", area="lists")
def cursor_previous_on_first_page(handle: Handler) -> Handler:
    """Hand out a previousCursor with the first page by cursor."""

    def before(found: Document) -> None:
        found["previousCursor"] = found.get("nextCursor", _END)

    return edit_lists(handle, first_page, before)


@deviation("cursor-previous-is-next", area="lists")
def cursor_previous_is_next(handle: Handler) -> Handler:
    """Hand out the cursor of the page behind as previousCursor."""

    def turned(found: Document) -> None:
        if "previousCursor" in found and "nextCursor" in found:
            found["previousCursor"] = found["nextCursor"]

    return edit_lists(handle, by_cursor, turned)


@deviation("cursor-previous-refused", area="lists")
def cursor_previous_refused(handle: Handler) -> Handler:
    """Refuse a previousCursor that was handed out with 400."""
    handed_out: set[Json] = set()

    def remember(found: Document) -> None:
        handed_out.add(found.get("previousCursor"))

    def wrapped(request: Request) -> Response:
        reply = edit_lists(handle, by_cursor, remember)(request)
        known = later_page(request) and parameter(request, "cursor") in handed_out
        return error(400, "There is no such cursor.", "invalidCursor") if known else reply

    return wrapped


@deviation("cursor-with-plus-and-slash", area="lists")
def cursor_with_plus_and_slash(handle: Handler) -> Handler:
    """Write cursors in base64 as it is, with plus, slash and equals signs."""
    behind = change_requests(handle, later_page, _in_url_safe_base64)
    return edit_lists(behind, by_cursor, lambda found: _each_cursor(found, _in_plain_base64))


def _in_plain_base64(cursor: Json) -> Json:
    return str(cursor).replace("-", "+").replace("_", "/") + "=="


def _in_url_safe_base64(request: Request) -> Request:
    plain = (parameter(request, "cursor") or "").rstrip("=")
    return with_parameter(request, "cursor", plain.replace("+", "-").replace("/", "_"))


@deviation("cursor-as-number", area="lists")
def cursor_as_number(handle: Handler) -> Handler:
    """Give cursors as JSON numbers."""
    known: list[str] = []

    def numbered(cursor: Json) -> Json:
        known.append(str(cursor))
        return len(known)

    def named(request: Request) -> Request:
        place = number(request, "cursor", 0)
        return (
            with_parameter(request, "cursor", known[place - 1])
            if 0 < place <= len(known)
            else request
        )

    behind = change_requests(handle, later_page, named)
    return edit_lists(behind, by_cursor, lambda found: _each_cursor(found, numbered))


def _each_cursor(found: Document, change: Callable[[Json], Json]) -> None:
    for name in ("nextCursor", "previousCursor"):
        if name in found:
            found[name] = change(found[name])


@deviation("cursor-as-offset", area="lists")
def cursor_as_offset(handle: Handler) -> Handler:
    """Give the number of the next resource as cursor, and take any number for one."""
    return _by_offset(handle)


@deviation("cursor-forgets-filter", area="lists")
def cursor_forgets_filter(handle: Handler) -> Handler:
    """Apply the filter of a list by cursor to its first page only."""
    return _by_offset(handle, "filter")


def _by_offset(handle: Handler, *forgotten: str) -> Handler:
    """Page by index under the cloak of cursors; what is forgotten counts on the first page only."""

    def wrapped(request: Request) -> Response:
        text = parameter(request, "cursor")
        if not by_cursor(request) or not (text == "" or (text or "").isdecimal()):
            return handle(request)
        start = int(text or 1)
        asked = without_parameters(request, "cursor", *(forgotten if text else ()))

        def cloaked(found: Document) -> None:
            drop(found, "startIndex")
            shown, total = len(resources(found)), found.get("totalResults")
            if shown and isinstance(total, int) and start + shown <= total:
                found["nextCursor"] = str(start + shown)

        return edit_lists(handle, _LIST, cloaked)(with_parameter(asked, "startIndex", str(start)))

    return wrapped


@deviation("cursor-skips-one", area="lists")
def cursor_skips_one(handle: Handler) -> Handler:
    """Leave the first resource out of each page by cursor but the first."""

    def skip(found: Document) -> None:
        keep(found, resources(found)[1:])

    return edit_lists(handle, later_page, skip)


@deviation("cursor-repeats-one", area="lists")
def cursor_repeats_one(handle: Handler) -> Handler:
    """Begin each page by cursor with the last resource of the page before."""
    remembering = _remembering(handle)

    def repeat(found: Document, before: Document | None) -> None:
        if before is not None:
            keep(found, [before, *resources(found)])

    return lambda request: remembering(request, repeat)


@deviation("cursor-loses-equals", area="lists")
def cursor_loses_equals(handle: Handler) -> Handler:
    """Leave out of each page in order what is sorted by the same as the end of the one before."""
    remembering = _remembering(handle)

    def wrapped(request: Request) -> Response:
        path = parameter(request, "sortBy")

        def lose(found: Document, before: Document | None) -> None:
            if path and before is not None:
                last = _folded(before, path)
                keep(found, [each for each in resources(found) if _folded(each, path) != last])

        return remembering(request, lose)

    return wrapped


@deviation("cursor-loses-missing", area="lists")
def cursor_loses_missing(handle: Handler) -> Handler:
    """Leave out of an ordered list by cursor who has nothing to be sorted by."""

    def wrapped(request: Request) -> Response:
        path = parameter(request, "sortBy") or "id"

        def lose(found: Document) -> None:
            keep(found, [each for each in resources(found) if _folded(each, path) is not None])

        return edit_lists(handle, by_cursor, lose)(request)

    return wrapped


@deviation("cursor-loses-last", area="lists")
def cursor_loses_last(handle: Handler) -> Handler:
    """Leave the last resource out of an unfiltered list by cursor."""

    def lose(found: Document) -> None:
        if "nextCursor" not in found:
            keep(found, resources(found)[:-1])

    return edit_lists(handle, lambda request: by_cursor(request) and _UNFILTERED(request), lose)


@deviation("cursor-descending-ends-early", area="lists")
def cursor_descending_ends_early(handle: Handler) -> Handler:
    """Show only the first page of a list by cursor in descending order."""

    def descending(request: Request) -> bool:
        return by_cursor(request) and parameter(request, "sortOrder") == "descending"

    return edit_lists(handle, descending, lambda found: drop(found, "nextCursor"))


@deviation("cursor-total-of-page", area="lists")
def cursor_total_of_page(handle: Handler) -> Handler:
    """Count in totalResults of a page by cursor only what is on it."""

    def count(found: Document) -> None:
        found["totalResults"] = len(resources(found))

    return edit_lists(handle, by_cursor, count)


@deviation("cursor-total-of-rest", area="lists")
def cursor_total_of_rest(handle: Handler) -> Handler:
    """Count in totalResults of a page by cursor only what is on it and behind it."""
    shown: dict[Json, int] = {}

    def wrapped(request: Request) -> Response:
        before = shown.get(parameter(request, "cursor"), 0)

        def count(found: Document) -> None:
            total = found.get("totalResults")
            found["totalResults"] = (total if isinstance(total, int) else 0) - before
            shown[found.get("nextCursor")] = before + len(resources(found))

        return edit_lists(handle, by_cursor, count)(request)

    return wrapped


def by_cursor(request: Request) -> bool:
    """Tell whether a list is asked for by cursor, an empty one or another."""
    return _LIST(request) and parameter(request, "cursor") is not None


def first_page(request: Request) -> bool:
    """Tell whether the first page of a list is asked for by cursor."""
    return by_cursor(request) and parameter(request, "cursor") == ""


def later_page(request: Request) -> bool:
    """Tell whether a page of a list is asked for by a cursor that was handed out."""
    return by_cursor(request) and bool(parameter(request, "cursor"))


def keep(found: Document, shown: list[Document]) -> None:
    """Give a page other resources; their total stays."""
    found.update(Resources=[*shown], itemsPerPage=len(shown))


Edit = Callable[[Document, Document | None], None]


def _remembering(handle: Handler) -> Callable[[Request, Edit], Response]:
    """Return a way to edit pages by cursor, knowing the last resource of the page before."""
    last: dict[Json, Document] = {}

    def answer(request: Request, edit: Edit) -> Response:
        before = last.get(parameter(request, "cursor")) if later_page(request) else None

        def change(found: Document) -> None:
            shown = resources(found)
            if shown and "nextCursor" in found:
                last[found["nextCursor"]] = shown[-1]
            edit(found, before)

        return edit_lists(handle, by_cursor, change)(request)

    return answer


def _folded(resource: Document, path: str) -> Json:
    found = value_of(resource, path)
    return found.lower() if isinstance(found, str) else found
