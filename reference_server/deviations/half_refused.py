"""Deviations of rules that one way of writing keeps and another does not, or only half."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import CORE_USER
from .documents import Document
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .registry import deviation
from .shaping import SUCCESS
from .shaping import ask
from .shaping import edit_resources
from .shaping import on
from .shaping import place
from .shaping import stored
from .shaping import with_document
from .writes import given

_CREATE = on("POST", "Users", one=False)
_PUT = on("PUT", "Users", one=True)
_CHANGE = on("PUT PATCH", "Users", one=True)
_USERS = on("GET POST PUT PATCH", "Users")


@deviation("put-conflict-half-done", area="users")
def put_conflict_half_done(handle: Handler) -> Handler:
    """Refuse a PUT for its userName with 409, and store all else that it holds."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        body = parse(request.body) if reply.status == 409 and _PUT(request) else None
        if body is not None:
            put(body, "userName", text_of(stored(handle, request), "userName"))
            handle(with_document(request, body))
        return reply

    return wrapped


@deviation("create-refused-and-kept", area="users")
def create_refused_and_kept(handle: Handler) -> Handler:
    """Refuse a new user for a wrong value with 400, and keep it with its userName."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        name = text_of(parse(request.body) or {}, "userName") if _CREATE(request) else ""
        if name and reply.status == 400:
            body: Document = {"schemas": [CORE_USER], "userName": name}
            ask(handle, request, "POST", "/Users", body=body)
        return reply

    return wrapped


@deviation("update-takes-name-in-capitals", area="users")
def update_takes_name_in_capitals(handle: Handler) -> Handler:
    """Let a PUT or PATCH give a user the userName of another in other capitals."""
    shown: dict[str, str] = {}
    known: set[str] = set()

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if _CREATE(request) and reply.status in SUCCESS:
            known.add(text_of(parse(request.body) or {}, "userName"))
        names = given(parse(request.body) or {}, "userName") if _CHANGE(request) else []
        name = names[-1] if names else None
        if reply.status != 409 or not isinstance(name, str) or name in known:
            return reply
        shown[place(request).id] = name
        return Response(204)

    def show(user: Document) -> None:
        if user.get("id") in shown:
            user["userName"] = shown[str(user["id"])]

    return edit_resources(wrapped, _USERS, show)


@deviation("update-keeps-two-primaries", area="users")
def update_keeps_two_primaries(handle: Handler) -> Handler:
    """Keep more than one primary e-mail if a PUT or PATCH brings them."""
    kept: dict[str, set[str]] = {}

    def wrapped(request: Request) -> Response:
        body = (parse(request.body) or {}) if _CHANGE(request) else {}
        mails = [each for value in given(body, "emails") for each in objects(value)]
        first = [each for each in mails if each.get("primary") is True]
        for each in first[1:]:
            each["primary"] = False
        reply = handle(with_document(request, body) if first[1:] else request)
        if first[1:] and reply.status in SUCCESS:
            kept[place(request).id] = {text_of(each, "value") for each in first}
        return reply

    def show(user: Document) -> None:
        for each in objects(user.get("emails")):
            if each.get("value") in kept.get(str(user.get("id")), ()):
                each["primary"] = True

    return edit_resources(wrapped, _USERS, show)
