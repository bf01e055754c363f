"""Deviations that only a history shows: what was before comes back, or is not over yet."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import keep_resources
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .queries import equality
from .registry import deviation
from .shaping import SUCCESS
from .shaping import ask
from .shaping import edit_lists
from .shaping import edit_requests
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import resource_path
from .shaping import stored
from .users_duplicate import duplicates_allowed
from .writes import activates
from .writes import after_change
from .writes import patch_body

_CREATE = on("POST", "Users", one=False)
_DELETE = on("DELETE", "Users", one=True)
_CHANGE = on("PUT PATCH", "Users", one=True)
_SEARCH = on("GET", "Users", one=False, filtered=True)
_GROUP_CREATE = on("POST", "Groups", one=False)
_GROUP_DELETE = on("DELETE", "Groups", one=True)
_GROUP_CHANGE = on("PUT PATCH", "Groups", one=True)
_LATE = 2  # requests, until an index has a new user


@deviation("reactivate-restores-first-profile", area="users")
def reactivate_restores_first_profile(handle: Handler) -> Handler:
    """Give a user who is reactivated the names and emails back that it was created with."""
    first: dict[str, Document] = {}
    names = ("displayName", "emails", "name", "userName")

    def remembering(request: Request) -> Response:
        reply = handle(request)
        made = parse(reply.body) if _CREATE(request) and reply.status in SUCCESS else None
        if made is not None:
            first[text_of(made, "id")] = {key: made[key] for key in names if key in made}
        return reply

    def restore(request: Request, before: Document, after: Document) -> None:
        woken = before.get("active") is False and after.get("active") is True
        former = first.get(text_of(before, "id"))
        if woken and former:
            back: Document = {"op": "replace", "value": {**former}}
            path = resource_path("Users", place(request).id)
            ask(handle, request, "PATCH", path, body=patch_body(back))

    wakes = on("PUT PATCH", "Users", one=True, body=activates)
    return after_change(remembering, wakes, restore)


@deviation("recreated-inactive", area="users")
def recreated_inactive(handle: Handler) -> Handler:
    """Make a new user inactive who has the userName of one that was deleted."""
    gone: set[str] = set()

    def remembering(request: Request) -> Response:
        before = stored(handle, request) if _DELETE(request) else {}
        reply = handle(request)
        if before and reply.status == 204:
            gone.add(text_of(before, "userName").lower())
        return reply

    def again(user: Document) -> bool:
        return text_of(user, "userName").lower() in gone

    when = on("POST", "Users", one=False, body=again)
    return edit_requests(remembering, when, lambda user: put(user, "active", False))


@deviation("former-name-taken", area="users")
def former_name_taken(handle: Handler) -> Handler:
    """Refuse a new user with a userName that another had before, with 409."""
    former: set[str] = set()

    def renamed(_request: Request, before: Document, after: Document) -> None:
        name = text_of(before, "userName")
        if name != text_of(after, "userName"):
            former.add(name.lower())

    def taken(user: Document) -> bool:
        return text_of(user, "userName").lower() in former

    when = on("POST", "Users", one=False, body=taken)
    remembering = after_change(handle, _CHANGE, renamed)
    return refuse(remembering, when, 409, "The userName is taken.", "uniqueness")


@deviation("new-users-indexed-late", area="users")
def new_users_indexed_late(handle: Handler) -> Handler:
    """Find a new user by userName, and know the name for taken, only two requests later."""
    late: dict[str, int] = {}
    twins = duplicates_allowed(handle)

    def wrapped(request: Request) -> Response:
        waiting = {name for name, left in late.items() if left > 0}
        late.update({name: late[name] - 1 for name in waiting})
        name = text_of(parse(request.body) or {}, "userName").lower()
        if _CREATE(request) and name:
            reply = (twins if name in waiting else handle)(request)
            late.update({name: _LATE} if reply.status in SUCCESS else {})
            return reply
        sought = equality(request, "userName") if _SEARCH(request) else None
        if sought is None or sought.value.lower() not in waiting:
            return twins(request)
        return edit_lists(twins, _SEARCH, lambda found: keep_resources(found, lambda _: False))(
            request
        )

    return wrapped


@deviation("group-name-inherits-members", area="groups")
def group_name_inherits_members(handle: Handler) -> Handler:
    """Give a new group the members that the last deleted one of its name had."""
    left: dict[str, Json] = {}

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _GROUP_DELETE(request) else {}
        reply = handle(request)
        if before and reply.status == 204:
            left[text_of(before, "displayName").lower()] = _values(before)
        made = parse(reply.body) if _GROUP_CREATE(request) and reply.status in SUCCESS else None
        if made is not None:
            _add(handle, request, made, left.pop(text_of(made, "displayName").lower(), []))
        return reply

    return wrapped


@deviation("group-rename-restores-members", area="groups")
def group_rename_restores_members(handle: Handler) -> Handler:
    """Put the members back who were removed from a group, once it gets another name."""
    removed: dict[str, list[Json]] = {}

    def restore(request: Request, before: Document, after: Document) -> None:
        group, now = text_of(before, "id"), _values(after)
        if text_of(before, "displayName") != text_of(after, "displayName"):
            _add(handle, request, before, removed.pop(group, []))
        gone = [each for each in _values(before) if each not in now]
        removed[group] = [*removed.get(group, []), *gone]

    return after_change(handle, _GROUP_CHANGE, restore)


def _values(group: Document) -> list[Json]:
    return [{"value": each["value"]} for each in objects(value_of(group, "members"))]


def _add(handle: Handler, request: Request, group: Document, people: Json) -> None:
    """Add members to a group; who is a user no more is none."""
    if people:
        more: Document = {"op": "add", "path": "members", "value": people}
        path = resource_path("Groups", text_of(group, "id"))
        ask(handle, request, "PATCH", path, body=patch_body(more))
