"""Deviations of removals of members: by a list of values, and of the last one."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request

from .documents import Document
from .documents import objects
from .documents import put
from .documents import value_of
from .registry import deviation
from .shaping import ask
from .shaping import edit_requests
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import resource_path
from .writes import after_change
from .writes import any_operation
from .writes import edit_operations
from .writes import kind
from .writes import path

_PATCH = on("PATCH", "Groups", one=True)


@deviation("members-remove-value-refused", area="members")
def members_remove_value_refused(handle: Handler) -> Handler:
    """Refuse a removal that lists members as its value with 400."""
    when = on("PATCH", "Groups", one=True, body=any_operation(_by_value))
    return refuse(handle, when, 400, "A remove has no value.", "invalidSyntax")


@deviation("members-remove-value-first-only", area="members")
def members_remove_value_first_only(handle: Handler) -> Handler:
    """Remove only the first of several members that a removal lists as its value."""

    def cut(operation: Document) -> None:
        if _by_value(operation):
            put(operation, "value", [*objects(value_of(operation, "value"))[:1]])

    return edit_requests(handle, _PATCH, edit_operations(cut))


@deviation("group-vanishes-when-empty", area="members")
def group_vanishes_when_empty(handle: Handler) -> Handler:
    """Delete a group whose last member a PATCH removes."""

    def delete(request: Request, before: Document, after: Document) -> None:
        if before.get("members") and not after.get("members"):
            ask(handle, request, "DELETE", resource_path("Groups", place(request).id))

    return after_change(handle, _PATCH, delete)


def _by_value(operation: Document) -> bool:
    listed = objects(value_of(operation, "value"))
    return kind(operation) == "remove" and path(operation) == "members" and bool(listed)
