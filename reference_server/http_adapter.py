"""The HTTP adapter: sockets outside, `Request` and `Response` inside.

Each reply leaves in one write (headers and body as two packets would wait for an acknowledgement),
the connection stays open, and a request is always read to its end or the connection is closed, for
a body left in the stream would be taken for the next request.
"""

from __future__ import annotations

import contextlib
import io
import socket
import socketserver
import sys
import threading
import time
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING
from typing import Self

from .app import Application
from .errors import ScimError
from .fault_log import log_fault
from .http_framing import ClosedError
from .http_framing import Framed
from .http_framing import read_body
from .http_framing import read_head
from .messages import Response

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer  # collections.abc.Buffer came with Python 3.12

REQUEST_SECONDS = 30.0
IDLE_SECONDS = 75.0
_LINGER_SECONDS = 1.0
_LINGER_BYTES = 16 * 1024 * 1024

_PHRASES = {each.value: each.phrase for each in HTTPStatus}


class _TimedReader(io.RawIOBase):
    """Bytes of a socket until a moment: a client that drips them one by one gains nothing."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.deadline = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        self._connection.settimeout(remaining)
        return self._connection.recv_into(buffer)


class _Handler(BaseHTTPRequestHandler):
    """One connection; of the base class only the life cycle is used, see `http_framing`."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _SocketServer

    def setup(self) -> None:
        """Read through a deadline instead of the base class's time-out for each single read."""
        super().setup()
        self.rfile.close()
        self._raw = _TimedReader(self.connection)
        self._stream = io.BufferedReader(self._raw)
        self.rfile = self._stream

    def finish(self) -> None:
        """Close the streams; the client may be gone, and nothing is left to tell it then."""
        with contextlib.suppress(OSError):
            super().finish()

    def handle_one_request(self) -> None:
        """Read a request, answer it, and decide whether another may follow."""
        self.close_connection = True
        if not self._wait():
            return
        self._framed: Framed | None = None
        try:
            response = self._answer()
        except ScimError as error:
            response = error.response()
        except TimeoutError:
            response = ScimError(408, "The request did not arrive in time.").response()
        except (ClosedError, ConnectionError):
            return
        with contextlib.suppress(OSError):
            self._send(response)

    def _wait(self) -> bool:
        """Wait for the first byte of a request."""
        self._raw.deadline = time.monotonic() + self.server.idle_seconds
        try:
            return bool(self._stream.peek(1))
        except OSError:  # time-outs and broken connections alike: nobody is there
            return False

    def _answer(self) -> Response:
        self._raw.deadline = time.monotonic() + self.server.request_seconds
        framed = read_head(self._stream)
        self._framed = framed
        body = read_body(self._stream, framed, self._go_on)
        response = self.server.app.handle(framed.request(body))
        self.close_connection = not framed.keep_alive
        return response

    def _go_on(self) -> None:
        """Ask for the body, if the client waits to be asked."""
        if self._framed is not None and self._framed.expects_continue:
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()

    def _send(self, response: Response) -> None:
        self.connection.settimeout(self.server.request_seconds)
        bodiless = response.status in (204, 304)
        headers = [*response.headers, ("Date", formatdate(usegmt=True))]
        if not bodiless:
            headers.append(("Content-Length", str(len(response.body))))
        if self.close_connection:
            headers.append(("Connection", "close"))
        phrase = _PHRASES.get(response.status, "Unknown")
        lines = [f"HTTP/1.1 {response.status} {phrase}", *(f"{k}: {v}" for k, v in headers)]
        head = "\r\n".join([*lines, "", ""]).encode("utf-8")
        silent = bodiless or (self._framed is not None and self._framed.method == "HEAD")
        self.wfile.write(head if silent else head + response.body)
        self.wfile.flush()
        if self.close_connection:
            self._linger()

    def _linger(self) -> None:
        """Read what is still coming before closing.

        Closing with unread bytes makes the system send a reset, which can destroy the reply on its
        way: the client would see a broken connection in place of 413.
        """
        self.connection.shutdown(socket.SHUT_WR)
        self._raw.deadline = time.monotonic() + _LINGER_SECONDS
        received = 0
        while received < _LINGER_BYTES:
            chunk = self._stream.read1(65536)
            if not chunk:
                return
            received += len(chunk)


class _SocketServer(ThreadingHTTPServer):
    """A thread for each connection; open connections are known, so that stopping ends them."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], app: Application, timings: tuple[float, float]
    ) -> None:
        self.app = app
        self.request_seconds, self.idle_seconds = timings
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without the base class's look-up of the host's name, which may take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]  # the host may be bytes for Unix sockets only

    def process_request_thread(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]  # TCP sockets only
        """Serve one connection, known while it lasts."""
        with self._guard:
            self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._open.discard(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Log a fault of our own; the base class would print all that is known about it."""
        fault = sys.exception()
        if fault is not None:
            log_fault(fault)

    def end_connections(self) -> None:
        """End what is still open; keep-alive clients would otherwise be served after the stop."""
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class Server:
    """An application listening on a socket, in a thread of its own once started."""

    def __init__(
        self,
        app: Application,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        request_seconds: float = REQUEST_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._server = _SocketServer((host, port), app, (request_seconds, idle_seconds))
        self._thread: threading.Thread | None = None
        self.host = host
        self.port: int = self._server.server_address[1]
        self.url = f"http://{_shown_host(host)}:{self.port}{app.base_path}"

    def start(self) -> Server:
        """Serve in a thread."""
        if self._thread is None:
            # The default poll interval would make every stop wait for half a second.
            serve = self._server.serve_forever
            self._thread = threading.Thread(target=serve, args=(0.02,), daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port; a second call does nothing."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.end_connections()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()


def _shown_host(host: str) -> str:
    """Return a host that a client can connect to."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"[{reachable}]" if ":" in reachable else reachable
