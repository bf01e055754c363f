"""Ids that no resource has, in the shape that the server gives its own.

The route of a server may take UUIDs or numbers alone: any other id is answered by the router, which
says nothing about what the server does with a resource that is not there.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from urllib.parse import quote

NOBODY = "scimproof-nobody-has-this-id"  # where no id was seen, or one too short to have a shape
_UUID = re.compile(r"[0-9a-fA-F]{8}(-?)(?:[0-9a-fA-F]{4}\1){3}[0-9a-fA-F]{12}")
# Signed 32 bits hold these numbers, and no table has counted so far.
_NUMBERS, _SPAN = 2_100_000_000, 47_000_000
_BITS = 24.0  # as many as make it as good as sure that nobody has the id


def unlike(known: str) -> str:
    """Return an id of the shape of a known one; the same for the same one."""
    digest = hashlib.sha256(f"unlike {known}".encode("utf-8", "surrogatepass")).digest()
    if _UUID.fullmatch(known):
        return _uuid(known, digest)
    if re.fullmatch(r"[0-9]+", known):
        return _number(known, int.from_bytes(digest[:8], "big"))
    return _text(known, digest)


def nobody_like(known: str) -> str:
    """Return the path of a user who is not there, by the id of one who is."""
    return f"/Users/{quote(unlike(known), safe='', errors='surrogatepass')}"


def _uuid(known: str, digest: bytes) -> str:
    """Change all but the hyphens and what tells version and variant."""
    fresh = iter(digest.hex())
    place, found = 0, []
    for each in known:
        new = each if each == "-" or place in (12, 16) else next(fresh)
        place += each != "-"
        found.append(new.upper() if known != known.lower() else new)
    return "".join(found)


def _number(known: str, seed: int) -> str:
    """Return a number far beyond those that are counted, or another one as long as a long one."""
    if int(known) < _NUMBERS:
        return str(_NUMBERS + seed % _SPAN)
    rest = len(known) - 1
    return known[0] + str(seed % 10**rest).rjust(rest, "1")


def _text(known: str, digest: bytes) -> str:
    """Keep the first third, which may be a prefix, and draw the rest from its own characters."""
    start = math.ceil(len(known) / 3)
    kinds = [_kind(known[start:], each) for each in known[start:]]
    if sum(math.log2(len(kind)) for kind in kinds) < _BITS:
        return NOBODY
    drawn = _bytes(digest)
    return known[:start] + "".join(kind[next(drawn) % len(kind)] for kind in kinds)


def _kind(text: str, one: str) -> str:
    """Return the characters of a text that are of the kind of one of them."""
    for test in (str.isdigit, str.islower, str.isupper):
        if one.isascii() and test(one):
            return "".join(sorted({each for each in text if each.isascii() and test(each)}))
    return one


def _bytes(seed: bytes) -> Iterator[int]:
    while True:
        yield from seed
        seed = hashlib.sha256(seed).digest()
