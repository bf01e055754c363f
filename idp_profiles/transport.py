"""A `send` that puts literal bytes on the wire, and the one for applications in this process.

Nothing here adds, reorders or respells: `requests` rewrites targets and adds headers of its own,
so the wire is written with http.client, header by header.
"""

from __future__ import annotations

import contextlib
import http.client
import selectors
import socket
import ssl
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from .content_encoding import LIMIT
from .content_encoding import decoded as decoded
from .deadline import TimedSocket
from .deadline import left
from .deadline import within
from .final_response import FinalResponse
from .final_response import NotHttp
from .model import Headers
from .model import Reply
from .model import Request
from .model import Trouble as Trouble
from .wsgi_transport import HERE as HERE
from .wsgi_transport import AppSend as AppSend
from .wsgi_transport import answer_of as answer_of
from .wsgi_transport import call_wsgi as call_wsgi

Send: TypeAlias = Callable[[Request], Reply]

# Methods that may be sent twice without harm (RFC 9110 section 9.2.2).
_SAFE_TO_RESEND = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
_DROPPED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


class _Stale(Exception):
    """A reused connection was closed before any byte of the reply came."""


class _Plain(http.client.HTTPConnection):
    response_class = FinalResponse

    def connect(self) -> None:
        """Connect, and read under the limit of the request from then on."""
        super().connect()
        self.sock = TimedSocket(self.sock)


class _Encrypted(http.client.HTTPSConnection):
    response_class = FinalResponse

    def connect(self) -> None:
        """Connect, and read under the limit of the request from then on."""
        super().connect()
        self.sock = TimedSocket(self.sock)


class WireSend:
    """Sends requests to a base URL over sockets, one kept-alive connection per thread.

    Redirects are not followed, environment proxies are not used. `timeout` is how many seconds an
    exchange may take in all, from the connection to the last byte. A request is repeated once, only
    when it may be repeated and a reused connection turned out to be closed; from then on one that
    may not be repeated gets a connection of its own. Raises ValueError on a base URL or header that
    cannot work.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 60.0,
        ca_file: str | Path | None = None,
        client_cert: str | Path | tuple[str | Path, str | Path | None] | None = None,
        extra_headers: Headers = (),
    ) -> None:
        url = _checked(base_url)
        self._host = url.hostname or ""
        self._port = url.port or (443 if url.scheme == "https" else 80)
        self._netloc = url.netloc
        self._base_path = url.path.rstrip("/")
        self._timeout = timeout
        self._wary = False  # of connections that were used before, since one of them was closed
        self._extra = tuple(extra_headers)
        _check_headers(self._extra)
        self._tls = _tls_context(ca_file, client_cert) if url.scheme == "https" else None
        self._local = threading.local()
        self._open: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()
        # Whoever forgets to close us shall not be told off by the sockets' own warnings.
        weakref.finalize(self, _close_all, self._open)

    def __call__(self, request: Request) -> Reply:
        """Return the server's reply, or raise Trouble with one sentence."""
        with within(self._timeout):
            try:
                return decoded(self._send(request))
            except _Stale:
                self._wary = True
                if request.method not in _SAFE_TO_RESEND:
                    raise Trouble(self._hung_up(request)) from None
            try:
                return decoded(self._send(request))
            except _Stale:
                raise Trouble(self._hung_up(request)) from None

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            _close_all(self._open)

    def __enter__(self) -> WireSend:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _send(self, request: Request) -> Reply:
        connection, reused = self._connection()
        if reused and self._wary and request.method not in _SAFE_TO_RESEND:
            connection.close()
            reused = False
        try:
            self._write(connection, request)
            return _read(connection.getresponse())
        except _DROPPED:
            connection.close()
            if reused:
                raise _Stale from None
            raise Trouble(self._hung_up(request)) from None
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Trouble(self._sentence(error, request)) from error
        except BaseException:
            # Half a reply may be left on the connection (Ctrl-C): it must not be used again.
            connection.close()
            raise

    def _connection(self) -> tuple[http.client.HTTPConnection, bool]:
        connection: http.client.HTTPConnection | None
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._new_connection()
            self._local.connection = connection
            with self._lock:
                self._open.append(connection)
        if connection.sock is not None and _has_news(connection.sock):
            connection.close()
        connection.timeout = left()
        if connection.sock is not None:
            connection.sock.settimeout(left())
        return connection, connection.sock is not None

    def _new_connection(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return _Plain(self._host, self._port)
        return _Encrypted(self._host, self._port, context=self._tls)

    def _write(self, connection: http.client.HTTPConnection, request: Request) -> None:
        connection.putrequest(
            request.method,
            self._base_path + request.target,
            skip_host=True,
            skip_accept_encoding=True,
        )
        connection.putheader("Host", self._netloc)
        for name, value in (*request.headers, *self._extra):
            connection.putheader(name, value)
        if request.body is not None:
            connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body)

    def _hung_up(self, request: Request) -> str:
        return (
            f"{self._netloc} closed the connection before it answered "
            f"{request.method} {request.target}."
        )

    def _sentence(self, error: Exception, request: Request) -> str:
        """Return one sentence for what broke."""
        where, asked = self._netloc, f"{request.method} {request.target}"
        if isinstance(error, ssl.SSLError):
            return f"TLS with {where} fails: {_tls_reason(error)}."
        if isinstance(error, TimeoutError):
            return f"{where} did not answer {asked} within {self._timeout:g} seconds."
        if isinstance(error, ConnectionRefusedError):
            return f"Nothing listens at {where}: the connection was refused."
        if isinstance(error, socket.gaierror):
            return f"The host name {self._host!r} cannot be resolved."
        if isinstance(error, http.client.IncompleteRead) and _is_no_size(error):
            return f"{where} answered {asked} with a chunk whose size is no number."
        if isinstance(error, http.client.IncompleteRead):
            return f"{where} broke off in the middle of its reply to {asked}."
        if isinstance(error, http.client.HTTPException):
            detail = f": {error}" if isinstance(error, NotHttp | http.client.LineTooLong) else ""
            return f"{where} answered {asked} with something that is not HTTP{detail}."
        return f"The connection to {where} failed: {error.strerror or error}."  # type: ignore[attr-defined] # only OSError is left


