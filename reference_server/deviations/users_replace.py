"""Deviations of what is written on users: emptied values, wrong values, values of others."""

from __future__ import annotations

from itertools import count

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import has
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .registry import deviation
from .shaping import SUCCESS
from .shaping import ask
from .shaping import change_replies
from .shaping import edit_requests
from .shaping import edit_resources
from .shaping import error
from .shaping import on
from .shaping import resource_path
from .shaping import values_of
from .shaping import with_status
from .writes import after_change
from .writes import edit_against
from .writes import patch_body
from .writes import refuse_against

_PUT = on("PUT", "Users", one=True)
_WRITE = on("POST PUT", "Users")
_SHOWN = on("GET POST PUT PATCH", "Users")
_REFUSED = range(400, 401)
_NOT_FOUND = range(404, 405)


@deviation("put-creates", area="users")
def put_creates(handle: Handler) -> Handler:
    """Create a user by a PUT on an id that nobody has."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        body = parse(request.body) if reply.status in _NOT_FOUND and _PUT(request) else None
        return reply if body is None else ask(handle, request, "POST", "/Users", body=body)

    return wrapped


@deviation("put-null-keeps", area="users")
def put_null_keeps(handle: Handler) -> Handler:
    """Keep the old value of an attribute for which a PUT gives null."""

    def keep(user: Document, before: Document) -> None:
        for name in [name for name, value in user.items() if value is None and has(before, name)]:
            user[name] = before[name]

    return edit_against(handle, _PUT, keep)


@deviation("put-empty-array-keeps", area="users")
def put_empty_array_keeps(handle: Handler) -> Handler:
    """Keep the old values of an attribute for which a PUT gives an empty array."""

    def keep(user: Document, before: Document) -> None:
        for name in [name for name, value in user.items() if value == [] and has(before, name)]:
            user[name] = before[name]

    return edit_against(handle, _PUT, keep)


@deviation("put-display-name-ignored", area="users")
def put_display_name_ignored(handle: Handler) -> Handler:
    """Keep the displayName as it was in a PUT on a user."""

    def keep(user: Document, before: Document) -> None:
        put(user, "displayName", before.get("displayName"))

    return edit_against(handle, _PUT, keep)


@deviation("put-answers-another-id", area="users")
def put_answers_another_id(handle: Handler) -> Handler:
    """Answer PUT on a user with an id that leads nowhere."""
    return edit_resources(handle, _PUT, lambda user: put(user, "id", "0"))


@deviation("put-refuses-members", area="users")
def put_refuses_members(handle: Handler) -> Handler:
    """Refuse a PUT on a user who is a member of a group with 400."""
    return refuse_against(
        handle,
        _PUT,
        lambda _user, before: before.get("groups"),
        400,
        "The user is a member of a group.",
        "mutability",
    )


@deviation("put-clears-memberships", area="users")
def put_clears_memberships(handle: Handler) -> Handler:
    """Take a user out of its groups by any PUT."""

    def leave(request: Request, before: Document, _after: Document) -> None:
        for group in values_of(before.get("groups")):
            leaving: Document = {"op": "remove", "path": f'members[value eq "{before["id"]}"]'}
            where = resource_path("Groups", group)
            ask(handle, request, "PATCH", where, body=patch_body(leaving))

    return after_change(handle, _PUT, leave)


@deviation("put-immutable-members", area="groups")
def put_immutable_members(handle: Handler) -> Handler:
    """Refuse a PUT on a group with other members than it has, since their parts are immutable."""

    def others(group: Document, before: Document) -> bool:
        return set(values_of(group.get("members"))) != set(values_of(before.get("members")))

    when = on("PUT", "Groups", one=True)
    return refuse_against(handle, when, others, 400, "members.value is immutable.", "mutability")


@deviation("groups-set-by-user", area="users")
def groups_set_by_user(handle: Handler) -> Handler:
    """Make a user a member of the groups that a POST or PUT of the user names."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        wanted = parse(request.body) if _WRITE(request) and reply.status in SUCCESS else None
        identifier = text_of(parse(reply.body) or {}, "id")
        for group in values_of((wanted or {}).get("groups")):
            join: Document = {"op": "add", "path": "members", "value": [{"value": identifier}]}
            ask(handle, request, "PATCH", resource_path("Groups", group), body=patch_body(join))
        return reply

    return wrapped


