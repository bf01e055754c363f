"""Replies of the page, each with the headers that keep browsers from doing more than is meant."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import secrets
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from reference_server.messages import Headers
from reference_server.messages import Json
from reference_server.messages import Response

_LONGEST_TEXT = 500
_MOST_PARTS = 100
_PLACE = re.compile(r"\{\{(\w+)\}\}")
# No cache keeps it, no frame shows it, no other origin reads it, nothing is guessed about it.
_GUARDED: Headers = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    # Not no-referrer: with that a browser calls the origin of our own forms `null`.
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


class PageError(Exception):
    """A request to the page that is refused."""

    def __init__(self, status: int, message: str, headers: Headers = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers

    def response(self) -> Response:
        """Return the refusal as JSON, which the page's script shows."""
        return json_reply({"message": self.message}, self.status, self.headers)


def json_reply(value: Json, status: int = 200, headers: Headers = ()) -> Response:
    """Return a reply for the page's script."""
    # ASCII: what clients stored may hold texts that have no UTF-8 form.
    body = json.dumps(value).encode("ascii")
    return Response(status, (("Content-Type", "application/json"), *_GUARDED, *headers), body)


def redirect(path: str, headers: Headers = ()) -> Response:
    """Send a browser on by GET (RFC 9110 section 15.4.4)."""
    return Response(303, (("Location", path), *_GUARDED, *headers))


def document(
    name: str, values: Mapping[str, str], status: int = 200, headers: Headers = ()
) -> Response:
    """Fill in one of the documents; style and script of its name go into it.

    Values are escaped, as text and as JSON alike. Only what carries this reply's nonce is run.
    """
    nonce = secrets.token_urlsafe(16)
    own = {"style": asset(f"{name}.css"), "script": asset(f"{name}.js")}
    texts = {key: html.escape(value) for key, value in values.items()}
    filled = {**texts, **own, "nonce": nonce}
    # In one pass: what is filled in is not looked at again.
    text = _PLACE.sub(lambda place: filled[place[1]], asset(f"{name}.html"))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src 'nonce-{nonce}'",
            f"script-src 'nonce-{nonce}'",
            "img-src data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
    content = ("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy)
    return Response(status, (*content, *_GUARDED, *headers), text.encode("utf-8", "replace"))


@cache
def asset(name: str) -> str:
    """Return one of the files that the page is made of; one that does not exist is empty."""
    file = files("reference_server") / "page" / "assets" / name
    return file.read_text("utf-8") if file.is_file() else ""


def plain(value: object) -> Json:
    """Return a value of the views as JSON, with all texts and lists cut to what can be shown."""
    if dataclasses.is_dataclass(value):
        names = (each.name for each in dataclasses.fields(value))
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, str):
        long = len(value) > _LONGEST_TEXT
        return f"{value[:_LONGEST_TEXT]}…" if long else str(value)
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [plain(each) for each in value[:_MOST_PARTS]]
    raise TypeError(f"the page has no form for a {type(value).__name__}")
