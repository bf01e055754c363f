"""A pytest plugin: runs the cases backwards, and leaves what each of them made where it is.

So it looks to a case that runs beside all others, as on a slow server: what those wrote is there.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

from suites.cleanup import tidying

# Before anybody takes it from there.
tidying.tidy = lambda *_made: None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, object, object]:
    """Turn the order round."""
    told = yield
    items.reverse()
    return told
