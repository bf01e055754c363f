"""Deviations of lists: their form, their counters, their pages and what they show."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import dump
from .documents import edit_each
from .documents import keep_resources
from .documents import objects
from .documents import parse
from .documents import resources
from .queries import number
from .queries import parameter
from .queries import with_parameter
from .registry import deviation
from .shaping import answer_json
from .shaping import change_replies
from .shaping import change_requests
from .shaping import edit_listed
from .shaping import edit_lists
from .shaping import on
from .shaping import refuse

_LIST = on("GET", "Users Groups", one=False)
_UNFILTERED = on("GET", "Users Groups", one=False, filtered=False)
_USERS = on("GET", "Users", one=False)
_GROUPS = on("GET", "Groups", one=False)
_COUNTERS = ("totalResults", "startIndex", "itemsPerPage")


@deviation("list-counts-as-strings", area="lists")
def list_counts_as_strings(handle: Handler) -> Handler:
    """Give totalResults, startIndex and itemsPerPage as strings."""

    def edit(found: Document) -> None:
        found.update({name: str(found[name]) for name in _COUNTERS if name in found})

    return edit_lists(handle, on("GET"), edit)


@deviation("list-without-schemas", area="lists")
def list_without_schemas(handle: Handler) -> Handler:
    """Leave out of lists that they are a ListResponse."""
    return edit_lists(handle, on("GET"), lambda found: drop(found, "schemas"))


@deviation("list-without-counters", area="lists")
def list_without_counters(handle: Handler) -> Handler:
    """Leave totalResults, startIndex and itemsPerPage out of lists."""
    return edit_lists(handle, on("GET"), lambda found: drop(found, *_COUNTERS))


@deviation("list-as-bare-array", area="lists")
def list_as_bare_array(handle: Handler) -> Handler:
    """Send lists as a JSON array without the ListResponse around it."""

    def bare(reply: Response) -> Response:
        found = parse(reply.body)
        if found is None or "Resources" not in found:
            return reply
        return answer_json(reply.status, found["Resources"])

    return change_replies(handle, _LIST, bare)


@deviation("list-keys-in-lower-case", area="lists")
def list_keys_in_lower_case(handle: Handler) -> Handler:
    """Spell the keys of a list in lower case, such as `totalresults`."""

    def lowered(reply: Response) -> Response:
        found = parse(reply.body)
        if found is None or "Resources" not in found:
            return reply
        body: Json = {key.lower(): value for key, value in found.items()}
        return Response(reply.status, reply.headers, dump(body))

    return change_replies(handle, _LIST, lowered)


@deviation("users-list-500", area="lists")
def users_list_500(handle: Handler) -> Handler:
    """Answer 500 when users are listed without a filter."""
    when = on("GET", "Users", one=False, filtered=False)
    return refuse(handle, when, 500, "The users cannot be listed.")


@deviation("groups-list-404", area="lists")
def groups_list_404(handle: Handler) -> Handler:
    """Answer 404 to GET on the groups endpoint."""
    return refuse(handle, _GROUPS, 404, "There is no such endpoint.")


@deviation("groups-list-501", area="lists")
def groups_list_501(handle: Handler) -> Handler:
    """Answer 501 to GET on the groups endpoint."""
    return refuse(handle, _GROUPS, 501, "Groups cannot be listed.")


@deviation("count-ignored", area="lists")
def count_ignored(handle: Handler) -> Handler:
    """Put every resource there is on one page, whatever `count` asks for."""

    def everything(request: Request) -> Request:
        asked = parameter(request, "count") is not None
        return with_parameter(request, "count", "1000000") if asked else request

    return change_requests(handle, _LIST, everything)


@deviation("total-is-page-size", area="lists")
def total_is_page_size(handle: Handler) -> Handler:
    """End a page after three resources, and count only those in totalResults."""

    def total(found: Document) -> None:
        found["totalResults"] = len(resources(found))

    return edit_lists(change_requests(handle, _UNFILTERED, _page_of_at_most(3)), _LIST, total)


@deviation("pages-zero-based", area="lists")
def pages_zero_based(handle: Handler) -> Handler:
    """Count startIndex from zero in unfiltered lists, so that 1 skips a resource."""

    def shifted(request: Request) -> Request:
        if parameter(request, "startIndex") is None:
            return request
        return with_parameter(request, "startIndex", str(number(request, "startIndex", 0) + 1))

    return change_requests(handle, _UNFILTERED, shifted)


@deviation("start-index-ignored", area="lists")
def start_index_ignored(handle: Handler) -> Handler:
    """Show the first page of unfiltered lists, whatever startIndex asks for."""
    return change_requests(
        handle, _UNFILTERED, lambda request: with_parameter(request, "startIndex", "1")
    )


@deviation("page-capped-at-two", area="lists")
def page_capped_at_two(handle: Handler) -> Handler:
    """Put two resources at most on a page of an unfiltered list, as the RFC allows."""
    return change_requests(handle, _UNFILTERED, _page_of_at_most(2))


@deviation("list-repeats-last", area="lists")
def list_repeats_last(handle: Handler) -> Handler:
    """Show the last resource of an unfiltered list twice."""

    def repeat(found: Document) -> None:
        shown = resources(found)
        found["Resources"] = [*shown, *shown[-1:]]

    return edit_lists(handle, _UNFILTERED, repeat)


@deviation("list-loses-newest", area="lists")
def list_loses_newest(handle: Handler) -> Handler:
    """Leave the resource that was created last out of unfiltered lists."""

    def lose(found: Document) -> None:
        total, start = found.get("totalResults"), found.get("startIndex")
        shown = resources(found)
        if not isinstance(total, int) or not isinstance(start, int) or not total:
            return
        if start + len(shown) > total:
            found["Resources"] = [*shown[:-1]]
            found["itemsPerPage"] = len(shown[:-1])
        found["totalResults"] = total - 1

    return edit_lists(handle, _UNFILTERED, lose)


@deviation("list-hides-inactive", area="lists")
def list_hides_inactive(handle: Handler) -> Handler:
    """Leave inactive users out of unfiltered lists."""
    when = on("GET", "Users", one=False, filtered=False)
    return edit_lists(
        handle, when, lambda found: keep_resources(found, lambda user: user.get("active"))
    )


@deviation("list-without-id", area="lists")
def list_without_id(handle: Handler) -> Handler:
    """Leave the id out of users in lists."""
    return edit_listed(handle, _USERS, lambda user: drop(user, "id"))


@deviation("list-hides-user-names", area="lists")
def list_hides_user_names(handle: Handler) -> Handler:
    """Leave userName out of users in lists."""
    return edit_listed(handle, _USERS, lambda user: drop(user, "userName"))


@deviation("list-hides-names", area="lists")
def list_hides_names(handle: Handler) -> Handler:
    """Leave the name out of users in lists."""
    return edit_listed(handle, _USERS, lambda user: drop(user, "name"))


@deviation("list-hides-emails", area="lists")
def list_hides_emails(handle: Handler) -> Handler:
    """Leave the emails out of users in lists."""
    return edit_listed(handle, _USERS, lambda user: drop(user, "emails"))


@deviation("list-hides-active", area="lists")
def list_hides_active(handle: Handler) -> Handler:
    """Leave `active` out of users in lists."""
    return edit_listed(handle, _USERS, lambda user: drop(user, "active"))


@deviation("list-loses-primary", area="lists")
def list_loses_primary(handle: Handler) -> Handler:
    """Leave out of users in lists which of their emails is the primary one."""
    return edit_listed(
        handle,
        _USERS,
        lambda user: edit_each(objects(user.get("emails")), lambda email: drop(email, "primary")),
    )


@deviation("list-hides-group-names", area="lists")
def list_hides_group_names(handle: Handler) -> Handler:
    """Leave the displayName out of groups in lists."""
    return edit_listed(handle, _GROUPS, lambda group: drop(group, "displayName"))


@deviation("list-hides-members", area="lists")
def list_hides_members(handle: Handler) -> Handler:
    """Leave the members out of groups in lists."""
    return edit_listed(handle, _GROUPS, lambda group: drop(group, "members"))


def _page_of_at_most(size: int) -> Callable[[Request], Request]:
    """Return the change that makes a request ask for a page no larger than this."""
    return lambda request: with_parameter(
        request, "count", str(min(size, number(request, "count", size)))
    )
