"""The facade that somebody's tests use."""

from __future__ import annotations

# ruff: noqa: ANN401 # fixtures are factories whose classes no test can import
from typing import Any

import pytest

from idp_profiles.model import Request

NOBODY = (200, {"totalResults": 0, "Resources": []})


def test_a_verb_runs_and_tells_how_it_went(desk: Any, make_stage: Any) -> None:
    seat = desk(NOBODY, (201, {"id": "u1"}))
    outcome = seat.mock.assign(make_stage(1).person)
    assert outcome.ok
    assert outcome.scenario == "create-user"
    assert outcome.console == ""
    assert [exchange.reply.status for exchange in outcome.exchanges] == [200, 201]


def test_all_exchanges_are_kept_in_order(desk: Any) -> None:
    seat = desk(NOBODY)
    seat.mock.test_connection()
    seat.mock.import_users()
    assert [one.request.step.scenario for one in seat.mock.exchanges] == [
        "test-credentials",
        "import-users",
    ]


def test_a_script_can_run_as_a_named_scenario(desk: Any) -> None:
    seat = desk(NOBODY)
    outcome = seat.mock.run("rate-limit", seat.idp.test_connection())
    assert outcome.scenario == "rate-limit"
    assert seat.mock.exchanges[0].request.step.scenario == "rate-limit"


def test_something_can_happen_between_two_requests(desk: Any, make_stage: Any) -> None:
    seat = desk(NOBODY, (201, {"id": "u1"}))
    seen: list[str] = []

    def before(request: Request) -> None:
        seen.append(f"{request.method} after {len(seat.mock.exchanges)}")

    seat.mock.before = before
    seat.mock.assign(make_stage(1).person)
    assert seen == ["GET after 0", "POST after 1"]


def test_an_unknown_verb_is_named(desk: Any) -> None:
    with pytest.raises(AttributeError, match="Okta has no verb 'fly'"):
        desk(NOBODY).mock.fly()


def test_what_sends_nothing_by_nature_is_asked_of_the_idp(desk: Any, make_stage: Any) -> None:
    with pytest.raises(TypeError, match=r"ask mock\.idp\.user_id"):
        desk(NOBODY).mock.user_id(make_stage(1).person)
