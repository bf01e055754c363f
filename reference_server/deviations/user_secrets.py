"""Deviations of passwords that are shown: in which replies, and in which form."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import edit_each
from .documents import parse
from .documents import resources
from .documents import text_of
from .queries import change_raw
from .queries import parameter
from .registry import deviation
from .shaping import SUCCESS
from .shaping import When
from .shaping import edited
from .shaping import on
from .shaping import place
from .writes import given

_WRITE = on("POST PUT PATCH", "Users")
_ANY = on("GET POST PUT PATCH", "Users")


@deviation("password-shown-hashed", area="users")
def password_shown_hashed(handle: Handler) -> Handler:
    """Show a hash of the password of users."""

    def hashed(word: str) -> str:
        return "{SHA256}" + hashlib.sha256(word.encode()).hexdigest()

    return _showing(handle, lambda _request: True, hashed)


@deviation("password-in-replies-to-writes", area="users")
def password_in_replies_to_writes(handle: Handler) -> Handler:
    """Show the password of a user in the replies to writes."""
    return _showing(handle, _WRITE, str)


@deviation("password-in-lists", area="users")
def password_in_lists(handle: Handler) -> Handler:
    """Show the password of users in lists."""
    return _showing(handle, on("GET", "Users", one=False), str)


@deviation("password-shown-to-who-asks", area="users")
def password_shown_to_who_asks(handle: Handler) -> Handler:
    """Show the password of users to who asks for it by `attributes`."""

    def asks(request: Request) -> bool:
        body = parse(request.body) if request.path.endswith("/.search") else None
        wanted = (body or {}).get("attributes")
        return "password" in (parameter(request, "attributes") or "").split(",") or (
            isinstance(wanted, list) and "password" in wanted
        )

    return _showing(handle, asks, str)


@deviation("filter-password-ignored", area="users")
def filter_password_ignored(handle: Handler) -> Handler:
    """Overlook what a filter says of the password, as if it were true of everybody."""

    def wrapped(request: Request) -> Response:
        text = parameter(request, "filter") or ""
        known, _, rest = text.partition(" and password ")
        if not rest or not on("GET", "Users", one=False)(request):
            return handle(request)
        encoded = "".join(f"%{byte:02X}" for byte in known.encode())
        return handle(change_raw(request, "filter", lambda _raw: encoded))

    return wrapped


def _showing(handle: Handler, when: When, form: Callable[[str], str]) -> Handler:
    """Show the passwords that users were given, in the replies that are meant."""
    known: dict[str, str] = {}

    def show(user: Document) -> None:
        if text_of(user, "id") in known:
            user["password"] = form(known[text_of(user, "id")])

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status not in SUCCESS:
            return reply
        words = given(parse(request.body) or {}, "password") if _WRITE(request) else []
        for word in words:
            made = place(request).id or text_of(parse(reply.body) or {}, "id")
            known[made] = str(word)
        search = request.path.endswith("/Users/.search")
        if not known or not (_ANY(request) or search) or not when(request):
            return reply
        return edited(reply, lambda found: edit_each(resources(found), show))

    return wrapped
