"""Deviations of access: endpoints that forget the credential, and credentials nearly right."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import parse
from .documents import resources
from .documents import text_of
from .queries import names
from .queries import parameter
from .registry import deviation
from .shaping import SUCCESS
from .shaping import When
from .shaping import change_replies
from .shaping import error
from .shaping import on
from .shaping import place
from .shaping import with_credential
from .shaping import with_header
from .shaping import without_header

_UNAUTHORIZED = range(401, 402)
# What a request may be let in for: the right Authorization value, and what was sent.
Near = Callable[[str, str], bool]


def _lend(handle: Handler, when: When, near: Near) -> Handler:
    """Repeat a refused request with a credential that was right before.

    The wrapper does not know the credentials of the server, so it has to see a right one first.
    """
    right: list[str] = []

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        sent = request.header("Authorization")
        if reply.status != 401:
            right[:] = right or ([sent] if sent else [])
            return reply
        if not right or not when(request) or not near(right[0], sent or ""):
            return reply
        return handle(with_credential(request, right[0]))

    return wrapped


def _open(handle: Handler, when: When) -> Handler:
    return _lend(handle, when, lambda _right, sent: not sent)


def _any_token(handle: Handler, when: When) -> Handler:
    return _lend(handle, when, lambda _right, sent: bool(sent))


@deviation("groups-open", area="authentication")
def groups_open(handle: Handler) -> Handler:
    """Show groups to requests without a token."""
    return _open(handle, on("GET", "Groups"))


@deviation("search-by-post-open", area="authentication")
def search_by_post_open(handle: Handler) -> Handler:
    """Answer searches by POST without a token."""
    return _open(handle, lambda request: request.path.endswith("/.search"))


@deviation("patch-open", area="authentication")
def patch_open(handle: Handler) -> Handler:
    """Carry out a PATCH without a token."""
    return _open(handle, on("PATCH", "Users Groups"))


@deviation("delete-open", area="authentication")
def delete_open(handle: Handler) -> Handler:
    """Carry out a DELETE without a token."""
    return _open(handle, on("DELETE", "Users Groups"))


@deviation("post-open", area="authentication")
def post_open(handle: Handler) -> Handler:
    """Create users for requests without a token."""
    return _open(handle, on("POST", "Users", one=False))


@deviation("head-open", area="authentication")
def head_open(handle: Handler) -> Handler:
    """Answer HEAD without a token."""
    return _open(handle, on("HEAD"))


@deviation("unknown-methods-open", area="authentication")
def unknown_methods_open(handle: Handler) -> Handler:
    """Answer a method that does not exist like a GET, without a token."""
    known = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")

    def wrapped(request: Request) -> Response:
        if request.method in known:
            return handle(request)
        return handle(Request("GET", request.path, request.query, request.headers))

    return _open(wrapped, lambda request: request.method not in known)


@deviation("any-token-reads-by-id", area="authentication")
def any_token_reads_by_id(handle: Handler) -> Handler:
    """Let any token read a resource by its id."""
    return _any_token(handle, on("GET", "Users Groups", one=True))


@deviation("any-token-patches", area="authentication")
def any_token_patches(handle: Handler) -> Handler:
    """Let any token change a resource by PATCH."""
    return _any_token(handle, on("PATCH", "Users Groups", one=True))


@deviation("any-token-filters", area="authentication")
def any_token_filters(handle: Handler) -> Handler:
    """Let any token list users by a filter."""
    return _any_token(handle, on("GET", "Users", one=False, filtered=True))


@deviation("expired-token-accepted", area="authentication")
def expired_token_accepted(handle: Handler) -> Handler:
    """Let a token in that has expired."""
    expired: list[Response] = []

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        over = reply.status == 401 and "invalid_token" in (reply.header("WWW-Authenticate") or "")
        expired[:] = [reply] if over else []
        return reply

    return _lend(wrapped, lambda _request: bool(expired), lambda _right, sent: bool(sent))


@deviation("expired-not-explained", area="authentication")
def expired_not_explained(handle: Handler) -> Handler:
    """Leave out of the refusal of an expired token that it is invalid."""

    def shortened(reply: Response) -> Response:
        challenge = reply.header("WWW-Authenticate") or ""
        if "invalid_token" not in challenge:
            return reply
        return with_header(reply, "WWW-Authenticate", challenge.partition(",")[0])

    return change_replies(handle, lambda _request: True, shortened, _UNAUTHORIZED)


@deviation("scheme-has-case", area="authentication")
def scheme_has_case(handle: Handler) -> Handler:
    """Answer 401 to a token whose scheme is written in small letters."""

    def wrapped(request: Request) -> Response:
        sent = request.header("Authorization") or ""
        return handle(with_credential(request, None) if sent.startswith("bearer ") else request)

    return wrapped


@deviation("token-in-query-accepted", area="authentication")
def token_in_query_accepted(handle: Handler) -> Handler:
    """Take a token from the query string as well."""

    def wrapped(request: Request) -> Response:
        if request.header("Authorization") is None and "access_token" in names(request):
            token = parameter(request, "access_token")
            return handle(with_credential(request, f"Bearer {token}"))
        return handle(request)

    return wrapped


@deviation("token-prefix-accepted", area="authentication")
def token_prefix_accepted(handle: Handler) -> Handler:
    """Let a token in that is the beginning of a right one."""
    return _lend(
        handle,
        lambda _request: True,
        lambda right, sent: len(sent) > len("Bearer ") and right.startswith(sent),
    )


@deviation("token-case-overlooked", area="authentication")
def token_case_overlooked(handle: Handler) -> Handler:
    """Compare tokens without regard to case, as some collations of data bases do."""
    return _lend(handle, lambda _request: True, lambda right, sent: right.lower() == sent.lower())


@deviation("empty-authorization-500", area="authentication")
def empty_authorization_500(handle: Handler) -> Handler:
    """Answer 500 to an Authorization header that is empty or has no second word."""

    def wrapped(request: Request) -> Response:
        sent = request.header("Authorization")
        if sent is not None and len(sent.split()) < 2 and sent.lower() in ("", "bearer"):
            return error(500, "list index out of range")
        return handle(request)

    return wrapped


@deviation("unauthenticated-404-for-nobody", area="authentication")
def unauthenticated_404_for_nobody(handle: Handler) -> Handler:
    """Look a resource up before the token, so that a stranger is told who is not there."""
    known: set[str] = set()

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        where = place(request)
        if reply.status in SUCCESS:
            known.update(text_of(each, "id") for each in resources(parse(reply.body) or {}))
        if reply.status == 401 and where.id and where.id not in known:
            missing = error(404, "There is no such resource.")
            return missing if request.header("Authorization") is None else reply
        return reply

    return wrapped


@deviation("writes-without-challenge", area="authentication")
def writes_without_challenge(handle: Handler) -> Handler:
    """Leave the WWW-Authenticate header out of a 401 for a write."""
    return _unchallenged(handle, on("POST PUT PATCH DELETE"))


@deviation("groups-unchallenged", area="authentication")
def groups_unchallenged(handle: Handler) -> Handler:
    """Leave the WWW-Authenticate header out of a 401 for groups."""
    return _unchallenged(handle, on("GET POST PUT PATCH DELETE", "Groups"))


def _unchallenged(handle: Handler, when: When) -> Handler:
    return change_replies(
        handle, when, lambda reply: without_header(reply, "WWW-Authenticate"), _UNAUTHORIZED
    )
