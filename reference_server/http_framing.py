"""HTTP/1.1 framing: bytes of a stream to one `Request`, strictly.

Written by hand instead of with `http.server`'s parser, because that one reads headers as e-mail
does: it accepts folded lines, splits at a bare CR and stops silently at a line without a colon. Two
programs that disagree about where a message ends are how requests get smuggled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO

from .app import MAX_BODY
from .errors import ScimError
from .errors import invalid_syntax
from .messages import Headers
from .messages import Request

MAX_LINE = 64 * 1024
MAX_HEADERS = 100
MAX_HEADER_BYTES = 128 * 1024

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - a grammar rule (RFC 9110 section 5.6.2)
_REQUEST_LINE = re.compile(rf"({_TOKEN}) ([!-~]+) HTTP/([0-9])\.([0-9])")
_HEADER = re.compile(rf"({_TOKEN}):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_CHUNK_SIZE = re.compile(r"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\x00-\x08\x0a-\x1f\x7f]*)?")
_ABSOLUTE = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


class ClosedError(Exception):
    """The client closed the connection between two requests, or within one."""


class Framed:
    """A request as far as it has been read, and whether the connection survives it."""

    def __init__(self, method: str, target: str, version: str, headers: Headers) -> None:
        self.method = method
        self.path, _, self.query = _origin_form(target).partition("?")
        self.version = version
        self.headers = headers
        self.keep_alive = version != "1.0" and "close" not in self._tokens("connection")

    def values(self, name: str) -> list[str]:
        """Return all values of a header."""
        return [value for key, value in self.headers if key.lower() == name]

    def _tokens(self, name: str) -> list[str]:
        joined = ",".join(self.values(name)).lower()
        return [each.strip() for each in joined.split(",")]

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for 100 before it sends the body (RFC 9110 section 10.1.1)."""
        return self.version != "1.0" and "100-continue" in self._tokens("expect")

    def request(self, body: bytes) -> Request:
        """Return the finished request."""
        return Request(self.method, self.path, self.query, self.headers, body)


def read_head(stream: BinaryIO) -> Framed:
    """Read the request line and the headers."""
    line = _line(stream)
    if line == "":  # RFC 9112 section 2.2: an empty line before a request is to be ignored
        line = _line(stream)
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise invalid_syntax("The request line must be METHOD, target and HTTP/1.1.")
    method, target, major, minor = match.groups()
    if major != "1":
        raise ScimError(505, f"HTTP/{major}.{minor} is not spoken here, only HTTP/1.1.")
    framed = Framed(method, target, "1.0" if minor == "0" else "1.1", _headers(stream))
    hosts = framed.values("host")
    if len(hosts) > 1 or (not hosts and framed.version == "1.1"):
        raise invalid_syntax("A request needs exactly one Host header.")
    return framed


def read_body(stream: BinaryIO, framed: Framed, go_on: Callable[[], None]) -> bytes:
    """Read the body to its end; `go_on` is called before waiting for it."""
    lengths = framed.values("content-length")
    codings = framed.values("transfer-encoding")
    if codings:
        if lengths:
            raise invalid_syntax("Content-Length and Transfer-Encoding exclude each other.")
        if framed.version == "1.0" or [each.lower() for each in codings] != ["chunked"]:
            raise ScimError(501, f"Transfer-Encoding {codings!r:.80} is not implemented.")
        go_on()
        return _chunked(stream)
    size = _content_length(lengths)
    if size:
        go_on()
    return _exactly(stream, size)


def _content_length(lengths: list[str]) -> int:
    if not lengths:
        return 0
    # Digits only: int() would take "+5", "5_0" and digits of other scripts.
    if len(lengths) > 1 or not re.fullmatch(r"[0-9]{1,15}", lengths[0]):
        raise invalid_syntax(f"Content-Length must be one number, not {lengths!r:.80}.")
    size = int(lengths[0])
    if size > MAX_BODY:
        raise _too_large()
    return size


def _chunked(stream: BinaryIO) -> bytes:
    body = bytearray()
    while True:
        match = _CHUNK_SIZE.fullmatch(_line(stream))
        if match is None:
            raise invalid_syntax("A chunk must start with its size in hexadecimal digits.")
        size = int(match[1], 16)
        if size == 0:
            _headers(stream)  # trailers; read so that the next request starts where it starts
            return bytes(body)
        if len(body) + size > MAX_BODY:
            raise _too_large()
        body += _exactly(stream, size)
        if _exactly(stream, 2) != b"\r\n":
            raise invalid_syntax("A chunk is longer than its size says.")


def _too_large() -> ScimError:
    return ScimError(413, f"The body is larger than {MAX_BODY} bytes.")


def _exactly(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise ClosedError
    return content


def _headers(stream: BinaryIO) -> Headers:
    headers: list[tuple[str, str]] = []
    size = 0
    while line := _line(stream):
        size += len(line)
        if len(headers) >= MAX_HEADERS or size > MAX_HEADER_BYTES:
            raise ScimError(431, "The headers are too many or too long.")
        match = _HEADER.fullmatch(line)
        if match is None:
            raise invalid_syntax(f"The header line {line!r:.80} is not of the form Name: value.")
        headers.append((match[1], match[2].rstrip(" \t")))
    return tuple(headers)


def _line(stream: BinaryIO) -> str:
    line = stream.readline(MAX_LINE + 1)
    if not line:
        raise ClosedError
    if len(line) > MAX_LINE:
        raise ScimError(431, f"A line of the request is longer than {MAX_LINE} bytes.")
    if not line.endswith(b"\n"):
        raise ClosedError
    if not line.endswith(b"\r\n"):
        raise invalid_syntax("A line of the request must end with CR LF.")
    # Header values are bytes to HTTP; UTF-8 is what clients mean when they leave ASCII.
    return line[:-2].decode("utf-8", "replace")


def _origin_form(target: str) -> str:
    """Reduce `http://host/path` to `/path`, which a server must accept (RFC 9112 section 3.2.2)."""
    match = _ABSOLUTE.match(target)
    return (target[match.end() :] or "/") if match else target
