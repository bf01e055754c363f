"""Deviations of two groups of one name, and of a name in another case."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import keep_resources
from .documents import parse
from .documents import resources
from .documents import text_of
from .queries import equality
from .queries import quoted
from .queries import with_parameter
from .registry import deviation
from .shaping import ask
from .shaping import edit_lists
from .shaping import error
from .shaping import on
from .shaping import resource_path

_CREATE = on("POST", "Groups", one=False)
_FILTERED = on("GET", "Groups", one=False, filtered=True)


@deviation("group-twin-500", area="groups")
def group_twin_500(handle: Handler) -> Handler:
    """Answer 500 to a new group that has the displayName of another."""

    def wrapped(request: Request) -> Response:
        if _CREATE(request) and _namesake(handle, request) is not None:
            return error(500, "The group could not be stored.")
        return handle(request)

    return wrapped


@deviation("group-twin-as-200", area="groups")
def group_twin_as_200(handle: Handler) -> Handler:
    """Answer 200 with the existing group when one of its displayName is created."""

    def wrapped(request: Request) -> Response:
        found = _namesake(handle, request) if _CREATE(request) else None
        return handle(request) if found is None else ask(handle, request, "GET", found)

    return wrapped


@deviation("group-filter-case-sensitive", area="searches")
def group_filter_case_sensitive(handle: Handler) -> Handler:
    """Compare capitals in an `eq` on the displayName of groups, though it has no case."""

    def wrapped(request: Request) -> Response:
        wanted = equality(request, "displayName") if _FILTERED(request) else None
        if wanted is None:
            return handle(request)
        return edit_lists(
            handle,
            _FILTERED,
            lambda found: keep_resources(
                found, lambda group: group.get("displayName") == wanted.value
            ),
        )(request)

    return wrapped


def _namesake(handle: Handler, request: Request) -> str | None:
    """Return the path of a group that has the displayName that a create asks for."""
    name = text_of(parse(request.body) or {}, "displayName")
    asked = with_parameter(request, "filter", f"displayName eq {quoted(name)}")
    found = parse(ask(handle, request, "GET", "/Groups", query=asked.query).body) or {}
    ids = [text_of(group, "id") for group in resources(found)]
    return resource_path("Groups", ids[0]) if name and ids and ids[0] else None
