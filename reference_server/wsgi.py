"""The WSGI door: the application inside another process, or behind any WSGI server (PEP 3333).

`wsgi_app` wraps an application; `application` is the one that the environment describes, see
`deployment`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from typing import TypeAlias
from urllib.parse import quote

from .app import Application
from .deployment import deployed
from .errors import ScimError
from .http_rules import MAX_BODY
from .messages import Headers
from .messages import Request
from .messages import Response

Environ: TypeAlias = dict[str, Any]  # PEP 3333: strings, streams and booleans by name
StartResponse: TypeAlias = Callable[[str, list[tuple[str, str]]], object]
WsgiApp: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

_MOST_DIGITS = 15  # of a length that anybody may mean
# What may stand in a path unescaped (RFC 3986 section 3.3); everything else was escaped.
_PATH_SAFE = "/:@!$&'()*+,;=~-._"


def wsgi_app(app: Application) -> WsgiApp:
    """Return the application as a WSGI callable."""

    def call(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            response = app.handle(_request(environ))
        except ScimError as error:
            response = error.response()
        return _send(response, environ["REQUEST_METHOD"] == "HEAD", start_response)

    return call


class _Deployed:
    """The application of the environment, built at its first request.

    Not before: whoever imports this module for `wsgi_app` alone needs no environment, and a server
    that forks its workers forks them before there is a lock or an open file.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._app: WsgiApp | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            app = self._app or self._built(bool(environ.get("wsgi.multiprocess")))
        except ValueError as fault:  # all that the variables and their files can have wrong
            environ["wsgi.errors"].write(f"scimproof: {fault}\n")
            response = ScimError(500, "The server is not set up; see its log.").response()
            return _send(response, environ["REQUEST_METHOD"] == "HEAD", start_response)
        return app(environ, start_response)

    def _built(self, several_processes: bool) -> WsgiApp:
        with self._turn:
            if self._app is None:
                self._app = wsgi_app(deployed(os.environ, several_processes=several_processes))
            return self._app


application = _Deployed()


def _request(environ: Environ) -> Request:
    return Request(
        method=environ["REQUEST_METHOD"],
        path=_path(environ),
        query=environ.get("QUERY_STRING", ""),
        headers=_headers(environ),
        body=_body(environ),
    )


def _path(environ: Environ) -> str:
    """Return the path as it was sent, if the server tells, else escape it again."""
    for name in ("RAW_URI", "REQUEST_URI"):
        target = environ.get(name, "")
        if isinstance(target, str) and target.startswith("/"):
            return target.partition("?")[0]
    decoded = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    return quote(decoded.encode("latin-1"), safe=_PATH_SAFE)


def _headers(environ: Environ) -> Headers:
    found = [
        (name[5:].replace("_", "-").title(), _text(str(value)))
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    for name, header in (("CONTENT_TYPE", "Content-Type"), ("CONTENT_LENGTH", "Content-Length")):
        if environ.get(name):
            found.append((header, environ[name]))
    if environ.get("wsgi.url_scheme") == "https" and "HTTP_X_FORWARDED_PROTO" not in environ:
        # The application writes absolute locations and sees the scheme nowhere else.
        found.append(("X-Forwarded-Proto", "https"))
    return tuple(found)


def _text(value: str) -> str:
    """Read a header value as UTF-8; WSGI hands bytes over as Latin-1 (PEP 3333)."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _body(environ: Environ) -> bytes:
    """Read the body; one byte beyond the limit is enough for the application to refuse it."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not length:
        # A server that has decoded a chunked body says that its stream ends with the body.
        if environ.get("wsgi.input_terminated"):
            return bytes(environ["wsgi.input"].read(MAX_BODY + 1))
        return b""
    if not (length.isascii() and length.isdigit() and len(length) <= _MOST_DIGITS):
        raise ScimError(400, f"Content-Length must be a few digits, not {length!r:.40}.")
    return bytes(environ["wsgi.input"].read(min(int(length), MAX_BODY + 1)))


def _send(response: Response, head: bool, start_response: StartResponse) -> Iterable[bytes]:
    headers = list(response.headers)
    bodiless = response.status in (204, 304)
    body = response.body
    if not bodiless and isinstance(body, bytes):
        # A body in parts has no length yet; the server around frames it as it comes.
        headers.append(("Content-Length", str(len(body))))
    phrase = _PHRASES.get(response.status, "Unknown")
    start_response(f"{response.status} {phrase}", headers)
    if bodiless or head:
        # One empty part and no list: a server that counts nothing calls it a length of 0, which
        # would be wrong for HEAD and forbidden for 204 (RFC 9110 section 8.6).
        return iter((b"",))
    return [body] if isinstance(body, bytes) else body


_PHRASES = {each.value: each.phrase for each in HTTPStatus}
