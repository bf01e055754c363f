"""Framing as a function of bytes: whatever the pieces are in which they come."""

from __future__ import annotations

import time

import pytest

from reference_server.errors import ScimError
from reference_server.http_framing import MAX_CHUNKS
from reference_server.http_framing import Parser
from tests.reference_server.wire import get
from tests.reference_server.wire import post

BLOCK = get(headers=b"Content-Length: 3\r\n") + b"abc"
CHUNKED = post(b"3\r\nabc\r\n1;x=y\r\nd\r\n0\r\nX: y\r\n\r\n", b"Transfer-Encoding: chunked\r\n")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("content", [BLOCK, CHUNKED, b"\r\n" + get() + BLOCK])
def test_how_bytes_are_split_makes_no_difference(content: bytes, size: int) -> None:
    assert parsed(content * 2, size) == parsed(content * 2, 10**9)
    assert len(parsed(content, size)) == (2 if content.startswith(b"\r\n") else 1)


def parsed(content: bytes, size: int) -> list[tuple[str, str, bytes]]:
    parser = Parser()
    found = []
    for at in range(0, len(content), size):
        parser.feed(content[at : at + size])
        while (taken := parser.take()) is not None:
            head, body = taken
            found.append((head.method, head.target, body))
    assert parser.is_idle
    return found


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(get(headers=b"X:" + b" " * 60_000 + b"\x01\r\n"), id="blanks-in-a-value"),
        pytest.param(b"GET " + b" " * 60_000 + b"\r\n\r\n", id="blanks-in-the-request-line"),
        pytest.param(get(headers=b"a" * 60_000 + b"\r\n"), id="a-long-name"),
    ],
)
def test_a_wrong_line_is_found_wrong_at_once(content: bytes) -> None:
    parser = Parser()
    parser.feed(content)
    started = time.process_time()
    with pytest.raises(ScimError):
        parser.take()
    assert time.process_time() - started < 0.2


def test_a_body_in_very_many_chunks_is_refused_soon() -> None:
    parser = Parser()
    started = time.process_time()
    parser.feed(post(b"1\r\nx\r\n" * (MAX_CHUNKS + 1), b"Transfer-Encoding: chunked\r\n"))
    with pytest.raises(ScimError) as refusal:
        parser.take()
    assert refusal.value.status == 413
    assert time.process_time() - started < 2


def test_headers_that_do_not_end_are_refused_while_they_come() -> None:
    with pytest.raises(ScimError) as refusal:
        feed_for_ever(Parser())
    assert refusal.value.status == 431


def feed_for_ever(parser: Parser) -> None:
    parser.feed(b"GET / HTTP/1.1\r\n")
    for _ in range(10_000):
        parser.feed(b"X-Header: value\r\n" * 10)
        assert parser.take() is None


def test_a_bare_line_feed_is_refused_before_the_head_ends() -> None:
    parser = Parser()
    parser.feed(b"GET / HTTP/1.1\nHost: x\n\n")
    with pytest.raises(ScimError, match="CR LF"):
        parser.take()
