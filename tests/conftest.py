"""What all selftests share: the figures of a module become properties of its results."""

from __future__ import annotations

import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    # Not a fixture: hypothesis refuses those that live as long as one test.
    item.user_properties.extend(getattr(getattr(item, "module", None), "FIGURES", {}).items())
