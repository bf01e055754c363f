"""The living mock Google Workspace: users only, syncs on the clock, leavers after a delay."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from idp_profiles.living.clock import DAY
from idp_profiles.living.clock import HOUR
from idp_profiles.model import Credential
from idp_profiles.model import Reply
from tests.idp_profiles.living.office import OTHER_TOKEN
from tests.idp_profiles.living.office import Office
from tests.idp_profiles.living.office import person

SYNC = 3 * HOUR


@pytest.fixture(params=["put", "patch"])
def office(request: pytest.FixtureRequest) -> Office:
    return Office("google", switches={"update": request.param, "lifecycle": request.param})


def late(**delays: str) -> Office:
    return Office("google", switches=delays)


def test_changes_wait_for_the_sync_that_comes_every_few_hours(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    turn = office.engine.turn()
    assert (office.line.sent, {each.due for each in turn.pending}) == (
        [],
        {office.clock.now + SYNC},
    )
    assert office.engine.wait(SYNC - 1).exchanges == ()
    assert office.engine.wait(1).in_step
    assert office.users() == {"ada": True, "ben": True}
    office.directory.change(ada, family_name="Other")
    office.directory.change(ben, email="eve@example.com")
    assert office.engine.turn().exchanges == ()
    assert office.engine.wait(SYNC).in_step
    assert office.user("ada")["name"]["familyName"] == "Other"
    # The primary e-mail address is the user name.
    assert office.users() == {"ada": True, "eve": True}


def test_a_sync_sends_nothing_without_a_change(office: Office) -> None:
    office.hire("ada")
    office.engine.settle()
    office.line.sent.clear()
    assert office.engine.wait(30 * DAY).in_step
    assert office.line.sent == []


def test_groups_give_the_app_to_people_and_are_never_sent(office: Office) -> None:
    ada, ben = (office.directory.hire(person(name)).idp_id for name in ("ada", "ben"))
    crew = office.form("crew", ada)
    office.engine.settle()
    assert (office.users(), office.groups()) == ({"ada": True}, {})
    office.directory.rename(crew, "squad")
    office.directory.join(crew, ben)
    office.directory.leave(crew, ada)
    office.engine.settle()
    assert office.users() == {"ada": False, "ben": True}
    office.directory.dissolve(crew)
    assert office.engine.settle().in_step
    assert (office.users(), office.groups()) == ({"ada": False, "ben": False}, {})


@pytest.mark.parametrize("how", ["block", "unassign", "delete"])
def test_who_leaves_is_suspended_by_the_next_sync_and_comes_back(office: Office, how: str) -> None:
    (ada,) = office.hire("ada")
    office.engine.settle()
    known = office.user("ada")["id"]
    getattr(office.directory, how)(ada)
    assert office.engine.settle().in_step
    assert office.users() == {"ada": False}
    back = {"block": "unblock", "unassign": "assign", "delete": "restore"}[how]
    getattr(office.directory, back)(ada)
    office.directory.change(ada, family_name="Other")
    assert office.engine.settle().in_step
    assert (office.users(), office.user("ada")["id"]) == ({"ada": True}, known)
    assert office.user("ada")["name"]["familyName"] == "Other"


@pytest.mark.parametrize("days", [1, 7, 30])
@pytest.mark.parametrize(
    ("switch", "how"),
    [("app_off_after", "unassign"), ("suspended_after", "block"), ("deleted_after", "delete")],
)
def test_a_suspension_waits_as_long_as_the_admin_chose(switch: str, how: str, days: int) -> None:
    office = late(**{switch: f"{days}d"})
    (ada,) = office.hire("ada")
    office.engine.settle()
    left = office.clock.now
    getattr(office.directory, how)(ada)
    office.clock.sleep(HOUR)
    (leaver,) = office.engine.turn().pending
    assert leaver.due == left + days * DAY
    office.engine.wait(leaver.due - office.clock.now - 1)
    assert office.users() == {"ada": True}
    assert office.engine.wait(1).in_step
    assert office.users() == {"ada": False}


def test_who_comes_back_in_time_is_never_suspended() -> None:
    office = late(app_off_after="7d", suspended_after="7d")
    (ada,) = office.hire("ada")
    office.engine.settle()
    office.writes()
    office.directory.unassign(ada)
    office.directory.block(ada)
    office.engine.wait(3 * DAY)
    office.directory.assign(ada)
    # One of the two reasons is left, and its time goes on.
    (leaver,) = office.engine.turn().pending
    assert leaver.due is not None
    assert leaver.due - office.clock.now == 4 * DAY
    office.directory.unblock(ada)
    assert office.engine.wait(30 * DAY).in_step
    assert office.writes() == []


def test_a_deletion_deletes_the_account_where_the_app_offers_it() -> None:
    office = Office("google", hard_delete=True, switches={"deleted_after": "1d"})
    ada, ben = office.hire("ada", "ben")
    office.engine.settle()
    office.directory.delete(ada)
    office.directory.delete(ben)
    office.engine.wait(HOUR)
    office.directory.restore(ben)
    office.directory.purge(ada)
    assert office.engine.settle().in_step
    assert office.users() == {"ben": True}


def test_a_deletion_whose_reply_was_lost_is_done_when_it_finds_nothing() -> None:
    office = Office("google", hard_delete=True)
    (ada,) = office.hire("ada")
    office.engine.settle()
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method == "DELETE" else None
    office.directory.delete(ada)
    assert not office.engine.wait(SYNC).in_step
    office.line.fault, office.line.after_the_server = None, False
    assert office.engine.settle().in_step
    assert office.users() == {}


def test_who_is_gone_and_hired_again_gets_the_old_account(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.engine.settle()
    known = office.user("ada")["id"]
    office.directory.purge(ada)
    assert office.engine.settle().in_step
    assert office.users() == {"ada": False}
    again = office.directory.hire(replace(person("ada", title="Chief"), idp_id="1001"))
    office.directory.assign(again.idp_id)
    assert office.engine.settle().in_step
    assert (office.users(), office.user("ada")["id"]) == ({"ada": True}, known)


def test_no_sync_looks_at_somebody_archived(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.engine.settle()
    office.writes()
    office.directory.change(ada, archived=True, family_name="Other")
    office.directory.block(ada)
    assert office.engine.wait(DAY).in_step
    assert (office.writes(), office.users()) == ([], {"ada": True})
    office.directory.change(ada, archived=False)
    assert office.engine.settle().in_step
    assert office.users() == {"ada": False}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_failed_is_tried_again_by_the_next_sync(office: Office, status: int) -> None:
    ada, _ = office.hire("ada", "ben")
    office.line.fault = lambda each: (
        Reply(status) if each.method == "POST" and b"ada@" in (each.body or b"") else None
    )
    turn = office.engine.wait(SYNC)
    (failed,) = turn.pending
    assert (failed.key, failed.due) == (ada, office.clock.now + SYNC)
    assert str(status) in failed.why
    assert (turn.console, office.users()) == ("1 users failed.", {"ben": True})
    office.line.fault = None
    office.directory.change(ada, family_name="Other")
    assert office.engine.retry().in_step
    assert office.user("ada")["name"]["familyName"] == "Other"


def test_a_server_that_is_down_for_one_sync_misses_nothing(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.engine.settle()
    office.directory.change(ada, family_name="Other")
    (ben,) = office.hire("ben")
    office.line.fault = lambda each: "nothing answers"
    assert {each.key for each in office.engine.wait(SYNC).pending} == {ada, ben}
    office.line.fault = None
    assert office.engine.settle().in_step
    assert office.users() == {"ada": True, "ben": True}
    assert office.user("ada")["name"]["familyName"] == "Other"


def test_a_lost_reply_makes_no_second_user_because_a_look_up_comes_first(office: Office) -> None:
    office.hire("ada")
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method == "POST" else None
    assert not office.engine.wait(SYNC).in_step
    office.line.fault, office.line.after_the_server = None, False
    assert office.engine.settle().in_step
    assert office.users() == {"ada": True}


@pytest.mark.parametrize("arrives", [True, False])
def test_a_rename_that_may_have_arrived_is_written_to_the_same_account(
    office: Office, arrives: bool
) -> None:
    (ada,) = office.hire("ada")
    office.engine.settle()
    known = office.user("ada")["id"]
    office.line.after_the_server = arrives
    office.line.fault = lambda each: "the line broke" if each.method != "GET" else None
    office.directory.change(ada, user_name="eve@example.com", email="eve@example.com")
    assert not office.engine.wait(SYNC).in_step
    office.line.fault, office.line.after_the_server = None, False
    assert office.engine.settle().in_step
    assert (office.users(), office.user("eve")["id"]) == ({"eve": True}, known)


def test_what_may_have_arrived_is_told_once_more_though_all_is_as_before(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.engine.settle()
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method != "GET" else None
    office.directory.change(ada, family_name="Other")
    assert not office.engine.wait(SYNC).in_step
    office.directory.change(ada, family_name="Example")
    office.directory.block(ada)
    assert not office.engine.wait(SYNC).in_step
    assert office.users() == {"ada": False}
    office.directory.unblock(ada)
    office.line.fault, office.line.after_the_server = None, False
    assert office.engine.settle().in_step
    assert (office.users(), office.user("ada")["name"]["familyName"]) == ({"ada": True}, "Example")


def test_another_token_is_used_from_the_next_sync_on(office: Office) -> None:
    office.line.fault = lambda each: (
        Reply(401) if OTHER_TOKEN not in dict(each.headers)["Authorization"] else None
    )
    office.hire("ada")
    assert not office.engine.wait(SYNC).in_step
    office.engine.rotate(Credential("bearer", OTHER_TOKEN))
    assert office.engine.wait(SYNC).in_step


def test_an_engine_is_kept_and_taken_up_again_with_its_timers() -> None:
    office = late(suspended_after="7d")
    ada, ben = office.hire("ada", "ben")
    office.engine.settle()
    office.directory.block(ben)
    office.directory.change(ada, family_name="Other")
    office.line.fault = lambda each: Reply(500)
    office.engine.wait(SYNC)
    office.line.fault = None
    kept = json.loads(json.dumps(office.engine.save()))
    assert "token-of-the-office" not in json.dumps(kept)
    assert "password" not in json.dumps(kept)
    again = office.start(switches={"suspended_after": "7d"})
    again.load(kept)
    assert again.save() == office.engine.save()
    assert again.pending == office.engine.pending
    office.writes()
    again.wait(SYNC)
    assert office.user("ada")["name"]["familyName"] == "Other"
    assert office.users() == {"ada": True, "ben": True}
    assert again.settle().in_step
    assert office.users() == {"ada": True, "ben": False}
    assert not any(line.startswith("POST") for line in office.writes())


@pytest.mark.parametrize("part", ["directory", "links", "next_sync"])
def test_what_is_no_kept_engine_is_refused(office: Office, part: str) -> None:
    with pytest.raises(ValueError, match="this is no"):
        office.engine.load({**office.engine.save(), part: {}})


def test_a_time_between_syncs_that_is_none_is_refused(office: Office) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        office.start(sync_every=0)
