"""What the mock OneLogin does: users, groups, approvals, refusals."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

from typing import Any

import pytest

from idp_profiles.model import Group
from idp_profiles.model import Reply
from idp_profiles.model import Trouble
from tests.idp_profiles.desks import Desk
from tests.idp_profiles.desks import forms_of
from tests.idp_profiles.desks import on_reference_server
from tests.idp_profiles.plays import stage_of

NAME = "onelogin"
ANN, BOB, _ = stage_of({}).people
EMPTY = {"totalResults": 0, "Resources": []}
NAMES = {"name": {"givenName": "G", "familyName": "F"}}
ONE, TWO = Group("One"), Group("Two")


def shown(user_id: Any = "u1", **more: Any) -> dict[str, Any]:
    return {"id": user_id, "userName": "x", **NAMES, **more}


def listed(*resources: Any) -> dict[str, Any]:
    return {"totalResults": len(resources), "Resources": list(resources)}


def provisioned(**settings: Any) -> Desk:
    """OneLogin with an account for Ann and two known groups."""
    desk = Desk(NAME, (200, EMPTY), (201, shown()), **settings)
    assert desk.mock.assign(ANN).ok
    groups = [{"id": "g1", "displayName": "One"}, {"id": "g2", "displayName": "Two"}]
    desk.answer((200, listed(*groups)))
    assert desk.mock.refresh_entitlements().ok
    desk.answer((200, shown()))
    return desk


@pytest.mark.parametrize(("scenario", "form"), forms_of(NAME))
def test_every_form_of_every_scenario_ends_well_on_the_reference_server(
    scenario: str, form: str
) -> None:
    outcome = on_reference_server(NAME, scenario, form)
    assert outcome.ok, outcome.stopped


# Templates that no RFC allows, and what a server tolerates that takes them all the same.
UNLAWFUL = {
    "wild-urns": "former-core-schema",
    "object-email": "object-for-array",
    "odd": "boolean-text",
    "odd-digit": "boolean-digits",
}


@pytest.mark.parametrize("form", UNLAWFUL)
def test_a_server_that_keeps_to_the_rfc_fails_users_of_an_unlawful_template(form: str) -> None:
    outcome = on_reference_server(NAME, "provision-new", form, without=[UNLAWFUL[form]])
    assert "Failed (create user): 400 Bad Request" in outcome.console


def test_a_linked_user_and_group_need_no_look_up() -> None:
    desk = Desk(NAME, (200, shown("u7")), (204, None))
    desk.idp.link(ANN, "u7")
    desk.idp.link_group(ONE, "g7")
    assert desk.mock.update(ANN, given_name="Zed").ok
    assert desk.mock.add_to_groups(ANN, [ONE]).ok
    assert desk.lines == ["PUT /Users/u7?", "PATCH /Groups/g7?"]
    assert desk.idp.state(ANN) == "Provisioned"


# -- the connection


@pytest.mark.parametrize("answer", [(200, EMPTY), (200, {"totalResults": 0}), (404, None)])
def test_an_empty_list_or_404_enables_the_connection(answer: Any) -> None:
    desk = Desk(NAME, answer)
    assert desk.mock.enable().ok
    assert len(desk.sent) == 1


@pytest.mark.parametrize("answer", [(200, listed(shown())), (401, None), (500, "oops"), (200, "x")])
def test_anything_else_leaves_the_connection_disabled(answer: Any) -> None:
    outcome = Desk(NAME, answer).mock.enable()
    assert outcome.console.startswith("API Connection stays disabled: ")
    assert outcome.stopped is not None
    assert outcome.stopped.scope == "job"


# -- users


def test_a_found_user_is_replaced_and_then_put_into_each_group() -> None:
    desk = provisioned()
    desk.answer((200, listed(shown("old"))), (200, shown("old")), (204, None))
    assert desk.mock.assign(BOB, [ONE, TWO]).ok
    assert [line.partition("=")[0] for line in desk.lines] == [
        "GET /Users?filter",
        "PUT /Users/old?",
        "PATCH /Groups/g1?",
        "PATCH /Groups/g2?",
    ]
    assert desk.lines[0].endswith("%22&")
    assert desk.body()["Operations"][0]["value"] == [{"value": "old"}]


def test_a_lookup_answered_404_means_nobody() -> None:
    desk = Desk(NAME, (404, None), (200, shown()))
    assert desk.mock.assign(ANN).ok
    assert desk.lines[1] == "POST /Users?"
    assert desk.idp.state(ANN) == "Provisioned"


@pytest.mark.parametrize(
    ("lacking", "missing"),
    [
        ({"id": "u1"}, "name.givenName"),
        ({"id": "u1", "name": {"givenName": "G"}}, "name.familyName"),
        ({"id": "u1", "name": "Ann"}, "name.givenName"),
        (NAMES, "id"),
    ],
)
def test_a_reply_without_id_or_names_fails_the_user(lacking: Any, missing: str) -> None:
    desk = Desk(NAME, (200, EMPTY), (201, lacking))
    outcome = desk.mock.assign(ANN)
    assert outcome.stopped is not None
    assert outcome.stopped.because == f"the reply to POST /Users? has no {missing}"
    assert desk.idp.state(ANN) == "Failed"


def test_a_server_without_group_patch_loses_the_memberships_only() -> None:
    desk = provisioned()
    desk.answer((200, shown()), (405, None))
    outcome = desk.mock.change(ANN, {"given_name": "Zed"}, [ONE, TWO])
    assert outcome.console == (
        f"{ANN.user_name}: the membership could not be changed: 405 Method Not Allowed"
    )
    assert len(desk.sent) == 3
    assert desk.idp.state(ANN) == "Provisioned"


def test_a_suspended_user_is_not_updated_and_comes_back_with_a_lookup_and_a_put() -> None:
    desk = provisioned()
    assert desk.mock.suspend(ANN).ok
    assert desk.body()["active"] is False
    assert desk.mock.update(ANN, given_name="Zed").ok
    assert len(desk.sent) == 1
    desk.answer((200, listed(shown())), (200, shown()))
    assert desk.mock.reactivate(ANN).ok
    assert (desk.lines[1], desk.body()["active"]) == ("PUT /Users/u1?", True)


@pytest.mark.parametrize("state", [False, "false", "0"])
def test_an_account_that_was_found_inactive_is_told_to_be_active(state: Any) -> None:
    desk = Desk(NAME, (200, listed(shown(active=state))), (200, listed(shown())), (200, shown()))
    assert desk.mock.adopt(ANN).ok
    assert desk.mock.update(ANN, given_name="Zed").ok
    assert len(desk.sent) == 1
    assert desk.mock.reactivate(ANN).ok
    assert desk.body()["active"] is True


def test_a_template_that_has_the_state_says_it_in_a_text() -> None:
    desk = provisioned(switches={"template": "v2-odd"})
    assert desk.mock.update(ANN, given_name="Zed").ok
    assert desk.body()["active"] == "true"
    assert desk.mock.suspend(ANN).ok
    assert desk.body()["active"] == "false"


def test_an_ordinary_update_never_sends_what_the_template_lacks() -> None:
    desk = provisioned()
    assert desk.mock.update(ANN, given_name="Zed").ok
    assert set(desk.body()) == {"schemas", "userName", "name", "emails"}


@pytest.mark.parametrize(
    ("choice", "sent"),
    [("suspend", ["PUT /Users/u1?"]), ("delete", ["DELETE /Users/u1?"]), ("nothing", [])],
)
def test_removed_access_does_what_the_admin_chose(choice: str, sent: list[str]) -> None:
    desk = provisioned(switches={"on_removal": choice})
    assert desk.mock.remove_access(ANN).ok
    assert desk.lines == sent


def test_a_suspension_can_be_left_without_consequence() -> None:
    desk = provisioned(switches={"on_suspension": "nothing"})
    assert desk.mock.suspend(ANN).ok
    assert desk.sent == []


def test_what_needs_an_approval_waits_for_it() -> None:
    toggles = dict.fromkeys(("approve_create", "approve_update", "approve_delete"), True)
    desk = Desk(NAME, (200, EMPTY), (201, shown()), toggles=toggles)
    assert desk.mock.assign(ANN).ok
    assert (desk.sent, desk.idp.state(ANN)) == ([], "Pending")
    assert desk.mock.approve().ok
    assert (len(desk.sent), desk.idp.state(ANN)) == (2, "Provisioned")
    assert desk.mock.update(ANN, given_name="Zed").ok
    assert desk.mock.delete(ANN).ok
    assert len(desk.sent) == 2
    desk.answer((200, shown()))
    assert desk.mock.approve().ok
    assert desk.lines == ["PUT /Users/u1?", "DELETE /Users/u1?"]
    assert desk.mock.approve().ok
    assert len(desk.sent) == 2


FAILURES = {
    "update": ("update user", {"given_name": "Zed"}),
    "suspend": ("suspend user", {}),
    "delete": ("delete user", {}),
}


@pytest.mark.parametrize("verb", FAILURES)
@pytest.mark.parametrize("status", [400, 404, 409, 429, 500, 503])
def test_a_refusal_shows_the_user_as_failed_and_is_not_repeated(verb: str, status: int) -> None:
    said, changes = FAILURES[verb]
    desk = provisioned()
    desk.answer((status, {"detail": "Nope."}))
    outcome = getattr(desk.mock, verb)(ANN, **changes)
    assert outcome.console.startswith(f"{ANN.user_name}: Failed ({said}): {status} ")
    assert outcome.console.endswith("Nope.")
    assert (len(desk.sent), desk.slept, desk.idp.state(ANN)) == (1, [], "Failed")


@pytest.mark.parametrize("body", ["<html>", "[]", "", "\x00"])
def test_a_reply_that_is_no_json_object_stops_the_user(body: str) -> None:
    outcome = Desk(NAME, Reply(200, "OK", (), body.encode())).mock.assign(ANN)
    assert outcome.console == f"{ANN.user_name}: Failed (look-up): 200 OK"


def test_a_time_out_shows_the_user_as_failed() -> None:
    desk = Desk(NAME, Trouble("No answer."))
    outcome = desk.mock.assign(ANN)
    assert (outcome.trouble, desk.idp.state(ANN)) == ("No answer.", "Failed")


def test_a_lookup_that_names_a_match_but_shows_none_stops_the_user() -> None:
    outcome = Desk(NAME, (200, {"totalResults": 1})).mock.assign(ANN)
    assert outcome.stopped is not None
    assert "shows none" in outcome.stopped.because


# -- groups and logins


def test_a_group_that_the_app_has_is_not_made_again() -> None:
    desk = provisioned()
    assert desk.mock.make_group(ONE).ok
    assert desk.sent == []
    desk.answer((201, {"id": "g3"}))
    assert desk.mock.make_group(Group("Three")).ok
    assert desk.idp.groups["Three"] == "g3"
    desk.answer((201, {}))
    assert desk.mock.make_group(Group("Four")).console.startswith("The group Four could not be")


def test_an_unknown_group_is_named() -> None:
    desk = provisioned()
    with pytest.raises(ValueError, match="'Five' was not created or read yet"):
        desk.mock.add_to_groups(ANN, [Group("Five")])


def test_refused_groups_stop_the_job() -> None:
    outcome = Desk(NAME, (403, None)).mock.refresh_entitlements()
    assert outcome.console == "The groups of the app could not be read: 403 Forbidden"


def test_groups_are_read_page_after_page() -> None:
    one, two = {"id": "g1", "displayName": "One"}, {"id": "g2", "displayName": "Two"}
    desk = Desk(
        NAME,
        (200, {"totalResults": 2, "Resources": [one]}),
        (200, {"totalResults": 2, "Resources": [two]}),
    )
    assert desk.mock.refresh_entitlements().ok
    assert desk.lines == ["GET /Groups", "GET /Groups?startIndex=2"]
    assert desk.idp.groups == {"One": "g1", "Two": "g2"}


def test_reading_groups_ends_where_a_server_repeats_its_first_page() -> None:
    page = (200, {"totalResults": 9, "Resources": [{"id": "g1", "displayName": "One"}]})
    desk = Desk(NAME, page, page)
    assert desk.mock.refresh_entitlements().ok
    assert desk.lines == ["GET /Groups", "GET /Groups?startIndex=2"]


def test_sync_logins_reads_page_after_page_and_settles_who_was_unknown() -> None:
    desk = Desk(
        NAME,
        (200, {"totalResults": 3, "Resources": [{"id": "a", "userName": ANN.user_name}, {}]}),
        (200, {"totalResults": 3, "Resources": ["nonsense"]}),
        switches={"sync_count": "10"},
    )
    assert desk.idp.state(ANN) == "Unknown"
    assert desk.mock.sync_logins().ok
    assert desk.lines == ["GET /Users?startIndex=1&count=10", "GET /Users?startIndex=3&count=10"]
    assert (desk.idp.state(ANN), desk.idp.user_id(ANN)) == ("Provisioned", "a")
    assert len(desk.idp.synced) == 2


@pytest.mark.parametrize("total", ["3", None, True])
def test_sync_logins_needs_a_whole_number_of_results(total: Any) -> None:
    outcome = Desk(NAME, (200, {"totalResults": total, "Resources": [{}]})).mock.sync_logins()
    assert outcome.console.startswith("Sync Logins failed: ")


def test_sync_logins_ends_at_an_empty_page() -> None:
    desk = Desk(NAME, (200, {"totalResults": 3, "Resources": []}))
    assert desk.mock.sync_logins().ok
    assert len(desk.sent) == 1
