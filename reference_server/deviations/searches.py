"""Deviations of searches: how a filter is decoded, understood and answered."""

from __future__ import annotations

from urllib.parse import quote
from urllib.parse import unquote_plus

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import keep_resources
from .documents import parse
from .queries import change_raw
from .queries import equality
from .queries import parameter
from .queries import quoted
from .queries import with_parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import change_replies
from .shaping import change_requests
from .shaping import edit_listed
from .shaping import edit_lists
from .shaping import error
from .shaping import on
from .shaping import refuse

_USERS = on("GET", "Users", one=False, filtered=True)
_GROUPS = on("GET", "Groups", one=False, filtered=True)
_BOTH = on("GET", "Users Groups", one=False, filtered=True)


@deviation("empty-search-404", area="searches")
def empty_search_404(handle: Handler) -> Handler:
    """Answer 404 if a filter matches nothing."""

    def missing(reply: Response) -> Response:
        found = parse(reply.body)
        if found is None or found.get("totalResults") != 0:
            return reply
        return error(404, "No resource matches the filter.")

    return change_replies(handle, _BOTH, missing)


@deviation("empty-search-null-resources", area="searches")
def empty_search_null_resources(handle: Handler) -> Handler:
    """Send null in place of the array if a filter matches nothing."""

    def nullify(found: Document) -> None:
        found["Resources"] = found["Resources"] or None

    return edit_lists(handle, _BOTH, nullify)


@deviation("empty-search-without-resources", area="searches")
def empty_search_without_resources(handle: Handler) -> Handler:
    """Leave Resources out if a filter matches nothing, as the RFC allows."""

    def lose(found: Document) -> None:
        if not found["Resources"]:
            drop(found, "Resources")

    return edit_lists(handle, _BOTH, lose)


@deviation("empty-search-204", area="searches")
def empty_search_204(handle: Handler) -> Handler:
    """Answer 204 without a body if a filter matches nothing."""

    def nothing(reply: Response) -> Response:
        found = parse(reply.body)
        return Response(204) if found is not None and found.get("totalResults") == 0 else reply

    return change_replies(handle, _BOTH, nothing)


@deviation("search-hides-names", area="searches")
def search_hides_names(handle: Handler) -> Handler:
    """Leave the name out of users that a filter finds."""
    return edit_listed(handle, _USERS, lambda user: drop(user, "name"))


@deviation("filter-ignored", area="searches")
def filter_ignored(handle: Handler) -> Handler:
    """Ignore the filter on users, and find everybody."""
    return change_requests(handle, _USERS, lambda request: without_parameters(request, "filter"))


@deviation("filter-unsupported", area="searches")
def filter_unsupported(handle: Handler) -> Handler:
    """Refuse a filter on users with 400 invalidFilter."""
    return refuse(handle, _USERS, 400, "Filters are not supported.", "invalidFilter")


@deviation("filter-case-sensitive", area="searches")
def filter_case_sensitive(handle: Handler) -> Handler:
    """Compare capitals in an `eq` on userName, though it has no case."""

    def wrapped(request: Request) -> Response:
        wanted = equality(request, "userName") if _USERS(request) else None
        if wanted is None:
            return handle(request)
        return edit_lists(
            handle,
            _USERS,
            lambda found: keep_resources(found, lambda user: user.get("userName") == wanted.value),
        )(request)

    return wrapped


@deviation("filter-prefix", area="searches")
def filter_prefix(handle: Handler) -> Handler:
    """Find by an `eq` on userName all users whose userName begins with the value."""
    return change_requests(handle, _USERS, lambda request: _prefix(request, "userName"))


@deviation("filter-plus-not-decoded", area="searches")
def filter_plus_not_decoded(handle: Handler) -> Handler:
    """Take a plus sign in a filter for a plus sign in place of a blank."""
    return change_requests(
        handle,
        _BOTH,
        lambda request: change_raw(request, "filter", lambda raw: raw.replace("+", "%2B")),
    )


