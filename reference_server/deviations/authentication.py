"""Deviations of authentication: whom the server lets in and how it turns others away."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import drop
from .documents import listing
from .registry import deviation
from .shaping import always
from .shaping import answer_json
from .shaping import as_html
from .shaping import change_replies
from .shaping import change_requests
from .shaping import edit_replies
from .shaping import with_credential
from .shaping import with_status
from .shaping import without_header

_UNAUTHORIZED = range(401, 402)


@deviation("any-token-accepted", area="authentication")
def any_token_accepted(handle: Handler) -> Handler:
    """Let any token in, from the first right one on that the server sees."""
    return _lending(handle, lambda sent: sent is not None)


@deviation("missing-token-accepted", area="authentication")
def missing_token_accepted(handle: Handler) -> Handler:
    """Let requests without a token in, from the first right one on that the server sees."""
    return _lending(handle, lambda sent: sent is None)


@deviation("unauthorized-as-html", area="authentication")
def unauthorized_as_html(handle: Handler) -> Handler:
    """Answer a wrong token with 401 and a web page."""
    return change_replies(handle, always, as_html, _UNAUTHORIZED)


@deviation("unauthorized-as-login-page", area="authentication")
def unauthorized_as_login_page(handle: Handler) -> Handler:
    """Answer a wrong token with a redirect to a login page."""
    away = Response(302, (("Location", "/login"), ("Content-Type", "text/html; charset=utf-8")))
    return change_replies(handle, always, lambda _reply: away, _UNAUTHORIZED)


@deviation("unauthorized-as-403", area="authentication")
def unauthorized_as_403(handle: Handler) -> Handler:
    """Answer a wrong token with 403 in place of 401."""
    return change_replies(
        handle,
        always,
        lambda reply: without_header(with_status(reply, 403), "WWW-Authenticate"),
        _UNAUTHORIZED,
    )


@deviation("unauthorized-as-404", area="authentication")
def unauthorized_as_404(handle: Handler) -> Handler:
    """Answer a wrong token with 404 in place of 401."""
    return change_replies(
        handle,
        always,
        lambda reply: without_header(with_status(reply, 404), "WWW-Authenticate"),
        _UNAUTHORIZED,
    )


@deviation("unauthorized-as-500", area="authentication")
def unauthorized_as_500(handle: Handler) -> Handler:
    """Answer a wrong token with 500 in place of 401."""
    return change_replies(
        handle,
        always,
        lambda reply: without_header(with_status(reply, 500), "WWW-Authenticate"),
        _UNAUTHORIZED,
    )


@deviation("unauthorized-without-detail", area="authentication")
def unauthorized_without_detail(handle: Handler) -> Handler:
    """Leave the detail out of the error that answers a wrong token."""
    return edit_replies(handle, always, lambda body: drop(body, "detail"), _UNAUTHORIZED)


@deviation("unauthorized-without-challenge", area="authentication")
def unauthorized_without_challenge(handle: Handler) -> Handler:
    """Leave the WWW-Authenticate header out of a 401."""
    return change_replies(
        handle, always, lambda reply: without_header(reply, "WWW-Authenticate"), _UNAUTHORIZED
    )


@deviation("unauthorized-as-200-empty-list", area="authentication")
def unauthorized_as_200_empty_list(handle: Handler) -> Handler:
    """Answer a wrong token with 200 and an empty list."""
    return change_replies(
        handle, always, lambda _reply: answer_json(200, {**listing([])}), _UNAUTHORIZED
    )


@deviation("bearer-prefix-required", area="authentication")
def bearer_prefix_required(handle: Handler) -> Handler:
    """Answer 401 to a token that is sent without the word Bearer in front."""
    return not_accepting(handle, lambda sent: not sent.lower().startswith(("bearer ", "basic ")))


@deviation("bare-token-required", area="authentication")
def bare_token_required(handle: Handler) -> Handler:
    """Answer 401 to a token that is sent with the word Bearer in front."""
    return not_accepting(handle, lambda sent: sent.lower().startswith("bearer "))


@deviation("basic-refused", area="authentication")
def basic_refused(handle: Handler) -> Handler:
    """Answer 401 to a name and password sent by HTTP Basic."""
    return not_accepting(handle, lambda sent: sent.lower().startswith("basic "))


def not_accepting(handle: Handler, test: Callable[[str], bool]) -> Handler:
    """Take the credential off the requests that are meant, so that the server itself refuses."""

    def when(request: Request) -> bool:
        return test(request.header("Authorization") or "")

    return change_requests(handle, when, lambda request: with_credential(request, None))


def _lending(handle: Handler, test: Callable[[str | None], bool]) -> Handler:
    """Repeat a refused request with a credential that was right before.

    The wrapper does not know the credentials of the server, so it has to see a right one first.
    A 401 changes nothing on the server: the repetition is the first time that anything is done.
    """
    right: list[str] = []

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        sent = request.header("Authorization")
        if reply.status != 401:
            right[:] = right or ([sent] if sent else [])
            return reply
        return handle(with_credential(request, right[0])) if right and test(sent) else reply

    return wrapped
