from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reference_server.page.browser import Browser
from tests.reference_server.page.browser import chromium
from tests.reference_server.page.browser import running


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
