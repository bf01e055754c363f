"""A `send` that hands the literal request to a WSGI callable in this process, without sockets."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from http import HTTPStatus
from typing import NoReturn
from urllib.parse import unquote_to_bytes
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication
from wsgiref.types import WSGIEnvironment

from .content_encoding import decoded
from .model import Headers
from .model import Reply
from .model import Request
from .model import Trouble

HERE = "http://localhost"  # the origin of an application without a socket, unless it is told
_LOG = logging.getLogger(__name__)


def call_wsgi(
    app: WSGIApplication,
    method: str,
    target: str,
    headers: Headers,
    body: bytes | None,
    *,
    origin: str = HERE,
) -> Reply:
    """Return the reply of a WSGI application to one request (PEP 3333).

    `target` is the whole request target, `origin` where the application believes that it is. What
    `answer_of` says of failures holds here.
    """
    return answer_of(app, _environ(method, target, headers, body, origin))


def answer_of(app: WSGIApplication, environ: WSGIEnvironment) -> Reply:
    """Return the reply of a WSGI application, as it would come through a server.

    An application that raises, or that keeps no rule of PEP 3333, answers 500, as behind a real
    server, and its traceback goes to the log. Raises Trouble where no whole reply comes.
    """
    caught = _Caught()
    try:
        content = _collect(app(environ, caught.start_response), caught)
        return caught.reply(content, environ["REQUEST_METHOD"])
    except Trouble:
        raise
    except (Exception, SystemExit):  # the client sees a 500, the log sees why
        place = f"{environ['REQUEST_METHOD']} {environ.get('REQUEST_URI', '')}"
        _LOG.exception("The application raised while it answered %s", place)
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return Reply(status, status.phrase, (("Content-Type", "text/plain"),), b"Server Error")


class AppSend:
    """Sends requests into a WSGI application; `base_path` is where its SCIM endpoints start."""

    def __init__(
        self,
        app: WSGIApplication,
        base_path: str,
        *,
        extra_headers: Headers = (),
        origin: str = HERE,
    ) -> None:
        self._app = app
        self._base_path = base_path.rstrip("/")
        self._extra = tuple(extra_headers)
        self._origin = origin

    def __call__(self, request: Request) -> Reply:
        """Return the application's reply to one request."""
        headers: Headers = (*request.headers, *self._extra)
        target, body, origin = self._base_path + request.target, request.body, self._origin
        return decoded(call_wsgi(self._app, request.method, target, headers, body, origin=origin))

    def close(self) -> None:
        """Do nothing: there is no connection to close."""


class _Caught:
    """What the application told `start_response`."""

    def __init__(self) -> None:
        self._status: int | None = None
        self._reason = ""
        self._headers: Headers = ()
        self._content = bytearray()

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        if exc_info is not None and self._content:
            _raise_again(exc_info)  # too late for other headers
        if exc_info is None and self._status is not None:
            raise RuntimeError("start_response was called twice")
        code, _, self._reason = status.partition(" ")
        self._status = int(code)
        self._headers = tuple(_checked(name, value) for name, value in headers)
        return self.take

    def take(self, chunk: bytes) -> None:
        if chunk and self._status is None:
            raise RuntimeError("there is a body before start_response was called")
        self._content += chunk

    def reply(self, content: bytes, method: str) -> Reply:
        """Return what a client would see of it (RFC 9110 section 6.4.1, RFC 9112 section 6.3)."""
        if self._status is None:
            raise RuntimeError("start_response was never called")
        if method == "HEAD" or self._status < 200 or self._status in (204, 304):
            return Reply(self._status, self._reason, self._headers, b"")
        lengths = [value for name, value in self._headers if name.lower() == "content-length"]
        said = int(lengths[0]) if lengths else len(content)
        if said > len(content):
            raise Trouble(f"The reply ends after {len(content)} of the {said} bytes it speaks of.")
        return Reply(self._status, self._reason, self._headers, content[:said])

    @property
    def content(self) -> bytes:
        return bytes(self._content)


def _raise_again(exc_info: object) -> NoReturn:
    """Raise what an application hands to `start_response` in its last need."""
    raise exc_info[1]  # type: ignore[index]  # by PEP 3333 it is what sys.exc_info() returns


def _checked(name: str, value: str) -> tuple[str, str]:
    """Return a header that a server can send."""
    if not isinstance(name, str) or not isinstance(value, str) or set("\r\n") & {*name, *value}:
        raise TypeError(f"the header {name!r} cannot be sent with the value {value!r}")
    return name, value


def _collect(chunks: Iterable[bytes], caught: _Caught) -> bytes:
    """Return the body; what went through write() stands before what is returned (PEP 3333)."""
    try:
        for chunk in chunks:
            caught.take(chunk)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    return caught.content


def _environ(
    method: str, target: str, headers: Headers, body: bytes | None, origin: str
) -> WSGIEnvironment:
    path, _, query = target.partition("?")
    place = urlsplit(origin)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": target,
        "RAW_URI": target,
        "SERVER_NAME": place.hostname or "localhost",
        "SERVER_PORT": str(place.port or (443 if place.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "49152",
        "HTTP_HOST": place.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": place.scheme,
        "wsgi.input": io.BytesIO(body or b""),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    environ.update(_header_variables(headers))
    if body is not None:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _header_variables(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    variables: dict[str, str] = {}
    for name, value in headers:
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        variables[key] = f"{variables[key]},{value}" if key in variables else value
    return variables
