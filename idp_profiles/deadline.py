"""A request has one time-out for all of it: a server that trickles its reply holds nobody longer.

A socket's own time-out counts from the last byte. Whoever reads through a `TimedSocket` inside
`within(…)` is told that the time is over when it is over, whatever still comes.
"""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .content_encoding import LIMIT

_HEADERS = 1024 * 1024  # bytes beside the body: more than any client takes
_LEAST = 0.001  # a socket takes 0 for "do not wait at all"


class _Now(threading.local):
    """Until when the request of this thread may take, and how many bytes have come for it."""

    until = float("inf")
    read = 0


_NOW = _Now()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give what this thread reads here so many seconds in all; an outer limit that is less wins."""
    before = _NOW.until, _NOW.read
    _NOW.until, _NOW.read = min(before[0], time.monotonic() + seconds), 0
    try:
        yield
    finally:
        _NOW.until, _NOW.read = before


def left() -> float:
    """Return the seconds that are left for the request of this thread, at least a moment."""
    return max(_LEAST, _NOW.until - time.monotonic())


class TimedSocket:
    """A connected socket that is read under the limit of `within`; all else is the socket's own."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a socket has
        """Return what the socket has."""
        return getattr(self._sock, name)

    def makefile(self, *_mode: object, **_buffering: object) -> io.BufferedReader:
        """Return a way to read the reply; the HTTP clients ask for no other."""
        return io.BufferedReader(_Reader(self._sock))


class _Reader(io.RawIOBase):
    """Reads from a socket while there is time, and no more than a reply may have."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """Return true, as io.BufferedReader wants."""
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - a writable buffer
        """Read what is there; raises TimeoutError once the time is over."""
        if time.monotonic() >= _NOW.until:
            raise TimeoutError("the time of the request is over")
        if _NOW.until != float("inf"):
            self._sock.settimeout(left())
        count = self._raw.readinto(buffer)
        _NOW.read += count or 0
        if _NOW.read > LIMIT + _HEADERS:
            raise ConnectionAbortedError(f"the reply is larger than {LIMIT} bytes")
        return count

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()
