"""Deviations of the token endpoint, and of what its tokens and those of an issuer open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl
from urllib.parse import urlencode

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response
from reference_server.messages import whole

from .authentication import not_accepting
from .documents import Document
from .documents import drop
from .documents import parse
from .registry import deviation
from .shaping import When
from .shaping import answer_json
from .shaping import change_replies
from .shaping import change_requests
from .shaping import edit_replies
from .shaping import error
from .shaping import with_credential

_FORM = "application/x-www-form-urlencoded"


@deviation("client-in-body-unread", area="authentication")
def client_in_body_unread(handle: Handler) -> Handler:
    """Look for the credentials of a client in the header alone when it asks for a token."""
    return change_requests(handle, _asks_for_token, _without_secret)


@deviation("client-in-header-unread", area="authentication")
def client_in_header_unread(handle: Handler) -> Handler:
    """Look for the credentials of a client in the body alone when it asks for a token."""
    return change_requests(handle, _asks_for_token, lambda request: with_credential(request, None))


@deviation("client-given-twice-refused", area="authentication")
def client_given_twice_refused(handle: Handler) -> Handler:
    """Refuse a client that sends its credentials in header and body, with 400 as the RFC asks."""

    def when(request: Request) -> bool:
        secret = "client_secret" in _form(request)
        return _asks_for_token(request) and secret and bool(request.header("Authorization"))

    return _refused(handle, when, "invalid_request")


@deviation("client-unchecked", area="authentication")
def client_unchecked(handle: Handler) -> Handler:
    """Give a token for any secret of a client, from the first right one on that the server sees."""
    return _lending_tokens(handle, lambda request: "client_assertion" not in _form(request))


@deviation("assertion-unchecked", area="authentication")
def assertion_unchecked(handle: Handler) -> Handler:
    """Give a token for any assertion, from the first right one on that the server sees."""
    return _lending_tokens(handle, lambda request: "client_assertion" in _form(request))


@deviation("assertion-refused", area="authentication")
def assertion_refused(handle: Handler) -> Handler:
    """Refuse a client that authenticates by an assertion with 400, as a method not known."""
    return _refused(handle, lambda request: "client_assertion" in _form(request), "invalid_client")


@deviation("token-form-refused", area="authentication")
def token_form_refused(handle: Handler) -> Handler:
    """Refuse a token request with 415, by a rule that wants application/scim+json everywhere."""

    def wrapped(request: Request) -> Response:
        if not _asks_for_token(request):
            return handle(request)
        return error(415, "The media type is not application/scim+json.")

    return wrapped


@deviation("token-as-form", area="authentication")
def token_as_form(handle: Handler) -> Handler:
    """Answer a token request with a form in place of JSON."""

    def change(reply: Response) -> Response:
        text = urlencode({name: str(value) for name, value in (parse(reply.body) or {}).items()})
        return Response(reply.status, (("Content-Type", _FORM),), text.encode())

    return change_replies(handle, _asks_for_token, change)


@deviation("token-type-left-out", area="authentication")
def token_type_left_out(handle: Handler) -> Handler:
    """Leave the token_type out of the answer to a token request."""
    return edit_replies(handle, _asks_for_token, lambda body: drop(body, "token_type"))


@deviation("token-life-left-out", area="authentication")
def token_life_left_out(handle: Handler) -> Handler:
    """Leave expires_in out of the answer to a token request."""
    return edit_replies(handle, _asks_for_token, lambda body: drop(body, "expires_in"))


@deviation("token-worthless", area="authentication")
def token_worthless(handle: Handler) -> Handler:
    """Issue access tokens that open nothing."""

    def spoil(body: Document) -> None:
        body["access_token"] = f"{body.get('access_token')}-of-no-use"

    return edit_replies(handle, _asks_for_token, spoil)


@deviation("token-renewal-refused", area="authentication")
def token_renewal_refused(handle: Handler) -> Handler:
    """Refuse every token request after the first that was answered with a token, with 400."""
    answered: list[Response] = []

    def wrapped(request: Request) -> Response:
        if not _asks_for_token(request):
            return handle(request)
        reply = _no_token("invalid_request") if answered else handle(request)
        if reply.status == 200:
            answered.append(reply)
        return reply

    return wrapped


@deviation("jwt-refused", area="authentication")
def jwt_refused(handle: Handler) -> Handler:
    """Answer 401 to a bearer token that is a JWT."""
    return not_accepting(handle, lambda sent: sent.count(".") == 2)


@deviation("repeated-bearer-refused", area="authentication")
def repeated_bearer_refused(handle: Handler) -> Handler:
    """Answer 401 to a token with the word Bearer twice before it, as the RFC's grammar has it."""
    return not_accepting(handle, lambda sent: sent.lower().startswith("bearer bearer "))


def _asks_for_token(request: Request) -> bool:
    media_type = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    return request.method == "POST" and media_type == _FORM


def _form(request: Request) -> dict[str, str]:
    if not _asks_for_token(request):
        return {}
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _without_secret(request: Request) -> Request:
    form = {name: value for name, value in _form(request).items() if name != "client_secret"}
    return replace(request, body=urlencode(form).encode())


def _refused(handle: Handler, when: When, code: str) -> Handler:
    return lambda request: _no_token(code) if when(request) else handle(request)


def _no_token(code: str) -> Response:
    return answer_json(400, {"error": code})


def _lending_tokens(handle: Handler, test: Callable[[Request], bool]) -> Handler:
    """Answer a refused token request with an earlier answer that had a token."""
    good: list[Response] = []

    def wrapped(request: Request) -> Response:
        reply = whole(handle(request))
        if not _asks_for_token(request) or not test(request):
            return reply
        if reply.status == 200:
            good[:] = [reply]
        return good[0] if good else reply

    return wrapped
