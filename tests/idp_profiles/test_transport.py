"""The transport puts literal bytes on the wire, and says in one sentence what broke."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import ssl
import subprocess
import threading
import zlib
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from idp_profiles.model import Certainty
from idp_profiles.model import Headers
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import Trouble
from idp_profiles.transport import WireSend

STEP = Step("step", Certainty.DOC, ())


def request(
    method: str = "GET", target: str = "/Users", headers: Headers = (), body: bytes | None = None
) -> Request:
    return Request(method, target, headers, body, STEP)


def canned(content: bytes, *headers: str, status: str = "200 OK") -> Callable[..., bytes]:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(content)}"]
    reply = "\r\n".join(lines).encode() + b"\r\n\r\n" + content
    return lambda method, target, body: reply


def test_headers_keep_order_and_spelling_and_nothing_is_added(listen: Any) -> None:  # noqa: ANN401 # a factory
    listener = listen(canned(b"{}"))
    send = WireSend(listener.url + "/scim/v2/")
    headers = (("x-LOWER-Upper", "a  b"), ("Accept", "*/*"), ("accept", "twice"))
    send(request("PATCH", "/Users/a%20b?x=%c3%A4&y=+", headers, b'{"a": 1}'))
    send.close()
    host = f"127.0.0.1:{listener.port}".encode()
    assert listener.caught == [
        b"PATCH /scim/v2/Users/a%20b?x=%c3%A4&y=+ HTTP/1.1\r\n"
        b"Host: " + host + b"\r\n"
        b"x-LOWER-Upper: a  b\r\nAccept: */*\r\naccept: twice\r\n"
        b'Content-Length: 8\r\n\r\n{"a": 1}'
    ]


def test_extra_headers_follow_those_of_the_script(listen: Any) -> None:  # noqa: ANN401 # a factory
    listener = listen(canned(b""))
    send = WireSend(listener.url, extra_headers=(("X-Tenant", "7"),))
    send(request(headers=(("Accept", "a"),)))
    assert listener.caught[0].endswith(b"Accept: a\r\nX-Tenant: 7\r\n\r\n")
    send.close()


def test_one_connection_serves_many_requests(listen: Any) -> None:  # noqa: ANN401 # a factory
    listener = listen(canned(b"{}"))
    send = WireSend(listener.url)
    for _ in range(3):
        assert send(request()).status == 200
    send.close()
    assert listener.connections == 1


def test_status_reason_headers_and_body_come_back_as_sent(listen: Any) -> None:  # noqa: ANN401 # a factory
    listener = listen(canned(b"\xff\x00", "Set-Cookie: a=1", "set-cookie: b=2", status="299 Odd"))
    reply = WireSend(listener.url)(request())
    assert reply == Reply(
        299,
        "Odd",
        (("Set-Cookie", "a=1"), ("set-cookie", "b=2"), ("Content-Length", "2")),
        b"\xff\x00",
    )


def test_a_redirect_is_not_followed(listen: Any) -> None:  # noqa: ANN401 # a factory
    listener = listen(canned(b"", "Location: /elsewhere", status="302 Found"))
    assert WireSend(listener.url)(request()).status == 302
    assert len(listener.caught) == 1


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        pytest.param("gzip", gzip.compress(b'{"a":1}'), id="gzip"),
        pytest.param("deflate", zlib.compress(b'{"a":1}'), id="deflate"),
        pytest.param("Deflate", zlib.compress(b'{"a":1}')[2:-4], id="raw-deflate"),
        pytest.param("identity", b'{"a":1}', id="identity"),
    ],
)
def test_a_packed_body_is_unpacked_for_the_script(listen: Any, coding: str, packed: bytes) -> None:  # noqa: ANN401 # a factory
    listener = listen(canned(packed, f"Content-Encoding: {coding}"))
    assert WireSend(listener.url)(request()).body == b'{"a":1}'


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_body_that_cannot_be_unpacked_is_trouble(listen: Any, coding: str) -> None:  # noqa: ANN401 # a factory
    listener = listen(canned(b"plain text", f"Content-Encoding: {coding}"))
    with pytest.raises(Trouble, match=f"Content-Encoding:? '?{coding}"):
        WireSend(listener.url)(request())


def test_a_body_that_unpacks_to_too_much_is_trouble(
    listen: Any,  # noqa: ANN401 # a factory
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("idp_profiles.content_encoding.LIMIT", 1000)
    listener = listen(canned(gzip.compress(b"0" * 1001), "Content-Encoding: gzip"))
    with pytest.raises(Trouble, match="unpacks to more than 1000 bytes"):
        WireSend(listener.url)(request())


def hanging_up_on(numbers: set[int]) -> Callable[..., bytes]:
    """Answer, but close the connection without a byte at these requests."""
    count = 0

    def respond(method: str, target: str, body: bytes) -> bytes:
        nonlocal count
        count += 1
        return b"" if count in numbers else b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    return respond


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_safe_request_is_sent_again_when_a_reused_connection_is_dropped(
    listen: Any,  # noqa: ANN401 # a factory
    method: str,
) -> None:
    listener = listen(hanging_up_on({2}))
    send = WireSend(listener.url)
    send(request())
    assert send(request(method)).status == 200
    assert len(listener.caught) == 3


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_create_or_patch_is_never_sent_twice(listen: Any, method: str) -> None:  # noqa: ANN401 # a factory
    listener = listen(hanging_up_on({2}))
    send = WireSend(listener.url)
    send(request())
    with pytest.raises(Trouble, match=f"closed the connection before it answered {method} /Users"):
        send(request(method, body=b"{}"))
    assert len(listener.caught) == 2


def test_a_fresh_connection_that_is_dropped_is_not_tried_again(listen: Any) -> None:  # noqa: ANN401 # a factory
    listener = listen(hanging_up_on({1}))
    with pytest.raises(Trouble, match="closed the connection before it answered GET /Users"):
        WireSend(listener.url)(request())
    assert len(listener.caught) == 1


def test_the_next_request_after_trouble_starts_a_new_connection(listen: Any) -> None:  # noqa: ANN401 # a factory
    listener = listen(hanging_up_on({1}))
    send = WireSend(listener.url)
    with pytest.raises(Trouble):
        send(request())
    assert send(request()).status == 200


def test_a_dead_port_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(Trouble, match=rf"^Nothing listens at 127\.0\.0\.1:{port}: .*refused\.$"):
        WireSend(f"http://127.0.0.1:{port}")(request())


def test_a_name_that_nobody_knows_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **details: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(Trouble, match=r"^The host name 'scim\.invalid' cannot be resolved\.$"):
        WireSend("http://scim.invalid/v2")(request())


def test_a_silent_server_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        send = WireSend(f"http://127.0.0.1:{port}", timeout=0.1)
        with pytest.raises(Trouble, match=r"did not answer GET /Users within 0\.1 seconds\.$"):
            send(request())


def test_what_is_not_http_is_one_sentence(listen: Any) -> None:  # noqa: ANN401 # a factory
    listener = listen(lambda method, target, body: b"SSH-2.0-hello\r\n\r\n")
    with pytest.raises(Trouble, match=r"answered GET /Users with something that is not HTTP\.$"):
        WireSend(listener.url)(request())


def test_half_a_reply_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
            connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        send = WireSend(f"http://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(Trouble, match=r"broke off in the middle of its reply to GET /Users\.$"):
            send(request())
        thread.join()


_SELF_SIGNED = (
    *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
    *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
    *("-addext", "subjectAltName=IP:127.0.0.1"),
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that only those trust who are told to."""
    openssl = shutil.which("openssl")
    if openssl is None:
        assert not os.environ.get("CI"), "continuous integration must have openssl"
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(  # noqa: S603 # fixed arguments, a program found on the path
        [openssl, *_SELF_SIGNED, "-keyout", str(path), "-out", f"{path}.crt"],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def tls_port(certificate: Path) -> Iterator[int]:
    """A port behind TLS that answers one request per connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(server: socket.socket) -> None:
        while True:
            try:
                plain, _ = server.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(plain, server_side=True) as connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            except OSError:
                plain.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def test_a_certificate_that_is_not_trusted_is_one_sentence(tls_port: int) -> None:
    with pytest.raises(Trouble, match=r"^TLS with .* fails: the certificate is not trusted \("):
        WireSend(f"https://127.0.0.1:{tls_port}/v2")(request())


def test_a_certificate_that_the_ca_file_names_is_trusted(tls_port: int, certificate: Path) -> None:
    send = WireSend(f"https://127.0.0.1:{tls_port}/v2", ca_file=certificate)
    assert send(request()).status == 204


def test_tls_to_a_plain_port_is_one_sentence(listen: Any) -> None:  # noqa: ANN401 # a factory
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        port = server.getsockname()[1]
        with pytest.raises(Trouble, match="the server does not speak TLS on this port"):
            WireSend(f"https://127.0.0.1:{port}")(request())
        thread.join()


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("ftp://host/v2", "must start with http:// or https://"),
        ("localhost:8080", "must start with http:// or https://"),
        ("http:///v2", "and a host"),
        ("http://host/v2?a=1", "a query or a fragment"),
        ("http://host:port/v2", "cannot be used"),
        ("http://host/a b", "must be encoded"),
        (f"http://{'a' * 70}.example/v2", "no usable host name"),
    ],
)
def test_a_base_url_that_cannot_work_is_refused_with_the_reason(url: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        WireSend(url)


def test_a_base_url_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="credentials apart") as refused:
        WireSend("https://admin:tops3cret@host/v2")
    assert "tops3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("headers", "complaint"),
    [
        ((("X Y", "a"),), "cannot be the name of a header"),
        ((("X", "a\r\nb"),), "line break"),
        ((("X", "\N{SNOWMAN}"),), "not Latin-1"),
    ],
)
def test_an_extra_header_that_cannot_be_sent_is_refused(headers: Headers, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        WireSend("http://host/v2", extra_headers=headers)


def test_a_ca_file_that_is_not_there_is_refused_with_its_name() -> None:
    with pytest.raises(ValueError, match=r"CA file '/nowhere\.pem' cannot be used"):
        WireSend("https://host/v2", ca_file="/nowhere.pem")
