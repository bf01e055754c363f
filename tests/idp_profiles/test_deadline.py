from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator

import pytest

from idp_profiles import deadline
from idp_profiles.deadline import TimedSocket
from idp_profiles.deadline import left
from idp_profiles.deadline import within

Drips = Callable[[bytes], "socket.socket"]


@pytest.fixture
def dripping() -> Iterator[Drips]:
    """A connection on whose other end a byte comes now and then, for ever."""
    over, ends = threading.Event(), []

    def start(byte: bytes) -> socket.socket:
        ours, theirs = socket.socketpair()
        ends.extend([ours, theirs])

        def drip() -> None:
            while not over.wait(0.02):
                try:
                    theirs.sendall(byte)
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        return ours

    yield start
    over.set()
    for each in ends:
        each.close()


def test_a_byte_now_and_then_does_not_prolong_the_time(dripping: Drips) -> None:
    sock = dripping(b"x")
    sock.settimeout(5)
    started = time.monotonic()
    with (
        TimedSocket(sock).makefile("rb") as reader,
        within(0.2),
        pytest.raises(TimeoutError),
    ):
        reader.readline()
    assert 0.1 < time.monotonic() - started < 2


def test_what_is_there_in_time_is_read() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"one\ntwo\n")
        timed = TimedSocket(ours)
        with timed.makefile("rb") as reader, within(2):
            assert reader.readline() == b"one\n"
            assert reader.readline() == b"two\n"
        assert timed.fileno() == ours.fileno()


def test_a_reply_without_end_is_left(monkeypatch: pytest.MonkeyPatch, dripping: Drips) -> None:
    monkeypatch.setattr(deadline, "LIMIT", 1000)
    monkeypatch.setattr(deadline, "_HEADERS", 24)
    with (
        TimedSocket(dripping(b"x" * 500)).makefile("rb") as reader,
        within(5),
        pytest.raises(ConnectionAbortedError, match="larger than 1000 bytes"),
    ):
        reader.read(10_000)


def test_the_shorter_of_two_limits_wins() -> None:
    with within(50):
        with within(100):
            assert left() <= 50
        with within(1):
            assert left() <= 1
        assert 40 < left() <= 50
    assert left() == float("inf")


def test_each_thread_has_a_limit_of_its_own() -> None:
    seen = []
    with within(1):
        thread = threading.Thread(target=lambda: seen.append(left()))
        thread.start()
        thread.join()
    assert seen == [float("inf")]
