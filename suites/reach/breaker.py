"""Stops asking a server that stopped answering, and looks now and then whether it is back.

A server may die in the middle of a run, tire of the token, or vanish behind its gateway. What comes
then says nothing about any requirement: the cases that are left are blocked at once, all by the
same sentence. Each process of a run finds that out by itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from suites.verdicts import Unanswered

# Requests in a row without a reply before the server is looked at; one that hangs counts double.
IN_A_ROW = 5
# Seconds before each new try of a request that was refused a connection: it was never sent. Each
# try counts, so that a server that is gone for good costs no more than a few seconds.
AGAIN = (0.25, 0.5, 1.0)
GLANCES = (0.0, 0.5, 1.5)  # seconds before each look at a server that seems gone: it may restart
FIRST, LONGEST = 2.0, 30.0  # seconds until a server that is gone is looked at again
LOOK = 5.0  # seconds that one look may take at most
LATELY = 0.5  # seconds for which a look that found the server well is good for what is blocked

# Asks the server for what it answered at the start of the run; None is no reply at all.
Glance = Callable[[float], int | None]


class Gone(ConnectionError):
    """Nothing is sent, not even a deletion: the server stopped answering."""


@dataclass(slots=True)
class _Outage:
    """Since when a server does not answer, and when it is looked at again."""

    reason: str
    pause: float = FIRST
    again: float = 0.0


def _works(status: int | None) -> bool:
    return status is not None and status != 401 and status < 500


class Breaker:
    """What one process knows of whether its server is alive; several threads may ask.

    Nothing is given up before `began` told how to look and that the server answered at first.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._glance: Glance | None = None
        self._requests = 0
        self._silent = 0
        self._last_good = ""
        self._good_at = 0
        self._lost = ""
        self._well_at = float("-inf")
        self._outage: _Outage | None = None
        self._lock = threading.RLock()

    def began(self, status: int, glance: Glance) -> None:
        """Learn how to look at the server, and what it answered at first."""
        if _works(status):
            self._glance = glance

    def check(self, *, tidies: bool = False) -> None:
        """Raise Unanswered, or Gone for what `tidies` up, where the server stopped answering."""
        with self._lock:
            outage = self._outage
            if outage is None:
                return
            if self._clock() >= outage.again:
                self._look_again(outage)
            if self._outage is not None:
                raise Gone(outage.reason) if tidies else Unanswered(outage.reason)

    def answered(self, what: str) -> None:
        """Count a reply, whatever it says."""
        with self._lock:
            self._requests += 1
            self._silent, self._last_good, self._good_at = 0, what, self._requests

    @property
    def may_return(self) -> bool:
        """Whether a server that refuses a connection may just be starting again."""
        with self._lock:
            return bool(self._last_good) and self._outage is None

    def silent(self, why: str, what: str = "", *, hung: bool = False) -> None:
        """Count a request without a reply; after several in a row the server is looked at."""
        with self._lock:
            self._requests += 1
            self._lost = what if not self._silent else self._lost
            self._silent += 2 if hung else 1
            if self._silent >= IN_A_ROW and self._outage is None:
                self._silent = 0
                glances = GLANCES[:1] if hung else GLANCES
                if not any(_works(self._seen(pause)) for pause in glances):
                    self._open(self._ended(why))

    def doubt(self, status: int, *, lately: bool = False) -> str | None:
        """Return why a reply like this one (401, 5xx) says nothing about what was asked.

        None where the server still answers what it answered at the start of the run, or did
        `lately`, where nothing worse than a missing verdict depends on it.
        """
        with self._lock:
            if self._outage is not None:
                return self._outage.reason
            if self._glance is None or _works(status):
                return None
            if lately and self._clock() - self._well_at < LATELY:
                return None
            now = self._seen(0.0)
            for pause in GLANCES[1:]:
                # A server that is busy for a moment is not gone (RFC 9110 section 15.6.4), nor is
                # one that closes the connection on which it broke down.
                now = self._seen(pause) if now in (None, 503) else now
            if _works(now):
                self._well_at = self._clock()
                return None
            self._open(_changed(now, self._place()))
            return self._outage.reason if self._outage else None

    def _seen(self, pause: float) -> int | None:
        if self._glance is None:
            return 200  # nobody said how to look: then nothing is given up
        if pause:
            self._sleep(pause)
        return self._glance(LOOK)

    def _open(self, reason: str) -> None:
        self._outage = _Outage(reason, again=self._clock() + FIRST)

    def _look_again(self, outage: _Outage) -> None:
        if _works(self._seen(0.0)):
            self._outage = None
            return
        outage.pause = min(LONGEST, outage.pause * 2)
        outage.again = self._clock() + outage.pause

    def _ended(self, why: str) -> str:
        first = f"; the first without a reply was {self._lost}" if self._lost else ""
        return f"the server stopped answering after {self._place()}: {why}{first}"

    def _place(self) -> str:
        """Return after which request, and what the last one was that had a reply."""
        return f"request {self._good_at} (the last reply was to {self._last_good})"


def _changed(status: int | None, place: str) -> str:
    """Return what became of a server that answered well at first."""
    if status is None:
        return f"the server stopped answering about {place}"
    if status == 401:
        return (
            f"the server refuses the credential that it took before, since about {place}: has the "
            "token expired?"
        )
    return (
        f"the server, or a gateway before it, answers {status} to what it answered before, since "
        f"about {place}"
    )
