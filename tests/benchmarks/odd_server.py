"""The reference server with one oddity, in this process or, started as a program, in its own.

`python tests/benchmarks/odd_server.py [--slow S] [--most N] [--fails] [--hangs] [--deaf] [--off N]`
"""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer

from reference_server import Application
from reference_server import Credential
from reference_server import Request
from reference_server import Response
from reference_server import create_app

TOKEN = "a-token-that-no-file-may-hold"  # noqa: S105 - of a server that lives for a test
BASE = "/scim/v2"
_SCIM = (("Content-Type", "application/scim+json"),)


@dataclass(slots=True, kw_only=True)
class Odd:
    """What is odd about the server, and what it saw."""

    slow: float = 0.0  # seconds that every answer takes
    most: int = 0  # requests a second; more are answered with 429
    fails_from: int | None = None  # all requests from this one on are answered with 500
    deaf: bool = False  # passes over filters that it does not know: here, `sw`
    off: int = 0  # by which totalResults of unfiltered lists is wrong
    seen: list[str] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    early: int = 0  # requests that came although a 429 had asked to wait

    def app(self) -> Application:
        """Return the application."""
        inner = create_app(credentials=[Credential("bearer", TOKEN)], base_path=BASE)
        guard, recent = threading.Lock(), deque[float]()
        numbers, closed_until = itertools.count(1), [0.0]

        def handle(request: Request) -> Response:
            with guard:
                number, now = next(numbers), time.monotonic()
                self.seen.append(f"{request.method} {request.path}")
                if now < closed_until[0]:
                    self.early += 1
                while recent and recent[0] < now - 1:
                    recent.popleft()
                full = self.most and len(recent) >= self.most
                if full:
                    closed_until[0] = max(closed_until[0], now + 1)
                else:
                    recent.append(now)
                self.under_way += 1
                self.most_under_way = max(self.most_under_way, self.under_way)
            try:
                return self._answer(inner, request, number, full=bool(full))
            finally:
                with guard:
                    self.under_way -= 1

        return Application(BASE, handle, inner.close)

    def _answer(self, app: Application, request: Request, number: int, *, full: bool) -> Response:
        if full:
            return Response(429, (*_SCIM, ("Retry-After", "1")), b"{}")
        time.sleep(self.slow)
        if self.fails_from is not None and number >= self.fails_from:
            return Response(500, _SCIM, b"{}")
        if self.deaf and "sw" in request.query:
            request = replace(request, query="startIndex=1&count=1")
        response = app.handle(request)
        if self.off and request.method == "GET" and request.query == "startIndex=1&count=1":
            total = int(response.body.split(b'"totalResults":')[1].split(b",")[0].strip(b" }"))
            body = b'{"totalResults":%d}' % (total + self.off if total else 0)
            return Response(response.status, _SCIM, body)
        return response


class _Handler(BaseHTTPRequestHandler):
    """Hands requests to an application, each connection in a thread of its own."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together
    app: Application

    def _any(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = tuple(self.headers.items())
        response = self.app.handle(Request(self.command, path, query, headers, body))
        content = response.body if isinstance(response.body, bytes) else b"".join(response.body)
        self.send_response(response.status)
        for name, value in response.headers:
            if name.lower() not in ("content-length", "date", "server"):
                self.send_header(name, value)
        if response.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if response.status != HTTPStatus.NO_CONTENT:
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(odd: Odd, port: int = 0) -> Iterator[str]:
    """Serve in threads until the block ends; the base URL is given.

    The reference server's own threads answer one slow request after the other: not what is wanted
    of a server whose clients send many at once.
    """
    app = odd.app()
    handler = type("Handler", (_Handler,), {"app": app})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{BASE}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
        app.close()


def main() -> None:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--slow", type=float, default=0.0)
    parser.add_argument("--most", type=int, default=0)
    parser.add_argument("--fails-from", type=int)
    parser.add_argument("--deaf", action="store_true")
    parser.add_argument("--off", type=int, default=0)
    parser.add_argument("--port", type=int, default=0)
    options = vars(parser.parse_args())
    stopped, port = threading.Event(), options.pop("port")
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with serving(Odd(**options), port) as url:
        os.write(1, f"ready at {url}\n".encode())
        stopped.wait()


if __name__ == "__main__":
    main()
