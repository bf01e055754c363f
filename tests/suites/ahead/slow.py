"""A server whose answers all take their time, as over a long line; it counts what comes at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer

import reference_server

TOKEN = "a-token-of-the-selftests"  # noqa: S105 - of a server of our own
BASE = "/scim/v2"
_HEADERS = (("Authorization", f"Bearer {TOKEN}"), ("Host", "localhost"))


@dataclass
class Slow:
    """A reference server at the end of a long line."""

    app: reference_server.Application
    delay: float
    url: str = ""
    most: int = 0  # requests at once
    _now: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _line: threading.Event = field(default_factory=threading.Event)  # that nobody sets

    def answer(self, request: reference_server.Request) -> reference_server.Response:
        with self._guard:
            self._now += 1
            self.most = max(self.most, self._now)
        self._line.wait(self.delay)
        with self._guard:
            self._now -= 1
            return self.app.handle(request)

    def users(self) -> int:
        """How many users are there."""
        reply = self.app.handle(reference_server.Request("GET", f"{BASE}/Users", "", _HEADERS))
        assert isinstance(reply.body, bytes)
        return int(json.loads(reply.body)["totalResults"])


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    slow: Slow


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listening

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65_537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        asked = reference_server.Request(
            self.command, path, query, tuple(self.headers.items()), body
        )
        self._send(self.server.slow.answer(asked))

    def _send(self, reply: reference_server.Response) -> None:
        body = reply.body if isinstance(reply.body, bytes) else b"".join(reply.body)
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(delay: float, *deviations: str) -> Iterator[Slow]:
    app = reference_server.create_app(
        credentials=[reference_server.Credential("bearer", TOKEN)],
        base_path=BASE,
        deviations=deviations,
    )
    with _Listening(("127.0.0.1", 0), _Handler) as listening:
        slow = Slow(app, delay, f"http://127.0.0.1:{listening.server_port}{BASE}")
        listening.slow = slow
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        try:
            yield slow
        finally:
            listening.shutdown()
            thread.join()