@deviation("create-makes-up-user-name", area="users")
def create_makes_up_user_name(handle: Handler) -> Handler:
    """Make up a userName for a new user without one."""
    numbers = count(1)

    def make_up(user: Document) -> None:
        if not text_of(user, "userName") and not has(user, "userName"):
            put(user, "userName", f"user-{next(numbers)}")

    return edit_requests(handle, on("POST", "Users", one=False), make_up)


@deviation("create-takes-numbers-for-text", area="users")
def create_takes_numbers_for_text(handle: Handler) -> Handler:
    """Take a number for a text in a new user, and show it as a number."""
    numbers: dict[str, Json] = {}
    create = on("POST", "Users", one=False)

    def wrapped(request: Request) -> Response:
        title = (parse(request.body) or {}).get("title") if create(request) else None
        given = isinstance(title, int) and not isinstance(title, bool)
        worded = edit_requests(handle, create, lambda user: put(user, "title", str(title)))
        reply = (worded if given else handle)(request)
        if given and reply.status in SUCCESS:
            numbers[text_of(parse(reply.body) or {}, "id")] = title
        return reply

    def show(user: Document) -> None:
        if str(user.get("id")) in numbers and "title" in user:
            user["title"] = numbers[str(user.get("id"))]

    return edit_resources(wrapped, _SHOWN, show)


@deviation("create-keeps-two-primaries", area="users")
def create_keeps_two_primaries(handle: Handler) -> Handler:
    """Keep more than one primary e-mail if a new user has them."""
    kept: dict[str, set[str]] = {}
    create = on("POST", "Users", one=False)

    def wrapped(request: Request) -> Response:
        user = (parse(request.body) or {}) if create(request) else {}
        emails = [each for each in objects(user.get("emails")) if each.get("primary") is True]
        if len(emails) < 2:
            return handle(request)
        doubled = {str(each.get("value")) for each in emails}
        reply = edit_requests(handle, create, _one_primary)(request)
        if reply.status in SUCCESS:
            kept[text_of(parse(reply.body) or {}, "id")] = doubled
        return reply

    def show(user: Document) -> None:
        for each in objects(user.get("emails")):
            if each.get("value") in kept.get(str(user.get("id")), ()):
                each["primary"] = True

    return edit_resources(wrapped, _SHOWN, show)


@deviation("wrong-values-500", area="users")
def wrong_values_500(handle: Handler) -> Handler:
    """Answer 500 to a user with a value of the wrong type."""
    return _answering(handle, "invalidValue", error(500, "The user could not be stored."))


@deviation("broken-json-500", area="users")
def broken_json_500(handle: Handler) -> Handler:
    """Answer 500 to a user whose JSON is broken."""
    return _answering(handle, "invalidSyntax", error(500, "The body could not be read."))


@deviation("wrong-values-as-422", area="users")
def wrong_values_as_422(handle: Handler) -> Handler:
    """Answer 422 in place of 400 to a user with a value of the wrong type."""

    def other(reply: Response) -> Response:
        return with_status(reply, 422) if _scim_type(reply) == "invalidValue" else reply

    return change_replies(handle, on("POST PUT PATCH", "Users"), other, _REFUSED)


def _answering(handle: Handler, scim_type: str, crash: Response) -> Handler:
    return change_replies(
        handle,
        on("POST PUT PATCH", "Users"),
        lambda reply: crash if _scim_type(reply) == scim_type else reply,
        _REFUSED,
    )


def _scim_type(reply: Response) -> str:
    return text_of(parse(reply.body) or {}, "scimType")


def _one_primary(user: Document) -> None:
    for each in objects(user.get("emails"))[1:]:
        each["primary"] = False
