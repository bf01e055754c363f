"""A clock that its driver moves, so that a test runs twenty-eight days in a second."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# Any moment will do as long as every run begins at the same: 2026-01-05 08:00 UTC, a Monday.
BEGIN = 1_767_600_000.0


@dataclass(slots=True)
class Clock:
    """Seconds since 1970, moved on by whoever waits."""

    now: float = BEGIN

    def __call__(self) -> float:
        """Return the time, as `time.time` does."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass without waiting; raises ValueError for a step back."""
        if seconds < 0:
            raise ValueError(f"time does not go back by {-seconds:g} seconds")
        self.now += seconds
