"""Expectations about what a product shows, and about what it refuses."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from idp_profiles.model import Json
from suites.client import Seen
from suites.values import value_at
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .probe import Shown

T = TypeVar("T")
PAUSE = 0.2  # seconds between two looks at a product that shows its changes late
# Neither done nor refused: nobody was recognised, nothing is there, or it is busy.
_NEITHER = frozenset({401, 404, 405, 429})
# Where products say why; what is a list counts by its first entry.
_REASONS = ("message", "detail", "error.message", "error", "error_description", "errors", "reason")


def shown(
    read: Callable[[], Shown[T]],
    fits: Callable[[T], bool],
    expected: str,
    actual: Callable[[T], str],
    *,
    within: float = 0.0,
) -> T:
    """Read until something fits, for no longer than `within` seconds, and return it.

    Raises Mismatch.
    """
    __tracebackhide__ = True
    until = time.monotonic() + within
    while True:
        seen = read()
        if fits(seen.value):
            return seen.value
        if time.monotonic() >= until:
            raise Mismatch(expected=expected, actual=actual(seen.value), entry=seen.entry)
        time.sleep(PAUSE)


def refused(seen: Seen, what: str) -> None:
    """Expect a refusal that gives a reason; raises Mismatch.

    A reply from which nobody can tell whether it was refused, such as 404, raises Blocked.
    """
    __tracebackhide__ = True
    if seen.status in _NEITHER or seen.status >= 500:
        raise Blocked(f"status {seen.status} neither does nor refuses {what}", entry=seen.entry)
    if seen.status < 400:
        came = f"status {seen.status}"
        raise Mismatch(expected=f"a refusal of {what}", actual=came, entry=seen.entry)
    if not reason_of(seen):
        raise Mismatch(
            expected=f"a reason for the refusal of {what}",
            actual=f"status {seen.status} without a message",
            entry=seen.entry,
        )


def done(seen: Seen, what: str) -> Seen:
    """Expect that something was done; raises Mismatch."""
    __tracebackhide__ = True
    if not 200 <= seen.status < 300:
        raise Mismatch(
            expected=f"{what} is done",
            actual=f"status {seen.status} ({reason_of(seen) or 'no message'})",
            entry=seen.entry,
        )
    return seen


def reason_of(seen: Seen) -> str:
    """Return the message of a refusal, empty when there is none."""
    if (seen.header("Content-Type") or "").lower().startswith("text/plain"):
        return seen.content.decode(errors="replace").strip()
    for name in _REASONS:
        found: Json = value_at(seen.object(), name)
        if isinstance(found, list) and found:
            found = value_at(found[0], "message") if isinstance(found[0], dict) else found[0]
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""
