"""HTTP/1.1 replies: a `Response` to the bytes that leave, whole or in parts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import formatdate
from http import HTTPStatus

from .messages import Response

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_START = {each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\n" for each in HTTPStatus}
_BODILESS = (204, 304)


class _Date:
    """The Date header, written once a second."""

    def __init__(self) -> None:
        self._made = (0, "")

    def line(self) -> str:
        now = int(time.time())
        made, text = self._made  # read at once: threads share it
        if made != now:
            text = f"Date: {formatdate(now, usegmt=True)}\r\n"
            self._made = (now, text)
        return text


_DATE = _Date()


def whole_reply(response: Response, body: bytes, *, head_only: bool, keep_alive: bool) -> bytes:
    """Write a reply whose body is here; 204 and 304 have none (RFC 9110 section 6.4.1)."""
    if response.status in _BODILESS:
        return _head(response, "", keep_alive)
    start = _head(response, f"Content-Length: {len(body)}\r\n", keep_alive)
    return start if head_only else start + body


def parts_of_reply(
    response: Response, parts: Iterator[bytes], *, chunked: bool, head_only: bool, keep_alive: bool
) -> Iterator[bytes]:
    """Write a reply whose body comes in parts: as chunks, or until the connection ends."""
    framing = "Transfer-Encoding: chunked\r\n" if chunked else ""
    start = _head(response, framing, keep_alive)
    if head_only:
        yield start
        return
    for part in parts:
        if part:
            yield start + (b"%X\r\n%b\r\n" % (len(part), part) if chunked else part)
            start = b""
    yield start + (b"0\r\n\r\n" if chunked else b"")


def _head(response: Response, framing: str, keep_alive: bool) -> bytes:
    start = _START.get(response.status) or f"HTTP/1.1 {response.status} Unknown\r\n"
    headers = "".join([f"{name}: {value}\r\n" for name, value in response.headers])
    if headers.count("\n") + headers.count("\r") != 2 * len(response.headers):
        raise ValueError("a header of the response contains a line break")
    end = "\r\n" if keep_alive else "Connection: close\r\n\r\n"
    return f"{start}{headers}{_DATE.line()}{framing}{end}".encode()
