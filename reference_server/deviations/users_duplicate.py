"""Deviations of uniqueness: what happens when a userName is taken."""

from __future__ import annotations

import re
from itertools import count

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import parse
from .documents import put
from .documents import resources
from .documents import text_of
from .queries import equality
from .queries import quoted
from .queries import with_parameter
from .registry import deviation
from .shaping import as_html
from .shaping import ask
from .shaping import change_replies
from .shaping import change_requests
from .shaping import edit_resources
from .shaping import error
from .shaping import on
from .shaping import resource_path
from .shaping import with_document
from .shaping import with_status

_CREATE = on("POST", "Users", one=False)
_SEARCH = on("GET", "Users", one=False, filtered=True)
_CONFLICT = range(409, 410)
_TWIN = "~twin-"


@deviation("duplicates-allowed", area="users")
def duplicates_allowed(handle: Handler) -> Handler:
    """Create a second user with the same userName beside the first."""
    numbers = count(1)

    # The server behind refuses equal names, so a twin has a mark there that nobody else sees.
    def wrapped(request: Request) -> Response:
        reply = handle(request)
        body = (
            parse(request.body)
            if reply.status == 409 and on("POST PUT", "Users")(request)
            else None
        )
        if body is None:
            return reply
        put(body, "userName", f"{text_of(body, 'userName')}{_TWIN}{next(numbers)}")
        return handle(with_document(request, body))

    shown = edit_resources(wrapped, on("GET POST PUT PATCH", "Users"), _unmark)
    return change_requests(shown, _SEARCH, _finding_twins)


@deviation("duplicate-as-400", area="users")
def duplicate_as_400(handle: Handler) -> Handler:
    """Answer 400 in place of 409 when an existing user is created."""
    return change_replies(handle, _CREATE, lambda reply: with_status(reply, 400), _CONFLICT)


@deviation("duplicate-as-500", area="users")
def duplicate_as_500(handle: Handler) -> Handler:
    """Answer 500 when an existing user is created."""
    crash = error(500, "The user could not be stored.")
    return change_replies(handle, _CREATE, lambda _reply: crash, _CONFLICT)


@deviation("duplicate-as-200", area="users")
def duplicate_as_200(handle: Handler) -> Handler:
    """Answer 200 with the existing user when it is created again."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        found = _existing(handle, request) if reply.status == 409 and _CREATE(request) else None
        return reply if found is None else ask(handle, request, "GET", found)

    return wrapped


@deviation("duplicate-overwrites", area="users")
def duplicate_overwrites(handle: Handler) -> Handler:
    """Overwrite the existing user and answer 201 when it is created again."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        found = _existing(handle, request) if reply.status == 409 and _CREATE(request) else None
        if found is None:
            return reply
        return with_status(ask(handle, request, "PUT", found, body=parse(request.body)), 201)

    return wrapped


@deviation("duplicate-as-html", area="users")
def duplicate_as_html(handle: Handler) -> Handler:
    """Answer 409 with a web page when an existing user is created."""
    return change_replies(handle, _CREATE, as_html, _CONFLICT)


def _existing(handle: Handler, request: Request) -> str | None:
    """Return the path of the user who has the userName that a create asks for."""
    name = text_of(parse(request.body) or {}, "userName")
    asked = with_parameter(request, "filter", f"userName eq {quoted(name)}")
    found = parse(ask(handle, request, "GET", "/Users", query=asked.query).body) or {}
    ids = [text_of(user, "id") for user in resources(found)]
    return resource_path("Users", ids[0]) if ids and ids[0] else None


def _unmark(user: Document) -> None:
    name = user.get("userName")
    if isinstance(name, str):
        user["userName"] = re.sub(rf"{_TWIN}\d+$", "", name)


def _finding_twins(request: Request) -> Request:
    wanted = equality(request, "userName")
    if wanted is None:
        return request
    twins = f"userName sw {quoted(wanted.value + _TWIN)}"
    return with_parameter(request, "filter", f"userName eq {quoted(wanted.value)} or {twins}")
