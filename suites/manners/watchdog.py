"""Ends a run as by Ctrl-C when its time is over and it hangs, wherever it hangs.

Each request knows how much time is left. This is for what knows no time: an application in this
process that does not come back, or a name server. As long as cases still come to an end, if only to
say that no time was left for them, nothing hangs.
"""

from __future__ import annotations

import os
import signal
import threading
import time

from .clock import RunClock

SILENCE = 15.0  # seconds without a sign of life, once the time is over; then one more signal each


class Watchdog:
    """Watches a run in the process that writes its report."""

    def __init__(self, silence: float = SILENCE) -> None:
        self._over = threading.Event()
        self._silence = silence
        self._heard = time.monotonic()
        self.bit = False  # whether it had to end the run

    def watch(self, clock: RunClock) -> None:
        """Begin; a run without a time-out is not watched."""
        if clock.limit != float("inf"):
            threading.Thread(target=self._wait, args=(clock,), daemon=True).start()

    def heard(self) -> None:
        """Learn that the run goes on."""
        self._heard = time.monotonic()

    def rest(self) -> None:
        """Stop watching."""
        self._over.set()

    def _wait(self, clock: RunClock) -> None:
        pause = clock.left_to_tidy
        end = time.monotonic() + pause  # the last deletions make no sound
        while not self._over.wait(min(pause, threading.TIMEOUT_MAX)):
            pause = max(self._heard, end) + self._silence - time.monotonic()
            if pause <= 0:
                self.bit = True
                os.kill(os.getpid(), signal.SIGINT)
                pause = self._silence
