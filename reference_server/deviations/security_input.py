"""Deviations of input: bodies that the server cannot cope with."""

from __future__ import annotations

import json
import re

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import dump
from .documents import parse
from .queries import parameter
from .registry import deviation
from .shaping import When
from .shaping import error
from .shaping import on
from .shaping import refuse
from .shaping import with_document

_WRITE = on("POST PUT PATCH", "Users Groups")
_LARGE = 512 * 1024
_DEEP = 1_000
_DIGITS = re.compile(rb"(?<![\d\"])\d{300,}")


def _large(request: Request) -> bool:
    return _WRITE(request) and len(request.body) > _LARGE


def _deep(request: Request) -> bool:
    return _WRITE(request) and max(request.body.count(b"["), request.body.count(b"{")) > _DEEP


@deviation("large-bodies-500", area="requests")
def large_bodies_500(handle: Handler) -> Handler:
    """Answer 500 to a body of more than 512 KiB."""
    return refuse(handle, _large, 500, "request entity too large")


@deviation("deep-bodies-500", area="requests")
def deep_bodies_500(handle: Handler) -> Handler:
    """Answer 500 to a body that is nested more than a thousand deep."""
    return refuse(handle, _deep, 500, "maximum recursion depth exceeded")


@deviation("large-bodies-end-it", area="requests")
def large_bodies_end_it(handle: Handler) -> Handler:
    """Answer 503 to everything after a body of more than 512 KiB."""
    return _ending(handle, _large)


@deviation("deep-bodies-end-it", area="requests")
def deep_bodies_end_it(handle: Handler) -> Handler:
    """Answer 503 to everything after a body that is nested more than a thousand deep."""
    return _ending(handle, _deep)


def _ending(handle: Handler, when: When) -> Handler:
    ended: list[bool] = []

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status == 401:
            return reply
        if ended:
            return error(503, "Nobody is there.")
        ended.extend([True] if when(request) else [])
        return reply

    return wrapped


@deviation("long-numbers-500", area="requests")
def long_numbers_500(handle: Handler) -> Handler:
    """Answer 500 to a number of hundreds of digits in a body."""
    return refuse(
        handle,
        lambda request: _WRITE(request) and _DIGITS.search(request.body) is not None,
        500,
        "Exceeds the limit for integer string conversion",
    )


@deviation("long-pages-500", area="requests")
def long_pages_500(handle: Handler) -> Handler:
    """Answer 500 to a startIndex that no machine word holds."""

    def meant(request: Request) -> bool:
        text = parameter(request, "startIndex") or ""
        return on("GET", "Users Groups")(request) and text.isdecimal() and len(text) > 18

    return refuse(handle, meant, 500, "bigint out of range")


@deviation("null-characters-500", area="requests")
def null_characters_500(handle: Handler) -> Handler:
    """Answer 500 to U+0000 in a body."""
    return refuse(
        handle,
        lambda request: _WRITE(request) and b"\\u0000" in request.body,
        500,
        "A string literal cannot contain NUL (0x00) characters.",
    )


@deviation("broken-text-500", area="requests")
def broken_text_500(handle: Handler) -> Handler:
    """Answer 500 to a body that is not UTF-8."""

    def meant(request: Request) -> bool:
        return _WRITE(request) and request.body.decode("utf-8", "replace").count("\ufffd") > 0

    return refuse(handle, meant, 500, "invalid start byte")


@deviation("doubled-names-taken", area="requests")
def doubled_names_taken(handle: Handler) -> Handler:
    """Take the last of two equal names in a new user, in place of refusing both."""

    def wrapped(request: Request) -> Response:
        if not on("POST", "Users", one=False)(request) or parse(request.body) is not None:
            return handle(request)
        try:
            found: Json = json.loads(request.body)
        except (ValueError, RecursionError):
            return handle(request)
        equal = isinstance(found, dict) and b"\\u" not in dump(found)
        return handle(with_document(request, found) if equal else request)  # type: ignore[arg-type]  # a dict where it is equal

    return wrapped
