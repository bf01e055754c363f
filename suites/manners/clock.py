"""The time of a whole run: what is in flight when it is over is cut, and a little is left to tidy.

After the time-out nothing is asked any more; only deletions still go out, for a time that is
stated (`tidying`), and after that none of those either: the journal names what is left.
"""

from __future__ import annotations

import time

from suites.verdicts import Blocked

TIDYING = 30.0  # seconds at most that deletions may take after the time-out
_LEAST, _SHARE = 5.0, 0.5


def tidying(limit: float) -> float:
    """Return how many seconds the deletions may take after a time-out of so many seconds."""
    return min(TIDYING, max(_LEAST, limit * _SHARE))


class RunClock:
    """The clock of a run of `limit` seconds; `began` is a point of the monotonic clock."""

    def __init__(self, limit: float = float("inf"), began: float | None = None) -> None:
        self.limit = limit
        self.began = time.monotonic() if began is None else began

    @property
    def left(self) -> float:
        """Seconds that are left for the cases; 0 when the time is over."""
        return max(0.0, self.began + self.limit - time.monotonic())

    @property
    def left_to_tidy(self) -> float:
        """Seconds that are left for deletions."""
        end = self.began + self.limit + tidying(self.limit)
        return max(0.0, end - time.monotonic())

    @property
    def over(self) -> str:
        """What a case says for which no time was left."""
        return f"the run's time was over ({self.limit:g} s)"

    def check(self) -> None:
        """Raise Blocked when the time is over."""
        if not self.left:
            raise Blocked(self.over)

    def sleep(self, seconds: float) -> None:
        """Sleep; raises Blocked when the time of the run is over before."""
        time.sleep(max(0.0, min(seconds, self.left)))
        if seconds > 0:
            self.check()
