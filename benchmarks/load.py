"""The load: bytes made beforehand go out on some connections, and what comes back is checked.

One process and one thread, so that the load takes one core at most and the server has the others.
A connection sends its next request when the reply to the last one is complete.
"""

from __future__ import annotations

import gc
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

Statuses: TypeAlias = tuple[bytes, ...]

_AT_ONCE = 256 * 1024
_WARM_UP = 0.2
_UNKNOWN = -1
_CHUNKED = -2
_UNTIL_END = -3


class LoadError(Exception):
    """A reply that is not the expected one, or none at all."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What some seconds of load gave; times are in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    # With those of the warm-up.
    sent: int

    @property
    def rate(self) -> float:
        """The requests answered in a second."""
        return self.requests / self.seconds


class _Reply:
    """A reply as far as it has come."""

    def __init__(self) -> None:
        self._content = b""
        self._end = _UNKNOWN
        self._closes = False

    def is_complete(self, content: bytes) -> bool:
        """Take some bytes; tell whether they were the last ones."""
        self._content = self._content + content if self._content else content
        if self._end == _UNKNOWN and not self._read_head():
            return False
        if self._end == _CHUNKED:
            return self._content.endswith(b"\r\n0\r\n\r\n")
        return 0 < self._end <= len(self._content)

    @property
    def ends_with_connection(self) -> bool:
        """Whether nothing but the end of the connection tells the end of the reply."""
        return self._end == _UNTIL_END

    @property
    def closes(self) -> bool:
        """Whether the server ends the connection after this reply."""
        return self._closes

    def _read_head(self) -> bool:
        at = self._content.find(b"\r\n\r\n")
        if at < 0:
            return False
        head = self._content[:at].lower()
        self._closes = head.startswith(b"http/1.0") or b"\r\nconnection: close" in head
        start = head.find(b"\r\ncontent-length:")
        if start >= 0:
            length = head[start + 17 :].split(b"\r\n", 1)[0]
            self._end = at + 4 + int(length)
        else:
            self._end = self._end_without_length(head, at + 4)
        return True

    def _end_without_length(self, head: bytes, start: int) -> int:
        if b"\r\ntransfer-encoding: chunked" in head:
            return _CHUNKED
        bodiless = self.status in (b"204", b"304")
        return _UNTIL_END if self._closes and not bodiless else start

    @property
    def status(self) -> bytes:
        return self._content[9:12]

    @property
    def content(self) -> bytes:
        return self._content


class _Client:
    """One connection and the request that is under way on it."""

    def __init__(self, port: int, selector: selectors.BaseSelector) -> None:
        self._port = port
        self._selector = selector
        self._socket: socket.socket | None = None
        self.reply = _Reply()
        self.sent = 0.0

    def send(self, request: bytes) -> None:
        """Send a request; where the server has ended the connection, making one costs time too."""
        self.sent = time.perf_counter()
        if self.reply.closes:
            self.close()
        connection = self._socket or self._connect()
        self.reply = _Reply()
        connection.sendall(request)

    def receive(self) -> bool:
        """Receive some bytes; tell whether the reply is complete."""
        content = self._socket.recv(_AT_ONCE) if self._socket else b""
        if content:
            return self.reply.is_complete(content)
        if self.reply.ends_with_connection:
            return True
        raise LoadError(f"the connection ended in a reply: {self.reply.content[:200]!r}")

    def rest(self) -> None:
        """Send nothing for a while: close what the server is about to close."""
        if self.reply.closes:
            self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None

    def _connect(self) -> socket.socket:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(self._socket, selectors.EVENT_READ, self)
        return self._socket


class Load:
    """Some keep-alive connections to a server on this machine."""

    def __init__(self, port: int, connections: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._clients = [_Client(port, self._selector) for _ in range(connections)]

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients:
            client.close()
        self._selector.close()

    def ask(self, request: bytes, expected: Statuses) -> bytes:
        """Send one request; return the head and the body of the reply."""
        client = self._clients[0]
        client.send(request)
        while not client.receive():
            pass
        _check(client, expected)
        return client.reply.content

    def measure(self, requests: Iterator[bytes], expected: Statuses, seconds: float) -> Measure:
        """Warm up, then send requests for some seconds, or until there are no more."""
        warm_up = self._run(requests, expected, min(_WARM_UP, seconds / 5))
        gc.collect()
        gc.disable()
        try:
            started = time.perf_counter()
            times = self._run(requests, expected, seconds)
            elapsed = time.perf_counter() - started
        finally:
            gc.enable()
        if not times:
            raise LoadError("there were no requests left to measure")
        return _measured(times, elapsed, len(warm_up))

    def send_all(self, requests: Iterator[bytes], expected: Statuses, seconds: float) -> int:
        """Send requests until there are no more or the time is over; return how many."""
        return len(self._run(requests, expected, seconds))

    def _run(self, requests: Iterator[bytes], expected: Statuses, seconds: float) -> list[float]:
        """Send requests until the time is over; return how long each took."""
        times: list[float] = []
        now = time.perf_counter
        until = now() + seconds
        busy = sum(_send_next(client, requests) for client in self._clients)
        select = self._selector.select
        while busy:
            for key, _ in select(120) or _nothing():
                client: _Client = key.data
                if not client.receive():
                    continue
                ended = now()
                times.append(ended - client.sent)
                _check(client, expected)
                if ended > until:
                    client.rest()
                    busy -= 1
                elif not _send_next(client, requests):
                    busy -= 1
        return times


def _send_next(client: _Client, requests: Iterator[bytes]) -> bool:
    request = next(requests, None)
    if request is None:
        client.rest()
        return False
    client.send(request)
    return True


def _nothing() -> list[tuple[selectors.SelectorKey, int]]:
    raise LoadError("the server has not answered for two minutes")


def _check(client: _Client, expected: Statuses) -> None:
    if client.reply.status not in expected:
        shown = client.reply.content[:600].decode("utf-8", "replace")
        raise LoadError(f"expected {b' or '.join(expected).decode()}, got:\n{shown}")


def _measured(times: list[float], seconds: float, before: int) -> Measure:
    ordered = sorted(times)
    return Measure(
        requests=len(ordered),
        seconds=seconds,
        p50=_at(ordered, 0.50) * 1000,
        p99=_at(ordered, 0.99) * 1000,
        sent=before + len(ordered),
    )


def _at(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
