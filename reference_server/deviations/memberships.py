"""Deviations of memberships that are kept with the person, not with each group."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import put
from .documents import text_of
from .documents import value_of
from .look_alikes import everything
from .registry import deviation
from .shaping import SUCCESS
from .shaping import ask
from .shaping import error
from .shaping import on
from .shaping import place
from .shaping import read
from .shaping import resource_path
from .shaping import stored
from .shaping import values_of
from .writes import adds_members
from .writes import after_change
from .writes import edit_against
from .writes import members
from .writes import operations
from .writes import patch_body

_CHANGE = on("PUT PATCH", "Groups", one=True)
_DELETE = on("DELETE", "Groups", one=True)


@deviation("member-remove-from-every-group", area="members")
def member_remove_from_every_group(handle: Handler) -> Handler:
    """Take who leaves one group out of all others too."""

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _CHANGE(request) else {}
        reply = handle(request)
        if before and reply.status in SUCCESS:
            after = read(handle, request, "Groups", place(request).id)
            _take_out(handle, request, sorted({*_inside(before)} - {*_inside(after)}))
        return reply

    return wrapped


@deviation("group-delete-ends-memberships", area="members")
def group_delete_ends_memberships(handle: Handler) -> Handler:
    """Take the people of a group that is deleted out of all their other groups."""

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _DELETE(request) else {}
        reply = handle(request)
        if reply.status in SUCCESS:
            _take_out(handle, request, _inside(before))
        return reply

    return wrapped


@deviation("group-of-deleted-member-500", area="members")
def group_of_deleted_member_500(handle: Handler) -> Handler:
    """Answer 500 to every change of a group of which a member was deleted."""
    broken: set[str] = set()

    def wrapped(request: Request) -> Response:
        where = place(request)
        if _CHANGE(request) and where.id in broken:
            return error(500, "A member cannot be loaded.")
        leaving = where.endpoint == "Users" and request.method == "DELETE"
        homes = _groups_of(handle, request, where.id) if leaving else []
        reply = handle(request)
        if reply.status in SUCCESS:
            broken.update(homes)
        return reply

    return wrapped


@deviation("member-add-ends-at-present", area="members")
def member_add_ends_at_present(handle: Handler) -> Handler:
    """Add the members of an operation until one comes who is in the group, and no more."""

    def shorten(write: Document, before: Document) -> None:
        for each in filter(adds_members, operations(write)):
            values = members(each)
            ids = values_of([*values])
            known = [ids.index(found) for found in _inside(before) if found in ids]
            if known:
                put(each, "value", [*values[: min(known)]])

    return edit_against(handle, _CHANGE, shorten)


@deviation("group-change-drops-inactive", area="members")
def group_change_drops_inactive(handle: Handler) -> Handler:
    """Lose the inactive members of a group with any change of it."""

    def drop(request: Request, _before: Document, after: Document) -> None:
        users = everything(handle, request, "Users")
        off = {text_of(each, "id") for each in users if each.get("active") is False}
        for user in off.intersection(_inside(after)):
            _leave(handle, request, text_of(after, "id"), user)

    return after_change(handle, _CHANGE, drop)


def _inside(group: Document) -> list[str]:
    return values_of(value_of(group, "members"))


def _groups_of(handle: Handler, request: Request, user: str) -> list[str]:
    groups = everything(handle, request, "Groups")
    return [text_of(each, "id") for each in groups if user in _inside(each)]


def _take_out(handle: Handler, request: Request, people: list[str]) -> None:
    for user in people:
        for group in _groups_of(handle, request, user):
            _leave(handle, request, group, user)


def _leave(handle: Handler, request: Request, group: str, user: str) -> None:
    leave: Document = {"op": "remove", "path": f'members[value eq "{user}"]'}
    ask(handle, request, "PATCH", resource_path("Groups", group), body=patch_body(leave))
