"""The recorder: a reverse proxy that passes everything on and writes down what it heard."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from idp_profiles.model import Headers

from .file import Writer
from .recorded import Heard
from .recorded import Recorded
from .redaction import Raw
from .streams import BrokenMessage
from .streams import Kept
from .streams import TooLarge
from .streams import framed
from .streams import incoming
from .streams import limited
from .upstream import Unreachable
from .upstream import Upstream
from .upstream import content_of

_KEPT = 8 * 1024 * 1024
_IDLE_SECONDS = 75.0
_LAST_SECONDS = 5.0
# Between two neighbours only (RFC 9110 section 7.6.1): the connection to the IdP is our own.
_OWN_OF_A_REPLY = frozenset({"connection", "keep-alive", "transfer-encoding"})


class Recorder(ThreadingHTTPServer):
    """Listens for an IdP, passes its requests on to a server, and writes both sides down.

    `ended` is set once nothing can be written any more.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        upstream: Upstream,
        writer: Writer,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        largest: int = 64 * 1024 * 1024,
        told: Callable[[Recorded], None] = lambda recorded: None,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)
        self.upstream = upstream
        self.writer = writer
        self.largest = largest
        self.told = told
        self.ended = threading.Event()
        self.begun = time.monotonic()
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self.server_port}{upstream.base_path}"
        self._open: set[socket.socket] = set()
        self._busy = 0
        self._changed = threading.Condition()

    def start(self) -> None:
        """Listen in a thread of its own."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening, let what is on its way arrive, and close the file."""
        self.shutdown()
        self.server_close()
        with self._changed:
            self._changed.wait_for(lambda: not self._busy, _LAST_SECONDS)
            left = list(self._open)
        self.writer.close()
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """Note that an exchange is on its way."""
        with self._changed:
            self._busy += 1
        try:
            yield
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 # as the base class says
        """Serve a connection in a thread of its own."""
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 # as the base class says
        """Close a connection."""
        with self._changed:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 # as the base class says
        """Say nothing: a connection that broke is written down with its exchange."""


