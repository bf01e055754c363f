"""Bodies on their way through: read by their framing, kept up to a limit, never held whole."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from typing import Protocol

from .recorded import Heard

CHUNK = 64 * 1024
_LINE = 1024
_HEX = frozenset(b"0123456789abcdefABCDEF")


class Readable(Protocol):
    """What bodies are read from."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer at the end."""

    def readline(self, size: int, /) -> bytes:
        """Return a line, or so many bytes of it."""


class BrokenMessage(Exception):
    """A message ended too soon, or is framed in a way that nobody can read."""


class TooLarge(Exception):
    """A body is larger than is let through."""


class Kept:
    """What is kept of a body while it passes; nothing once it is larger than the limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self.complete = False

    def passing(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the chunks and keep them."""
        for chunk in chunks:
            self._size += len(chunk)
            if self._size <= self._limit:
                self._parts.append(chunk)
            else:
                self._parts.clear()
            yield chunk
        self.complete = True

    def heard(self) -> Heard:
        """Return what was kept so far."""
        kept = b"".join(self._parts) if self._size <= self._limit else None
        return Heard(kept, self._size, self.complete)


def incoming(stream: Readable, length: str | None, coding: str | None) -> Iterator[bytes]:
    """Yield a request's body; raises BrokenMessage when its framing is wrong (RFC 9112 6.3)."""
    if coding is not None:
        if length is not None or coding.strip().lower() != "chunked":
            raise BrokenMessage("the framing of the body is ambiguous")
        yield from _unchunked(stream)
    elif length is not None:
        # More digits than any body has, and a sign or blank, are no length.
        if not (length.isascii() and length.isdigit() and len(length) <= 15):
            raise BrokenMessage("the Content-Length is no whole number")
        yield from _exactly(stream, int(length))


def framed(chunk: bytes) -> bytes:
    """Return one chunk of a chunked body; an empty one ends it."""
    return b"%x\r\n%s\r\n" % (len(chunk), chunk)


def limited(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Yield the chunks; raises TooLarge once they are more than the limit together."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge
        yield chunk


def _exactly(stream: Readable, length: int) -> Iterator[bytes]:
    while length:
        chunk = stream.read(min(CHUNK, length))
        if not chunk:
            raise BrokenMessage("the body ended too soon")
        length -= len(chunk)
        yield chunk


def _unchunked(stream: Readable) -> Iterator[bytes]:
    while True:
        digits = _line(stream).partition(b";")[0].strip()
        if not digits or len(digits) > 12 or not _HEX.issuperset(digits):
            raise BrokenMessage("a chunk has no size")
        size = int(digits, 16)
        if size == 0:
            break
        yield from _exactly(stream, size)
        if _line(stream).strip():
            raise BrokenMessage("a chunk is longer than it says")
    # Trailer fields are read and dropped: no IdP is known to send any.
    while _line(stream).strip():
        pass


def _line(stream: Readable) -> bytes:
    line = stream.readline(_LINE)
    if not line.endswith(b"\n"):
        raise BrokenMessage("the body ended too soon")
    return line
