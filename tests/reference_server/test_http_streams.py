"""Replies in parts, replies that are taken slowly, and many connections at once, on sockets."""

from __future__ import annotations

import select
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
from tests.reference_server.wire import Wire

if TYPE_CHECKING:
    from conftest import Json

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@pytest.fixture
def connect() -> Iterator[Callable[[Server], Wire]]:
    wires: list[Wire] = []

    def make(server: Server) -> Wire:
        wires.append(Wire(server))
        return wires[-1]

    yield make
    for wire in wires:
        wire.close()


ROOT = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
ROOT_1_0 = b"GET / HTTP/1.0\r\n\r\n"
PART = b"x" * 50_000


class Parts:
    """A body that is made while it is sent; a callable in it may wait, or fail."""

    def __init__(self, *parts: bytes | Callable[[], bytes]) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            yield part if isinstance(part, bytes) else part()


def fail() -> bytes:
    raise RuntimeError("in the middle")


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(handle: Callable[[Request], Response], **options: Json) -> Server:
        servers.append(Server(Application("", handle), **options).start())
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def parts(serve: Callable[..., Server], connect: Callable[[Server], Wire]) -> Callable[..., Wire]:
    def start(*parts: bytes | Callable[[], bytes]) -> Wire:
        return connect(serve(lambda request: Response(200, (), Parts(*parts))))

    return start


def test_a_body_in_parts_leaves_in_chunks_and_the_connection_stays(
    parts: Callable[..., Wire],
) -> None:
    wire = parts(PART, b"", b"y", PART)
    for _ in range(3):
        answer = wire.ask(ROOT)
        assert answer.body == PART + b"y" + PART
        assert "content-length" not in answer.headers


def test_a_body_of_no_parts_is_empty(parts: Callable[..., Wire]) -> None:
    wire = parts()
    assert [wire.ask(ROOT).body for _ in range(2)] == [b"", b""]


def test_pipelined_requests_are_answered_in_order_around_parts(parts: Callable[..., Wire]) -> None:
    wire = parts(PART, PART)
    wire.send(ROOT * 4)
    assert [wire.answer().body for _ in range(4)] == [PART + PART] * 4


def test_http_1_0_gets_a_body_in_parts_until_the_end_of_the_connection(
    parts: Callable[..., Wire],
) -> None:
    answer = parts(PART, b"y").ask(ROOT_1_0)
    assert answer.body == PART + b"y"
    assert not {"transfer-encoding", "content-length"} & set(answer.headers)


def test_head_makes_no_parts(parts: Callable[..., Wire]) -> None:
    wire = parts(fail)
    answer = wire.ask(ROOT.replace(b"GET", b"HEAD"))
    assert (answer.status, answer.headers["transfer-encoding"]) == (200, "chunked")
    assert wire.ask(ROOT.replace(b"GET", b"HEAD")).status == 200


