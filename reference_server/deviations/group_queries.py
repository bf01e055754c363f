"""Deviations of queries where groups are concerned: what is left out, found and mixed up."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import parse
from .documents import resources
from .queries import parameter
from .queries import with_parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import SUCCESS
from .shaping import ask
from .shaping import change_requests
from .shaping import edited
from .shaping import on

_GROUPS = on("GET", "Groups")
_FILTERED = on("GET", "Groups", one=False, filtered=True)
_USERS = on("GET", "Users", one=False, filtered=False)


@deviation("group-excluded-attributes-ignored", area="projection")
def group_excluded_attributes_ignored(handle: Handler) -> Handler:
    """Show groups with their members, whatever `excludedAttributes` leaves out."""
    return change_requests(
        handle, _GROUPS, lambda request: without_parameters(request, "excludedAttributes")
    )


@deviation("group-filter-by-member-finds-nothing", area="searches")
def group_filter_by_member_finds_nothing(handle: Handler) -> Handler:
    """Find no group by a filter on its members."""

    def when(request: Request) -> bool:
        return _FILTERED(request) and "members" in (parameter(request, "filter") or "").lower()

    return change_requests(
        handle, when, lambda request: with_parameter(request, "filter", 'id eq "nobody"')
    )


@deviation("users-list-shows-groups", area="lists")
def users_list_shows_groups(handle: Handler) -> Handler:
    """Show groups too when users are listed without a filter."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if not _USERS(request) or reply.status not in SUCCESS:
            return reply
        found = parse(ask(handle, request, "GET", "/Groups").body) or {}
        return edited(reply, lambda users: _put_first(users, resources(found)[:1]))

    return wrapped


def _put_first(users: Document, groups: list[Document]) -> None:
    """Let a group take the place of the first user on the page."""
    if resources(users) and groups:
        users["Resources"] = [*groups, *resources(users)[1:]]
