"""One HTTP connection, written and read as bytes."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Json
    from reference_server.http_adapter import Server

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
BODY = json.dumps({"schemas": [USER], "userName": "bjensen"}).encode()
AUTH = b"Host: x\r\nAuthorization: Bearer secret\r\n"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        return json.loads(self.body)


class Wire:
    """One connection, written and read as bytes."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection((server.host, server.port), timeout=5)
        self.stream = self.socket.makefile("rb")

    def send(self, content: bytes) -> None:
        self.socket.sendall(content)

    def answer(self, method: str = "GET") -> Answer:
        line = self.stream.readline()
        assert line.startswith(b"HTTP/1.1 "), line
        status = int(line.split()[1])
        headers: dict[str, str] = {}
        while (line := self.stream.readline()) != b"\r\n":
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        if method == "HEAD" or status in (100, 204, 304):
            return Answer(status, headers, b"")
        if headers.get("transfer-encoding") == "chunked":
            return Answer(status, headers, b"".join(self.chunks()))
        size = int(headers["content-length"]) if "content-length" in headers else -1
        return Answer(status, headers, self.stream.read(size))

    def chunks(self) -> Iterator[bytes]:
        while True:
            size = int(self.stream.readline(), 16)
            content = self.stream.read(size)
            assert self.stream.readline() == b"\r\n"
            if not size:
                return
            yield content

    def ask(self, content: bytes) -> Answer:
        self.send(content)
        return self.answer(content.split(b" ")[0].decode())

    def is_closed(self) -> bool:
        return self.stream.read(1) == b""

    def close(self) -> None:
        self.stream.close()
        self.socket.close()


def get(path: str = "/Users", *, headers: bytes = b"", method: str = "GET") -> bytes:
    return f"{method} /scim/v2{path} HTTP/1.1\r\n".encode() + AUTH + headers + b"\r\n"


def post(body: bytes = BODY, headers: bytes | None = None) -> bytes:
    if headers is None:
        headers = b"Content-Length: %d\r\n" % len(body)
    return b"POST /scim/v2/Users HTTP/1.1\r\n" + AUTH + headers + b"\r\n" + body
