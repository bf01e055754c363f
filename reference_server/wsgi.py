"""The WSGI door: the application inside another process, or behind any WSGI server (PEP 3333)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from typing import TypeAlias
from urllib.parse import quote

from .app import MAX_BODY
from .app import Application
from .errors import ScimError
from .messages import Headers
from .messages import Request
from .messages import Response

Environ: TypeAlias = dict[str, Any]  # PEP 3333: strings, streams and booleans by name
StartResponse: TypeAlias = Callable[[str, list[tuple[str, str]]], object]
WsgiApp: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

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
    if not (length.isascii() and length.isdigit()):
        raise ScimError(400, f"Content-Length must be digits, not {length!r:.40}.")
    return bytes(environ["wsgi.input"].read(min(int(length), MAX_BODY + 1)))


def _send(response: Response, head: bool, start_response: StartResponse) -> Iterable[bytes]:
    headers = list(response.headers)
    bodiless = response.status in (204, 304)
    if not bodiless:
        headers.append(("Content-Length", str(len(response.body))))
    phrase = _PHRASES.get(response.status, "Unknown")
    start_response(f"{response.status} {phrase}", headers)
    return [] if bodiless or head else [response.body]


_PHRASES = {each.value: each.phrase for each in HTTPStatus}
