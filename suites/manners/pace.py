"""How many requests may leave in a second, over all threads and all processes of a run."""

from __future__ import annotations

import time
from dataclasses import dataclass
from dataclasses import field

from .commons import Commons


@dataclass(slots=True)
class Throttle:
    """Keeps the run below a number of requests a second (None = no limit).

    Each request is given the moment at which it leaves, one after the other: whichever process has
    something to send takes the next, so that none keeps a share that it does not use.
    """

    per_second: float | None
    commons: Commons = field(default_factory=Commons)

    def claim(self) -> float:
        """Take the next moment, and return how many seconds it is away."""
        if self.per_second is None:
            return 0.0
        with self.commons.changing() as shared:
            now = time.monotonic()
            at = max(now, shared.next_at)
            shared.next_at = at + 1 / self.per_second
        return max(0.0, at - now)
