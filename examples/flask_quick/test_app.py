"""What Okta does to the endpoint, played by its mock: `pytest` runs it."""

from __future__ import annotations

from typing import Any

import app as endpoint
import pytest

TOKEN, ANNA = "the-token-of-the-tests", "anna@example.com"
MakeIdp = Any  # the fixture mock_idp: call it, or call its office


@pytest.fixture(autouse=True)
def _nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    endpoint.users.clear()


def test_somebody_joins_and_leaves(mock_idp: MakeIdp) -> None:
    okta = mock_idp.office("okta", endpoint.app, TOKEN)
    assert okta.assign(ANNA).ok
    (anna,) = endpoint.users.values()
    assert (anna["userName"], anna["active"]) == (ANNA, True)

    turn = okta.unassign(ANNA)
    assert turn.ok, turn.why
    (anna,) = endpoint.users.values()
    assert anna["active"] is False
