"""The server behind the recorder: one connection a request, its bytes as the IdP sent them."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterable
from collections.abc import Iterator
from http.client import HTTPException
from http.client import HTTPResponse
from urllib.parse import urlsplit

from idp_profiles.model import Headers

from .streams import CHUNK
from .streams import framed


class Unreachable(Exception):
    """The upstream server gave no reply; the message says why and names no host."""


class Upstream:
    """Where requests go; `base_path` is where its SCIM endpoints start."""

    def __init__(self, url: str, *, timeout: float, ca_file: str | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("--upstream takes the base URL of the server: https://host/scim/v2")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError("--upstream takes a URL without user name, query and fragment")
        self.netloc = parts.netloc
        self.base_path = parts.path.rstrip("/")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._timeout = timeout
        self._tls = _tls(ca_file) if parts.scheme == "https" else None

    @contextlib.contextmanager
    def sent(
        self, method: str, target: str, headers: Headers, body: Iterable[bytes], *, chunked: bool
    ) -> Iterator[HTTPResponse]:
        """Send a request and give the reply, its body unread; raises Unreachable."""
        try:
            connection = self._connected()
        except (OSError, ValueError) as error:
            raise Unreachable(_sentence(error)) from error
        with connection:
            reply = self._reply(connection, method, _head(method, target, headers), body, chunked)
            with reply:
                yield reply

    def _connected(self) -> socket.socket:
        plain = socket.create_connection((self._host, self._port), self._timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is None:
            return plain
        try:
            return self._tls.wrap_socket(plain, server_hostname=self._host)
        except BaseException:
            plain.close()
            raise

    def _reply(
        self,
        connection: socket.socket,
        method: str,
        head: bytes,
        body: Iterable[bytes],
        chunked: bool,  # one of two framings
    ) -> HTTPResponse:
        _send(connection, head, body, chunked=chunked)
        reply = HTTPResponse(connection, method=method)
        try:
            reply.begin()
        except (OSError, HTTPException) as error:
            reply.close()
            raise Unreachable(_sentence(error)) from error
        return reply


def content_of(reply: HTTPResponse) -> Iterator[bytes]:
    """Yield the body of a reply as it comes; raises Unreachable when it breaks off."""
    try:
        while chunk := reply.read1(CHUNK):
            yield chunk
    except (OSError, HTTPException) as error:
        raise Unreachable("the server broke off in the middle of its reply") from error
    if reply.length:
        raise Unreachable("the server broke off in the middle of its reply")


def _send(connection: socket.socket, head: bytes, body: Iterable[bytes], *, chunked: bool) -> None:
    first = head
    chunks = iter(body)
    for chunk in chunks:
        if not _written(connection, first + (framed(chunk) if chunked else chunk)):
            # A server may answer before it has heard everything: its reply counts.
            return
        first = b""
    _written(connection, first + (framed(b"") if chunked else b""))


def _written(connection: socket.socket, content: bytes) -> bool:
    try:
        connection.sendall(content)
    except (BrokenPipeError, ConnectionResetError):
        return False
    except OSError as error:
        raise Unreachable(_sentence(error)) from error
    return True


def _head(method: str, target: str, headers: Headers) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _tls(ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise ValueError(f"the CA file {ca_file!r} cannot be used: {error}") from error


def _sentence(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "TLS with the server failed"
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there: the connection was refused"
    if isinstance(error, socket.gaierror):
        return "the server's host name cannot be resolved"
    if isinstance(error, HTTPException) and not isinstance(error, OSError):
        return "the server answered with something that is not HTTP"
    return "the server closed the connection before it answered"
