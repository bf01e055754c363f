"""Threads in which somebody else's code works, so that a run can stop waiting for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import wait
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


class Hand(threading.Thread):
    """One thread that does one thing after the other; whoever hangs in it holds up nobody else."""

    def __init__(self) -> None:
        super().__init__(name="application", daemon=True)
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self.start()

    def run(self) -> None:
        """Work until there is no more to be done."""
        while (work := self._work.get()) is not None:
            work()

    def give(self, work: Callable[[], T]) -> Future[T]:
        """Let it be done, after what was given before."""
        done: Future[T] = Future()
        self._work.put(partial(_do, work, done))
        return done

    def release(self) -> None:
        """Let the thread end when it has done what it was given."""
        self._work.put(None)


def _do(work: Callable[[], T], done: Future[T]) -> None:
    try:
        done.set_result(work())
    except BaseException as problem:  # the one who waits is to know, whatever it was
        done.set_exception(problem)


class Hands:
    """As many threads as there are callers at the same moment.

    The thread that made this always gets the same one, `home`: what an application opens when it
    is imported, such as a database in memory, often can be used by that thread alone.
    """

    def __init__(self) -> None:
        self._owner = threading.get_ident()
        self._lock = threading.Lock()
        self._idle: list[Hand] = []
        self.home: Hand | None = Hand()

    def give_home_away(self) -> Hand:
        """Return `home`, for something that runs there for good; nobody else gets it again."""
        self._owner, home, self.home = 0, self.home or Hand(), None
        return home

    def do(self, work: Callable[[], T], seconds: float) -> T:
        """Return what some work returns; raises TimeoutError when it takes longer."""
        hand = self._take()
        done = hand.give(work)
        try:
            wait([done], seconds)
        finally:
            if done.done():
                self._put_back(hand)
            else:
                # Too long, or the run was interrupted: that thread goes on, but not for us.
                self._let_go(hand)
        return done.result(0)

    def close(self) -> None:
        """Let all threads end."""
        with self._lock:
            for hand in (*self._idle, *([self.home] if self.home else [])):
                hand.release()
            self._idle, self.home = [], None

    def _take(self) -> Hand:
        if threading.get_ident() == self._owner:
            self.home = self.home or Hand()
            return self.home
        with self._lock:
            return self._idle.pop() if self._idle else Hand()

    def _let_go(self, hand: Hand) -> None:
        hand.release()
        if hand is self.home:
            self.home = None

    def _put_back(self, hand: Hand) -> None:
        if hand is not self.home:
            with self._lock:
                self._idle.append(hand)
