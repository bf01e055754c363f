"""What all selftests share: the figures of a module become properties of its results; a browser."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import Browser
from tests.browser import chromium
from tests.browser import running


def pytest_runtest_setup(item: pytest.Item) -> None:
    # Not a fixture: hypothesis refuses those that live as long as one test.
    item.user_properties.extend(getattr(getattr(item, "module", None), "FIGURES", {}).items())


@pytest.fixture(scope="session", autouse=True)
def _no_step_on_github() -> None:
    """The runs inside of selftests write nothing where these selftests are a step on GitHub."""
    for name in ("GITHUB_ACTIONS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """A shell lets what it starts in the background ignore Ctrl-C, and whatever that starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def chromium_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium for all tests of a worker: it takes a second to start."""
    if chromium() is None:
        reason = "there is no Chromium on this machine"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    folder: Path = tmp_path_factory.mktemp("chromium")
    with running(folder) as browser:
        yield browser


@pytest.fixture
def browser(chromium_session: Browser) -> Browser:
    """A browser that knows nothing of the test before."""
    chromium_session.forget()
    chromium_session.size(1280, 800)
    chromium_session.colours(dark=False)
    return chromium_session
