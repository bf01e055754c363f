"""What identity providers do to the endpoint, played by their mocks: `pytest` runs it."""

from __future__ import annotations

from typing import Any

import pytest
from app import app

TOKEN, ANNA = "the-token-of-the-tests", "anna@example.com"
MakeIdp = Any  # the fixture mock_idp: call it, or call its office


@pytest.mark.parametrize("name", ["okta", "onelogin"])
def test_somebody_joins_is_renamed_and_leaves(
    mock_idp: MakeIdp, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    office = mock_idp.office(name, app, TOKEN)  # the application starts here, with its lifespan
    office.assign(ANNA)
    assert office.settle().in_step
    office.rename(ANNA, "anna.berg@example.com")
    turn = office.settle()
    assert turn.in_step, turn.why
    office.unassign("anna.berg@example.com")
    assert office.settle().in_step
