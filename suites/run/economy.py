"""Spares a run what Python and pytest do again and again for nothing, among a thousand cases.

A pytest plugin that `scimproof run` loads, in its own process and in every worker. A run within
another project's tests leaves their process as it is.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Generator
from functools import cache

import pytest

# Python searches a process that ends for garbage, which after a run would take most of a second.
atexit.register(gc.freeze)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Collect without a search for garbage, and search the cases, which all stay, never again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        # Which conftest.py files a case has is settled now; pytest would ask for each of its hooks.
        session.gethookproxy = cache(session.gethookproxy)  # type: ignore[assignment]  # as said


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """Leave nothing to pytest's last two searches: the process is about to end."""
    gc.freeze()
