"""A plugin that looks whether every case would find the fixtures that a thread makes for it."""

from __future__ import annotations

import sys

import pytest

from suites.ahead.fixtures import REQUEST
from suites.ahead.fixtures import names


def pytest_collection_finish(session: pytest.Session) -> None:
    for item in session.items:
        known = {*getattr(item, "fixturenames", ()), REQUEST}
        if not set(names(item)) <= known:
            sys.stdout.write(f"LACKING {item.nodeid} {sorted(set(names(item)) - known)}\n")
    sys.stdout.write(f"LOOKED AT {len(session.items)}\n")