def test_a_fault_before_the_first_part_is_a_500(
    parts: Callable[..., Wire], caplog: pytest.LogCaptureFixture
) -> None:
    answer = parts(fail, PART).ask(ROOT)
    assert (answer.status, answer.json["schemas"]) == (500, [ERROR])
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize("request_bytes", [ROOT, ROOT_1_0], ids=["chunks", "until-the-end"])
def test_a_fault_in_mid_stream_never_looks_complete(
    parts: Callable[..., Wire], request_bytes: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    wire = parts(PART, fail)
    wire.send(request_bytes)
    received, reset = everything(wire)
    assert reset
    assert received.startswith(b"HTTP/1.1 200 ")
    assert not received.endswith(b"0\r\n\r\n")
    assert "RuntimeError" in caplog.text


def everything(wire: Wire) -> tuple[bytes, bool]:
    """Receive until the connection ends; tell whether it ended by a reset."""
    received = b""
    try:
        while content := wire.socket.recv(1_000_000):
            received += content
    except ConnectionResetError:
        return received, True
    return received, False


def test_a_client_that_reads_slowly_holds_nobody_up(
    parts: Callable[..., Wire], connect: Callable[[Server], Wire], serve: Callable[..., Server]
) -> None:
    def handle(request: Request) -> Response:
        return Response(200, (), Parts(*[PART] * 400) if request.path == "/much" else b"quick")

    server = serve(handle)
    slow, quick = connect(server), connect(server)
    slow.send(ROOT.replace(b" / ", b" /much "))
    assert [quick.ask(ROOT).body for _ in range(5)] == [b"quick"] * 5
    assert slow.answer().body == PART * 400
    assert slow.ask(ROOT).body == b"quick"


def test_a_large_whole_body_arrives_at_a_slow_client(
    serve: Callable[..., Server], connect: Callable[[Server], Wire]
) -> None:
    server = serve(lambda request: Response(200, (), PART * 400))
    slow, other = connect(server), connect(server)
    slow.send(ROOT * 2)
    assert other.ask(ROOT).body == PART * 400
    assert [slow.answer().body for _ in range(2)] == [PART * 400] * 2


def test_a_client_that_takes_nothing_is_given_up(
    serve: Callable[..., Server], connect: Callable[[Server], Wire]
) -> None:
    server = serve(lambda request: Response(200, (), PART * 400), request_seconds=0.3)
    wire = connect(server)
    wire.send(ROOT)
    assert eventually(lambda: has_ended(wire))
    assert len(everything(wire)[0]) < len(PART) * 400


def has_ended(wire: Wire) -> bool:
    """Tell whether the server has ended a connection, without reading from it."""
    poll = select.poll()
    poll.register(wire.socket, select.POLLHUP | select.POLLRDHUP)
    return bool(poll.poll(100))


# -- many at once


def test_a_request_that_takes_long_holds_nobody_up(
    serve: Callable[..., Server], connect: Callable[[Server], Wire]
) -> None:
    let_go = threading.Event()

    def handle(request: Request) -> Response:
        if request.path == "/wait":
            let_go.wait(5)
        return Response(200, (), request.path.encode())

    server = serve(handle)
    waiting = [connect(server) for _ in range(3)]
    for wire in waiting:
        wire.send(ROOT.replace(b" / ", b" /wait ") + ROOT)
    quick = connect(server)
    assert [quick.ask(ROOT).body for _ in range(20)] == [b"/"] * 20
    let_go.set()
    for wire in waiting:
        assert [wire.answer().body for _ in range(2)] == [b"/wait", b"/"]
        assert wire.ask(ROOT).body == b"/"


def test_requests_that_wait_for_each_other_all_finish(serve: Callable[..., Server]) -> None:
    together = threading.Barrier(6, timeout=5)

    def handle(request: Request) -> Response:
        together.wait()
        return Response(200, (), b"met")

    server = serve(handle)

    def ask(_: int) -> bytes:
        wire = Wire(server)
        body = wire.ask(ROOT).body
        wire.close()
        return body

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, range(12))) == [b"met"] * 12


def test_one_connection_too_many_is_told_so(
    serve: Callable[..., Server], connect: Callable[[Server], Wire]
) -> None:
    server = serve(lambda request: Response(200, (), b"in"), max_connections=2)
    inside = [connect(server), connect(server)]
    assert [wire.ask(ROOT).body for wire in inside] == [b"in"] * 2
    refused = connect(server)
    answer = refused.ask(ROOT)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert answer.json["schemas"] == [ERROR]
    refused.close()
    inside.pop().close()
    assert eventually(lambda: once(server) == 200)
    assert inside[0].ask(ROOT).status == 200


def once(server: Server) -> int:
    wire = Wire(server)
    status = wire.ask(ROOT).status
    wire.close()
    return status


def eventually(holds: Callable[[], bool]) -> bool:
    """Ask again until something holds: the server notices in its own time."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if holds():
            return True
    return False


def test_a_header_with_a_line_break_leaves_nowhere(
    serve: Callable[..., Server],
    connect: Callable[[Server], Wire],
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = serve(lambda request: Response(200, (("Location", "/a\r\nSet-Cookie: b"),), b""))
    wire = connect(server)
    wire.send(ROOT)
    assert everything(wire)[0] == b""
    assert "ValueError" in caplog.text


def test_stopping_does_not_wait_for_a_request_that_hangs(serve: Callable[..., Server]) -> None:
    let_go, begun = threading.Event(), threading.Event()

    def handle(request: Request) -> Response:
        begun.set()
        let_go.wait(5)
        return Response(200)

    server = serve(handle)
    wire = Wire(server)
    wire.send(ROOT)
    assert begun.wait(5)
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 1
    let_go.set()
    wire.close()


def test_without_threads_to_be_had_the_others_are_served(
    serve: Callable[..., Server],
    connect: Callable[[Server], Wire],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def handle(request: Request) -> Response:
        return Response(200, (), Parts(PART) if request.path == "/parts" else b"quick")

    def none_left(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    server = serve(handle)
    quick, parts = connect(server), connect(server)
    assert quick.ask(ROOT).body == b"quick"
    monkeypatch.setattr(threading.Thread, "start", none_left)
    parts.send(ROOT.replace(b" / ", b" /parts "))
    assert everything(parts)[0] == b""
    assert quick.ask(ROOT).body == b"quick"
    monkeypatch.undo()
    assert "RuntimeError" in caplog.text
    assert connect(server).ask(ROOT.replace(b" / ", b" /parts ")).body == PART
