"""What identity providers do to the endpoint, played by their mocks: `pytest` runs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from app import create_app
from flask import Flask

OLD, NEW = "the-token-of-the-tests", "the-token-after-that"
ANNA, BEN = "anna.berg@example.com", "ben@example.com"
MakeIdp = Any  # the fixture mock_idp: call it, or call its office


@pytest.fixture
def app() -> Flask:
    return create_app({OLD, NEW})


@pytest.fixture
def users(app: Flask) -> Callable[[], dict[str, bool]]:
    """Return a look into the application: who is there, and who is active."""

    def look() -> dict[str, bool]:
        client, headers = app.test_client(), {"Authorization": f"Bearer {OLD}"}
        found = client.get("/scim/v2/Users", headers=headers).get_json()["Resources"]
        return {user["userName"]: user["active"] for user in found}

    return look


@pytest.mark.parametrize("name", ["okta", "entra"])
def test_somebody_joins_changes_leaves_and_comes_back(
    mock_idp: MakeIdp, app: Flask, users: Callable[[], dict[str, bool]], name: str
) -> None:
    office = mock_idp.office(name, app, OLD)
    office.assign(ANNA, BEN)
    assert office.settle().in_step
    assert users() == {ANNA: True, BEN: True}

    office.change(ANNA, family_name="Berg-Lund", department="Sales")
    office.block(BEN)
    turn = office.settle()
    assert turn.in_step, turn.why
    assert users() == {ANNA: True, BEN: False}

    office.rename(ANNA, "anna.lund@example.com")
    office.unblock(BEN)
    turn = office.settle()
    assert turn.in_step, turn.why
    assert users() == {"anna.lund@example.com": True, BEN: True}


def test_nobody_is_there_twice_after_a_reply_was_lost(
    mock_idp: MakeIdp, app: Flask, users: Callable[[], dict[str, bool]]
) -> None:
    entra = mock_idp.office("entra", app, OLD)
    entra.faults.lose(at="POST /Users", times=1)
    entra.assign(ANNA)
    turn = entra.cycle()
    assert not turn.ok
    assert [each.name for each in turn.pending] == [ANNA]

    turn = entra.cycle()  # forty minutes later
    assert turn.ok, turn.why
    assert users() == {ANNA: True}


def test_an_hour_of_silence_loses_nothing(
    mock_idp: MakeIdp, app: Flask, users: Callable[[], dict[str, bool]]
) -> None:
    entra = mock_idp.office("entra", app, OLD)
    entra.assign(ANNA)
    entra.cycle()

    entra.faults.down()
    entra.unassign(ANNA)
    entra.wait("1h")
    assert users() == {ANNA: True}

    entra.faults.clear()
    assert entra.settle().in_step
    assert users() == {ANNA: False}


def test_a_token_is_changed_between_two_cycles(
    mock_idp: MakeIdp, app: Flask, users: Callable[[], dict[str, bool]]
) -> None:
    entra = mock_idp.office("entra", app, OLD)
    entra.assign(ANNA)
    entra.cycle()
    entra.rotate(NEW)
    entra.assign(BEN)
    assert entra.cycle().ok
    assert entra.exchanges[-1].reply.status == 201
    assert users() == {ANNA: True, BEN: True}
