"""One connection: what comes is read, requests are answered, replies are sent, nothing waits.

A connection is worked on by one thread at a time. What cannot be done at once (the rest of a
reply that the client takes slowly, a body in parts) is left in `outbox` for a thread of its own.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from enum import Enum
from enum import auto
from itertools import chain

from .app import FAILED
from .errors import ScimError
from .fault_log import log_fault
from .http_framing import Head
from .http_framing import Parser
from .http_replies import CONTINUE
from .http_replies import parts_of_reply
from .http_replies import whole_reply
from .messages import Handler
from .messages import Response

_AT_ONCE = 64 * 1024
# A whole reply fits into the system's buffer, so that it can leave without waiting.
_SENT_AT_ONCE = 256 * 1024
_LINGER_SECONDS = 1.0
_LINGER_BYTES = 16 * 1024 * 1024
_SURPLUS_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a client may take, and how many there may be."""

    request_seconds: float
    idle_seconds: float
    connections: int


class _Phase(Enum):
    """What a connection is doing."""

    OPEN = auto()
    LINGERING = auto()
    ENDED = auto()


class Connection:
    """A client's connection, from the first byte to the last."""

    def __init__(
        self, client: socket.socket, handle: Handler, limits: Limits, *, surplus: bool
    ) -> None:
        self.socket = client
        self.outbox: Iterator[bytes] | None = None
        # Whether somebody waits for bytes from it; kept by whoever waits.
        self.watched = False
        self._handle = handle
        self._limits = limits
        self._surplus = surplus
        self._parser = Parser()
        self._phase = _Phase.OPEN
        self._half_way = False
        self._asked_for_body = False
        self._ends_after_reply = False
        self._lingered = 0
        # Whoever is one too many is not given the time to do nothing.
        self._idle_seconds = _SURPLUS_SECONDS if surplus else limits.idle_seconds
        self.deadline = time.monotonic() + self._idle_seconds
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SENT_AT_ONCE)

    @property
    def has_ended(self) -> bool:
        """Whether the connection is of no more use."""
        return self._phase is _Phase.ENDED

    def work(self) -> None:
        """Read what has come and answer it."""
        try:
            content = self.socket.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:  # broken: nobody is there
            content = b""
        if not content:
            self._phase = _Phase.ENDED
        elif self._phase is _Phase.LINGERING:
            self._forget(len(content))
        else:
            self._parser.feed(content)
            self.go_on()

    def go_on(self) -> None:
        """Answer the requests that are complete, as far as that needs no waiting."""
        self._guarded(self._answer_all)

    def expire(self) -> None:
        """End the connection, whose time is over; half a request gets a reply first."""
        if self._phase is _Phase.OPEN and not self._parser.is_idle:
            late = ScimError(408, "The request did not arrive in time.").response()
            self._guarded(lambda: self._reply(late, None, keep_alive=False))
        else:
            self._phase = _Phase.ENDED

    def deliver(self) -> None:
        """Send what is in the outbox, however long the client takes within its limits."""
        self._guarded(self._send_outbox)

    def close(self) -> None:
        """Free the socket."""
        self._phase = _Phase.ENDED
        self.socket.close()

    def shut(self) -> None:
        """Make whoever works on the connection find its end."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def _guarded(self, step: Callable[[], None]) -> None:
        """Take a step; when it fails, this connection ends and no other."""
        try:
            step()
        except OSError:  # the client has gone, or takes nothing: there is nobody to tell
            self._abort()
        except Exception as fault:  # the last resort, as in `Application.handle`
            log_fault(fault)
            self._abort()

    def _abort(self) -> None:
        """End the connection by a reset, so that half a body cannot look like a whole one."""
        self._phase = _Phase.ENDED
        with contextlib.suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def _answer_all(self) -> None:
        while self._phase is _Phase.OPEN and self.outbox is None and self._answer_next():
            self._half_way = self._asked_for_body = False

    def _answer_next(self) -> bool:
        """Answer one request, if it is complete."""
        try:
            found = self._parser.take()
            if found is None:
                self._wait_for_more()
                return False
            head, body = found
            response = self._answered(head, body)
        except ScimError as error:
            self._reply(error.response(), self._parser.head, keep_alive=False)
        else:
            self._reply(response, head, keep_alive=head.keep_alive)
        return True

    def _wait_for_more(self) -> None:
        if self._parser.is_idle:
            self.deadline = time.monotonic() + self._idle_seconds
            return
        if not self._half_way:
            # Set once for each request: dripping bytes one by one gains no time.
            self._half_way = True
            self.deadline = time.monotonic() + self._limits.request_seconds
        head = self._parser.head
        if head is not None and head.expects_continue and not self._asked_for_body:
            self._asked_for_body = True
            self._send(CONTINUE)

    def _answered(self, head: Head, body: bytes) -> Response:
        if self._surplus:
            detail = f"The server serves {self._limits.connections} connections already."
            raise ScimError(503, detail, headers=(("Retry-After", "1"),))
        response = self._handle(head.request(body))
        if isinstance(response.body, bytes) or head.method == "HEAD":
            return response
        try:
            # The first part is made here, while a fault can still become a status.
            parts = iter(response.body)
            return replace(response, body=chain((next(parts, b""),), parts))
        except Exception as fault:  # the last resort, as in `Application.handle`
            log_fault(fault)
            raise ScimError(500, FAILED) from fault

    def _reply(self, response: Response, head: Head | None, *, keep_alive: bool) -> None:
        self._ends_after_reply = not keep_alive
        head_only = head is not None and head.method == "HEAD"
        body = response.body
        if isinstance(body, bytes):
            self._send(whole_reply(response, body, head_only=head_only, keep_alive=keep_alive))
        else:
            self.outbox = parts_of_reply(
                response,
                iter(body),
                chunked=head is not None and head.version != "1.0",
                head_only=head_only,
                keep_alive=keep_alive,
            )
        if self.outbox is None:
            self._replied()

    def _send(self, content: bytes) -> None:
        """Send as much as goes at once, and leave the rest for later."""
        try:
            sent = self.socket.send(content)
        except BlockingIOError:
            sent = 0
        if sent < len(content):
            self.outbox = iter((content[sent:],))

    def _send_outbox(self) -> None:
        self.socket.settimeout(self._limits.request_seconds)
        for part in self.outbox or ():
            self.socket.sendall(part)
        self.socket.setblocking(False)
        self.outbox = None
        self._replied()

    def _replied(self) -> None:
        if self._ends_after_reply:
            # Closing with unread bytes makes the system send a reset, which can destroy the reply
            # on its way: the client would see a broken connection in place of 413.
            self.socket.shutdown(socket.SHUT_WR)
            self._phase = _Phase.LINGERING
            self.deadline = time.monotonic() + _LINGER_SECONDS

    def _forget(self, size: int) -> None:
        self._lingered += size
        if self._lingered > _LINGER_BYTES:
            self._phase = _Phase.ENDED
