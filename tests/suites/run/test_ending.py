from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from suites.run.ending import Ending
from suites.run.ending import interruptible

SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.fixture
def session() -> Iterator[Any]:
    """A session, and the handlers of this process as they were."""
    before = {each: signal.getsignal(each) for each in SIGNALS}
    yield SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    after = {each: signal.getsignal(each) for each in SIGNALS}
    for each, handler in before.items():
        signal.signal(each, handler)
    assert after == before


def end(hook: Any) -> None:  # noqa: ANN401 - a generator, as pluggy takes it
    with pytest.raises(StopIteration):
        next(hook)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_waits_until_the_report_is_written(session: Any, number: signal.Signals) -> None:  # noqa: ANN401 - stands in for a session
    hook = Ending().pytest_sessionfinish(session)
    next(hook)
    os.kill(os.getpid(), number)
    os.kill(os.getpid(), number)
    end(hook)
    assert session.exitstatus == pytest.ExitCode.INTERRUPTED


def test_without_a_signal_the_status_stays(session: Any) -> None:  # noqa: ANN401 - as above
    hook = Ending().pytest_sessionfinish(session)
    next(hook)
    end(hook)
    assert session.exitstatus == pytest.ExitCode.OK


def test_a_signal_cuts_the_deletion_short_and_nothing_else(session: Any) -> None:  # noqa: ANN401 - as above
    reached = []
    hook = Ending().pytest_sessionfinish(session)
    next(hook)
    with interruptible():
        os.kill(os.getpid(), signal.SIGTERM)
        reached.append("the rest of the deletion")
    reached.append("the report")
    end(hook)
    assert reached == ["the report"]


def test_who_asks_a_third_time_is_obeyed_at_once(session: Any) -> None:  # noqa: ANN401 - as above
    hook = Ending().pytest_sessionfinish(session)
    next(hook)
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
    end(hook)
