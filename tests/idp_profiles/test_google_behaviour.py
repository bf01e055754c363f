"""What the mock Google Workspace does: its syncs, delays and refusals."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from idp_profiles.model import Reply
from idp_profiles.model import Trouble
from tests.idp_profiles.desks import Desk
from tests.idp_profiles.desks import forms_of
from tests.idp_profiles.desks import on_reference_server
from tests.idp_profiles.plays import stage_of

NAME = "google"
ANN, BOB, CY = stage_of({}).people
EMPTY = {"totalResults": 0, "Resources": []}
SYNC, DAY = 3 * 3600, 86400


def shown(user_id: Any = "u1", **more: Any) -> dict[str, Any]:
    return {"id": user_id, "userName": "x", **more}


def listed(*resources: Any) -> dict[str, Any]:
    return {"totalResults": len(resources), "Resources": list(resources)}


def provisioned(**settings: Any) -> Desk:
    """Google with the app turned on for Ann."""
    desk = Desk(NAME, (200, EMPTY), (201, shown()), **settings)
    assert desk.mock.turn_on(ANN).ok
    desk.answer((200, shown()))
    desk.slept.clear()
    return desk


@pytest.mark.parametrize(("scenario", "form"), forms_of(NAME))
def test_every_form_of_every_scenario_ends_well_on_the_reference_server(
    scenario: str, form: str
) -> None:
    outcome = on_reference_server(NAME, scenario, form)
    assert outcome.ok, outcome.stopped


# -- time


def test_nothing_is_sent_before_the_next_sync() -> None:
    desk = Desk(NAME, (200, EMPTY), (201, shown()))
    script = desk.idp.turn_on(ANN)
    assert desk.sent == []
    assert desk.mock.run("", script).waited == SYNC


def test_one_sync_brings_everybody() -> None:
    desk = Desk(NAME, *[(200, EMPTY), (201, shown())] * 3)
    outcome = desk.mock.turn_on(ANN, BOB, CY)
    assert (outcome.waited, len(desk.sent)) == (SYNC, 6)


@pytest.mark.parametrize(
    ("choice", "waited"),
    [("within-24h", SYNC), ("1d", DAY), ("7d", 7 * DAY), ("30d", 30 * DAY)],
)
@pytest.mark.parametrize(
    ("verb", "switch"),
    [
        ("turn_off", "app_off_after"),
        ("suspend", "suspended_after"),
        ("delete_in_idp", "deleted_after"),
    ],
)
def test_an_account_is_suspended_when_the_chosen_delay_is_over(
    verb: str, switch: str, choice: str, waited: int
) -> None:
    desk = provisioned(switches={switch: choice})
    outcome = getattr(desk.mock, verb)(ANN)
    assert (outcome.ok, outcome.waited) == (True, waited)
    assert desk.lines == ["PATCH /Users/u1"]
    assert desk.body()["Operations"] == [{"op": "replace", "path": "active", "value": False}]
    assert not desk.idp.is_active(ANN)


def test_a_sync_within_the_delay_suspends_nobody() -> None:
    desk = provisioned(switches={"app_off_after": "7d"})
    desk.idp.turn_off(ANN)
    for _ in range(7 * 8 - 1):
        assert desk.mock.sync().ok
    assert desk.sent == []
    assert desk.mock.sync().ok
    assert desk.lines == ["PATCH /Users/u1"]


def test_who_comes_back_within_the_delay_is_never_suspended() -> None:
    desk = provisioned(switches={"suspended_after": "30d"})
    desk.idp.suspend(ANN)
    assert desk.mock.unsuspend(ANN).ok
    for _ in range(3):
        assert desk.mock.sync().ok
    assert desk.sent == []


@pytest.mark.parametrize(
    ("leave", "back", "switch"),
    [("suspend", "unsuspend", "suspended_after"), ("turn_off", "turn_on", "app_off_after")],
)
def test_who_leaves_a_second_time_has_the_whole_delay_again(
    leave: str, back: str, switch: str
) -> None:
    desk = provisioned(switches={switch: "1d"})
    getattr(desk.idp, leave)(ANN)
    assert getattr(desk.mock, back)(ANN).ok
    getattr(desk.idp, leave)(ANN)
    for _ in range(7):
        assert desk.mock.sync().ok
    assert desk.sent == []
    assert desk.mock.sync().ok
    assert desk.lines == ["PATCH /Users/u1"]


def test_a_suspension_is_sent_once() -> None:
    desk = provisioned()
    assert desk.mock.turn_off(ANN).ok
    assert desk.mock.suspend(ANN).ok
    assert desk.mock.sync().ok
    assert desk.lines == ["PATCH /Users/u1"]


def test_who_comes_back_is_looked_up_activated_and_then_updated() -> None:
    desk = provisioned()
    assert desk.mock.turn_off(ANN).ok
    desk.idp.update(ANN, given_name="Zed")
    desk.answer((200, listed(shown())), (200, shown()))
    assert desk.mock.turn_on(ANN).ok
    assert [line.partition(" ")[0] for line in desk.lines] == ["GET", "PATCH", "PUT"]
    assert desk.body()["name"]["givenName"] == "Zed"


def test_a_turned_on_app_does_nothing_for_a_suspended_user() -> None:
    desk = Desk(NAME, (500, None))
    desk.idp.suspend(ANN)
    assert desk.mock.turn_on(ANN).ok
    assert desk.sent == []


# -- who is in scope


def test_an_archived_user_is_left_out_of_everything() -> None:
    desk = provisioned()
    assert desk.mock.archive(ANN).ok
    assert desk.mock.update(ANN, given_name="Zed").ok
    assert desk.mock.suspend(ANN).ok
    assert desk.mock.delete_in_idp(ANN, hard=True).ok
    assert desk.sent == []
    assert desk.idp.is_active(ANN)


def test_a_user_who_never_had_an_account_leaves_without_a_request() -> None:
    desk = Desk(NAME, (500, None))
    assert desk.mock.turn_off(ANN).ok
    assert desk.sent == []


def test_an_unmapped_change_sends_nothing() -> None:
    desk = provisioned()
    assert desk.mock.update(ANN, nickName="Zed").ok
    assert desk.sent == []


def test_a_found_account_is_taken_over() -> None:
    desk = Desk(NAME, (200, listed(shown("old"))), (200, shown("old")))
    assert desk.mock.turn_on(ANN).ok
    assert desk.lines[1] == "PUT /Users/old"
    assert desk.idp.user_id(ANN) == "old"


def test_a_found_account_that_was_patched_needs_no_update() -> None:
    desk = Desk(NAME, (200, listed(shown("old"))), (204, None), switches={"update": "patch"})
    assert desk.mock.turn_on(ANN).ok
    assert desk.lines[1] == "PATCH /Users/old"
    assert desk.mock.sync().ok
    assert (len(desk.sent), desk.idp.is_active(ANN)) == (2, True)


def test_a_linked_account_is_updated_without_a_look_up() -> None:
    desk = Desk(NAME, (200, shown("u7")))
    desk.idp.link(ANN, "u7")
    assert desk.mock.sync().ok
    assert desk.sent == []
    assert desk.mock.update(ANN, given_name="Zed").ok
    assert desk.lines == ["PUT /Users/u7"]


def test_an_account_that_is_gone_is_made_again() -> None:
    desk = provisioned()
    assert desk.mock.turn_off(ANN).ok
    desk.answer((200, EMPTY), (201, shown("u2")))
    assert desk.mock.turn_on(ANN).ok
    assert desk.idp.user_id(ANN) == "u2"


def test_a_changed_address_goes_out_in_both_places() -> None:
    desk = provisioned(switches={"update": "patch"})
    assert desk.mock.update(ANN, email="new@example.com").ok
    assert desk.body()["Operations"] == [
        {"op": "replace", "path": "userName", "value": "new@example.com"},
        {
            "op": "replace",
            "path": "emails",
            "value": [{"primary": True, "value": "new@example.com", "type": "work"}],
        },
    ]


def test_a_patch_names_extensions_by_their_urn_and_removes_what_is_gone() -> None:
    unit = "urn:ietf:params:scim:schemas:extension:Example:2.0:User"
    attributes: Any = [
        {"path": "userName", "source": "email"},
        {"path": f"{unit}:unit.path", "source": "unit"},
        {"path": "title", "source": "title"},
    ]
    desk = Desk(
        NAME,
        (200, EMPTY),
        (201, shown()),
        (200, shown()),
        mapping={"attribute": attributes},
        switches={"update": "patch"},
    )
    assert desk.mock.turn_on(replace(ANN, attributes={"unit": "/A", "title": "Boss"})).ok
    assert desk.mock.update(ANN, unit="/B", title="").ok
    assert desk.body()["Operations"] == [
        {"op": "replace", "path": f"{unit}:unit.path", "value": "/B"},
        {"op": "remove", "path": "title"},
    ]


def test_a_hard_deleted_account_is_unknown_afterwards() -> None:
    desk = provisioned()
    desk.answer((204, None))
    assert desk.mock.delete_in_idp(ANN, hard=True).ok
    assert (desk.lines, desk.idp.user_id(ANN)) == (["DELETE /Users/u1"], None)


# -- refusals


@pytest.mark.parametrize("status", [400, 401, 404, 409, 429, 500, 503])
def test_a_refusal_is_reported_and_tried_again_at_the_next_sync(status: int) -> None:
    desk = provisioned()
    desk.answer((status, {"detail": "Nope."}))
    outcome = desk.mock.update(ANN, given_name="Zed")
    assert outcome.console.startswith(f"Provisioning report: updating {ANN.email} failed: {status}")
    assert outcome.console.endswith("Nope.")
    assert (len(desk.sent), outcome.waited) == (1, SYNC)
    desk.answer((200, shown()))
    assert desk.mock.sync().ok
    assert desk.lines == ["PUT /Users/u1"]
    assert desk.mock.sync().ok
    assert len(desk.sent) == 1


def test_a_refused_suspension_is_tried_again() -> None:
    desk = provisioned()
    desk.answer((500, None))
    assert desk.mock.turn_off(ANN).console.startswith("Provisioning report: suspending")
    desk.answer((204, None))
    assert desk.mock.sync().ok
    assert desk.lines == ["PATCH /Users/u1"]


def test_one_refused_user_stops_no_other() -> None:
    desk = Desk(NAME, (200, EMPTY), (400, {"detail": "no"}), (200, EMPTY), (201, shown()))
    outcome = desk.mock.turn_on(ANN, BOB)
    assert (
        outcome.console == f"Provisioning report: creating {ANN.email} failed: 400 Bad Request: no"
    )
    assert (desk.idp.user_id(ANN), desk.idp.user_id(BOB)) == (None, "u1")


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_refused_probe_stops_the_set_up(status: int) -> None:
    outcome = Desk(NAME, (status, None)).mock.test_connection()
    assert outcome.console.startswith("The endpoint URL or the access token could not be verified")
    assert outcome.stopped is not None
    assert outcome.stopped.scope == "job"


def test_a_server_that_knows_scim_json_only_stops_google() -> None:
    outcome = Desk(NAME, (406, "")).mock.turn_on(ANN)
    assert (
        outcome.console == f"Provisioning report: looking up {ANN.email} failed: 406 Not Acceptable"
    )


@pytest.mark.parametrize("body", ["<html>", "[]", "", "\x00"])
def test_a_reply_that_is_no_json_object_stops_the_object(body: str) -> None:
    outcome = Desk(NAME, Reply(200, "OK", (), body.encode())).mock.turn_on(ANN)
    assert outcome.console == f"Provisioning report: looking up {ANN.email} failed: 200 OK"


@pytest.mark.parametrize("created", [{}, {"id": ""}, {"id": None}, {"id": True}, {"id": []}])
def test_a_create_without_an_id_stops_the_object(created: Any) -> None:
    outcome = Desk(NAME, (200, EMPTY), (201, created)).mock.turn_on(ANN)
    assert outcome.stopped is not None
    assert "no id that could be kept" in outcome.stopped.because


@pytest.mark.parametrize("answer", [{"totalResults": 1}, {"totalResults": 1, "Resources": [5]}])
def test_a_look_up_that_names_a_match_but_shows_none_stops_the_object(answer: Any) -> None:
    outcome = Desk(NAME, (200, answer)).mock.turn_on(ANN)
    assert outcome.stopped is not None
    assert "shows none" in outcome.stopped.because


def test_a_time_out_is_trouble_and_a_line_in_the_report() -> None:
    outcome = Desk(NAME, Trouble("No answer.")).mock.turn_on(ANN)
    assert outcome.trouble == "No answer."
    assert outcome.console.endswith("failed: No answer.")
