"""The living mock OneLogin: tasks of users, approvals, memberships one by one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from idp_profiles.model import Credential
from idp_profiles.model import Reply
from idp_profiles.onelogin.engine import Tasks
from tests.idp_profiles.living.office import OTHER_TOKEN
from tests.idp_profiles.living.office import Office
from tests.idp_profiles.living.office import person


@pytest.fixture
def office() -> Office:
    return Office("onelogin")


def methods(office: Office) -> list[str]:
    sent = [f"{each.method} {each.target[:6]}" for each in office.line.sent]
    office.line.sent.clear()
    return sent


@pytest.mark.parametrize("removal", ["list", "filter"])
def test_each_change_is_a_task_at_once(removal: str) -> None:
    office = Office("onelogin", switches={"member_removal": removal})
    ada, ben = office.hire("ada", "ben")
    crew = office.form("crew", ada, ben)
    assert office.engine.turn().in_step
    assert (office.users(), office.groups()) == (
        {"ada": True, "ben": True},
        {"crew": {"ada", "ben"}},
    )
    office.directory.change(ada, family_name="Other")
    office.directory.leave(crew, ben)
    office.engine.turn()
    assert office.user("ada")["name"]["familyName"] == "Other"
    assert office.groups() == {"crew": {"ada"}}
    office.directory.change(ada, user_name="eve@example.com", email="eve@example.com")
    office.engine.turn()
    assert office.groups() == {"crew": {"eve"}}


def test_nothing_is_sent_without_a_change(office: Office) -> None:
    office.form("crew", *office.hire("ada"))
    office.engine.turn()
    office.line.sent.clear()
    assert office.engine.turn().exchanges == ()
    assert office.line.sent == []


def test_a_membership_is_a_look_up_a_put_and_one_patch_for_each_group(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    crew, squad = office.form("crew", ben), office.form("squad", ben)
    office.engine.turn()
    methods(office)
    office.directory.join(crew, ada)
    office.directory.join(squad, ada)
    office.engine.turn()
    assert methods(office) == ["GET /Users", "PUT /Users", "PATCH /Group", "PATCH /Group"]
    assert office.groups() == {"crew": {"ada", "ben"}, "squad": {"ada", "ben"}}


def test_a_group_is_made_when_its_first_member_needs_it_and_never_deleted(office: Office) -> None:
    crew = office.form("crew")
    assert office.engine.turn().exchanges == ()
    office.directory.join(crew, *office.hire("ada"))
    office.engine.turn()
    assert office.groups() == {"crew": {"ada"}}
    office.directory.dissolve(crew)
    assert office.engine.turn().in_step
    assert (office.groups(), office.users()) == ({"crew": set()}, {"ada": True})


def test_a_group_that_the_app_has_is_used(office: Office) -> None:
    schema = "urn:ietf:params:scim:schemas:core:2.0:Group"
    office.ask("POST", "/Groups", {"schemas": [schema], "displayName": "crew"})
    office.form("crew", *office.hire("ada"))
    assert office.engine.turn().in_step
    assert office.groups() == {"crew": {"ada"}}


def test_another_name_is_another_group_and_the_old_one_stays_empty(office: Office) -> None:
    crew = office.form("crew", *office.hire("ada"))
    office.engine.turn()
    office.directory.rename(crew, "squad")
    assert office.engine.turn().in_step
    assert office.groups() == {"crew": set(), "squad": {"ada"}}


@pytest.mark.parametrize("how", ["block", "unassign", "delete"])
def test_who_leaves_is_suspended_and_comes_back_as_the_same_user(office: Office, how: str) -> None:
    (ada,) = office.hire("ada")
    crew = office.form("crew", ada)
    office.directory.unassign(crew)
    office.engine.turn()
    known = office.user("ada")["id"]
    getattr(office.directory, how)(ada)
    office.engine.turn()
    assert office.users() == {"ada": False}
    back = {"block": "unblock", "unassign": "assign", "delete": "restore"}[how]
    getattr(office.directory, back)(ada)
    office.directory.change(ada, family_name="Other")
    office.directory.assign(crew)
    assert office.engine.turn().in_step
    assert (office.users(), office.user("ada")["id"]) == ({"ada": True}, known)
    assert office.user("ada")["name"]["familyName"] == "Other"
    assert office.groups() == {"crew": {"ada"}}


def test_somebody_without_access_stays_in_the_groups(office: Office) -> None:
    (ada,) = office.hire("ada")
    crew = office.form("crew", ada)
    office.engine.turn()
    office.directory.unassign(ada, crew)
    office.engine.turn()
    assert (office.users(), office.groups()) == ({"ada": False}, {"crew": {"ada"}})
    office.directory.assign(ada)
    office.engine.turn()
    assert (office.users(), office.groups()) == ({"ada": True}, {"crew": set()})


def test_who_is_gone_and_hired_again_is_linked_by_the_look_up(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.engine.turn()
    known = office.user("ada")["id"]
    office.directory.purge(ada)
    assert office.engine.turn().in_step
    assert office.users() == {"ada": False}
    again = office.directory.hire(replace(person("ada"), idp_id="1001"))
    office.directory.assign(again.idp_id)
    assert office.engine.turn().in_step
    assert (office.users(), office.user("ada")["id"]) == ({"ada": True}, known)


def test_removed_access_deletes_where_the_admin_chose_so() -> None:
    office = Office("onelogin", switches={"on_removal": "delete"})
    (ada,) = office.hire("ada")
    office.form("crew", ada)
    office.engine.turn()
    office.directory.block(ada)
    office.engine.turn()
    assert office.users() == {"ada": False}
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method == "DELETE" else None
    office.directory.delete(ada)
    assert not office.engine.turn().in_step
    office.line.fault, office.line.after_the_server = None, False
    # The first deletion has worked: the second one finds nothing.
    assert office.engine.retry().in_step
    assert (office.users(), office.groups()) == ({}, {"crew": set()})
    office.directory.restore(ada)
    assert office.engine.turn().in_step
    assert (office.users(), office.groups()) == ({"ada": True}, {"crew": {"ada"}})


def test_removed_access_changes_nothing_where_the_admin_chose_so() -> None:
    office = Office("onelogin", switches={"on_removal": "nothing", "on_suspension": "nothing"})
    ada, ben = office.hire("ada", "ben")
    office.engine.turn()
    office.writes()
    office.directory.delete(ada)
    office.directory.block(ben)
    assert office.engine.turn().in_step
    assert (office.writes(), office.users()) == ([], {"ada": True, "ben": True})


def test_each_kind_of_task_can_wait_for_an_approval() -> None:
    toggles = dict.fromkeys(("approve_create", "approve_update", "approve_delete"), True)
    office = Office("onelogin", toggles=toggles)
    ada, ben = office.hire("ada", "ben")
    turn = office.engine.turn()
    assert ([each.key for each in turn.pending], office.line.sent) == ([ada, ben], [])
    assert "approve_create" in turn.pending[0].why
    engine = office.engine
    assert isinstance(engine, Tasks)
    engine.approve(ada)
    assert office.users() == {"ada": True}
    assert engine.approve().in_step
    office.directory.change(ada, family_name="Other")
    office.directory.unassign(ben)
    whys = [each.why for each in office.engine.turn().pending]
    assert [each.rpartition(" ")[2] for each in whys] == ["approve_update", "approve_delete"]
    assert office.users() == {"ada": True, "ben": True}
    office.directory.assign(ben)
    # Nothing is left of what was taken back before anybody approved it.
    assert [each.key for each in office.engine.turn().pending] == [ada]
    assert office.engine.settle().in_step
    assert office.user("ada")["name"]["familyName"] == "Other"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_failed_task_waits_for_an_admin(office: Office, status: int) -> None:
    ada, ben = office.hire("ada", "ben")
    office.form("crew", ada, ben)
    office.line.fault = lambda each: (
        Reply(status) if each.method == "POST" and b"ada@" in (each.body or b"") else None
    )
    (task,) = office.engine.turn().pending
    assert (task.key, task.due) == (ada, None)
    assert office.groups() == {"crew": {"ben"}}
    office.line.fault = None
    office.line.sent.clear()
    assert office.engine.turn().pending
    assert office.line.sent == []
    assert office.engine.retry().in_step
    assert office.users() == {"ada": True, "ben": True}
    assert office.groups() == {"crew": {"ada", "ben"}}


def test_a_new_change_tries_again_with_what_is_true_then(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.line.fault = lambda each: Reply(500)
    office.engine.turn()
    office.line.fault = None
    office.directory.change(ada, family_name="Other")
    assert office.engine.turn().in_step
    assert office.user("ada")["name"]["familyName"] == "Other"


def test_an_account_that_was_found_but_not_written_is_provisioned_again(office: Office) -> None:
    user = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "active": False}
    office.ask("POST", "/Users", {**user, "userName": "ada@example.com"})
    (ada,) = office.hire("ada")
    office.line.fault = lambda each: Reply(500) if each.method == "PUT" else None
    assert not office.engine.turn().in_step
    office.line.fault = None
    assert office.engine.retry().in_step
    office.directory.change(ada, family_name="Other")
    office.engine.turn()
    assert (office.users(), office.user("ada")["name"]["familyName"]) == ({"ada": True}, "Other")


def test_a_membership_that_fails_leaves_the_user_alone(office: Office) -> None:
    office.form("crew", *office.hire("ada"))
    office.line.fault = lambda each: Reply(405) if each.method == "PATCH" else None
    turn = office.engine.turn()
    assert (office.users(), office.groups(), turn.in_step) == (
        {"ada": True},
        {"crew": set()},
        False,
    )
    office.line.fault = None
    assert office.engine.settle().in_step
    assert office.groups() == {"crew": {"ada"}}


def test_lost_replies_make_no_twins_because_everything_is_looked_up_first(office: Office) -> None:
    office.form("crew", *office.hire("ada"))
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method == "POST" else None
    office.engine.turn()
    assert not office.engine.retry().in_step
    office.line.fault, office.line.after_the_server = None, False
    assert office.engine.settle().in_step
    assert (office.users(), office.groups()) == ({"ada": True}, {"crew": {"ada"}})
    assert len(office.ask("GET", "/Groups")["Resources"]) == 1


def test_what_may_have_arrived_is_told_once_more_though_all_is_as_before(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.engine.turn()
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method != "GET" else None
    office.directory.change(ada, family_name="Other")
    assert not office.engine.turn().in_step
    office.directory.change(ada, family_name="Example")
    office.directory.block(ada)
    assert not office.engine.turn().in_step
    assert office.users() == {"ada": False}
    office.directory.unblock(ada)
    office.line.fault, office.line.after_the_server = None, False
    assert office.engine.settle().in_step
    assert (office.users(), office.user("ada")["name"]["familyName"]) == ({"ada": True}, "Example")


def test_whoever_may_have_come_into_a_group_is_taken_out_of_it(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    crew = office.form("crew", ada)
    office.engine.turn()
    office.line.after_the_server = True
    office.line.fault = lambda each: Reply(500) if each.method in {"PATCH"} else None
    office.directory.join(crew, ben)
    assert not office.engine.turn().in_step
    assert office.groups() == {"crew": {"ada", "ben"}}
    office.line.fault, office.line.after_the_server = None, False
    office.directory.leave(crew, ben)
    assert office.engine.settle().in_step
    assert office.groups() == {"crew": {"ada"}}


def test_another_token_is_used_from_the_next_request_on(office: Office) -> None:
    office.line.fault = lambda each: (
        Reply(401) if OTHER_TOKEN not in dict(each.headers)["Authorization"] else None
    )
    office.hire("ada")
    assert not office.engine.turn().in_step
    office.engine.rotate(Credential("bearer", OTHER_TOKEN))
    assert office.engine.retry().in_step


def test_an_engine_is_kept_and_taken_up_again() -> None:
    office = Office("onelogin", toggles={"approve_delete": True})
    ada, ben, eve = office.hire("ada", "ben", "eve")
    crew = office.form("crew", ada)
    office.engine.turn()
    office.directory.unassign(eve)
    office.line.fault = lambda each: Reply(500)
    office.directory.change(ada, family_name="Other")
    office.engine.turn()
    office.line.fault = None
    kept = json.loads(json.dumps(office.engine.save()))
    assert "token-of-the-office" not in json.dumps(kept)
    assert "password" not in json.dumps(kept)
    again = office.start(toggles={"approve_delete": True})
    again.load(kept)
    assert again.save() == office.engine.save()
    again.directory.join(crew, ben)
    office.writes()
    assert again.settle().in_step
    assert office.user("ada")["name"]["familyName"] == "Other"
    assert office.groups() == {"crew": {"ada", "ben"}}
    assert office.users() == {"ada": True, "ben": True, "eve": False}
    assert not any(line.startswith("POST") for line in office.writes())


@pytest.mark.parametrize("part", ["directory", "links", "removed"])
def test_what_is_no_kept_engine_is_refused(office: Office, part: str) -> None:
    with pytest.raises(ValueError, match="this is no"):
        office.engine.load({**office.engine.save(), part: 7})
