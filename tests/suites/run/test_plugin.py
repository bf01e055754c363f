from __future__ import annotations

import sys
import types
from types import SimpleNamespace

import pytest

from suites.run.plugin import RunPlugin


def frame_without_lines() -> types.FrameType:
    def stop() -> types.FrameType:
        return sys._getframe()

    stop.__code__ = stop.__code__.replace(co_linetable=b"")
    return stop()


def interrupted_between_two_lines() -> pytest.ExceptionInfo[BaseException]:
    """Return a Ctrl-C whose innermost frame has no line number, as a signal may leave it."""
    inner = types.TracebackType(None, frame_without_lines(), 0, -1)
    outer = types.TracebackType(inner, sys._getframe(), 0, 1)
    return pytest.ExceptionInfo.from_exception(KeyboardInterrupt().with_traceback(outer))


def test_an_interrupt_between_two_lines_can_be_shown() -> None:
    excinfo = interrupted_between_two_lines()
    run = SimpleNamespace(_interrupted=False)
    RunPlugin.pytest_keyboard_interrupt(run, excinfo)  # type: ignore[arg-type]  # all it touches
    assert run._interrupted is True
    assert "KeyboardInterrupt" in str(excinfo.getrepr(funcargs=True))


def test_every_frame_with_a_line_is_kept() -> None:
    with pytest.raises(KeyboardInterrupt) as excinfo:
        raise KeyboardInterrupt
    before = len(excinfo.traceback)
    RunPlugin.pytest_keyboard_interrupt(SimpleNamespace(), excinfo)  # type: ignore[arg-type]  # as above
    assert len(excinfo.traceback) == before
