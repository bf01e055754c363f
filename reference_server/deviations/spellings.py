"""Deviations of spelling: of texts in Unicode, of URLs, and of the URIs of messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import ERROR
from .documents import LIST
from .documents import Document
from .documents import keep_resources
from .documents import objects
from .documents import parse
from .documents import put
from .documents import resources
from .documents import text_of
from .documents import value_of
from .queries import change_raw
from .queries import equality
from .queries import quoted
from .queries import with_parameter
from .registry import deviation
from .shaping import FAILURE
from .shaping import always
from .shaping import ask
from .shaping import change_requests
from .shaping import edit_lists
from .shaping import edit_replies
from .shaping import edit_resources
from .shaping import on
from .shaping import with_document

_SEARCH = on("GET", "Users", one=False, filtered=True)
_CREATE = on("POST", "Users", one=False)
_USERS = on("GET POST PUT PATCH", "Users")
# Where the server behind would refuse a name, it has this at its end, which nobody else sees.
_OTHER_FORM = "~other-form"


@deviation("filter-cut-at-ampersand", area="searches")
def filter_cut_at_ampersand(handle: Handler) -> Handler:
    """Decode a query before it is split, so that a filter ends at an encoded ampersand."""

    def cut(request: Request) -> Request:
        return change_raw(request, "filter", lambda raw: re.split("%26", raw)[0])

    return change_requests(handle, _SEARCH, cut)


@deviation("filter-compares-code-points", area="searches")
def filter_compares_code_points(handle: Handler) -> Handler:
    """Compare titles by their code points, so that a composed letter is no decomposed one."""
    return _keeping_titles(handle, str.casefold)


@deviation("filter-folds-ascii-alone", area="searches")
def filter_folds_ascii_alone(handle: Handler) -> Handler:
    """Compare capitals in titles where they are beyond ASCII."""

    def folded(text: str) -> str:
        return "".join(each.lower() if each.isascii() else each for each in text)

    return _keeping_titles(handle, folded)


def _keeping_titles(handle: Handler, form: Callable[[str], str]) -> Handler:
    """Find of those with an equal title only the ones whose title is equal in a form."""

    def wrapped(request: Request) -> Response:
        wanted = equality(request, "title")
        if wanted is None or not _SEARCH(request):
            return handle(request)

        def keep(user: Document) -> bool:
            return form(text_of(user, "title")) == form(wanted.value)

        return edit_lists(handle, _SEARCH, lambda page: keep_resources(page, keep))(request)

    return wrapped


@deviation("user-names-compared-by-code-point", area="users")
def user_names_compared_by_code_point(handle: Handler) -> Handler:
    """Take userNames in another form of Unicode, or of another width, for other names."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        body = parse(request.body) if reply.status == 409 and _CREATE(request) else None
        if body is None or _is_taken(handle, request, text_of(body, "userName")):
            return reply
        put(body, "userName", f"{text_of(body, 'userName')}{_OTHER_FORM}")
        return handle(with_document(request, body))

    def exactly(request: Request) -> Response:
        wanted = equality(request, "userName")

        def keep(user: Document) -> bool:
            return wanted is None or _is_same(text_of(user, "userName"), wanted.value)

        return edit_lists(shown, _SEARCH, lambda page: keep_resources(page, keep))(request)

    shown = edit_resources(wrapped, _USERS, _unmark)
    return exactly


def _is_taken(handle: Handler, request: Request, name: str) -> bool:
    """Tell whether somebody has a userName code point by code point, but for its case."""
    asked = with_parameter(request, "filter", f"userName eq {quoted(name)}")
    found = parse(ask(handle, request, "GET", "/Users", query=asked.query).body) or {}
    return any(_is_same(text_of(each, "userName"), name) for each in resources(found))


def _is_same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _unmark(user: Document) -> None:
    name = text_of(user, "userName")
    if name:
        put(user, "userName", name.removesuffix(_OTHER_FORM))


@deviation("location-with-blanks", area="metadata")
def location_with_blanks(handle: Handler) -> Handler:
    """Put the name of a user behind the location in `meta` as it is, with its blanks."""

    def change(user: Document) -> None:
        for meta in objects(value_of(user, "meta")):
            name = text_of(user, "displayName") or "no name"
            meta["location"] = f"{text_of(meta, 'location')}#of {name}"

    return edit_resources(handle, _USERS, change)


@deviation("location-of-base-with-query", area="metadata")
def location_of_base_with_query(handle: Handler) -> Handler:
    """Put the paths of users behind a base URL that has a query."""

    def change(text: Json) -> str:
        return str(text).replace("/Users/", "?tenant=first/Users/")

    def moved(user: Document) -> None:
        for meta in objects(value_of(user, "meta")):
            meta["location"] = change(meta.get("location"))

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        headers = [
            (name, change(value) if name.lower() == "location" else value)
            for name, value in reply.headers
        ]
        return replace(reply, headers=tuple(headers)) if _USERS(request) else reply

    return edit_resources(wrapped, _USERS, moved)


@deviation("list-uri-misspelled", area="lists")
def list_uri_misspelled(handle: Handler) -> Handler:
    """Write the URI of lists of users and groups with small letters."""

    def change(found: Document) -> None:
        found["schemas"] = [LIST.lower()]

    return edit_lists(handle, on("GET", "Users Groups", one=False), change)


@deviation("error-uri-of-1-0", area="errors")
def error_uri_of_1_0(handle: Handler) -> Handler:
    """Write errors with the URI of another version."""

    def change(body: Document) -> None:
        if "schemas" in body:
            body["schemas"] = [ERROR.replace(":2.0:", ":1.0:")]

    return edit_replies(handle, always, change, FAILURE)
