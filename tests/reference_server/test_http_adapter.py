"""The HTTP adapter on real sockets: framing, keep-alive, limits and time-outs."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from reference_server import Application
from reference_server import Request
from reference_server import Response
from reference_server.http_adapter import Server
from tests.reference_server.wire import AUTH
from tests.reference_server.wire import BODY
from tests.reference_server.wire import USER
from tests.reference_server.wire import Wire
from tests.reference_server.wire import get
from tests.reference_server.wire import post

if TYPE_CHECKING:
    from conftest import Scim

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@pytest.fixture
def server(scim: Scim) -> Iterator[Server]:
    with Server(scim.app) as running:
        yield running


@pytest.fixture
def connect() -> Iterator[Callable[[Server], Wire]]:
    wires: list[Wire] = []

    def make(server: Server) -> Wire:
        wires.append(Wire(server))
        return wires[-1]

    yield make
    for wire in wires:
        wire.close()


@pytest.fixture
def wire(server: Server, connect: Callable[[Server], Wire]) -> Wire:
    return connect(server)


def test_a_connection_serves_many_requests(wire: Wire) -> None:
    answers = [wire.ask(post()), wire.ask(get()), wire.ask(get("/Users/none"))]
    assert [each.status for each in answers] == [201, 200, 404]
    assert answers[0].headers["date"].endswith("GMT")
    assert answers[0].headers["content-type"] == "application/scim+json"


def test_keep_alive_does_not_wait_for_acknowledgements(wire: Wire) -> None:
    wire.ask(get())
    started = time.perf_counter()
    for _ in range(20):
        wire.ask(get())
    # With headers and body in two packets this would be 20 x 40 ms.
    assert time.perf_counter() - started < 0.4


def test_pipelined_requests_are_answered_in_order(wire: Wire) -> None:
    wire.send(post() + get() + get("/Nothing"))
    assert [wire.answer().status for _ in range(3)] == [201, 200, 404]


def test_a_refused_request_with_a_body_leaves_the_connection_usable(wire: Wire) -> None:
    wrong = post().replace(b"Bearer secret", b"Bearer wrong!")
    assert wire.ask(wrong).status == 401
    assert wire.ask(post(b"{}").replace(b"/Users", b"/Nothing")).status == 404
    assert wire.ask(get(headers=b"Content-Length: 7\r\n") + b'{"a":1}').status == 200
    assert wire.ask(get()).status == 200


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param([BODY], id="one"),
        pytest.param([BODY[:1], BODY[1:20], BODY[20:]], id="several"),
    ],
)
@pytest.mark.parametrize("extension", [b"", b" ;name=value"])
@pytest.mark.parametrize("trailer", [b"", b"X-Sum: 1\r\n"])
def test_chunked_bodies_are_read(
    wire: Wire, chunks: list[bytes], extension: bytes, trailer: bytes
) -> None:
    parts = [b"%X%b\r\n%b\r\n" % (len(each), extension, each) for each in chunks]
    body = b"".join([*parts, b"0\r\n", trailer, b"\r\n"])
    assert wire.ask(post(body, b"Transfer-Encoding: chunked\r\n")).status == 201
    assert wire.ask(get()).json["totalResults"] == 1


BROKEN = [
    (b"GARBAGE\r\n\r\n", 400, "no-request-line"),
    (b"GET /scim/v2/Users\r\n\r\n", 400, "http-0.9"),
    (b"GET  /scim/v2/Users HTTP/1.1\r\n" + AUTH + b"\r\n", 400, "two-blanks"),
    (b"GET /scim/v2/Users HTTP/2.0\r\n" + AUTH + b"\r\n", 505, "http-2"),
    (b"GET /scim/v2/Users HTTP/1.1x\r\n" + AUTH + b"\r\n", 400, "version"),
    (b"G(T /scim/v2/Users HTTP/1.1\r\n" + AUTH + b"\r\n", 400, "method"),
    (b"GET /scim/v2/\xff HTTP/1.1\r\n" + AUTH + b"\r\n", 400, "target-bytes"),
    (b"GET /scim/v2/Users HTTP/1.1\n" + AUTH + b"\r\n", 400, "bare-line-feed"),
    (b"GET /scim/v2/Users HTTP/1.1\r\n\r\n", 400, "no-host"),
    (b"GET /scim/v2/Users HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "two-hosts"),
    (b"GET /scim/v2/Users HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "blank-in-host"),
    (b"GET /scim/v2/Users HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "slash-in-host"),
    (b"GET /scim/v2/Users HTTP/1.1\r\nHost: u@h\r\n\r\n", 400, "user-in-host"),
    (b"GET /scim/v2/Users HTTP/1.1\r\nHost: a:x\r\n\r\n", 400, "port-of-letters"),
    (b"GET /scim/v2/Users HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "open-bracket-in-host"),
    (b"GET http://u@h/scim/v2/Users HTTP/1.1\r\nHost: h\r\n\r\n", 400, "user-in-target"),
    (get(headers=b"NoColon\r\n"), 400, "no-colon"),
    (get(headers=b"Blank : x\r\n"), 400, "blank-before-colon"),
    (get(headers=b"X: a\r\n folded\r\n"), 400, "folded"),
    (get(headers=b"X: a\rY: b\r\n"), 400, "bare-carriage-return"),
    (get(headers=b"X: a\x00\r\n"), 400, "nul"),
    (get(headers=b": x\r\n"), 400, "no-name"),
    (get(headers=b"X: y\r\n" * 120), 431, "many-headers"),
    (get(headers=b"X: " + b"y" * 70_000 + b"\r\n"), 431, "long-header"),
    (get(headers=(b"X: " + b"y" * 50_000 + b"\r\n") * 4), 431, "much-header"),
    (get("/" + "x" * 70_000), 414, "long-target"),
    (b"GET /" + b"x" * 70_000, 414, "endless-target"),
    (post(headers=b"Content-Length: 5\r\nContent-Length: 6\r\n"), 400, "two-lengths"),
    (post(headers=b"Content-Length: 5\r\nContent-Length: 5\r\n"), 400, "two-equal-lengths"),
    (post(headers=b"Content-Length: +5\r\n"), 400, "signed-length"),
    (post(headers=b"Content-Length: 5_0\r\n"), 400, "underscore-in-length"),
    (post(headers=b"Content-Length: 0x5\r\n"), 400, "hexadecimal-length"),
    (post(headers=b"Content-Length: -1\r\n"), 400, "negative-length"),
    (post(headers="Content-Length: \u0665\r\n".encode()), 400, "arabic-length"),
    (post(headers=b"Content-Length: 5, 5\r\n"), 400, "list-of-lengths"),
    (post(headers=b"Content-Length:\r\n"), 400, "empty-length"),
    (post(headers=b"Content-Length: 99999999999999999999\r\n"), 400, "absurd-length"),
    (post(headers=b"Content-Length: 9000000\r\n"), 413, "large-length"),
    (
        post(headers=b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        400,
        "length-and-chunked",
    ),
    (post(headers=b"Transfer-Encoding: gzip\r\n"), 501, "gzip"),
    (post(headers=b"Transfer-Encoding: gzip, chunked\r\n"), 501, "gzip-and-chunked"),
    (post(headers=b"Transfer-Encoding: chunked\r\n" * 2), 501, "chunked-twice"),
    (post(headers=b"Transfer-Encoding: xchunked\r\n"), 501, "not-quite-chunked"),
    (post(b"zz\r\n", b"Transfer-Encoding: chunked\r\n"), 400, "chunk-size"),
    (post(b"-1\r\n", b"Transfer-Encoding: chunked\r\n"), 400, "negative-chunk"),
    (post(b"0x1\r\n", b"Transfer-Encoding: chunked\r\n"), 400, "prefixed-chunk"),
    (post(b"1\r\nab\r\n", b"Transfer-Encoding: chunked\r\n"), 400, "long-chunk"),
    (post(b"FFFFFFF\r\n", b"Transfer-Encoding: chunked\r\n"), 413, "large-chunk"),
]


@pytest.mark.parametrize(
    ("content", "status"),
    [pytest.param(content, status, id=name) for content, status, name in BROKEN],
)
def test_a_broken_message_gets_a_scim_error_and_ends_the_connection(
    wire: Wire, content: bytes, status: int
) -> None:
    answer = wire.ask(content)
    assert answer.status == status
    assert answer.headers["connection"] == "close"
    assert (answer.json["schemas"], answer.json["status"]) == ([ERROR], str(status))
    wire.socket.shutdown(socket.SHUT_WR)
    assert wire.is_closed()


def test_the_rest_of_a_broken_message_is_not_taken_for_a_request(wire: Wire) -> None:
    smuggled = post(b"0\r\n\r\n" + get(), b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")
    assert wire.ask(smuggled).status == 400
    wire.socket.shutdown(socket.SHUT_WR)
    assert wire.is_closed()


@pytest.mark.parametrize("method", ["BREW", "TRACE", "CONNECT", "get", "M-SEARCH"])
def test_every_method_reaches_the_application(wire: Wire, method: str) -> None:
    answer = wire.ask(get(method=method))
    assert (answer.status, answer.json["schemas"]) == (501, [ERROR])
    assert wire.ask(get()).status == 200


def test_head_has_the_headers_of_get_and_no_body(wire: Wire) -> None:
    wire.ask(post())
    whole = wire.ask(get())
    head = wire.ask(get(method="HEAD"))
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert (head.status, head.body) == (200, b"")
    assert wire.ask(get()).status == 200


def test_an_answer_without_content_has_no_length(wire: Wire) -> None:
    location = wire.ask(post()).json["id"]
    deleted = wire.ask(get(f"/Users/{location}", method="DELETE"))
    assert (deleted.status, "content-length" in deleted.headers) == (204, False)
    assert wire.ask(get()).json["totalResults"] == 0


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (b"//scim/v2/Users", 404),
        (b"/scim/v2//Users", 404),
        (b"http://other:1/scim/v2/Users?count=0", 200),
        (b"HTTP://other", 404),
        (b"*", 404),
        (b"/scim/v2/Users?filter=userName+eq+%22a%22", 200),
        (b"/scim/v2/Users?", 200),
    ],
)
def test_the_target_is_taken_as_sent(wire: Wire, target: bytes, status: int) -> None:
    answer = wire.ask(b"GET " + target + b" HTTP/1.1\r\n" + AUTH + b"\r\n")
    assert answer.status == status


def test_the_host_of_an_absolute_target_counts(wire: Wire) -> None:
    wire.ask(post())
    answer = wire.ask(b"GET http://other:1/scim/v2/Users HTTP/1.1\r\n" + AUTH + b"\r\n")
    location = answer.json["Resources"][0]["meta"]["location"]
    assert location.startswith("http://other:1/scim/v2/Users/")


def test_the_connection_ends_when_the_client_wishes(wire: Wire) -> None:
    answer = wire.ask(get(headers=b"Connection: Close\r\n"))
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert wire.is_closed()


def test_http_1_0_is_served_once_per_connection(wire: Wire) -> None:
    request = b"GET /scim/v2/Users HTTP/1.0\r\nAuthorization: Bearer secret\r\n\r\n"
    assert wire.ask(request).status == 200
    assert wire.is_closed()


def test_an_empty_line_before_a_request_is_ignored(wire: Wire) -> None:
    assert wire.ask(b"\r\n" + get()).status == 200


def test_a_client_that_waits_to_be_asked_for_the_body_is_asked(wire: Wire) -> None:
    length = b"Content-Length: %d\r\nExpect: 100-continue\r\n" % len(BODY)
    assert wire.ask(post(b"", length)).status == 100
    wire.send(BODY)
    assert wire.answer().status == 201


def test_a_body_too_large_is_refused_before_it_is_asked_for(wire: Wire) -> None:
    headers = b"Content-Length: 9000000\r\nExpect: 100-continue\r\n"
    assert wire.ask(post(b"", headers)).status == 413


def test_the_refusal_arrives_although_the_client_is_still_sending(wire: Wire) -> None:
    sender = threading.Thread(
        target=wire.send, args=(post(b"x" * 9_000_000, b"Content-Length: 9000000\r\n"),)
    )
    sender.start()
    assert wire.answer().status == 413
    sender.join()


@pytest.fixture
def hasty(scim: Scim) -> Iterator[Server]:
    with Server(scim.app, request_seconds=0.3, idle_seconds=0.3) as running:
        yield running


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"G", id="in-the-request-line"),
        pytest.param(get()[:-2], id="in-the-headers"),
        pytest.param(post()[:-1], id="in-the-body"),
        pytest.param(post(b"5\r\nab", b"Transfer-Encoding: chunked\r\n"), id="in-a-chunk"),
    ],
)
def test_a_request_that_stops_half_way_times_out(
    hasty: Server, connect: Callable[[Server], Wire], content: bytes
) -> None:
    answer = connect(hasty).ask(content)
    assert (answer.status, answer.json["status"]) == (408, "408")


def test_dripping_bytes_does_not_extend_the_time(
    hasty: Server, connect: Callable[[Server], Wire]
) -> None:
    wire = connect(hasty)
    started = time.monotonic()
    wire.socket.settimeout(0.05)
    answered = False
    while not answered and time.monotonic() - started < 3:
        wire.send(b"X")
        try:
            answered = bool(wire.socket.recv(1))
        except TimeoutError:
            continue
    assert answered
    assert time.monotonic() - started < 2


def test_an_idle_connection_is_closed_without_a_word(
    hasty: Server, connect: Callable[[Server], Wire]
) -> None:
    wire = connect(hasty)
    assert wire.ask(get()).status == 200
    assert wire.is_closed()


def test_a_client_that_leaves_does_no_harm(
    server: Server, connect: Callable[[Server], Wire], capsys: pytest.CaptureFixture[str]
) -> None:
    for content in (b"", b"GET", get()[:-2], post()[:-3], get()):
        wire = connect(server)
        wire.send(content)
        wire.close()
    assert connect(server).ask(get()).status == 200
    assert capsys.readouterr().err == ""


def test_many_clients_at_once_lose_nothing(server: Server) -> None:
    def create(number: int) -> int:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
        body = json.dumps({"schemas": [USER], "userName": f"user{number}"})
        connection.request("POST", "/scim/v2/Users", body, {"Authorization": "Bearer secret"})
        status = connection.getresponse().status
        connection.close()
        return status

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(create, range(40))) == [201] * 40
    wire = Wire(server)
    assert wire.ask(get()).json["totalResults"] == 40
    wire.close()


def test_stopping_frees_the_port_and_ends_open_connections(scim: Scim) -> None:
    server = Server(scim.app).start()
    wire = Wire(server)
    assert wire.ask(get()).status == 200
    server.stop()
    server.stop()
    assert wire.is_closed()
    wire.close()
    with Server(scim.app, port=server.port) as again:
        assert again.url == f"http://127.0.0.1:{server.port}/scim/v2"


def test_stopping_does_not_wait_for_the_default_poll_interval(scim: Scim) -> None:
    waits = []
    for _ in range(3):
        server = Server(scim.app).start()
        started = time.monotonic()
        server.stop()
        waits.append(time.monotonic() - started)
    assert min(waits) < 0.3


def test_a_port_in_use_is_an_error(server: Server, scim: Scim) -> None:
    with pytest.raises(OSError, match="in use"):
        Server(scim.app, port=server.port)


def test_the_adapter_adds_nothing_to_a_response_but_framing() -> None:
    def handle(request: Request) -> Response:
        return Response(418, (("X-Path", request.path), ("X-Query", request.query)), request.body)

    with Server(Application("", handle)) as running:
        wire = Wire(running)
        answer = wire.ask(b"POST /a%2Fb?c=%20d HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")
        wire.close()
    assert (answer.status, answer.body) == (418, b"hi")
    assert (answer.headers["x-path"], answer.headers["x-query"]) == ("/a%2Fb", "c=%20d")
    assert set(answer.headers) == {"x-path", "x-query", "date", "content-length"}


def test_headers_remembered_are_not_mixed_up(wire: Wire) -> None:
    for number in range(200):
        other = f"X-Number: {number % 70}\r\n".encode()
        assert wire.ask(get(headers=other)).status == 200
        wrong = get(headers=other).replace(b"Bearer secret", b"Bearer wrong!")
        assert wire.ask(wrong).status == 401
