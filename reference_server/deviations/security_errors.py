"""Deviations of errors that give away the server's inside, or send a request back."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import text_of
from .registry import deviation
from .shaping import FAILURE
from .shaping import always
from .shaping import change_replies
from .shaping import edit_replies
from .shaping import edited
from .shaping import on
from .shaping import with_header

_REFUSED = range(400, 401)
_MISSING = range(404, 405)
_CONFLICT = range(409, 410)
_TRACE = (
    "Traceback (most recent call last):\n"
    '  File "/srv/scim/app/handlers/users.py", line 118, in create\n'
    '    name = body["userName"]\n'
    "KeyError: 'userName'"
)
_JAVA = (
    "java.lang.NullPointerException\n"
    "\tat com.example.scim.UserService.find(UserService.java:87)\n"
    "\tat com.example.scim.UserController.get(UserController.java:41)"
)
_NODE = (
    "SyntaxError: Unexpected end of JSON input\n"
    "    at JSON.parse (<anonymous>)\n"
    "    at parse (/app/node_modules/body-parser/lib/types/json.js:92:19)"
)
_SQL = (
    "SQLSTATE[22P02]: invalid input syntax for type uuid; "
    "select id, user_name from users where id = $1"
)


@deviation("errors-with-traceback", area="errors")
def errors_with_traceback(handle: Handler) -> Handler:
    """Put a Python traceback into the errors of writes."""
    return _telling(handle, _TRACE, "POST PUT PATCH", _REFUSED)


@deviation("errors-with-java-trace", area="errors")
def errors_with_java_trace(handle: Handler) -> Handler:
    """Put a Java stack trace into the errors for resources that are not there."""
    return _telling(handle, _JAVA, "GET PUT", _MISSING)


@deviation("broken-json-trace", area="errors")
def broken_json_trace(handle: Handler) -> Handler:
    """Put the stack trace of a JSON reader into the error for a body that is broken."""

    def broken(request: Request) -> bool:
        return on("POST PUT PATCH")(request) and request.body.count(b"{") > request.body.count(b"}")

    def tell(body: Document) -> None:
        body["detail"] = _NODE

    return edit_replies(handle, broken, tell, _REFUSED)


@deviation("errors-with-sql", area="errors")
def errors_with_sql(handle: Handler) -> Handler:
    """Put the message of a data base into the errors for resources that are not there."""
    return _telling(handle, _SQL, "GET PUT PATCH DELETE", _MISSING)


@deviation("errors-with-paths", area="errors")
def errors_with_paths(handle: Handler) -> Handler:
    """Name the source file in the errors of queries."""
    return _telling(handle, "Refused in /app/scim/filters/parser.py.", "GET", _REFUSED)


def _telling(handle: Handler, text: str, methods: str, statuses: range) -> Handler:
    def tell(body: Document) -> None:
        body["detail"] = f"{text_of(body, 'detail')} {text}"

    return edit_replies(handle, on(methods, "Users Groups"), tell, statuses)


@deviation("errors-with-request", area="errors")
def errors_with_request(handle: Handler) -> Handler:
    """Repeat the body of a user that is refused with 400 in the error."""
    return _repeating(handle, _REFUSED)


@deviation("duplicate-shows-request", area="errors")
def duplicate_shows_request(handle: Handler) -> Handler:
    """Repeat the body of a user whose userName is taken in the error."""
    return _repeating(handle, _CONFLICT)


def _repeating(handle: Handler, statuses: range) -> Handler:
    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status not in statuses or not on("POST PUT", "Users")(request):
            return reply
        sent = request.body.decode("utf-8", "replace")
        return edited(reply, lambda body: body.update(detail=f"Not valid: {sent}"))

    return wrapped


@deviation("server-version-told", area="errors")
def server_version_told(handle: Handler) -> Handler:
    """Tell the version of the software in the headers of errors."""
    return change_replies(
        handle, always, lambda reply: with_header(reply, "X-Powered-By", "Scimd/4.18.2"), FAILURE
    )


@deviation("not-found-reflects-html", area="errors")
def not_found_reflects_html(handle: Handler) -> Handler:
    """Answer 404 with a page that repeats the path as it was sent."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status != 404:
            return reply
        page = f"<html><body>Cannot {request.method} {unquote(request.path)}</body></html>"
        shown = with_header(reply, "Content-Type", "text/html; charset=utf-8")
        return replace(shown, body=page.encode())

    return wrapped
