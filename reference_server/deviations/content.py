"""Deviations of content: media types, what a client accepts, and letters in bytes."""

from __future__ import annotations

from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .registry import deviation
from .shaping import FAILURE
from .shaping import When
from .shaping import always
from .shaping import change_replies
from .shaping import change_requests
from .shaping import on
from .shaping import refuse
from .shaping import with_header

_ANY = on("GET POST PUT PATCH DELETE", "Users Groups ResourceTypes Schemas ServiceProviderConfig")
_WRITE = on("POST PUT PATCH", "Users Groups")
_REPLIES = range(200, 600)


@deviation("replies-as-plain-json", area="content")
def replies_as_plain_json(handle: Handler) -> Handler:
    """Send every reply as application/json."""
    return _sent_as(handle, "application/json")


@deviation("replies-as-text", area="content")
def replies_as_text(handle: Handler) -> Handler:
    """Send every reply as text/plain, though it is JSON."""
    return _sent_as(handle, "text/plain; charset=utf-8")


@deviation("errors-as-problem-json", area="content")
def errors_as_problem_json(handle: Handler) -> Handler:
    """Send every error as application/problem+json."""
    return _sent_as(handle, "application/problem+json", FAILURE)


@deviation("accept-scim-json-refused", area="content")
def accept_scim_json_refused(handle: Handler) -> Handler:
    """Refuse a request that accepts application/scim+json with 406."""
    return refuse(handle, _accepts("application/scim+json"), 406, "Only application/json is sent.")


@deviation("accept-json-refused", area="content")
def accept_json_refused(handle: Handler) -> Handler:
    """Refuse a request that accepts application/json with 406."""
    return refuse(handle, _accepts("application/json"), 406, "Only application/scim+json is sent.")


@deviation("charset-parameter-refused", area="content")
def charset_parameter_refused(handle: Handler) -> Handler:
    """Refuse a body whose Content-Type names a charset with 415."""

    def when(request: Request) -> bool:
        return _WRITE(request) and "charset" in (request.header("Content-Type") or "").lower()

    return refuse(handle, when, 415, "The media type is not supported.")


@deviation("media-type-has-case", area="content")
def media_type_has_case(handle: Handler) -> Handler:
    """Refuse a body whose media type is not in lower case with 415."""

    def when(request: Request) -> bool:
        kind = (request.header("Content-Type") or "").partition(";")[0]
        return _WRITE(request) and kind != kind.lower()

    return refuse(handle, when, 415, "The media type is not supported.")


@deviation("bodies-read-as-latin-1", area="content")
def bodies_read_as_latin_1(handle: Handler) -> Handler:
    """Read a body as Latin-1 if its Content-Type names no charset."""

    def misread(request: Request) -> Request:
        if "charset" in (request.header("Content-Type") or "").lower():
            return request
        body = request.body.decode("latin-1").encode("utf-8")
        kept = tuple(pair for pair in request.headers if pair[0].lower() != "content-length")
        return replace(request, body=body, headers=kept)

    return change_requests(handle, _WRITE, misread)


def _sent_as(handle: Handler, kind: str, statuses: range = _REPLIES) -> Handler:
    def relabelled(reply: Response) -> Response:
        return with_header(reply, "Content-Type", kind) if reply.header("Content-Type") else reply

    return change_replies(handle, always, relabelled, statuses)


def _accepts(kind: str) -> When:
    return lambda request: _ANY(request) and (request.header("Accept") or "").strip() == kind
