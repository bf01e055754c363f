"""What the mock JumpCloud does about people: its test run, their life."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from idp_profiles.model import Group
from idp_profiles.model import Reply
from idp_profiles.model import Trouble
from tests.idp_profiles.desks import Desk
from tests.idp_profiles.desks import forms_of
from tests.idp_profiles.desks import on_reference_server
from tests.idp_profiles.plays import stage_of

NAME = "jumpcloud"
STAGE = stage_of({"department": "Tests"})
ANN, BOB, CY = STAGE.people
EMPTY = {"totalResults": 0, "Resources": []}
GENERAL = "There was a problem activating identity management"


def shown(user_id: str = "u1", **more: Any) -> dict[str, Any]:
    return {"id": user_id, "userName": "x", "active": True, **more}


def listed(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"totalResults": len(resources), "Resources": list(resources)}


def bound(**settings: Any) -> Desk:
    """JumpCloud with Ann bound to the app."""
    desk = Desk(NAME, (200, EMPTY), (201, shown()), **settings)
    assert desk.mock.bind(ANN).ok
    desk.answer((200, shown()))
    return desk


@pytest.mark.parametrize(("scenario", "form"), forms_of(NAME))
def test_every_form_of_every_scenario_ends_well_on_the_reference_server(
    scenario: str, form: str
) -> None:
    outcome = on_reference_server(NAME, scenario, form)
    assert outcome.ok, outcome.stopped


# -- the test run


def test_the_whole_run_makes_both_tests_and_removes_them() -> None:
    desk = Desk(
        NAME,
        (200, EMPTY),
        (201, shown()),
        (200, shown()),
        (200, shown()),
        (200, EMPTY),
        (201, {"id": "g1"}),
        (204, None),
    )
    outcome = desk.mock.activate("new@example.com", "T")
    assert outcome.ok
    assert desk.lines == [
        "GET /Users?filter=userName%20eq%20%22new%40example.com%22",
        "POST /Users",
        "GET /Users/u1",
        "PUT /Users/u1",
        "GET /Groups?filter=displayName%20eq%20%22T%22",
        "POST /Groups",
        "PATCH /Groups/g1",
        "DELETE /Groups/g1",
        "DELETE /Users/u1",
    ]


def test_the_run_leaves_groups_alone_while_group_management_is_off() -> None:
    desk = Desk(
        NAME, (200, EMPTY), (201, shown()), (200, shown()), toggles={"manage_groups": False}
    )
    assert desk.mock.activate("new@example.com").ok
    assert not [line for line in desk.lines if "/Groups" in line]


def test_an_address_that_exists_fails_the_run() -> None:
    desk = Desk(NAME, (200, listed(shown())))
    outcome = desk.mock.test_connection("old@example.com")
    assert (outcome.ok, outcome.console, len(desk.sent)) == (False, GENERAL, 1)
    assert outcome.stopped is not None
    assert outcome.stopped.scope == "job"
    assert "must be new" in outcome.stopped.because


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"id": 5}, "the id in the reply to POST /Users is 5; JumpCloud needs a string"),
        ({"id": None}, "is None; JumpCloud needs a string"),
        ({"id": "u1", "active": "true"}, "active in the reply to POST /Users is 'true'"),
        ({"id": "u1", "emails": {"value": "x"}}, "JumpCloud needs an array"),
        ({"id": "u1", "userName": 7}, "JumpCloud needs a string"),
        ({"id": "u1", "name": "Ann"}, "JumpCloud needs an object"),
    ],
)
def test_a_wrong_type_in_a_reply_fails_the_run(wrong: dict[str, Any], said: str) -> None:
    desk = Desk(NAME, (200, EMPTY), (201, wrong))
    outcome = desk.mock.test_connection("new@example.com")
    assert outcome.stopped is not None
    assert said in outcome.stopped.because
    assert outcome.console == GENERAL


def test_null_is_no_wrong_type() -> None:
    null = dict.fromkeys(("active", "emails", "name", "displayName"))
    desk = Desk(NAME, (200, EMPTY), (201, {"id": "u1", **null}))
    assert desk.mock.bind(ANN).ok


@pytest.mark.parametrize("number", range(4), ids=["look up", "create", "read", "replace"])
@pytest.mark.parametrize("status", [400, 401, 404, 409, 429, 500, 503])
def test_any_refusal_within_the_run_shows_the_general_message(number: int, status: int) -> None:
    answers: list[Any] = [(200, EMPTY), (201, shown()), (200, shown()), (200, shown())]
    desk = Desk(NAME, *answers[:number], (status, {"detail": "no"}))
    outcome = desk.mock.test_connection("new@example.com")
    assert (outcome.ok, outcome.console, len(desk.sent)) == (False, GENERAL, number + 1)
    assert desk.slept == []


@pytest.mark.parametrize("number", range(4), ids=["look up", "create", "update", "delete"])
def test_a_refused_group_call_fails_the_activation(number: int) -> None:
    user = [(200, EMPTY), (201, shown()), (200, shown()), (200, shown())]
    group = [(200, EMPTY), (201, {"id": "g1"}), (204, None)]
    desk = Desk(NAME, *user, *group[:number], (403, {"detail": "no"}))
    outcome = desk.mock.activate("new@example.com")
    assert (outcome.ok, outcome.console) == (False, GENERAL)
    assert len(desk.sent) == 4 + number + 1


def test_a_broken_connection_shows_the_same_general_message() -> None:
    outcome = Desk(NAME, Trouble("Nothing listens.")).mock.test_connection("new@example.com")
    assert (outcome.ok, outcome.console, outcome.trouble) == (False, GENERAL, "Nothing listens.")


def test_a_test_user_that_cannot_be_deleted_is_deactivated() -> None:
    user = [(200, EMPTY), (201, shown()), (200, shown()), (200, shown())]
    desk = Desk(NAME, *user, (405, None), (200, shown()))
    assert desk.mock.test_connection("new@example.com").ok
    assert desk.lines[-2:] == ["DELETE /Users/u1", "PUT /Users/u1"]
    assert (desk.body()["active"], desk.body()["emails"]) == (False, None)


def test_answers_200_to_a_create_and_a_delete_are_good_enough() -> None:
    desk = Desk(NAME, (200, EMPTY), (200, shown()), (200, shown()), (200, shown()), (200, {}))
    assert desk.mock.test_connection("new@example.com").ok


# -- people


def test_a_found_user_is_taken_over_with_the_whole_profile() -> None:
    desk = Desk(NAME, (200, listed(shown("old", photos=[{"value": "p"}]))), (200, shown("old")))
    assert desk.mock.bind(ANN).ok
    assert desk.lines[1:] == ["PUT /Users/old"]
    assert desk.body()["photos"] == [{"value": "p"}]
    assert desk.body()["id"] == desk.idp.user_id(ANN) == "old"


def test_an_expired_password_deactivates_and_a_new_one_activates() -> None:
    desk = bound()
    assert desk.mock.expire_password(ANN).ok
    assert (desk.lines, desk.body()["active"]) == (["PUT /Users/u1"], False)
    desk.answer((200, listed(shown())), (200, shown()))
    assert desk.mock.renew_password(ANN).ok
    assert desk.lines[1:] == ["PUT /Users/u1"]
    assert desk.body()["active"] is True
    assert "password" not in json.dumps(desk.body()).lower()


def test_a_suspended_person_stays_inactive_when_only_the_password_is_renewed() -> None:
    desk = bound()
    for verb in ("suspend", "expire_password", "renew_password"):
        assert getattr(desk.mock, verb)(ANN).ok
    assert desk.lines == ["PUT /Users/u1"]
    assert not desk.idp.is_active(ANN)


def test_a_person_with_an_expired_password_is_created_inactive() -> None:
    desk = Desk(NAME, (200, EMPTY), (201, shown()))
    assert desk.mock.expire_password(ANN).ok
    assert desk.sent == []
    assert desk.mock.bind(ANN).ok
    assert desk.body()["active"] is False


def test_a_staged_person_is_not_sent_until_activated() -> None:
    desk = Desk(NAME, (200, EMPTY), (201, shown()))
    assert desk.mock.stage(ANN).ok
    assert desk.mock.bind(ANN).ok
    assert desk.sent == []
    assert desk.mock.activate_staged(ANN).ok
    assert desk.lines[-1] == "POST /Users"


def test_a_change_of_an_inactive_or_unknown_person_sends_nothing() -> None:
    desk = bound()
    assert desk.mock.update(BOB, given_name="B").ok
    assert desk.mock.unbind(ANN).ok
    desk.answer((500, None))
    assert desk.mock.update(ANN, given_name="A").ok
    assert desk.mock.unbind(ANN).ok
    assert desk.sent == []


def test_an_update_returns_active_true_whatever_the_app_did() -> None:
    desk = bound()
    desk.answer((200, shown(active=False)), (200, shown()))
    assert desk.mock.update(ANN, title="Boss").ok
    assert (desk.body()["active"], desk.body()["title"]) == (True, "Boss")


def test_a_person_without_address_gets_null_and_empty_lists() -> None:
    desk = Desk(NAME, (200, EMPTY), (201, shown()))
    assert desk.mock.bind(replace(ANN, email="")).ok
    body = desk.body()
    assert (body["emails"], body["phoneNumbers"], body["addresses"]) == (None, [], [])


def test_keys_are_sorted_at_every_depth() -> None:
    desk = bound()
    desk.mock.update(ANN, given_name="Zed", phone="+1", country="AT")

    def in_order(value: Any) -> bool:
        if isinstance(value, dict):
            return list(value) == sorted(value) and all(map(in_order, value.values()))
        return all(map(in_order, value)) if isinstance(value, list) else True

    assert in_order(desk.body())
    assert desk.body()["phoneNumbers"][0]["value"] == "tel:+1"


EVENTS = {
    "bind": "user_lookup_provision",
    "update": "user_update_provision",
    "unbind": "user_deprovision",
    "delete": "user_delete_provision",
}


@pytest.mark.parametrize("verb", EVENTS)
@pytest.mark.parametrize("status", [400, 404, 409, 429, 500, 503])
def test_a_refusal_is_logged_as_an_event_and_not_repeated(verb: str, status: int) -> None:
    desk = bound()
    desk.answer((status, {"detail": "Nope."}))
    person = BOB if verb == "bind" else ANN
    outcome = getattr(desk.mock, verb)(person)
    assert outcome.console.startswith(f"{EVENTS[verb]} failed for {person.user_name}: {status} ")
    assert outcome.console.endswith("Nope.")
    assert outcome.stopped is not None
    assert (outcome.stopped.scope, len(desk.sent), desk.slept) == ("object", 1, [])


def test_a_refused_create_is_an_event_of_its_own() -> None:
    desk = Desk(NAME, (200, EMPTY), (409, {"detail": "taken"}))
    outcome = desk.mock.bind(ANN)
    assert (
        outcome.console == f"user_create_provision failed for {ANN.user_name}: 409 Conflict: taken"
    )
    assert desk.idp.user_id(ANN) is None


@pytest.mark.parametrize("body", ["<html>", "[]", "", '"text"', "\x00"])
def test_a_reply_that_is_no_json_object_stops_the_object(body: str) -> None:
    outcome = Desk(NAME, Reply(200, "OK", (), body.encode())).mock.bind(ANN)
    assert not outcome.ok
    assert outcome.console == f"user_lookup_provision failed for {ANN.user_name}: 200 OK"


def test_a_redirect_is_not_followed() -> None:
    outcome = Desk(NAME, Reply(302, "Found", (("Location", "/x"),))).mock.bind(ANN)
    assert outcome.stopped is not None
    assert outcome.stopped.because.endswith("follows no redirect")


def test_a_time_out_is_trouble_and_an_event() -> None:
    outcome = Desk(NAME, Trouble("No answer within 60 seconds.")).mock.bind(ANN)
    assert outcome.trouble == "No answer within 60 seconds."
    assert "user_lookup_provision" in outcome.console


@pytest.mark.parametrize("answer", [{"totalResults": 1}, {"totalResults": 1, "Resources": ["x"]}])
def test_a_lookup_that_names_a_match_but_shows_none_stops(answer: Any) -> None:
    outcome = Desk(NAME, (200, answer)).mock.bind(ANN)
    assert outcome.stopped is not None
    assert "names a match but shows none" in outcome.stopped.because


def test_an_account_that_is_gone_is_made_again_on_reactivation() -> None:
    desk = bound()
    assert desk.mock.unbind(ANN).ok
    desk.answer((200, EMPTY), (201, shown("u2")))
    assert desk.mock.bind(ANN).ok
    assert desk.idp.user_id(ANN) == "u2"


def test_a_deleted_account_is_unknown_afterwards() -> None:
    desk = bound()
    desk.answer((204, None))
    assert desk.mock.delete(ANN).ok
    assert desk.mock.delete(ANN).ok
    assert desk.lines == ["DELETE /Users/u1"]
    assert desk.idp.user_id(ANN) is None


def test_nothing_is_sent_once_the_integration_is_off() -> None:
    desk = bound()
    for script in ("switch_off", "suspend", "unbind", "delete"):
        assert getattr(desk.mock, script)(*(() if script == "switch_off" else (ANN,))).ok
    assert desk.mock.bind(BOB).ok
    assert desk.mock.bind_group(Group("G", (CY,))).ok
    assert desk.sent == []


# -- accounts that somebody else made


def test_a_linked_person_is_updated_without_a_look_up() -> None:
    desk = Desk(NAME, (200, shown("u7")))
    desk.idp.link(ANN, "u7")
    assert desk.mock.update(ANN, given_name="Other").ok
    assert desk.lines == ["GET /Users/u7", "PUT /Users/u7"]


def test_who_is_linked_by_groups_alone_is_deactivated_with_the_last_one() -> None:
    desk = Desk(NAME, (200, shown("u7")))
    desk.idp.link(ANN, "u7", bound=False)
    desk.idp.link(BOB, "u8")
    group = Group("Team", (ANN, BOB))
    desk.idp.link_group(group, "g7")
    assert desk.mock.unbind_group(group).ok
    assert desk.lines == ["PUT /Users/u7"]


def test_a_linked_group_is_not_looked_up() -> None:
    desk = Desk(NAME, (204, None))
    desk.idp.link(ANN, "u7")
    desk.idp.link_group(Group("Team", (BOB,)), "g7")
    assert desk.mock.add_members(Group("Team"), [ANN]).ok
    assert desk.lines == ["PATCH /Groups/g7"]
