"""The fixtures of Clockwise's cases: the customer with a directory that is connected."""

from __future__ import annotations

import pytest

from suites.products.workspace import Workspace

from .customer import Customer


@pytest.fixture
def company(workspace: Workspace, provider: str) -> Customer:
    """The customer, whose IdP is connected as the help pages say."""
    return Customer(workspace, provider)
