"""The floor: what `http.server` costs when the application is nothing.

The same settings as a server in earnest needs: HTTP/1.1 with keep-alive, and one write a reply.
"""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer

BODY = b'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"constant"}'


class Constant(BaseHTTPRequestHandler):
    """Answers every GET with the same bytes."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("Content-Type", "application/scim+json")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, format: str, *args: object) -> None:
        """Write no log: no other server here writes one."""


if __name__ == "__main__":
    ThreadingHTTPServer.request_queue_size = 128
    with ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Constant) as server:
        server.serve_forever()
