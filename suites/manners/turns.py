"""The turn of each request: whether it may leave at all, when, and how long it may take."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from idp_profiles.deadline import within
from idp_profiles.model import Headers
from suites.target.model import Target

from . import encryption
from . import guard
from .clock import RunClock
from .commons import ROOM
from .commons import Commons
from .pace import Throttle
from .patience import Patience
from .slots import Slots


class OutOfTime(TimeoutError):
    """No time is left, not even for a deletion."""


class _Last(threading.local):
    """What a thread knows of its last request."""

    took = 0.0


class Manners:
    """How one process treats one target; with a `directory` the processes of a run keep together.

    How long a request waits for its turn is a part of the run's time, and not of its own.
    """

    def __init__(
        self,
        target: Target,
        *,
        directory: Path | None = None,
        clock: RunClock | None = None,
        patience: Patience | None = None,
    ) -> None:
        folder = directory / ROOM if directory else None
        self._commons = Commons(folder)
        self._last = _Last()
        self._timeout = target.timeout
        self._read_only = target.read_only
        self._token_urls = encryption.token_urls(target)
        self.clock = clock or RunClock(target.run_timeout)
        self.patience = patience or Patience(
            target.wait_budget, commons=self._commons, clock=self.clock
        )
        self._throttle = Throttle(target.requests_per_second, self._commons)
        self._slots = Slots(target.concurrency, folder, self.clock)

    def allow(self, method: str, target: str, headers: Headers, body: bytes | None) -> None:
        """Raise NotOffered for a request that must not leave in a run that is read-only."""
        if self._read_only:
            guard.check(method, target, headers, self._token_urls, body)

    @contextmanager
    def turn(
        self,
        method: str,
        target: str,
        headers: Headers,
        body: bytes | None,
        *,
        tidies: bool = False,
    ) -> Iterator[None]:
        """Wait until a request may leave, and give it its time.

        Raises NotOffered for a write in a run that is read-only, Blocked when the run is over, and
        OutOfTime where even what `tidies` up comes too late.
        """
        self.allow(method, target, headers, body)
        self._left(tidies=tidies)
        with self._slots.one(tidies=tidies):
            self._pause(self._throttle.claim(), tidies=tidies)
            self._pause(self.patience.hold(), tidies=tidies)
            started = time.perf_counter()
            try:
                with within(min(self._timeout, self._left(tidies=tidies))):
                    yield
            finally:
                self._last.took = time.perf_counter() - started

    @property
    def took(self) -> float:
        """Seconds of the last request of this thread, without the wait for its turn."""
        return self._last.took

    def close(self) -> None:
        """Close the files that the processes share."""
        self._slots.close()
        self._commons.close()

    def _left(self, *, tidies: bool) -> float:
        left = self.clock.left_to_tidy if tidies else self.clock.left
        if left:
            return left
        if tidies:
            raise OutOfTime(self.clock.over)
        self.clock.check()
        return left

    def _pause(self, seconds: float, *, tidies: bool) -> None:
        if seconds > 0:
            time.sleep(min(seconds, self._left(tidies=tidies)))
