"""How long a run may take, whatever the server does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from typing import TypeAlias

import pytest
import requests

from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import Trouble
from reference_server import Response
from suites.manners.clock import RunClock
from suites.manners.clock import tidying
from suites.manners.turns import Manners
from suites.manners.turns import OutOfTime
from suites.manners.watchdog import Watchdog
from suites.reach.connection import Connection
from suites.target.model import Target
from suites.verdicts import Blocked

# The fixture of the folder: runs the command.
Command: TypeAlias = Any
CREDENTIAL = Credential(kind="bearer", secret="secret-of-test")  # noqa: S106 - made up
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Length: 9999\r\n\r\n{"
STEP = Step("of no IdP", Certainty.TEST, ())
BYTE = 0.1  # seconds between two bytes
PYTHON = 12.0  # seconds that its start and the writing of the report may take on a busy machine


@pytest.fixture
def trickling() -> Iterator[Callable[[bytes], str]]:
    """A server that begins a reply and goes on with a byte now and then, for ever."""
    over = threading.Event()
    ears: list[socket.socket] = []

    def serve(ear: socket.socket, begin: bytes) -> None:
        while not over.is_set():
            try:
                talk, _ = ear.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(talk, begin), daemon=True).start()

    def drip(talk: socket.socket, begin: bytes) -> None:
        with talk:
            try:
                talk.recv(65536)
                talk.sendall(begin)
                while not over.wait(BYTE):
                    talk.sendall(b"a")
            except OSError:
                return

    def start(begin: bytes) -> str:
        ear = socket.create_server(("127.0.0.1", 0))
        ears.append(ear)
        threading.Thread(target=serve, args=(ear, begin), daemon=True).start()
        return f"http://127.0.0.1:{ear.getsockname()[1]}/scim/v2"

    yield start
    over.set()
    for ear in ears:
        ear.close()


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 200 OK\r\nX-Long: ", HEAD])
def test_a_trickling_server_holds_neither_way_longer_than_the_time_out(
    trickling: Callable[[bytes], str], begin: bytes
) -> None:
    connection = Connection(Target(url=trickling(begin), credential=CREDENTIAL, timeout=0.5))
    started = time.monotonic()
    with pytest.raises(Trouble, match=r"did not answer GET /Users within 0.5 seconds"):
        connection.idp_send(Request("GET", "/Users", (), None, STEP))
    with pytest.raises(requests.RequestException, match="timed out"):
        connection.request("GET", "/Users", (), None)
    assert 0.9 < time.monotonic() - started < 3
    connection.close()


def test_a_request_takes_no_longer_than_what_is_left_of_the_run(
    trickling: Callable[[bytes], str],
) -> None:
    target = Target(url=trickling(HEAD), credential=CREDENTIAL, timeout=30, run_timeout=0.5)
    connection = Connection(target)
    started = time.monotonic()
    with pytest.raises(requests.RequestException):
        connection.request("GET", "/Users", (), None)
    assert time.monotonic() - started < 3
    with pytest.raises(Blocked, match=r"the run's time was over \(0.5 s\)"):
        connection.request("GET", "/Users", (), None)
    connection.close()


def test_only_what_tidies_up_goes_out_after_the_time_out_and_not_for_long() -> None:
    target = Target(url="http://127.0.0.1:1", credential=CREDENTIAL)
    now = time.monotonic()
    over = Manners(target, clock=RunClock(10, now - 11))
    with pytest.raises(Blocked, match="over"), over.turn("GET", "/Users", (), None):
        pass
    with over.turn("DELETE", "/Users/1", (), None, tidies=True):
        pass
    ended = Manners(target, clock=RunClock(10, now - 10 - tidying(10)))
    with pytest.raises(OutOfTime), ended.turn("DELETE", "/Users/1", (), None, tidies=True):
        pass


@pytest.mark.parametrize(("limit", "seconds"), [(5, 5), (20, 10), (1800, 30)])
def test_what_tidying_may_take_is_bounded(limit: float, seconds: float) -> None:
    assert tidying(limit) == seconds


def test_the_watchdog_bites_where_nothing_is_heard_any_more() -> None:
    dog = Watchdog(silence=0.2)
    begin = time.monotonic()
    dog.watch(RunClock(10, begin - 10 - tidying(10)))
    with pytest.raises(KeyboardInterrupt):
        threading.Event().wait(5)
    dog.rest()
    assert dog.bit
    assert time.monotonic() - begin < 4


def test_the_watchdog_leaves_alone_what_goes_on() -> None:
    dog = Watchdog(silence=1.0)
    dog.watch(RunClock(10, time.monotonic() - 10 - tidying(10)))
    for _ in range(8):
        dog.heard()
        threading.Event().wait(0.2)
    dog.rest()
    assert not dog.bit


def test_a_slow_server_does_not_prolong_the_run(
    command: Command, guarded: Callable[..., Any], door_token: str
) -> None:
    server = guarded(delay=0.4)
    started = time.monotonic()
    done = command.run(
        *("--url", server.url, "--max-seconds", "10", "--settle", "60"),
        *("--suite", "protocol", "--only", "RFC7644-3.3-7", "--only", "RFC7644-3.6-2"),
        SCIM_TOKEN=door_token,
    )
    assert time.monotonic() - started < 10 + tidying(10) + PYTHON
    assert done.status == 1, done.said
    verdicts = {result["verdict"] for result in done.report["results"]}
    assert verdicts == {"inconclusive"}
    reasons = {result["actual"] for result in done.report["results"]}
    assert reasons == {"the run's time was over (10 s)"}
    assert done.report["left_behind"] == []
    assert any(request.method == "POST" for request in server.door.requests)
    assert server.door.users() == 0


def test_a_server_that_begins_to_trickle_ends_neither_late_nor_without_a_report(
    command: Command, guarded: Callable[..., Any], door_token: str
) -> None:
    over = threading.Event()

    def drops() -> Iterator[bytes]:
        while not over.wait(BYTE):
            yield b" "

    def answer(number: int, _: object) -> Response | None:
        kind = (("Content-Type", "application/scim+json"),)
        return Response(200, kind, drops()) if number > 25 else None

    server = guarded(answer)
    started = time.monotonic()
    done = command.run(
        *("--url", server.url, "--max-seconds", "6", "-n", "2"),
        *("--suite", "protocol", "--only", "RFC7644-3.3-7", "--only", "RFC7644-3.6-2"),
        SCIM_TOKEN=door_token,
    )
    over.set()
    assert time.monotonic() - started < 6 + tidying(6) + PYTHON
    assert done.status == 1, done.said
    assert {result["verdict"] for result in done.report["results"]} <= {"inconclusive", "pass"}
    blocked = {r["actual"] for r in done.report["results"] if r["verdict"] == "inconclusive"}
    assert "the run's time was over (6 s)" in blocked


def test_a_run_on_our_own_server_has_a_time_out_too(command: Command) -> None:
    done = command.run("--suite", "security", "--max-seconds", "0.1")
    assert done.status == 1
    assert {result["actual"] for result in done.report["results"]} == {
        "the run's time was over (0.1 s)"
    }


def test_the_first_case_without_time_may_end_the_run(
    command: Command, guarded: Callable[..., Any], door_token: str
) -> None:
    server = guarded()
    narrow = ("--suite", "protocol", "--only", "RFC7644-3.3-7")
    done = command.run(
        *("--url", server.url, "--max-seconds", "0.1", "-x", *narrow), SCIM_TOKEN=door_token
    )
    assert done.status == 1, done.said
    (result,) = done.report["results"]
    assert "the run's time was over (0.1 s)" in result["actual"]
    assert server.door.requests == []
