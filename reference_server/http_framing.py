"""HTTP/1.1 framing: bytes of a connection to one `Request`, strictly.

Written by hand instead of with `http.server`'s parser, because that one reads headers as e-mail
does: it accepts folded lines, splits at a bare CR and stops silently at a line without a colon. Two
programs that disagree about where a message ends are how requests get smuggled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import ScimError
from .errors import invalid_syntax
from .http_rules import HOST
from .http_rules import MAX_BODY
from .messages import Headers
from .messages import Request
from .messages import SharedHeaders
from .messages import header_values

MAX_LINE = 64 * 1024
MAX_HEADERS = 100
MAX_HEADER_BYTES = 128 * 1024
MAX_CHUNK_LINE = 1024
MAX_CHUNKS = 100_000

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # a grammar rule (RFC 9110 section 5.6.2)
_REQUEST_LINE = re.compile(rb"(" + _TOKEN + rb") ([!-~]+) HTTP/([0-9])\.([0-9])")
# Blanks around the value are left in it: to skip them here would read long ones in square time.
_HEADER = re.compile(rb"(" + _TOKEN + rb"):([^\x00-\x08\x0a-\x1f\x7f]*)")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\x00-\x08\x0a-\x1f\x7f]*)?")
_LENGTH = re.compile(r"[0-9]{1,15}")
_ABSOLUTE = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)

_KNOWN_FIELDS = 64
_KNOWN_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Fields:
    """The header lines of a request, and what they say about its framing."""

    headers: Headers
    hosts: int
    lengths: tuple[str, ...]
    codings: tuple[str, ...]
    closes: bool
    expects_continue: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The request line and the header lines of a request."""

    method: str
    target: str
    version: str
    fields: Fields

    @property
    def keep_alive(self) -> bool:
        """Whether the connection survives the request."""
        return self.version != "1.0" and not self.fields.closes

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for 100 before it sends the body (RFC 9110 section 10.1.1)."""
        return self.version != "1.0" and self.fields.expects_continue

    def request(self, body: bytes) -> Request:
        """Return the finished request."""
        target, headers = self.target, self.fields.headers
        absolute = None if target[0] == "/" else _ABSOLUTE.match(target)
        if absolute is not None:
            target = target[absolute.end() :] or "/"
            headers = _named(absolute[1], headers)
        path, _, query = target.partition("?")
        return Request(self.method, path, query, headers, body)


class Parser:
    """Bytes in, requests out; after a fault the connection is beyond repair."""

    def __init__(self) -> None:
        self._bytes = b""
        # Up to where the end of the head has been looked for.
        self._searched = 0
        self._head: Head | None = None
        self._body: _SizedBody | _ChunkedBody | None = None
        # Clients repeat their header lines from request to request; reading them is a pure
        # function of the bytes, so that the last results can be kept.
        self._known: dict[bytes, Fields] = {}

    @property
    def is_idle(self) -> bool:
        """Whether no byte of a further request is here."""
        return not self._bytes and self._head is None

    @property
    def head(self) -> Head | None:
        """The head of the request that is under way, once it is complete."""
        return self._head

    def feed(self, content: bytes) -> None:
        """Take bytes as they come."""
        self._bytes = self._bytes + content if self._bytes else content

    def take(self) -> tuple[Head, bytes] | None:
        """Return the next request's head and body, or None until it is complete."""
        if self._body is None:
            head = self._take_head()
            if head is None:
                return None
            size = _body_size(head)
            if size is not None and len(self._bytes) >= size:
                body = self._bytes[:size]
                self._bytes = self._bytes[size:]
                return head, body
            self._head = head
            self._body = _ChunkedBody() if size is None else _SizedBody(size)
        return self._take_body(self._body)

    def _take_body(self, body: _SizedBody | _ChunkedBody) -> tuple[Head, bytes] | None:
        rest = body.feed(self._bytes)
        self._bytes = b"" if rest is None else rest
        head = self._head
        if rest is None or head is None:
            return None
        self._head = self._body = None
        return head, body.content()

    def _take_head(self) -> Head | None:
        raw = self._take_lines()
        if raw is None:
            return None
        line, _, lines = raw.partition(b"\r\n")
        match = _REQUEST_LINE.fullmatch(line)
        if match is None or len(line) > MAX_LINE:
            raise _bad_request_line(line)
        method, target, major, minor = match.groups()
        if major != b"1":
            raise ScimError(505, f"HTTP/{major.decode()}.{minor.decode()} is not spoken here.")
        fields = self._known.get(lines) or self._read_fields(lines)
        version = "1.0" if minor == b"0" else "1.1"
        if fields.hosts > 1 or (not fields.hosts and version == "1.1"):
            raise invalid_syntax("A request needs exactly one Host header.")
        return Head(method.decode("ascii"), target.decode("ascii"), version, fields)

    def _take_lines(self) -> bytes | None:
        """Take everything up to the empty line, which is read but not returned."""
        if self._bytes[:1] == b"\r" and not self._searched:
            self._skip_empty_line()
        end = self._bytes.find(b"\r\n\r\n", self._searched)
        if end < 0:
            self._refuse_early()
            self._searched = max(0, len(self._bytes) - 3)
            return None
        raw = self._bytes[:end]
        self._bytes = self._bytes[end + 4 :]
        self._searched = 0
        return raw

    def _skip_empty_line(self) -> None:
        """Skip one empty line before a request (RFC 9112 section 2.2)."""
        if self._bytes.startswith(b"\r\n\r\n"):
            raise _bad_request_line(b"")
        if self._bytes.startswith(b"\r\n") and len(self._bytes) > 3:
            self._bytes = self._bytes[2:]

    def _refuse_early(self) -> None:
        """Refuse what no further byte can make right, for it may never end."""
        at = self._bytes.find(b"\n", self._searched)
        while at >= 0:
            if self._bytes[at - 1 : at] != b"\r":
                raise _bare_line_feed()
            at = self._bytes.find(b"\n", at + 1)
        if len(self._bytes) > MAX_LINE and b"\n" not in self._bytes:
            raise _bad_request_line(self._bytes)
        if len(self._bytes) > MAX_LINE + MAX_HEADER_BYTES:
            raise _too_many_headers()

    def _read_fields(self, lines: bytes) -> Fields:
        fields = read_fields(lines.split(b"\r\n") if lines else [])
        if len(lines) <= _KNOWN_BYTES:
            if len(self._known) >= _KNOWN_FIELDS:
                self._known.clear()
            self._known[lines] = fields
        return fields


