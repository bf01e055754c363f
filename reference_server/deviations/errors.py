"""Deviations of errors: how the server says that something went wrong."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import parse
from .registry import deviation
from .shaping import FAILURE
from .shaping import always
from .shaping import answer_json
from .shaping import as_html
from .shaping import change_replies
from .shaping import edit_replies
from .shaping import on
from .shaping import place
from .shaping import with_header
from .shaping import with_status

_NOT_FOUND = range(404, 405)


@deviation("not-found-as-html", area="errors")
def not_found_as_html(handle: Handler) -> Handler:
    """Send a web page with each 404."""
    return change_replies(handle, always, as_html, _NOT_FOUND)


@deviation("not-found-without-detail", area="errors")
def not_found_without_detail(handle: Handler) -> Handler:
    """Leave the detail out of each 404."""
    return edit_replies(handle, always, lambda body: drop(body, "detail"), _NOT_FOUND)


@deviation("not-found-status-mismatch", area="errors")
def not_found_status_mismatch(handle: Handler) -> Handler:
    """Say 400 in the body of each 404."""
    return edit_replies(handle, always, lambda body: body.update(status="400"), _NOT_FOUND)


@deviation("not-found-as-400", area="errors")
def not_found_as_400(handle: Handler) -> Handler:
    """Answer 400 in place of 404 for what is not there."""
    return change_replies(handle, always, lambda reply: with_status(reply, 400), _NOT_FOUND)


@deviation("not-found-empty", area="errors")
def not_found_empty(handle: Handler) -> Handler:
    """Send each 404 without a body."""
    return change_replies(handle, always, lambda _reply: Response(404), _NOT_FOUND)


@deviation("error-status-as-number", area="errors")
def error_status_as_number(handle: Handler) -> Handler:
    """Give the status in errors as a number."""

    def number(body: Document) -> None:
        status = body.get("status")
        body["status"] = int(status) if isinstance(status, str) and status.isdigit() else status

    return edit_replies(handle, always, number, FAILURE)


@deviation("errors-without-schemas", area="errors")
def errors_without_schemas(handle: Handler) -> Handler:
    """Leave out of errors that they are SCIM errors."""
    return edit_replies(handle, always, lambda body: drop(body, "schemas"), FAILURE)


@deviation("errors-without-scim-type", area="errors")
def errors_without_scim_type(handle: Handler) -> Handler:
    """Leave scimType out of errors."""
    return edit_replies(handle, always, lambda body: drop(body, "scimType"), FAILURE)


@deviation("errors-as-text", area="errors")
def errors_as_text(handle: Handler) -> Handler:
    """Send errors as plain text."""

    def text(reply: Response) -> Response:
        detail = (parse(reply.body) or {}).get("detail")
        plain = with_header(reply, "Content-Type", "text/plain; charset=utf-8")
        return Response(reply.status, plain.headers, f"{detail or reply.status}\n".encode())

    return change_replies(handle, always, text, FAILURE)


@deviation("errors-in-own-format", area="errors")
def errors_in_own_format(handle: Handler) -> Handler:
    """Send errors as JSON of the server's own invention."""

    def own(reply: Response) -> Response:
        detail = (parse(reply.body) or {}).get("detail")
        shaped = answer_json(reply.status, {"error": {"code": reply.status, "message": detail}})
        return Response(reply.status, reply.headers or shaped.headers, shaped.body)

    return change_replies(handle, always, own, FAILURE)


@deviation("errors-with-status-200", area="errors")
def errors_with_status_200(handle: Handler) -> Handler:
    """Send errors with status 200, so that only the body tells."""
    statuses = range(400, 429)
    return change_replies(
        handle,
        always,
        lambda reply: reply if reply.status == 401 else Response(200, reply.headers, reply.body),
        statuses,
    )


@deviation("unknown-endpoint-200", area="errors")
def unknown_endpoint_200(handle: Handler) -> Handler:
    """Answer an endpoint that does not exist with 200 and the page of a web application."""

    def page(reply: Response) -> Response:
        return as_html(with_status(reply, 200))

    return change_replies(handle, _nowhere, page, _NOT_FOUND)


def _nowhere(request: Request) -> bool:
    known = on("GET", "Users Groups ResourceTypes Schemas ServiceProviderConfig")
    return request.method == "GET" and not place(request).id and not known(request)
