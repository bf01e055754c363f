"""Deviations that browsers and proxies meet: other methods, origins, caches, pages and cookies."""

from __future__ import annotations

from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .queries import parameter
from .registry import deviation
from .shaping import SUCCESS
from .shaping import When
from .shaping import change_replies
from .shaping import on
from .shaping import with_header

_READ = on("GET", "Users Groups")
_OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


def _told(request: Request) -> str:
    """Return the method that a header names in place of the request's own."""
    found = [request.header(name) for name in _OVERRIDES]
    return next((each.upper() for each in found if each), "")


def _overriding(handle: Handler, methods: str) -> Handler:
    def wrapped(request: Request) -> Response:
        told = _told(request) if on(methods, "Users Groups", one=True)(request) else ""
        return handle(replace(request, method=told, body=b"") if told == "DELETE" else request)

    return wrapped


@deviation("method-override-on-get", area="requests")
def method_override_on_get(handle: Handler) -> Handler:
    """Delete a resource by a GET whose headers say DELETE."""
    return _overriding(handle, "GET")


@deviation("method-override-on-post", area="requests")
def method_override_on_post(handle: Handler) -> Handler:
    """Delete a resource by a POST whose headers say DELETE."""
    return _overriding(handle, "POST")


@deviation("method-in-query", area="requests")
def method_in_query(handle: Handler) -> Handler:
    """Delete a resource by a GET or POST whose query says DELETE."""

    def wrapped(request: Request) -> Response:
        meant = on("GET POST", "Users Groups", one=True)(request)
        if meant and parameter(request, "_method") == "DELETE":
            return handle(replace(request, method="DELETE", query="", body=b""))
        return handle(request)

    return wrapped


@deviation("trace-echoes", area="authentication")
def trace_echoes(handle: Handler) -> Handler:
    """Answer TRACE with the request as it came."""

    def wrapped(request: Request) -> Response:
        if request.method != "TRACE":
            return handle(request)
        lines = [f"TRACE {request.path} HTTP/1.1", *(f"{n}: {v}" for n, v in request.headers)]
        return Response(200, (("Content-Type", "message/http"),), "\r\n".join(lines).encode())

    return wrapped


def _sharing(handle: Handler, origin: str | None, when: When) -> Handler:
    """Let pages of an origin read with credentials; None is whatever origin asks."""

    def wrapped(request: Request) -> Response:
        reply, asks = handle(request), request.header("Origin")
        if not asks or not when(request) or origin not in (None, asks):
            return reply
        allowed = with_header(reply, "Access-Control-Allow-Origin", asks)
        return with_header(allowed, "Access-Control-Allow-Credentials", "true")

    return wrapped


@deviation("cors-reflects-origin", area="requests")
def cors_reflects_origin(handle: Handler) -> Handler:
    """Let pages of every origin read with the visitor's credentials."""
    return _sharing(handle, None, _READ)


@deviation("cors-allows-null", area="requests")
def cors_allows_null(handle: Handler) -> Handler:
    """Let pages without an origin read with the visitor's credentials."""
    return _sharing(handle, "null", _READ)


@deviation("cors-in-preflight", area="requests")
def cors_in_preflight(handle: Handler) -> Handler:
    """Allow every origin to send credentials in the answer to a preflight."""
    return _sharing(handle, None, on("OPTIONS"))


@deviation("replies-public", area="requests")
def replies_public(handle: Handler) -> Handler:
    """Mark users and groups as public for every cache."""
    return _cached(handle, "public, max-age=3600")


@deviation("replies-kept-by-proxies", area="requests")
def replies_kept_by_proxies(handle: Handler) -> Handler:
    """Let shared caches keep users and groups for ten minutes."""
    return _cached(handle, "max-age=0, s-maxage=600")


def _cached(handle: Handler, rules: str) -> Handler:
    return change_replies(handle, _READ, lambda reply: with_header(reply, "Cache-Control", rules))


@deviation("pages-for-browsers", area="requests")
def pages_for_browsers(handle: Handler) -> Handler:
    """Send a user as a page to whoever accepts pages."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        wants = (request.header("Accept") or "").startswith("text/html")
        if reply.status not in SUCCESS or not _READ(request) or not wants:
            return reply
        return with_header(reply, "Content-Type", "text/html; charset=utf-8")

    return wrapped


@deviation("session-cookie-set", area="requests")
def session_cookie_set(handle: Handler) -> Handler:
    """Set a cookie that scripts can read when a user is read."""
    return change_replies(
        handle, _READ, lambda reply: with_header(reply, "Set-Cookie", "session=4f2a; Path=/")
    )
