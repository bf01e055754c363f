"""Deviations of queries: values that a query language evaluates, and passwords that are sought."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import keep_resources
from .documents import listing
from .documents import parse
from .documents import resources
from .documents import text_of
from .queries import parameter
from .queries import with_parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import SUCCESS
from .shaping import When
from .shaping import answer_json
from .shaping import ask
from .shaping import change_requests
from .shaping import edited
from .shaping import on
from .shaping import place
from .shaping import refuse
from .writes import given

_LIST = on("GET", "Users", one=False)
_SEARCH = on("GET", "Users", one=False, filtered=True)
_ONE = on("GET", "Users", one=True)
_SECRET = re.compile(r"(?P<rest>.*) and password (?P<op>sw|co|gt) \"(?P<part>[^\"]*)\"")


def _seeking(*parts: str) -> When:
    """Return the test for searches whose filter holds one of these texts."""

    def meant(request: Request) -> bool:
        text = parameter(request, "filter") or ""
        return _SEARCH(request) and any(part in text for part in parts)

    return meant


def _finding_everybody(handle: Handler, when: When) -> Handler:
    return change_requests(handle, when, lambda request: without_parameters(request, "filter"))


@deviation("filter-wildcards-work", area="searches")
def filter_wildcards_work(handle: Handler) -> Handler:
    """Take a percent sign in a filter for any text, as LIKE does in SQL."""
    return _finding_everybody(handle, _seeking('"%"'))


@deviation("filter-stars-work", area="searches")
def filter_stars_work(handle: Handler) -> Handler:
    """Take a star in a filter for any text, as LDAP does."""
    return _finding_everybody(handle, _seeking('"*"', '".*"'))


@deviation("filter-quotes-evaluated", area="searches")
def filter_quotes_evaluated(handle: Handler) -> Handler:
    """Let the value of a filter end at an apostrophe, and evaluate what follows."""
    return _finding_everybody(handle, _seeking("' OR '1'='1"))


@deviation("filter-escapes-evaluated", area="searches")
def filter_escapes_evaluated(handle: Handler) -> Handler:
    """Let the value of a filter end at an escaped quotation mark, and evaluate what follows."""
    return _finding_everybody(handle, _seeking('\\" or userName pr'))


@deviation("filter-stars-500", area="searches")
def filter_stars_500(handle: Handler) -> Handler:
    """Answer 500 to a star and a bracket in a filter."""
    return refuse(handle, _seeking("*)("), 500, "The search filter is not valid.")


@deviation("deep-filters-500", area="searches")
def deep_filters_500(handle: Handler) -> Handler:
    """Answer 500 to a filter with a hundred parentheses."""
    return refuse(handle, _seeking("(" * 100), 500, "maximum recursion depth exceeded")


@deviation("long-filters-500", area="searches")
def long_filters_500(handle: Handler) -> Handler:
    """Answer 500 to a filter of more than a thousand characters without parentheses."""

    def meant(request: Request) -> bool:
        text = parameter(request, "filter") or ""
        return _SEARCH(request) and len(text) > 1_000 and "(" not in text

    return refuse(handle, meant, 500, "The statement is too long.")


@deviation("id-star-finds-first", area="searches")
def id_star_finds_first(handle: Handler) -> Handler:
    """Show the first user to who asks for the id `*`."""

    def wrapped(request: Request) -> Response:
        if not _ONE(request) or place(request).id != "*":
            return handle(request)
        reply = ask(handle, request, "GET", "/Users", query="count=1")
        found = resources(parse(reply.body) or {}) if reply.status in SUCCESS else []
        return answer_json(200, {**found[0]}) if found else handle(request)

    return wrapped


@deviation("null-in-id-500", area="searches")
def null_in_id_500(handle: Handler) -> Handler:
    """Answer 500 to an id with U+0000."""
    when = on("GET", "Users", one=True)
    return refuse(handle, lambda r: when(r) and "\0" in place(r).id, 500, "embedded null character")


@deviation("paths-lead-out", area="searches")
def paths_lead_out(handle: Handler) -> Handler:
    """Show a file of the server to who asks for it by dots and slashes."""
    return _leading_out(handle, lambda path: "../etc/passwd" in path)


@deviation("encoded-paths-lead-out", area="searches")
def encoded_paths_lead_out(handle: Handler) -> Handler:
    """Show a file of the server to who asks for it by encoded slashes."""
    return _leading_out(handle, lambda path: "..%2fetc%2fpasswd" in path.lower())


def _leading_out(handle: Handler, test: Callable[[str], bool]) -> Handler:
    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if request.method != "GET" or reply.status == 401 or not test(request.path):
            return reply
        return Response(200, (("Content-Type", "text/plain"),), b"root:x:0:0:root:/root:/bin/sh\n")

    return wrapped


@deviation("line-breaks-become-headers", area="searches")
def line_breaks_become_headers(handle: Handler) -> Handler:
    """Write what follows a line break in a path or query into the headers of the reply."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        _, _, tail = unquote(f"{request.path}?{request.query}").partition("\r\n")
        return _with_line(reply, tail) if request.method == "GET" else reply

    return wrapped


@deviation("values-become-headers", area="users")
def values_become_headers(handle: Handler) -> Handler:
    """Write what follows a line break in the title of a new user into the headers of the reply."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        document = (parse(request.body) if on("POST", "Users", one=False)(request) else None) or {}
        return _with_line(reply, text_of(document, "title").partition("\r\n")[2])

    return wrapped


def _with_line(reply: Response, tail: str) -> Response:
    found = re.match(r"([\w-]+): (\w+)", tail)
    if found is None or reply.status == 401:
        return reply
    return Response(reply.status, (*reply.headers, (found[1], found[2])), reply.body)


@deviation("password-parts-found", area="searches")
def password_parts_found(handle: Handler) -> Handler:
    """Compare parts of passwords in filters, as if they were kept as they are."""
    known: dict[str, str] = {}

    def wrapped(request: Request) -> Response:
        asked = _SECRET.fullmatch(parameter(request, "filter") or "")
        if asked is None or not _LIST(request):
            return _learning(handle, request, known)
        reply = handle(with_parameter(request, "filter", asked["rest"]))
        test = {"sw": str.startswith, "co": str.__contains__, "gt": str.__gt__}[asked["op"]]

        def has_part(user: Document) -> bool:
            return bool(test(known.get(text_of(user, "id"), ""), asked["part"]))

        return edited(reply, lambda found: keep_resources(found, has_part))

    return wrapped


@deviation("sorted-by-password", area="searches")
def sorted_by_password(handle: Handler) -> Handler:
    """Sort users by their passwords."""
    known: dict[str, str] = {}

    def wrapped(request: Request) -> Response:
        if not _LIST(request) or parameter(request, "sortBy") != "password":
            return _learning(handle, request, known)
        reply = handle(without_parameters(request, "sortBy", "sortOrder"))
        backwards = parameter(request, "sortOrder") == "descending"

        def word(user: Document) -> str:
            return known.get(text_of(user, "id"), "")

        found = sorted(resources(parse(reply.body) or {}), key=word, reverse=backwards)
        return answer_json(200, {**listing(found)}) if reply.status == 200 else reply

    return wrapped


def _learning(handle: Handler, request: Request, known: dict[str, str]) -> Response:
    """Answer a request, and remember which user was given which password."""
    reply = handle(request)
    if reply.status in SUCCESS and on("POST PUT PATCH", "Users")(request):
        words: list[Json] = given(parse(request.body) or {}, "password")
        made = place(request).id or text_of(parse(reply.body) or {}, "id")
        known.update((made, word) for word in words if isinstance(word, str))
    return reply
