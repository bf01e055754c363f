"""Undo the content encodings that profiles offer in `Accept-Encoding` (RFC 9110 section 8.4.1)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace

from .model import Reply
from .model import Trouble

LIMIT = 64 * 1024 * 1024


def decoded(reply: Reply) -> Reply:
    """Return the reply with its body decoded; the headers stay as they came."""
    body = reply.body
    codings = [name.strip().lower() for name in (reply.header("Content-Encoding") or "").split(",")]
    for coding in reversed([name for name in codings if name not in {"", "identity"}]):
        body = _undo(coding, body)
    return replace(reply, body=body) if body is not reply.body else reply


def _undo(coding: str, body: bytes) -> bytes:
    if not body:
        return body
    complaint = ""
    for window in _windows(coding):
        try:
            return _unpacked(zlib.decompressobj(window), body)
        except zlib.error as error:
            complaint = str(error)
    raise Trouble(
        f"The reply says Content-Encoding: {coding}, but cannot be unpacked: {complaint}."
    )


def _unpacked(unpacker: zlib._Decompress, body: bytes) -> bytes:
    plain = unpacker.decompress(body, LIMIT)
    if unpacker.unconsumed_tail:
        # A small body may unpack to any size.
        raise Trouble(f"The reply unpacks to more than {LIMIT} bytes.")
    if not unpacker.eof:
        raise Trouble("The reply is compressed, and ends before its end.")
    return plain


def _windows(coding: str) -> Iterator[int]:
    if coding in {"gzip", "x-gzip"}:
        yield zlib.MAX_WBITS | 16
    elif coding == "deflate":
        # "deflate" means the zlib format, but raw streams are common enough that clients try both.
        yield from (zlib.MAX_WBITS, -zlib.MAX_WBITS)
    else:
        raise Trouble(f"The reply comes with Content-Encoding {coding!r}, which nobody offered.")
