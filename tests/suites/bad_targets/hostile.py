"""What hostile servers are made of: a listener that reads requests rightly, and what answers them.

Behind each of them is a correct server, so that one thing at a time is wrong.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from typing import Protocol
from typing import Self
from typing import TypeAlias

import reference_server
from reference_server.messages import whole

TOKEN = "t0k3n-of-a-hostile-server.Qx"  # noqa: S105 - made up
BASE = "/scim/v2"
SCIM = (("Content-Type", "application/scim+json"),)
_STATUSES = {each.value: each.phrase for each in HTTPStatus}

Json: TypeAlias = Any
Right: TypeAlias = reference_server.Response


class HangUp(Exception):
    """Ends a connection without another byte."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came, `number` counting those of the server from 1."""

    method: str
    target: str  # below the base path, with the query
    headers: tuple[tuple[str, str], ...]
    body: bytes
    number: int

    @property
    def place(self) -> str:
        """The first part of the path, such as `Users`."""
        return self.target.strip("/").partition("?")[0].partition("/")[0]

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


# A part of what goes out: bytes, or seconds of silence.
Parts: TypeAlias = Iterable[bytes | float]


class Rightly(Protocol):
    """Asks the correct server behind, the request that came or another one."""

    def __call__(self, other: Asked | None = None) -> Right: ...


Answer: TypeAlias = Callable[[Asked, Rightly], Right | bytes | Parts]


def reply(status: int, body: Json = None, *headers: tuple[str, str]) -> Right:
    """A reply with a body that is sent as it is, or as JSON."""
    kind = () if any(name == "Content-Type" for name, _ in headers) else SCIM
    if body is None:
        return Right(status, headers, b"")
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Right(status, (*kind, *headers), payload)


def scim_error(status: int, detail: str = "not here") -> Right:
    urn = "urn:ietf:params:scim:api:messages:2.0:Error"
    return reply(status, {"schemas": [urn], "status": str(status), "detail": detail})


def html(status: int, text: str = "<!doctype html><title>Gateway</title><h1>Sorry</h1>") -> Right:
    return reply(status, text.encode(), ("Content-Type", "text/html"))


def head(status: int, *headers: tuple[str, str]) -> bytes:
    """Status line and headers, with the empty line."""
    lines = [f"HTTP/1.1 {status} {_STATUSES.get(status, 'Odd')}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode()


def sent(right: Right, *, method: str = "GET", length: int | None = None) -> bytes:
    """The bytes of a reply, `length` in place of the true one."""
    right = whole(right)
    assert isinstance(right.body, bytes)
    told = len(right.body) if length is None else length
    bare = right.status in (204, 304)
    headers = right.headers if bare else (*right.headers, ("Content-Length", str(told)))
    return head(right.status, *headers) + (b"" if bare or method == "HEAD" else right.body)


def changed(right: Right, change: Callable[[Json], Json]) -> Right:
    """A reply with its JSON changed; one without JSON as it is."""
    right = whole(right)
    assert isinstance(right.body, bytes)
    try:
        body = json.loads(right.body)
    except ValueError:
        return right
    return replace(right, body=json.dumps(change(body)).encode())


class Hostile:
    """A server on a free port of loopback whose replies come from `answer`.

    `greet` may close a new connection, or put TLS around it; it is given how many came before.
    """

    def __init__(
        self,
        answer: Answer,
        *,
        greet: Callable[[socket.socket, int], socket.socket] | None = None,
    ) -> None:
        credential = reference_server.Credential("bearer", TOKEN)
        self._app = reference_server.create_app(credentials=[credential], base_path=BASE)
        self._answer = answer
        self._greet = greet
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.connections = 0
        self.asked: list[Asked] = []
        self._listener = _listening(0)
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{BASE}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self.vanish()

    def vanish(self) -> None:
        """Stop listening and cut every connection: from now on they are refused."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def come_back(self) -> None:
        """Listen again on the same port."""
        if not self._over.is_set():
            self._listener = _listening(self.port)
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while not self._over.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                before = self.connections - 1
                self._open.add(client)
            threading.Thread(target=self._serve, args=(client, before), daemon=True).start()

    def _serve(self, client: socket.socket, before: int) -> None:
        client.settimeout(60)
        talking = client
        # Clients hang up, and so do we: neither is worth a word.
        with suppress(OSError, HangUp, ValueError), client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._greet is not None:
                talking = self._greet(client, before)
            while not self._over.is_set():
                self._one(talking)
        with self._lock:
            self._open.discard(client)
        with suppress(OSError):
            talking.close()

    def _one(self, client: socket.socket) -> None:
        asked = self._read(client)
        answered = self._answer(asked, lambda other=None: self._rightly(other or asked))
        if isinstance(answered, Right):
            client.sendall(sent(answered, method=asked.method))
        elif isinstance(answered, bytes):
            client.sendall(answered)
        else:
            self._dribble(client, answered)

    def _dribble(self, client: socket.socket, parts: Parts) -> None:
        """Send part after part; a reply in parts is the last of its connection."""
        for part in parts:
            if isinstance(part, bytes):
                client.sendall(part)
            elif self._over.wait(part):
                raise HangUp
        raise HangUp

    def _rightly(self, asked: Asked) -> Right:
        path, _, query = (BASE + asked.target).partition("?")
        return whole(
            self._app.handle(
                reference_server.Request(asked.method, path, query, asked.headers, asked.body)
            )
        )

    def _read(self, client: socket.socket) -> Asked:
        stream = b""
        while b"\r\n\r\n" not in stream:
            stream += _more(client)
        first, _, body = stream.partition(b"\r\n\r\n")
        line, *rest = first.decode("latin-1").split("\r\n")
        headers = tuple(
            (name, value.strip()) for name, _, value in (x.partition(":") for x in rest)
        )
        found = {name.lower(): value for name, value in headers}
        size = int(found.get("content-length", 0))
        while len(body) < size:
            body += _more(client)
        method, target, _ = line.split(" ")
        with self._lock:
            asked = Asked(method, target.removeprefix(BASE), headers, body, len(self.asked) + 1)
            self.asked.append(asked)
        return asked


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for last in (*[False] * 50, True):
        try:
            listener.bind(("127.0.0.1", port))
            break
        except OSError:
            # A port that was given up a moment ago may still be another's.
            if last:
                raise
            time.sleep(0.02)
    listener.listen(128)
    return listener


def _more(client: socket.socket) -> bytes:
    received = client.recv(65536)
    if not received:
        raise HangUp
    return received


def reset(client: socket.socket) -> None:
    """Close a connection so that the peer sees it broken, not ended."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def quietly(work: Callable[[], None], seconds: float) -> None:
    """Do something a little later, in the background."""
    timer = threading.Timer(seconds, work)
    timer.daemon = True
    timer.start()


def parts(*each: bytes | float) -> Iterator[bytes | float]:
    yield from each
