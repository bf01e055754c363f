"""Deviations of creates: what a server demands of a person, and what it makes of digits."""

from __future__ import annotations

import re

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import objects
from .documents import parse
from .documents import text_of
from .documents import value_of
from .look_alikes import everything
from .registry import deviation
from .shaping import edit_requests
from .shaping import error
from .shaping import on
from .shaping import refuse

_CREATE = on("POST", "Users", one=False)
_DIGITS = re.compile("0[0-9]+")


@deviation("create-requires-email", area="users")
def create_requires_email(handle: Handler) -> Handler:
    """Refuse a new user without an e-mail address with 400."""
    without = on("POST", "Users", one=False, body=lambda user: not value_of(user, "emails"))
    return refuse(handle, without, 400, "An e-mail address is required.", "invalidValue")


@deviation("create-requires-family-name", area="users")
def create_requires_family_name(handle: Handler) -> Handler:
    """Refuse a new user without a familyName with 400."""

    def nameless(user: Document) -> bool:
        return not any(text_of(name, "familyName") for name in objects([value_of(user, "name")]))

    without = on("POST", "Users", one=False, body=nameless)
    return refuse(handle, without, 400, "A family name is required.", "invalidValue")


@deviation("names-of-people-unique", area="users")
def names_of_people_unique(handle: Handler) -> Handler:
    """Refuse a new user with the given and family name of another, with 409."""

    def wrapped(request: Request) -> Response:
        wanted = _name(parse(request.body) or {}) if _CREATE(request) else ("", "")
        if all(wanted) and wanted in map(_name, everything(handle, request, "Users")):
            return error(409, "There is somebody of this name.", "uniqueness")
        return handle(request)

    return wrapped


@deviation("digits-lose-zeros", area="users")
def digits_lose_zeros(handle: Handler) -> Handler:
    """Keep a text of digits without the zeros in front, as if it were a number."""

    def shorten(user: Document) -> None:
        for key, value in user.items():
            user[key] = _as_number(value)

    return edit_requests(handle, on("POST PUT", "Users"), shorten)


def _name(user: Document) -> tuple[str, str]:
    for name in objects([value_of(user, "name")]):
        return text_of(name, "givenName"), text_of(name, "familyName")
    return "", ""


def _as_number(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _as_number(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_number(each) for each in value]
    zeros = isinstance(value, str) and _DIGITS.fullmatch(value)
    return (value.lstrip("0") or "0") if isinstance(value, str) and zeros else value
