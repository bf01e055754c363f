"""Requests beside the case that runs: reads that need not wait for each other, and deletions.

Only a server that takes its time is asked several things at once; on a quick one the threads would
cost more than they save.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")

SLOW = 0.02  # seconds of an exchange from which on a server is slow
READS = 6  # at once, of one process
DELETIONS = 6  # cases whose resources are deleted at once, of one process


class Lanes:
    """The threads of one process, which begin when they are needed."""

    def __init__(self) -> None:
        self._readers: ThreadPoolExecutor | None = None
        self._tidiers: ThreadPoolExecutor | None = None
        self._under_way: list[Future[None]] = []
        self._guard = threading.Lock()

    def each(self, act: Callable[[T], U], of: Sequence[T]) -> list[U]:
        """Return what `act` makes of each, in the order given."""
        with self._guard:
            self._readers = self._readers or ThreadPoolExecutor(READS, "scimproof-reads")
        return list(self._readers.map(act, of))

    def later(self, act: Callable[[], None]) -> None:
        """Do something beside the cases that follow."""
        with self._guard:
            self._tidiers = self._tidiers or ThreadPoolExecutor(DELETIONS, "scimproof-tidies")
            self._under_way = [each for each in self._under_way if not each.done()]
            self._under_way.append(self._tidiers.submit(act))

    def rest(self) -> None:
        """Wait until nothing is done beside the cases."""
        with self._guard:
            under_way = [*self._under_way]
        wait(under_way)  # what one of them raised is no matter of the case that waits

    def finish(self) -> None:
        """Wait for what was to be done later; what has not begun when Ctrl-C comes never does."""
        with self._guard:
            tidiers, self._tidiers = self._tidiers, None
            under_way, self._under_way = self._under_way, []
        if tidiers is None:
            return
        try:
            for each in under_way:
                each.result()
        finally:
            tidiers.shutdown(wait=False, cancel_futures=True)


_OF_THIS_PROCESS = Lanes()


def lanes() -> Lanes:
    """Return the lanes of this process."""
    return _OF_THIS_PROCESS
