"""The end of a run is not lost to a signal: what was found is written first.

Ctrl-C or a cancelled job while the last cases are counted would else leave a folder without a
report. Only the deletion on the server may be cut short, since it can take long; whoever asks a
third time is obeyed at once.
"""

from __future__ import annotations

import signal
from collections.abc import Generator
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from types import FrameType

import pytest

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_OBEYED = 3


class Ending:
    """Holds signals back while a session ends."""

    def __init__(self) -> None:
        self._count = 0

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        """Let the session end, and say by its exit status that somebody had enough of it."""
        before = {each: signal.signal(each, self._note) for each in _SIGNALS}
        try:
            return (yield)
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
            if self._count:
                session.exitstatus = pytest.ExitCode.INTERRUPTED

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._count += 1
        if _Interruptible.depth or self._count >= _OBEYED:
            raise KeyboardInterrupt


class _Interruptible:
    depth = 0


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a signal end what is done here, and nothing after it."""
    with suppress(KeyboardInterrupt):
        _Interruptible.depth += 1
        try:
            yield
        finally:
            _Interruptible.depth -= 1
