"""A request that is to be made again elsewhere on the same server (RFC 7644 section 3.12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urljoin
from urllib.parse import urlsplit

REPEATED = frozenset({307, 308})  # the same request, method and body included
HOPS = 3
_ALIAS = "/me"  # where a redirect is an answer of its own (RFC 7644 section 3.11)

T = TypeVar("T")


def onward(base: str, target: str, status: int, location: str | None) -> str | None:
    """Return the target at which a request is to be made again, or None where it is not.

    A credential goes nowhere but below the base URL, and in no other scheme.
    """
    if status not in REPEATED or not location or target.startswith("http"):
        return None
    if target.lower().partition("?")[0].rstrip("/") == _ALIAS:
        return None
    where = urlsplit(urljoin(base + target, location))._replace(fragment="").geturl()
    known = base.rstrip("/")
    if not where.startswith(f"{known}/") or where == base + target:
        return None
    return where.removeprefix(known)


def follow(
    base: str,
    target: str,
    send: Callable[[str], T],
    told: Callable[[T], tuple[int, str | None]],
) -> T:
    """Send to a target, and on to where the server wants it; return the last reply.

    `told` reads the status and Location from a reply.
    """
    reply = send(target)
    for _ in range(HOPS):
        where = onward(base, target, *told(reply))
        if where is None:
            break
        target = where
        reply = send(target)
    return reply