class _Handler(BaseHTTPRequestHandler):
    """One connection of the IdP."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    timeout = _IDLE_SECONDS
    server: Recorder

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Return what serves a method, whichever it is."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # the base class's name
        """Say nothing: the log would name people."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no HTTP request; it is not recorded, for it cannot be redacted."""
        del explain
        self._answer(int(code), message or "This is no HTTP request.")

    def _serve(self) -> None:
        with self.server.busy():
            _Passage(self).go()

    def _answer(self, status: int, detail: str) -> Headers:
        """Send a SCIM error of our own and hang up."""
        body = json.dumps(
            {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                "status": str(status),
                "detail": detail,
            }
        ).encode()
        headers = (
            ("Content-Type", "application/scim+json"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        )
        self.close_connection = True
        self.begin_reply(status, "", headers)
        self.wfile.write(body)
        self.wfile.flush()
        return headers

    def begin_reply(self, status: int, reason: str, headers: Headers) -> None:
        """Write a status line and headers."""
        lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
        self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def refuse(self, status: int, detail: str) -> Headers:
        """Answer in place of the server."""
        return self._answer(status, detail)


class _Passage:
    """One request on its way to the server and back."""

    def __init__(self, handler: _Handler) -> None:
        self._handler = handler
        self._recorder = handler.server
        self._at = time.monotonic() - self._recorder.begun
        self._headers: Headers = tuple((k, str(v)) for k, v in handler.headers.items())
        self._request, self._content = Kept(_KEPT), Kept(_KEPT)
        self._status: int | None = None
        self._reply_headers: Headers = ()
        self._error = ""

    def go(self) -> None:
        """Pass the request on, the reply back, and write both down."""
        try:
            self._pass_on()
        except TooLarge:
            self._instead(413, f"the recorder lets {self._recorder.largest} bytes through")
        except BrokenMessage as error:
            self._instead(400, str(error))
        except Unreachable as error:
            self._instead(502, str(error))
        except OSError:
            self._error = "the IdP hung up"
            self._handler.close_connection = True
        finally:
            self._write()

    def _pass_on(self) -> None:
        handler, upstream = self._handler, self._recorder.upstream
        length, coding = _framing(handler)
        chunks = limited(incoming(handler.rfile, length, coding), self._recorder.largest)
        if length is not None and _whole(length) > self._recorder.largest:
            raise TooLarge
        # An Expect was answered by us; the Host is the server's own.
        headers = tuple(
            (name, upstream.netloc if name.lower() == "host" else value)
            for name, value in self._headers
            if name.lower() != "expect"
        )
        body = self._request.passing(chunks)
        with upstream.sent(
            handler.command, self._target(), headers, body, chunked=coding is not None
        ) as reply:
            self._status = reply.status
            self._reply_headers = tuple((k, str(v)) for k, v in reply.headers.items())
            self._pass_back(reply)
        if not self._request.complete:
            # The server answered before it heard everything: the rest cannot be told apart.
            handler.close_connection = True

    def _pass_back(self, reply: HTTPResponse) -> None:
        handler = self._handler
        bodyless = handler.command == "HEAD" or reply.status in {204, 304} or reply.status < 200
        headers = tuple(
            pair for pair in self._reply_headers if pair[0].lower() not in _OWN_OF_A_REPLY
        )
        chunked = not bodyless and reply.length is None and handler.request_version != "HTTP/1.0"
        if chunked:
            headers = (*headers, ("Transfer-Encoding", "chunked"))
        elif not bodyless and reply.length is None:
            handler.close_connection = True
        if handler.close_connection:
            headers = (*headers, ("Connection", "close"))
        handler.begin_reply(reply.status, reply.reason, headers)
        for chunk in self._content.passing(content_of(reply)):
            handler.wfile.write(framed(chunk) if chunked else chunk)
            # What came goes on at once: nobody waits for the next piece.
            handler.wfile.flush()
        handler.wfile.write(framed(b"") if chunked else b"")
        handler.wfile.flush()

    def _instead(self, status: int, why: str) -> None:
        """Answer in place of the server, or hang up when its reply has begun."""
        self._error = why
        self._handler.close_connection = True
        if self._status is not None:
            return
        self._error = f"{why}; the recorder answered {status}"
        try:
            self._handler.refuse(status, f"The recorder: {why}.")
        except OSError:
            self._error = f"{why}; the IdP hung up"

    def _target(self) -> str:
        """Return the literal target; its first slashes are lost in the base class's `path`."""
        words = self._handler.requestline.split()
        target = words[1] if len(words) > 1 else self._handler.path
        if target.startswith(("http://", "https://")):
            parts = urlsplit(target)
            target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        return target

    def _write(self) -> None:
        base = self._recorder.upstream.base_path
        target = self._target().encode("latin-1", "replace").decode("utf-8", "replace")
        below = target.removeprefix(base)
        inside = target.startswith(base) and below[:1] in {"/", "?", ""}
        raw = Raw(
            at=self._at,
            method=self._handler.command,
            target=below if inside else target,
            headers=self._headers,
            body=self._request.heard(),
            status=self._status,
            reply_headers=self._reply_headers,
            reply_body=self._content.heard() if self._status is not None else Heard(),
            error=self._error,
            elsewhere=not inside,
        )
        writer = self._recorder.writer
        self._recorder.told(writer.write(raw))
        if writer.failure:
            self._recorder.ended.set()


def _whole(length: str) -> int:
    """Return a length, 0 for what is none: whoever reads the body complains about that."""
    return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0


def _framing(handler: _Handler) -> tuple[str | None, str | None]:
    """Return Content-Length and Transfer-Encoding; raises BrokenMessage when one comes twice."""
    found: list[str | None] = []
    for name in ("Content-Length", "Transfer-Encoding"):
        values = handler.headers.get_all(name) or []
        if len(values) > 1:
            raise BrokenMessage("the framing of the body is ambiguous")
        found.append(str(values[0]).strip() if values else None)
    return found[0], found[1]
