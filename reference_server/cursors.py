"""Cursors: a place in a list, as a text that only this server can write or read (RFC 9865).

Nothing is kept for a cursor: the place is in the text itself, enciphered so that it is opaque and
authenticated so that a forged one is noticed. The key comes from the credentials, so that every
process of a server reads the cursors of the others, and a change of credentials ends them all.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from .errors import ScimError

TIMEOUT = 1800  # seconds, announced as cursorTimeout

_ROUNDS = 20_000
_MAC = 16
_BLOCK = 64
# Long enough for any cursor that this server writes.
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind a record, or before it when `backward`.

    The record is known by its place in creation order and, in a sorted list, by its sort key; it
    need not exist any more. `count` is the page size that the first request asked for.
    """

    sequence: int
    key: tuple[int | float | str, ...]
    count: int
    backward: bool = False


class Cursors:
    """Writes and reads cursors; `secrets` are those that all processes of a server share."""

    def __init__(
        self, secrets: Iterable[str], scope: tuple[str, ...], clock: Callable[[], datetime]
    ) -> None:
        self._secrets = tuple(secrets)
        self._scope = scope
        self._clock = clock

    def write(self, place: Place, query: str) -> str:
        """Return the cursor of a place in the list that a query gives."""
        fields = [self._now(), place.sequence, place.key, place.count, place.backward]
        plain = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        # The code is also what the cipher starts from, so no two texts share a key stream.
        code = self._code(query, plain)
        return base64.urlsafe_b64encode(code + self._ciphered(code, plain)).rstrip(b"=").decode()

    def read(self, cursor: str, query: str) -> Place:
        """Return the place of a cursor, or raise `invalidCursor` or `expiredCursor`."""
        sealed = _decoded(cursor)
        code, plain = sealed[:_MAC], self._ciphered(sealed[:_MAC], sealed[_MAC:])
        if not hmac.compare_digest(code, self._code(query, plain)):
            # One sentence for all reasons: section 5.2 wants nothing told about others' lists.
            raise _invalid()
        written, sequence, key, count, backward = json.loads(plain)
        if self._now() - written > TIMEOUT:
            detail = f"cursor: it is older than {TIMEOUT} seconds; start again with an empty one."
            raise ScimError(400, detail, "expiredCursor")
        return Place(sequence, tuple(key), count, backward)

    def _now(self) -> int:
        return int(self._clock().timestamp())

    @cached_property
    def _key(self) -> bytes:
        # Stretched, so that a cursor does not help to guess a short token; only when first used.
        joined = json.dumps([self._scope, self._secrets]).encode()
        return hashlib.pbkdf2_hmac("sha256", joined, b"scim cursor", _ROUNDS)

    def _code(self, query: str, plain: bytes) -> bytes:
        message = len(query).to_bytes(4, "big") + query.encode() + plain
        return hashlib.blake2b(message, digest_size=_MAC, key=self._key, person=b"code").digest()

    def _ciphered(self, code: bytes, text: bytes) -> bytes:
        stream = b"".join(self._stream(code, len(text)))
        return bytes(one ^ other for one, other in zip(text, stream, strict=False))

    def _stream(self, code: bytes, length: int) -> Iterator[bytes]:
        for number in range(0, length, _BLOCK):
            start = code + number.to_bytes(4, "big")
            yield hashlib.blake2b(start, key=self._key, person=b"stream").digest()


def _decoded(cursor: str) -> bytes:
    try:
        text = cursor.encode("ascii")
        sealed = base64.b64decode(text + b"=" * (-len(text) % 4), b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as fault:
        raise _invalid() from fault
    # Base64 has several texts for the same bytes; only the one that was written will do.
    written = base64.urlsafe_b64encode(sealed).rstrip(b"=")
    if len(sealed) <= _MAC or len(cursor) > _LONGEST or text != written:
        raise _invalid()
    return sealed


def _invalid() -> ScimError:
    detail = "cursor: it is none that this query has given out; start again with an empty one."
    return ScimError(400, detail, "invalidCursor")
