"""How many requests are under way at once, over all threads and all processes of a run."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from . import locks
from .clock import RunClock

_PAUSE = 0.004  # seconds between two looks for a free place


class Slots:
    """So many places, None for as many as anybody wants.

    Each place is a lock, and a lock on a file where the run has several processes: the system
    gives it back when the process that holds it is killed.
    """

    def __init__(self, count: int | None, folder: Path | None, clock: RunClock) -> None:
        self._clock = clock
        self._places = [_Place(n, folder) for n in range(count or 0)]

    @contextmanager
    def one(self, *, tidies: bool = False) -> Iterator[None]:
        """Hold a place; raises Blocked when the run is over before one is free.

        A deletion waits for as long as the others may take: the time to tidy is not theirs.
        """
        if not self._places:
            yield
            return
        place = self._free()
        while place is None:
            time.sleep(_PAUSE)
            if not tidies:
                self._clock.check()
            place = self._free()
        try:
            yield
        finally:
            place.leave()

    def close(self) -> None:
        """Close the files."""
        for place in self._places:
            place.close()

    def _free(self) -> _Place | None:
        return next((place for place in self._places if place.take()), None)


class _Place:
    def __init__(self, number: int, folder: Path | None) -> None:
        self._path = folder / f"place-{number}" if folder else None
        self._thread = threading.Lock()
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        if not self._thread.acquire(blocking=False):
            return False
        if self._path is None:
            return True
        if self._file is None:
            self._path.parent.mkdir(exist_ok=True)
            self._file = self._path.open("a+b", buffering=0)
        if locks.take(self._file):
            return True
        self._thread.release()
        return False

    def leave(self) -> None:
        if self._file is not None:
            locks.release(self._file)
        self._thread.release()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
