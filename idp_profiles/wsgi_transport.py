"""A `send` that hands the literal request to a WSGI callable in this process, without sockets."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication
from wsgiref.types import WSGIEnvironment

from .content_encoding import decoded
from .model import Headers
from .model import Reply
from .model import Request

_LOG = logging.getLogger(__name__)


def call_wsgi(
    app: WSGIApplication, method: str, target: str, headers: Headers, body: bytes | None
) -> Reply:
    """Return the reply of a WSGI application to one request (PEP 3333).

    `target` is the whole request target. An application that raises answers 500, as behind a
    real server, and its traceback goes to the log.
    """
    caught = _Caught()
    try:
        chunks = app(_environ(method, target, headers, body), caught.start_response)
        content = _collect(chunks, caught.written)
    except Exception:  # as every WSGI server does: the client sees a 500, the log sees why
        _LOG.exception("The application raised while it answered %s %s", method, target)
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return Reply(status, status.phrase, (("Content-Type", "text/plain"),), b"Server Error")
    return Reply(caught.status, caught.reason, caught.headers, content)


class AppSend:
    """Sends requests into a WSGI application; `base_path` is where its SCIM endpoints start."""

    def __init__(
        self, app: WSGIApplication, base_path: str, *, extra_headers: Headers = ()
    ) -> None:
        self._app = app
        self._base_path = base_path.rstrip("/")
        self._extra = tuple(extra_headers)

    def __call__(self, request: Request) -> Reply:
        """Return the application's reply to one request."""
        headers: Headers = (("Host", "localhost"), *request.headers, *self._extra)
        if request.body is not None:
            headers = (*headers, ("Content-Length", str(len(request.body))))
        target = self._base_path + request.target
        return decoded(call_wsgi(self._app, request.method, target, headers, request.body))

    def close(self) -> None:
        """Do nothing: there is no connection to close."""


class _Caught:
    """What the application told `start_response`."""

    def __init__(self) -> None:
        self.status = 0
        self.reason = ""
        self.headers: Headers = ()
        self.written: list[bytes] = []

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        code, _, self.reason = status.partition(" ")
        self.status = int(code)
        self.headers = tuple(headers)
        return self.written.append


def _collect(chunks: Iterable[bytes], written: list[bytes]) -> bytes:
    try:
        content = b"".join(chunks)
        # What went through write() comes before what was returned (PEP 3333).
        return b"".join(written) + content
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()


def _environ(method: str, target: str, headers: Headers, body: bytes | None) -> WSGIEnvironment:
    path, _, query = target.partition("?")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": target,
        "RAW_URI": target,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body or b""),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    environ.update(_header_variables(headers))
    return environ


def _header_variables(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    variables: dict[str, str] = {}
    for name, value in headers:
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        variables[key] = f"{variables[key]},{value}" if key in variables else value
    return variables
