from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from idp_profiles.final_response import FinalResponse
from idp_profiles.final_response import NotHttp


@contextmanager
def replying(wire: bytes) -> Iterator[FinalResponse]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(wire)
        theirs.shutdown(socket.SHUT_WR)
        response = FinalResponse(ours, method="GET")
        try:
            yield response
        finally:
            response.close()


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n",
        b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\nX: y\r\n\r\n"
        b"HTTP/1.1 103 Early Hints\r\n\r\n",
    ],
)
def test_what_only_informs_is_passed_over(before: bytes) -> None:
    wire = before + b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nETag: a\r\n\r\n{}"
    with replying(wire) as response:
        response.begin()
        assert (response.status, response.getheader("ETag")) == (201, "a")
        assert response.read() == b"{}"


def test_a_switch_of_protocols_is_a_reply_of_its_own() -> None:
    with replying(b"HTTP/1.1 101 Switching Protocols\r\n\r\n") as response:
        response.begin()
        assert response.status == 101


def test_informing_without_end_is_not_http() -> None:
    with (
        replying(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100) as response,
        pytest.raises(NotHttp, match="without end"),
    ):
        response.begin()


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        (b"this is no header\r\nContent-Length: 2\r\n", "a line among the headers"),
        (b"Content-Length: 5\r\nContent-Length: 2\r\n", "2 and 5"),
    ],
)
def test_headers_that_leave_open_what_they_say_are_not_http(headers: bytes, part: str) -> None:
    with (
        replying(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n{}") as response,
        pytest.raises(http.client.HTTPException, match=part),
    ):
        response.begin()


def test_a_length_that_is_said_twice_alike_is_one() -> None:
    wire = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}"
    with replying(wire) as response:
        response.begin()
        assert response.read() == b"{}"