@deviation("filter-percent-decoded-twice", area="searches")
def filter_percent_decoded_twice(handle: Handler) -> Handler:
    """Decode a filter twice, so that %2B, a plus sign, becomes a blank."""

    # Quoted again is only what would end the value or be no query: the second decoding is the
    # handler's own.
    def once(raw: str) -> str:
        return quote(unquote_plus(raw), safe="%+")

    return change_requests(handle, _BOTH, lambda request: change_raw(request, "filter", once))


@deviation("filter-apostrophe-500", area="searches")
def filter_apostrophe_500(handle: Handler) -> Handler:
    """Answer 500 to an apostrophe in a filter."""

    def when(request: Request) -> bool:
        return _BOTH(request) and "'" in (parameter(request, "filter") or "")

    return refuse(handle, when, 500, "The query failed.")


@deviation("filter-finds-nothing", area="searches")
def filter_finds_nothing(handle: Handler) -> Handler:
    """Find nobody by a filter on users."""
    return edit_lists(
        handle,
        _USERS,
        lambda found: found.update(totalResults=0, itemsPerPage=0, Resources=[]),
    )


@deviation("filter-hides-inactive", area="searches")
def filter_hides_inactive(handle: Handler) -> Handler:
    """Leave inactive users out of what a filter finds."""
    return edit_lists(
        handle,
        _USERS,
        lambda found: keep_resources(found, lambda user: user.get("active") is not False),
    )


@deviation("filter-refuses-paging", area="searches")
def filter_refuses_paging(handle: Handler) -> Handler:
    """Refuse a filter together with startIndex or count with 400."""

    def when(request: Request) -> bool:
        paged = any(parameter(request, name) is not None for name in ("startIndex", "count"))
        return _BOTH(request) and paged

    return refuse(handle, when, 400, "A search cannot be paged.", "invalidValue")


@deviation("search-total-zero", area="searches")
def search_total_zero(handle: Handler) -> Handler:
    """Say that totalResults is 0, whatever a filter finds and lists."""
    return edit_lists(handle, _BOTH, lambda found: found.update(totalResults=0))


@deviation("search-result-without-id", area="searches")
def search_result_without_id(handle: Handler) -> Handler:
    """Leave the id out of what a filter finds."""
    return edit_listed(handle, _BOTH, lambda resource: drop(resource, "id"))


@deviation("group-filter-ignored", area="searches")
def group_filter_ignored(handle: Handler) -> Handler:
    """Ignore the filter on groups, and find all."""
    return change_requests(handle, _GROUPS, lambda request: without_parameters(request, "filter"))


@deviation("group-filter-unsupported", area="searches")
def group_filter_unsupported(handle: Handler) -> Handler:
    """Refuse a filter on a group's displayName with 400 invalidFilter."""

    def when(request: Request) -> bool:
        return _GROUPS(request) and "displayname" in (parameter(request, "filter") or "").lower()

    return refuse(handle, when, 400, "Groups cannot be found by displayName.", "invalidFilter")


@deviation("group-filter-prefix", area="searches")
def group_filter_prefix(handle: Handler) -> Handler:
    """Find by an `eq` on displayName all groups whose name begins with the value."""
    return change_requests(handle, _GROUPS, lambda request: _prefix(request, "displayName"))


@deviation("group-filter-finds-nothing", area="searches")
def group_filter_finds_nothing(handle: Handler) -> Handler:
    """Find no group by a filter on groups."""
    return edit_lists(
        handle,
        _GROUPS,
        lambda found: found.update(totalResults=0, itemsPerPage=0, Resources=[]),
    )


def _prefix(request: Request, attribute: str) -> Request:
    wanted = equality(request, attribute)
    if wanted is None:
        return request
    return with_parameter(request, "filter", f"{wanted.attribute} sw {quoted(wanted.value)}")