class _SizedBody:
    """A body whose length is known, as far as it has come."""

    def __init__(self, size: int) -> None:
        self._missing = size
        # A list, since adding bytes to bytes copies them each time.
        self._parts: list[bytes] = []

    def feed(self, content: bytes) -> bytes | None:
        """Take what belongs to the body; return the rest, or None until the body is complete."""
        self._parts.append(content[: self._missing])
        rest = content[self._missing :]
        self._missing -= len(self._parts[-1])
        return None if self._missing else rest

    def content(self) -> bytes:
        """Return the whole body."""
        return b"".join(self._parts)


class _ChunkedBody:
    """A body in chunks, as far as it has come (RFC 9112 section 7.1)."""

    def __init__(self) -> None:
        # A place in the bytes, since cutting bytes off the start copies the others each time.
        self._bytes = b""
        self._at = 0
        self._body = bytearray()
        self._chunks = 0
        # What is missing of the present chunk; its CR LF is still to come when it is 0.
        self._missing: int | None = None
        self._trailers: list[bytes] | None = None

    def feed(self, content: bytes) -> bytes | None:
        """Take what belongs to the body; return the rest, or None until the body is complete."""
        self._bytes = self._bytes[self._at :] + content
        self._at = 0
        while self._trailers is None:
            went_on = self._read_data() if self._missing is not None else self._read_size()
            if not went_on:
                return None
        while (line := self._line(MAX_LINE)) is not None:
            if not line:
                read_fields(self._trailers)  # nothing is done with them, but they must be right
                return self._bytes[self._at :]
            self._trailers.append(line)
            if len(self._trailers) > MAX_HEADERS:
                raise _too_many_headers()
        return None

    def content(self) -> bytes:
        """Return the whole body."""
        return bytes(self._body)

    def _read_size(self) -> bool:
        line = self._line(MAX_CHUNK_LINE)
        if line is None:
            return False
        match = _CHUNK_SIZE.fullmatch(line)
        if match is None:
            raise invalid_syntax("A chunk must start with its size in hexadecimal digits.")
        size = int(match[1], 16)
        self._chunks += 1
        if self._chunks > MAX_CHUNKS:
            raise ScimError(413, f"The body comes in more than {MAX_CHUNKS} chunks.")
        if len(self._body) + size > MAX_BODY:
            raise _too_large()
        if size:
            self._missing = size
        else:
            self._trailers = []
        return True

    def _read_data(self) -> bool:
        missing = self._missing or 0
        part = self._bytes[self._at : self._at + missing]
        self._body += part
        self._at += len(part)
        self._missing = missing - len(part)
        if self._missing or len(self._bytes) < self._at + 2:
            return False
        if not self._bytes.startswith(b"\r\n", self._at):
            raise invalid_syntax("A chunk is longer than its size says.")
        self._at += 2
        self._missing = None
        return True

    def _line(self, limit: int) -> bytes | None:
        end = self._bytes.find(b"\n", self._at, self._at + limit + 1)
        if end < 0:
            if len(self._bytes) - self._at > limit:
                raise _too_long(limit)
            return None
        if end == self._at or self._bytes[end - 1] != _CR:
            raise _bare_line_feed()
        line = self._bytes[self._at : end - 1]
        self._at = end + 1
        return line