def _is_no_size(error: BaseException | None) -> bool:
    """Return whether a chunk of a body had no size (RFC 9112 section 7.1)."""
    while error is not None:
        if type(error) is ValueError:
            return True
        error = error.__cause__ or error.__context__
    return False


def _close_all(connections: list[http.client.HTTPConnection]) -> None:
    # They stay in the list: a closed connection opens again when its thread sends once more.
    for connection in connections:
        connection.close()


def _read(response: http.client.HTTPResponse) -> Reply:
    with contextlib.closing(response):
        body = response.read(LIMIT + 1)
        # A bounded read does not complain by itself about a body that ends too soon.
        if response.length and len(body) <= LIMIT:
            raise http.client.IncompleteRead(body, response.length)
    if len(body) > LIMIT:
        raise Trouble(f"The reply is larger than {LIMIT} bytes.")
    return Reply(response.status, response.reason, tuple(response.getheaders()), body)


def _has_news(sock: socket.socket) -> bool:
    """Tell whether an idle connection is readable: the peer hung up or spoke out of turn."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def _tls_context(
    ca_file: str | Path | None,
    client_cert: str | Path | tuple[str | Path, str | Path | None] | None,
) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise ValueError(f"the CA file {str(ca_file)!r} cannot be used: {error}") from error
    if client_cert is not None:
        pair = client_cert if isinstance(client_cert, tuple) else (client_cert, None)
        try:
            context.load_cert_chain(*pair)
        except (OSError, ssl.SSLError) as error:
            raise ValueError(
                f"the client certificate {str(pair[0])!r} cannot be used: {error}"
            ) from error
    return context


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted ({error.verify_message})"
    if error.reason == "WRONG_VERSION_NUMBER":
        return "the server does not speak TLS on this port"
    return (error.reason or str(error)).replace("_", " ").lower()


class _CheckedUrl:
    """The parts of a base URL that a connection needs."""

    __slots__ = ("hostname", "netloc", "path", "port", "scheme")

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self.scheme = parts.scheme
        self.hostname = parts.hostname
        self.port = parts.port
        self.path = parts.path
        self.netloc = parts.netloc
        if parts.username is not None or parts.password is not None:
            raise ValueError("it holds a user name or password; give credentials apart from it")
        if parts.query or parts.fragment:
            raise ValueError("it holds a query or a fragment, which cannot be joined with a path")


def _checked(base_url: str) -> _CheckedUrl:
    """Return the parts of a usable base URL, or raise ValueError without repeating secrets."""
    try:
        url = _CheckedUrl(base_url)
    except ValueError as error:
        raise ValueError(f"the base URL cannot be used: {error}") from None
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise ValueError(
            f"the base URL must start with http:// or https:// and a host: {base_url!r}"
        )
    try:
        url.hostname.encode("idna")
    except UnicodeError:
        raise ValueError(f"the base URL has no usable host name: {base_url!r}") from None
    if not base_url.isascii() or any(character <= " " for character in base_url):
        raise ValueError(f"the base URL holds characters that must be encoded: {base_url!r}")
    return url


def _check_headers(headers: Headers) -> None:
    for name, value in headers:
        if not name or not name.isascii() or any(c <= " " or c == ":" for c in name):
            raise ValueError(f"{name!r} cannot be the name of a header")
        try:
            value.encode("latin-1")
        except UnicodeEncodeError:
            raise ValueError(f"the value of the header {name!r} is not Latin-1") from None
        if "\r" in value or "\n" in value:
            raise ValueError(f"the value of the header {name!r} holds a line break")
