"""Deviations of what a deletion or a deactivation leaves behind, or takes along."""

from __future__ import annotations

from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response
from reference_server.messages import joined

from .documents import ENTERPRISE
from .documents import Document
from .documents import objects
from .documents import parse
from .documents import resources
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import SUCCESS
from .shaping import ask
from .shaping import on
from .shaping import place
from .shaping import resource_path
from .shaping import stored
from .shaping import with_status
from .writes import after_change
from .writes import deactivates
from .writes import patch_body

_CREATE = on("POST", "Users", one=False)
_DELETE = on("DELETE", "Users", one=True)
_PUT = on("PUT", "Users", one=True)
_OWN = frozenset({"id", "meta", "schemas", "groups", "active", "userName", "password"})


@deviation("put-revives-deleted", area="users")
def put_revives_deleted(handle: Handler) -> Handler:
    """Bring a user who was deleted back to life by a PUT, with 200."""
    gone: set[str] = set()
    again: dict[str, str] = {}  # by the former id, that of the server behind

    def wrapped(request: Request) -> Response:
        old = place(request).id
        if old in again:
            new = again[old]
            return _renamed(handle(replace(request, path=request.path.replace(old, new))), new, old)
        reply = handle(request)
        if _DELETE(request) and reply.status == 204:
            gone.add(old)
        if not _PUT(request) or reply.status != 404 or old not in gone:
            return reply
        made = ask(handle, request, "POST", "/Users", body=parse(request.body))
        again[old] = text_of(parse(made.body) or {}, "id")
        return with_status(_renamed(made, again[old], old), 200)

    return wrapped


def _renamed(reply: Response, known: str, shown: str) -> Response:
    headers = tuple((name, value.replace(known, shown)) for name, value in reply.headers)
    return Response(
        reply.status, headers, joined(reply.body).replace(known.encode(), shown.encode())
    )


@deviation("recreated-with-former-profile", area="users")
def recreated_with_former_profile(handle: Handler) -> Handler:
    """Give a new user what the deleted one of that userName had, where the request names none."""
    former: dict[str, Document] = {}

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _DELETE(request) else {}
        reply = handle(request)
        if before and reply.status == 204:
            former[text_of(before, "userName").lower()] = before
        made = parse(reply.body) if _CREATE(request) and reply.status in SUCCESS else None
        if made is None:
            return reply
        last = former.pop(text_of(made, "userName").lower(), {})
        more = {key: last[key] for key in last if key not in made and key not in _OWN}
        if not more:
            return reply
        back: Document = {"op": "add", "value": {**more}}
        path = resource_path("Users", text_of(made, "id"))
        return with_status(ask(handle, request, "PATCH", path, body=patch_body(back)), 201)

    return wrapped


@deviation("manager-deletion-drops-extension", area="users")
def manager_deletion_drops_extension(handle: Handler) -> Handler:
    """Take the enterprise extension from all whose manager is deleted."""

    def wrapped(request: Request) -> Response:
        # The server behind takes the manager from them itself, so they are sought before.
        reports = _reports(handle, request) if _DELETE(request) else []
        reply = handle(request)
        for each in reports if reply.status == 204 else ():
            drop: Document = {"op": "remove", "path": ENTERPRISE}
            ask(handle, request, "PATCH", resource_path("Users", each), body=patch_body(drop))
        return reply

    return wrapped


def _reports(handle: Handler, request: Request) -> list[str]:
    boss = place(request).id
    found = parse(ask(handle, request, "GET", "/Users", query="count=1000").body) or {}
    return [
        text_of(user, "id")
        for user in resources(found)
        for extension in objects(user.get(ENTERPRISE))
        for manager in objects(extension.get("manager"))
        if text_of(manager, "value") == boss
    ]


@deviation("deactivation-loses-external-id", area="users")
def deactivation_loses_external_id(handle: Handler) -> Handler:
    """Forget the externalId of a user who is deactivated."""

    def lose(request: Request, _before: Document, after: Document) -> Response | None:
        if value_of(after, "active") is not False or not text_of(after, "externalId"):
            return None
        path = resource_path("Users", place(request).id)
        lost: Document = {"op": "remove", "path": "externalId"}
        return ask(handle, request, "PATCH", path, body=patch_body(lost), query=request.query)

    return after_change(handle, on("PUT PATCH", "Users", one=True, body=deactivates), lose)
