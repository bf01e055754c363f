"""Requests at the same moment, each from a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 10.0  # seconds for all threads to be there


def at_once(*actions: Callable[[], T]) -> list[T]:
    """Run actions at the same moment and return what they returned, in the order given.

    What one raises is raised when all have ended, so that every exchange is in the log by then.
    """
    gate = threading.Barrier(len(actions))

    def run(action: Callable[[], T]) -> T:
        gate.wait(PATIENCE)
        return action()

    with ThreadPoolExecutor(len(actions)) as threads:
        running = [threads.submit(partial(run, action)) for action in actions]
    return [each.result() for each in running]
