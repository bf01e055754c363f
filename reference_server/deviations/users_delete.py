"""Deviations of deleting: what becomes of a deleted user, and of its name."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import parse
from .documents import resources
from .documents import text_of
from .registry import deviation
from .shaping import answer_json
from .shaping import ask
from .shaping import change_replies
from .shaping import edit_lists
from .shaping import error
from .shaping import instead
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import resource_path
from .shaping import stored
from .shaping import values_of
from .writes import patch_body

_DELETE = on("DELETE", "Users", one=True)
_CREATE = on("POST", "Users", one=False)
_NOT_FOUND = range(404, 405)


@deviation("delete-refused", area="users")
def delete_refused(handle: Handler) -> Handler:
    """Answer 405 when a user is deleted."""
    return refuse(handle, _DELETE, 405, "Users cannot be deleted.")


@deviation("delete-ignored", area="users")
def delete_ignored(handle: Handler) -> Handler:
    """Answer the deletion of a user with 204, and keep the user."""

    def nothing(request: Request) -> Response:
        return Response(204) if stored(handle, request) else handle(request)

    return instead(handle, _DELETE, nothing)


@deviation("delete-deactivates", area="users")
def delete_deactivates(handle: Handler) -> Handler:
    """Make a user who is deleted inactive, and keep it."""
    off = patch_body({"op": "replace", "value": {"active": False}})

    def deactivate(request: Request) -> Response:
        if not stored(handle, request):
            return handle(request)
        ask(handle, request, "PATCH", resource_path("Users", place(request).id), body=off)
        return Response(204)

    return instead(handle, _DELETE, deactivate)


@deviation("delete-answers-200", area="users")
def delete_answers_200(handle: Handler) -> Handler:
    """Answer the deletion of a user with 200 and an empty object."""
    return change_replies(handle, _DELETE, lambda _reply: answer_json(200, {}))


@deviation("delete-twice-204", area="users")
def delete_twice_204(handle: Handler) -> Handler:
    """Answer the deletion of a user who does not exist with 204."""
    return change_replies(handle, _DELETE, lambda _reply: Response(204), _NOT_FOUND)


@deviation("delete-twice-500", area="users")
def delete_twice_500(handle: Handler) -> Handler:
    """Answer 500 to the deletion of a user who does not exist."""
    return change_replies(
        handle, _DELETE, lambda _reply: error(500, "The user is no more."), _NOT_FOUND
    )


@deviation("delete-of-member-refused", area="users")
def delete_of_member_refused(handle: Handler) -> Handler:
    """Refuse to delete a user who is a member of a group, with 409."""

    def when(request: Request) -> bool:
        return _DELETE(request) and bool(stored(handle, request).get("groups"))

    return refuse(handle, when, 409, "The user is a member of a group.")


@deviation("delete-takes-groups-along", area="users")
def delete_takes_groups_along(handle: Handler) -> Handler:
    """Delete the groups of a user who is deleted."""

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _DELETE(request) else {}
        reply = handle(request)
        for group in values_of(before.get("groups")) if reply.status == 204 else ():
            ask(handle, request, "DELETE", resource_path("Groups", group))
        return reply

    return wrapped


@deviation("deleted-still-listed", area="users")
def deleted_still_listed(handle: Handler) -> Handler:
    """Go on listing a user who was deleted."""
    gone: list[Document] = []

    def show(found: Document) -> None:
        total = found.get("totalResults")
        found["Resources"] = [*resources(found), *gone]
        found["totalResults"] = (total if isinstance(total, int) else 0) + len(gone)

    unfiltered = on("GET", "Users", one=False, filtered=False)
    return edit_lists(_remembering(handle, gone), unfiltered, show)


@deviation("deleted-name-taken", area="users")
def deleted_name_taken(handle: Handler) -> Handler:
    """Refuse a new user with the userName of one who was deleted, with 409."""
    gone: list[Document] = []

    def when(request: Request) -> bool:
        name = text_of(parse(request.body) or {}, "userName") if _CREATE(request) else ""
        return name.lower() in [text_of(each, "userName").lower() for each in gone] and bool(name)

    return refuse(_remembering(handle, gone), when, 409, "The userName is taken.", "uniqueness")


def _remembering(handle: Handler, gone: list[Document]) -> Handler:
    """Keep what the deleted users were."""

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _DELETE(request) else {}
        reply = handle(request)
        if before and reply.status == 204:
            gone.append(before)
        return reply

    return wrapped
