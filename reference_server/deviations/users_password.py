"""Deviations of passwords: how setting one is refused, and what else it does."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import edit_each
from .documents import has
from .documents import parse
from .documents import resources
from .registry import deviation
from .shaping import SUCCESS
from .shaping import edit_requests
from .shaping import edited
from .shaping import on
from .shaping import place
from .shaping import refuse
from .writes import any_operation
from .writes import given
from .writes import gives
from .writes import path
from .writes import pathless
from .writes import set_too

_ANY = on("GET POST PUT PATCH", "Users")
_WRITE = on("PUT PATCH", "Users", body=gives("password"))
_DETAIL = "A password cannot be set this way."


@deviation("password-patch-refused", area="users")
def password_patch_refused(handle: Handler) -> Handler:
    """Refuse a PATCH with a password with 400."""
    when = on("PATCH", "Users", body=gives("password"))
    return refuse(handle, when, 400, _DETAIL, "mutability")


@deviation("password-pathless-refused", area="users")
def password_pathless_refused(handle: Handler) -> Handler:
    """Refuse a PATCH with a password in a value without a path with 400."""

    def pathless_password(operation: Document) -> bool:
        return pathless(operation) and gives("password")(operation)

    when = on("PATCH", "Users", body=any_operation(pathless_password))
    return refuse(handle, when, 400, _DETAIL, "invalidPath")


@deviation("password-path-refused", area="users")
def password_path_refused(handle: Handler) -> Handler:
    """Refuse a PATCH with the path `password` with 400."""
    when = on("PATCH", "Users", body=any_operation(lambda each: path(each) == "password"))
    return refuse(handle, when, 400, _DETAIL, "invalidPath")


@deviation("password-put-refused", area="users")
def password_put_refused(handle: Handler) -> Handler:
    """Refuse a PUT with a password with 400."""
    when = on("PUT", "Users", body=lambda user: has(user, "password"))
    return refuse(handle, when, 400, _DETAIL, "mutability")


@deviation("password-change-deactivates", area="users")
def password_change_deactivates(handle: Handler) -> Handler:
    """Deactivate a user whose password is changed."""
    return edit_requests(handle, _WRITE, lambda write: set_too(write, "active", False))


@deviation("password-echoed", area="users")
def password_echoed(handle: Handler) -> Handler:
    """Show the password of users."""
    known: dict[str, Json] = {}

    def show(user: Document) -> None:
        identifier = str(user.get("id"))
        if identifier in known:
            user["password"] = known[identifier]

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if not _ANY(request) or reply.status not in SUCCESS:
            return reply
        for password in given(parse(request.body) or {}, "password"):
            created = (parse(reply.body) or {}).get("id")
            known[place(request).id or str(created)] = password
        return edited(reply, lambda found: edit_each(resources(found), show))

    return wrapped
