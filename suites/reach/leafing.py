"""A list that a server shows in pages, read one after the other (RFC 7644 section 3.4.2.4)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from typing import TypeVar

from idp_profiles.model import Json

T = TypeVar("T")


class Endless(Exception):
    """The list has more pages than anybody reads."""


def leafed(ask: Callable[[int], tuple[T, int, Json]], most: int) -> Iterator[T]:
    """Yield page after page until the list is over; raises Endless after so many.

    `ask` is given a startIndex, and returns the page, how many resources it shows, and the total
    that the server says.
    """
    read = 0
    for _ in range(most):
        page, shown, total = ask(read + 1)
        yield page
        read += shown
        if not shown or not isinstance(total, int) or read >= total:
            return
    raise Endless
