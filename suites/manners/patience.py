"""What a server that is busy for the moment gets: the pause it asks for, within a budget."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from email.utils import parsedate_to_datetime
from typing import TypeVar

from suites.verdicts import Blocked

from .clock import RunClock
from .commons import Commons

RETRIES = 3  # of a 429 or 503
BUSY = frozenset({429, 503})

T = TypeVar("T")


def pause_of(status: int, retry_after: str | None) -> float | None:
    """Return how many seconds a reply asks to wait, as a number or a date; None when it does not.

    Both forms are of RFC 9110 section 10.2.3.
    """
    wait = (retry_after or "").strip()
    if status not in BUSY or not wait:
        return None
    if wait.isdecimal():
        return float(wait)
    try:
        until = parsedate_to_datetime(wait)
    except (ValueError, OverflowError):
        return None
    return max(0.0, until.timestamp() - time.time())


@dataclass(slots=True)
class Patience:
    """Sleeps on behalf of the run, within a budget of seconds for all waits of all processes.

    While one waits nobody else asks either, and what several wait for together counts once. Where
    `sleep` is not the real one, time passes on the server alone: nobody is held up.
    """

    budget: float
    sleep: Callable[[float], None] = time.sleep
    commons: Commons = field(default_factory=Commons)
    clock: RunClock = field(default_factory=RunClock)

    def wait(self, seconds: float) -> None:
        """Sleep, or raise Blocked when the run has no time left for it."""
        with self.commons.changing() as shared:
            now = time.monotonic()
            more = seconds
            if self.is_real:
                more = max(0.0, now + seconds - max(now, shared.paused_until))
            self._check(seconds, more, shared.spent)
            shared.spent += more
            if self.is_real:
                shared.paused_until = max(shared.paused_until, now + seconds)
        self.sleep(seconds)

    @property
    def left(self) -> float:
        """The seconds that may still be waited."""
        with self.commons.changing() as shared:
            return max(0.0, self.budget - shared.spent)

    @property
    def is_real(self) -> bool:
        """Whether waiting takes time."""
        return self.sleep is time.sleep

    def _check(self, seconds: float, more: float, spent: float) -> None:
        if spent + more > self.budget:
            raise Blocked(
                f"the server asks to wait {seconds:g} s, and of the wait budget of "
                f"{self.budget:g} s only {math.floor((self.budget - spent) * 10) / 10:g} s are "
                "left (set requests_per_second in the target file, or raise wait_budget)"
            )
        if self.is_real and seconds > self.clock.left:
            raise Blocked(f"{self.clock.over}: the server asks to wait {seconds:g} s")

    def hold(self) -> float:
        """Return for how many seconds the server wants peace."""
        return max(0.0, self.commons.paused_until() - time.monotonic())

    def ask(
        self,
        send: Callable[[], T],
        told: Callable[[T], tuple[int, str | None]],
        *,
        retries: int = RETRIES,
    ) -> T:
        """Send, and again while the server is busy and says for how long; 1, 2, 4 s if it does not.

        `told` reads the status and Retry-After from a reply. The last reply is returned, busy or
        not. Raises Blocked where the server asks for more time than there is.
        """
        reply = send()
        for attempt in range(retries):
            status, retry_after = told(reply)
            if status not in BUSY:
                break
            stated = pause_of(status, retry_after)
            # Again at once, and again: who says 0 is not made any less busy by it.
            self.wait(float(2**attempt) if stated is None else stated or 0.5 * attempt)
            reply = send()
        return reply


def throttled(method: str, path: str, status: int) -> str:
    """Return what a case says that the server does not let through."""
    return f"{method} {path} was answered {status} again and again: the server throttles the run"


def is_throttled(status: int, retry_after: str | None) -> bool:
    """Return whether a reply is about how much is asked of the server, and not about what."""
    return status == 429 or pause_of(status, retry_after) is not None
