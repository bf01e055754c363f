"""The living mock authentik: tasks of events at once, and a full sync that mends."""

from __future__ import annotations

import json

import pytest

from idp_profiles.living.clock import HOUR
from idp_profiles.model import Credential
from idp_profiles.model import Reply
from tests.idp_profiles.living.office import OTHER_TOKEN
from tests.idp_profiles.living.office import Office


@pytest.fixture(params=["default", "aws"])
def office(request: pytest.FixtureRequest) -> Office:
    return Office("authentik", dialect=request.param)


def test_each_event_is_sent_at_once(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    crew = office.form("crew", ada, ben)
    assert office.engine.turn().in_step
    assert (office.users(), office.groups()) == (
        {"ada": True, "ben": True},
        {"crew": {"ada", "ben"}},
    )
    office.directory.change(ada, display_name="Ada Other")
    office.directory.rename(crew, "squad")
    office.directory.leave(crew, ben)
    office.engine.turn()
    assert office.user("ada")["name"]["familyName"] == "Other"
    assert office.groups() == {"squad": {"ada"}}
    office.directory.change(ada, user_name="eve@example.com", email="eve@example.com")
    office.directory.join(crew, ben)
    office.engine.turn()
    assert office.groups() == {"squad": {"eve", "ben"}}


def test_nothing_is_sent_without_an_event(office: Office) -> None:
    office.form("crew", *office.hire("ada"))
    office.engine.turn()
    office.line.sent.clear()
    assert office.engine.turn().exchanges == ()
    assert office.line.sent == []


def test_who_is_deactivated_stays_in_the_app_and_comes_back(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.form("crew", ada)
    office.engine.turn()
    known = office.user("ada")["id"]
    office.directory.block(ada)
    office.engine.turn()
    assert (office.users(), office.groups()) == ({"ada": False}, {"crew": {"ada"}})
    office.directory.unblock(ada)
    office.engine.turn()
    assert (office.users(), office.user("ada")["id"]) == ({"ada": True}, known)


def test_somebody_inactive_is_created_inactive(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.directory.block(ada)
    office.engine.turn()
    assert office.users() == {"ada": False}


def test_who_is_deleted_is_deleted_and_a_rehire_is_a_new_user(office: Office) -> None:
    (ada,) = office.hire("ada")
    crew = office.form("crew", ada)
    office.engine.turn()
    known = office.user("ada")["id"]
    office.directory.delete(ada)
    office.engine.turn()
    assert (office.users(), office.groups()) == ({}, {"crew": set()})
    office.directory.restore(ada)
    assert office.engine.turn().in_step
    assert office.users() == {"ada": True}
    assert office.user("ada")["id"] != known
    assert office.groups() == {"crew": {"ada"}}
    office.directory.delete(ada)
    office.directory.purge(ada)
    office.directory.rename(crew, "squad")
    office.engine.turn()
    assert (office.users(), office.groups()) == ({}, {"squad": set()})


def test_who_falls_out_of_scope_is_deleted_by_the_next_full_sync(office: Office) -> None:
    (ada,) = office.hire("ada")
    crew = office.form("crew")
    office.engine.turn()
    office.directory.unassign(ada, crew)
    turn = office.engine.turn()
    assert (turn.exchanges, {each.due for each in turn.pending}) == (
        (),
        {office.clock.now + HOUR},
    )
    assert office.engine.settle().in_step
    assert (office.users(), office.groups()) == ({}, {})


def test_a_busy_server_is_asked_again_by_the_task_itself(office: Office) -> None:
    office.hire("ada")
    busy = [429, 503]
    office.line.fault = lambda each: Reply(busy.pop(0)) if each.method == "POST" and busy else None
    begun = office.clock.now
    assert office.engine.turn().in_step
    assert (office.clock.now - begun, office.users()) == (15 + 30, {"ada": True})


def test_what_failed_waits_for_the_hourly_full_sync(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    office.form("crew", ada, ben)
    office.line.fault = lambda each: (
        Reply(500) if each.method == "POST" and b"ada@" in (each.body or b"") else None
    )
    turn = office.engine.turn()
    (task,) = turn.pending
    assert (task.key, task.due) == (ada, office.clock.now + HOUR)
    assert office.groups() == {"crew": {"ben"}}
    office.line.fault = None
    office.line.sent.clear()
    assert office.engine.wait(HOUR / 2).pending
    assert office.line.sent == []
    assert office.engine.wait(HOUR / 2).in_step
    assert office.users() == {"ada": True, "ben": True}
    assert office.groups() == {"crew": {"ada", "ben"}}


def test_an_admin_can_run_the_full_sync_before_it_is_due(office: Office) -> None:
    office.hire("ada")
    office.line.fault = lambda each: Reply(500) if each.method == "POST" else None
    assert not office.engine.turn().in_step
    office.line.fault = None
    assert office.engine.retry().in_step
    assert office.users() == {"ada": True}


def test_the_full_sync_mends_members_that_somebody_else_changed(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    office.form("crew", ada, ben)
    office.engine.turn()
    (group,) = office.ask("GET", "/Groups")["Resources"]
    schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
    wrong = {"op": "remove", "path": f'members[value eq "{office.user("ada")["id"]}"]'}
    office.ask("PATCH", f"/Groups/{group['id']}", {"schemas": [schema], "Operations": [wrong]})
    assert office.groups() == {"crew": {"ben"}}
    office.engine.wait(HOUR)
    assert office.groups() == {"crew": {"ada", "ben"}}


def test_a_reading_that_fails_ends_the_sync_and_what_failed_stays_pending(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.line.fault = lambda each: Reply(500)
    office.engine.turn()
    office.line.sent.clear()
    turn = office.engine.wait(HOUR)
    assert {each.key for each in turn.pending} == {ada, "all users"}
    assert not any(each.method == "POST" for each in office.line.sent)
    office.line.fault = None
    assert office.engine.settle().in_step
    assert office.users() == {"ada": True}


def test_a_lost_reply_makes_no_second_user_because_a_full_sync_reads_first(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method == "POST" else None
    assert not office.engine.turn().in_step
    office.line.fault, office.line.after_the_server = None, False
    office.directory.change(ada, display_name="Ada Other")
    # The POST of the event is answered with 409, and a look-up links the user as it is.
    (task,) = office.engine.turn().pending
    assert (task.key, task.due) == (ada, office.engine.clock.now + HOUR)
    assert office.engine.settle().in_step
    assert office.users() == {"ada": True}
    assert office.user("ada")["displayName"] == "Ada Other"


def test_whoever_may_have_come_into_a_group_is_taken_out_of_it(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    crew = office.form("crew", ada)
    office.engine.turn()
    office.line.after_the_server = True
    office.line.fault = lambda each: Reply(500) if each.method in {"PATCH", "PUT"} else None
    office.directory.join(crew, ben)
    assert not office.engine.turn().in_step
    assert office.groups() == {"crew": {"ada", "ben"}}
    office.line.fault, office.line.after_the_server = None, False
    office.directory.leave(crew, ben)
    assert office.engine.settle().in_step
    assert office.groups() == {"crew": {"ada"}}


def test_whose_account_was_deleted_behind_its_back_is_in_the_groups_by_the_next_full_sync(
    office: Office,
) -> None:
    ada, ben = office.hire("ada", "ben")
    office.form("crew", ada, ben)
    office.engine.turn()
    known = office.user("ada")["id"]
    office.ask("DELETE", f"/Users/{known}")
    office.directory.change(ada, display_name="Ada Other")
    # The PUT is answered with 404, so that a POST follows; no event tells the group.
    (task,) = office.engine.turn().pending
    assert (task.key, task.due) == (ada, office.engine.clock.now + HOUR)
    assert (office.users(), office.groups()) == (
        {"ada": True, "ben": True},
        {"crew": {"ben"}},
    )
    assert office.engine.settle().in_step
    assert office.groups() == {"crew": {"ada", "ben"}}
    assert office.user("ada")["id"] != known


def test_a_group_whose_creation_got_no_reply_has_its_members_after_the_sync(
    office: Office,
) -> None:
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.target == "/Groups" else None
    office.form("crew", *office.hire("ada", "ben"))
    assert not office.engine.turn().in_step
    office.line.fault, office.line.after_the_server = None, False
    assert office.engine.settle().in_step
    assert office.groups() == {"crew": {"ada", "ben"}}


def test_a_membership_that_a_write_by_name_did_not_bring_waits_for_the_full_sync() -> None:
    office = Office("authentik", dialect="aws")
    (ada,) = office.hire("ada")
    crew = office.form("crew")
    office.engine.turn()
    office.line.fault = lambda each: Reply(500) if each.method == "PUT" else None
    office.directory.join(crew, ada)
    # The PUT is followed by a PATCH of the name alone, and the group is shown without members.
    (task,) = office.engine.turn().pending
    assert (task.kind, task.key, task.due) == ("group", crew, office.engine.clock.now + HOUR)
    office.line.fault = None
    assert office.engine.settle().in_step
    assert office.groups() == {"crew": {"ada"}}


def test_a_delete_that_fails_is_never_repeated_so_that_the_user_stays_behind(
    office: Office,
) -> None:
    # authentik drops its link before the request leaves.
    (ada,) = office.hire("ada")
    office.engine.turn()
    office.line.fault = lambda each: Reply(500) if each.method == "DELETE" else None
    office.directory.delete(ada)
    assert not office.engine.turn().in_step
    office.line.fault = None
    assert office.engine.settle().in_step
    assert office.users() == {"ada": True}


def test_a_group_is_deleted_with_its_event(office: Office) -> None:
    crew = office.form("crew", *office.hire("ada"))
    office.engine.turn()
    office.directory.dissolve(crew)
    office.engine.turn()
    assert (office.groups(), office.users()) == ({}, {"ada": True})


def test_the_features_of_the_server_are_asked_for_again_after_an_hour(office: Office) -> None:
    office.engine = office.start(full_sync_every=None)
    office.hire("ada", "ben")
    office.engine.turn()
    office.clock.sleep(HOUR)
    office.line.sent.clear()
    office.directory.block(office.directory.people[0].idp_id)
    office.engine.turn()
    assert "ServiceProviderConfig" in office.line.sent[0].target


def test_saving_another_token_starts_a_full_sync(office: Office) -> None:
    office.line.fault = lambda each: (
        Reply(401) if OTHER_TOKEN not in dict(each.headers)["Authorization"] else None
    )
    office.hire("ada")
    assert not office.engine.turn().in_step
    office.engine.rotate(Credential("bearer", OTHER_TOKEN))
    assert office.engine.turn().in_step
    assert office.users() == {"ada": True}


def test_an_engine_is_kept_and_taken_up_again(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    crew = office.form("crew", ada)
    office.engine.turn()
    office.line.fault = lambda each: Reply(500)
    office.directory.change(ada, display_name="Ada Other")
    office.engine.turn()
    office.line.fault = None
    kept = json.loads(json.dumps(office.engine.save()))
    assert "token-of-the-office" not in json.dumps(kept)
    assert "password" not in json.dumps(kept)
    again = office.start(dialect=office.engine.idp.dialect)
    again.load(kept)
    assert again.save() == office.engine.save()
    again.directory.join(crew, ben)
    office.writes()
    assert again.settle().in_step
    assert office.user("ada")["name"]["familyName"] == "Other"
    assert office.groups() == {"crew": {"ada", "ben"}}
    assert not any(line.startswith("POST") for line in office.writes())


@pytest.mark.parametrize("part", ["directory", "links"])
def test_what_is_no_kept_engine_is_refused(office: Office, part: str) -> None:
    with pytest.raises(ValueError, match="this is no"):
        office.engine.load({**office.engine.save(), part: {}})


def test_a_time_between_syncs_that_is_none_is_refused(office: Office) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        office.start(full_sync_every=0)


def test_members_of_a_group_that_is_shown_empty_come_after_the_sync_has_looked(
    office: Office,
) -> None:
    # The sync itself adds nobody to a group that is shown without members.
    ada = office.hire("ada")[0]
    crew = office.form("crew")
    office.engine.turn()
    office.line.fault = lambda each: Reply(500) if each.method != "GET" else None
    office.directory.join(crew, ada)
    assert not office.engine.turn().in_step
    office.line.fault = None
    office.directory.rename(crew, "squad")
    assert office.engine.retry().in_step
    assert office.groups() == {"squad": {"ada"}}
