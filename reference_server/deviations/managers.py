"""Deviations of the enterprise extension: its texts, and the manager of a user."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import ENTERPRISE
from .documents import Document
from .documents import drop
from .documents import objects
from .documents import parse
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import SUCCESS
from .shaping import edit_resources
from .shaping import edited
from .shaping import on
from .shaping import place
from .shaping import refuse

_USERS = on("GET POST PUT PATCH", "Users")


@deviation("enterprise-texts-as-numbers", area="users")
def enterprise_texts_as_numbers(handle: Handler) -> Handler:
    """Show an employeeNumber or costCenter of digits as a number."""

    def count(user: Document) -> None:
        for each in objects(user.get(ENTERPRISE)):
            for name in ("employeeNumber", "costCenter"):
                if text_of(each, name).isdecimal():
                    each[name] = int(text_of(each, name))

    return edit_resources(handle, _USERS, count)


@deviation("manager-as-text", area="users")
def manager_as_text(handle: Handler) -> Handler:
    """Show the manager of a user as a text in place of an object."""
    return _managers(handle, lambda each: each.get("value"))


@deviation("manager-without-value", area="users")
def manager_without_value(handle: Handler) -> Handler:
    """Leave `value` out of the manager of a user."""
    return _managers(handle, lambda each: _without(each, "value"))


@deviation("manager-without-ref", area="users")
def manager_without_ref(handle: Handler) -> Handler:
    """Leave the reference out of the manager of a user."""
    return _managers(handle, lambda each: _without(each, "$ref"))


@deviation("manager-ref-broken", area="users")
def manager_ref_broken(handle: Handler) -> Handler:
    """Give a reference of the manager that leads nowhere."""
    return _managers(handle, lambda each: {**each, "$ref": f"/people/{each.get('value')}.html"})


@deviation("manager-needs-display-name", area="users")
def manager_needs_display_name(handle: Handler) -> Handler:
    """Refuse a new user whose manager has no displayName with 400."""

    def nameless(user: Document) -> bool:
        return any(not text_of(each, "displayName") for each in _of(user))

    when = on("POST", "Users", one=False, body=nameless)
    return refuse(handle, when, 400, "The manager has no displayName.", "invalidValue")


@deviation("manager-name-of-the-client", area="users")
def manager_name_of_the_client(handle: Handler) -> Handler:
    """Take the displayName of a manager from the client, though it is read-only."""
    names: dict[str, str] = {}

    def show(user: Document) -> None:
        for each in _of(user):
            if text_of(user, "id") in names:
                each["displayName"] = names[text_of(user, "id")]

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if not _USERS(request) or reply.status not in SUCCESS:
            return reply
        for each in _of(parse(request.body) or {}):
            if text_of(each, "displayName"):
                made = place(request).id or text_of(parse(reply.body) or {}, "id")
                names[made] = text_of(each, "displayName")
        return edited(reply, show)

    return wrapped


def _of(user: Document) -> list[Document]:
    extensions = objects(value_of(user, ENTERPRISE))
    return [found for each in extensions for found in objects(value_of(each, "manager"))]


def _managers(handle: Handler, form: Callable[[Document], Json]) -> Handler:
    def change(user: Document) -> None:
        for extension in objects(user.get(ENTERPRISE)):
            for each in objects(extension.get("manager")):
                extension["manager"] = form(each)

    return edit_resources(handle, _USERS, change)


def _without(each: Document, name: str) -> Document:
    drop(each, name)
    return each