_CR = 13


def _body_size(head: Head) -> int | None:
    """Return the length of the body, None when it comes in chunks."""
    fields = head.fields
    if not fields.codings:
        return _content_length(fields.lengths)
    if fields.lengths:
        raise invalid_syntax("Content-Length and Transfer-Encoding exclude each other.")
    if head.version == "1.0" or [each.lower() for each in fields.codings] != ["chunked"]:
        detail = f"Transfer-Encoding {', '.join(fields.codings)!r:.80} is not implemented."
        raise ScimError(501, detail)
    return None


def read_fields(lines: list[bytes]) -> Fields:
    """Read header lines; one that is not of the form `Name: value` refuses all."""
    if len(lines) > MAX_HEADERS or sum(map(len, lines)) > MAX_HEADER_BYTES:
        raise _too_many_headers()
    headers = SharedHeaders(_read_line(line) for line in lines)
    hosts = header_values(headers, "Host")
    _check_hosts(hosts)
    return Fields(
        headers=headers,
        hosts=len(hosts),
        lengths=header_values(headers, "Content-Length"),
        codings=header_values(headers, "Transfer-Encoding"),
        closes="close" in _tokens(header_values(headers, "Connection")),
        expects_continue="100-continue" in _tokens(header_values(headers, "Expect")),
    )


def _tokens(values: tuple[str, ...]) -> list[str]:
    return [each.strip() for each in ",".join(values).lower().split(",")]


def _read_line(line: bytes) -> tuple[str, str]:
    if len(line) > MAX_LINE:
        raise _too_long(MAX_LINE)
    match = _HEADER.fullmatch(line)
    if match is None:
        if b"\n" in line:
            raise _bare_line_feed()
        raise invalid_syntax(f"The header line {_text(line)!r:.80} is not of the form Name: value.")
    return match[1].decode("ascii"), _text(match[2]).strip(" \t")


def _text(content: bytes) -> str:
    """Header values are bytes to HTTP; UTF-8 is what clients mean when they leave ASCII."""
    return content.decode("utf-8", "replace")


def _content_length(lengths: tuple[str, ...]) -> int:
    if not lengths:
        return 0
    # Digits only: int() would take "+5", "5_0" and digits of other scripts.
    if len(lengths) > 1 or not _LENGTH.fullmatch(lengths[0]):
        raise invalid_syntax(f"Content-Length must be one number, not {', '.join(lengths)!r:.80}.")
    size = int(lengths[0])
    if size > MAX_BODY:
        raise _too_large()
    return size


def _bad_request_line(line: bytes) -> ScimError:
    if len(line) > MAX_LINE:
        # RFC 9112 section 3: a target that is too long has a status of its own.
        return ScimError(414, f"The request line is longer than {MAX_LINE} bytes.")
    if b"\n" in line:
        return _bare_line_feed()
    return invalid_syntax("The request line must be METHOD, target and HTTP/1.1.")


def _bare_line_feed() -> ScimError:
    return invalid_syntax("A line of the request must end with CR LF.")


def _too_long(limit: int) -> ScimError:
    return ScimError(431, f"A line of the request is longer than {limit} bytes.")


def _too_many_headers() -> ScimError:
    return ScimError(431, "The headers are too many or too long.")


def _too_large() -> ScimError:
    return ScimError(413, f"The body is larger than {MAX_BODY} bytes.")


def _named(host: str, headers: Headers) -> Headers:
    """Put the host of `http://host/path` in place of the header (RFC 9112 section 3.2.2)."""
    _check_hosts((host,))
    return (("Host", host), *(each for each in headers if each[0].lower() != "host"))


def _check_hosts(hosts: tuple[str, ...]) -> None:
    """Refuse what cannot be a host (RFC 9112 section 3.2): locations would be built from it."""
    for host in hosts:
        if HOST.fullmatch(host) is None:
            raise invalid_syntax(f"Host: {host!r:.80} is not a name or an address with a port.")
