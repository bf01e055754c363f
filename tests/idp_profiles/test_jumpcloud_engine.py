"""The living mock JumpCloud: bindings, pushes at once, and what is left when a binding goes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from idp_profiles.living.directory import State
from idp_profiles.model import Credential
from idp_profiles.model import Reply
from tests.idp_profiles.living.office import OTHER_TOKEN
from tests.idp_profiles.living.office import Office
from tests.idp_profiles.living.office import person


@pytest.fixture
def office() -> Office:
    return Office("jumpcloud")


@pytest.mark.parametrize("removal", ["value-list", "path-filter", "full-put"])
def test_each_change_is_pushed_at_once(removal: str) -> None:
    office = Office("jumpcloud", switches={"member_removal": removal})
    ada, ben = office.hire("ada", "ben")
    crew = office.form("crew", ada, ben)
    assert office.engine.turn().in_step
    assert (office.users(), office.groups()) == (
        {"ada": True, "ben": True},
        {"crew": {"ada", "ben"}},
    )
    office.directory.change(ada, family_name="Other")
    office.directory.rename(crew, "squad")
    office.directory.leave(crew, ben)
    office.engine.turn()
    assert office.user("ada")["name"]["familyName"] == "Other"
    assert office.groups() == {"squad": {"ada"}}
    office.directory.change(ada, user_name="eve@example.com", email="eve@example.com")
    office.directory.join(crew, ben)
    office.engine.turn()
    assert office.groups() == {"squad": {"eve", "ben"}}


def test_nothing_is_sent_without_a_change(office: Office) -> None:
    office.form("crew", *office.hire("ada"))
    office.engine.turn()
    office.line.sent.clear()
    assert office.engine.turn().exchanges == ()
    assert office.line.sent == []


def test_a_group_without_members_is_never_created(office: Office) -> None:
    crew = office.form("crew")
    assert office.engine.turn().in_step
    office.directory.rename(crew, "squad")
    assert office.engine.turn().in_step
    assert office.line.sent == []
    office.directory.join(crew, *office.hire("ada"))
    office.engine.turn()
    assert office.groups() == {"squad": {"ada"}}
    office.directory.leave(crew, office.directory.people[0].idp_id)
    office.engine.turn()
    assert office.groups() == {"squad": set()}


def test_an_account_is_deactivated_only_when_no_binding_is_left(office: Office) -> None:
    ada = office.directory.hire(person("ada")).idp_id
    crew, squad = office.form("crew", ada), office.form("squad", ada)
    office.engine.turn()
    office.directory.unassign(crew)
    office.engine.turn()
    assert office.users() == {"ada": True}
    office.directory.leave(squad, ada)
    office.engine.turn()
    # A group that is unbound stays as it is.
    assert (office.users(), office.groups()) == ({"ada": False}, {"crew": {"ada"}, "squad": set()})
    known = office.user("ada")["id"]
    office.directory.join(squad, ada)
    assert office.engine.turn().in_step
    assert (office.users(), office.user("ada")["id"]) == ({"ada": True}, known)
    assert office.groups()["squad"] == {"ada"}


def test_a_group_that_is_bound_again_is_taken_over_by_its_name(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    crew = office.form("crew", ada)
    office.engine.turn()
    office.directory.unassign(crew)
    office.directory.join(crew, ben)
    office.engine.turn()
    assert office.groups() == {"crew": {"ada"}}
    office.directory.assign(crew)
    assert office.engine.turn().in_step
    assert office.groups() == {"crew": {"ada", "ben"}}


@pytest.mark.parametrize("how", ["block", "unassign", "delete"])
def test_who_leaves_is_deactivated_and_comes_back_as_the_same_user(
    office: Office, how: str
) -> None:
    (ada,) = office.hire("ada")
    office.engine.turn()
    known = office.user("ada")["id"]
    getattr(office.directory, how)(ada)
    office.engine.turn()
    assert office.users() == {"ada": False}
    back = {"block": "unblock", "unassign": "assign", "delete": "restore"}[how]
    getattr(office.directory, back)(ada)
    office.directory.change(ada, family_name="Other")
    office.engine.turn()
    assert (office.users(), office.user("ada")["id"]) == ({"ada": True}, known)
    assert office.user("ada")["name"]["familyName"] == "Other"


def test_an_expired_password_deactivates_and_a_new_one_activates(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.form("crew", ada)
    office.engine.turn()
    office.directory.change(ada, password_expired=True)
    office.engine.turn()
    assert (office.users(), office.groups()) == ({"ada": False}, {"crew": {"ada"}})
    office.directory.block(ada)
    office.directory.change(ada, password_expired=False)
    office.engine.turn()
    assert office.users() == {"ada": False}
    office.writes()
    office.directory.unblock(ada)
    office.engine.turn()
    assert office.users() == {"ada": True}
    assert [line.partition(" ")[0] for line in office.writes()] == ["PUT"]


def test_whoever_may_not_be_active_yet_is_created_inactive(office: Office) -> None:
    (ada,) = office.hire("ada", password_expired=True)
    office.engine.turn()
    assert office.users() == {"ada": False}
    office.directory.change(ada, password_expired=False)
    office.engine.turn()
    assert office.users() == {"ada": True}


def test_nobody_is_sent_while_staged(office: Office) -> None:
    (ada,) = office.hire("ada", state="STAGED")
    office.engine.turn()
    assert office.line.sent == []
    office.directory.change(ada, state="ACTIVATED")
    office.engine.turn()
    assert office.users() == {"ada": True}


def test_who_is_deleted_for_good_stays_inactive_and_a_rehire_takes_the_account_over(
    office: Office,
) -> None:
    (ada,) = office.hire("ada")
    office.form("crew", ada)
    office.engine.turn()
    known = office.user("ada")["id"]
    office.directory.purge(ada)
    office.engine.turn()
    assert (office.users(), office.groups()) == ({"ada": False}, {"crew": set()})
    again = office.directory.hire(replace(person("ada"), idp_id="5f9f1b9b9b9b9b9b9b9b9b9b"))
    office.directory.assign(again.idp_id)
    assert office.engine.turn().in_step
    assert office.directory.state(ada) is State.GONE
    assert (office.users(), office.user("ada")["id"]) == ({"ada": True}, known)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_failed_waits_for_a_change_or_an_admin(office: Office, status: int) -> None:
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


def test_a_new_change_tries_again_with_the_new_profile(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.line.fault = lambda each: Reply(500)
    office.engine.turn()
    office.line.fault = None
    office.directory.change(ada, family_name="Other")
    assert office.engine.turn().in_step
    assert office.user("ada")["name"]["familyName"] == "Other"


def test_lost_replies_make_no_twins_because_a_look_up_comes_first(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    crew = office.form("crew", ada)
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method == "POST" else None
    office.engine.turn()
    office.engine.retry()
    assert office.engine.retry().in_step
    assert (office.users(), office.groups()) == ({"ada": True, "ben": True}, {"crew": {"ada"}})
    office.line.fault = lambda each: "the line broke" if each.method == "PATCH" else None
    office.directory.join(crew, ben)
    assert not office.engine.turn().in_step
    office.line.fault = None
    assert office.engine.settle().in_step
    assert office.groups() == {"crew": {"ada", "ben"}}


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
    office.line.fault = lambda each: Reply(500) if each.method in {"PATCH", "PUT"} else None
    office.directory.join(crew, ben)
    assert not office.engine.turn().in_step
    assert office.groups() == {"crew": {"ada", "ben"}}
    office.line.fault, office.line.after_the_server = None, False
    office.directory.leave(crew, ben)
    assert office.engine.settle().in_step
    assert office.groups() == {"crew": {"ada"}}


def test_a_group_that_is_deleted_is_deleted_in_the_app(office: Office) -> None:
    ada = office.directory.hire(person("ada")).idp_id
    crew = office.form("crew", ada)
    office.engine.turn()
    office.line.fault = lambda each: Reply(500) if each.method == "DELETE" else None
    office.directory.dissolve(crew)
    assert not office.engine.turn().in_step
    # The members are deactivated all the same.
    assert (office.groups(), office.users()) == ({"crew": {"ada"}}, {"ada": False})
    office.line.fault = None
    assert office.engine.settle().in_step
    assert (office.groups(), office.users()) == ({}, {"ada": False})


def test_a_deletion_whose_reply_was_lost_is_done_when_it_finds_nothing(office: Office) -> None:
    crew = office.form("crew", *office.hire("ada"))
    office.engine.turn()
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method == "DELETE" else None
    office.directory.dissolve(crew)
    assert not office.engine.turn().in_step
    office.line.fault, office.line.after_the_server = None, False
    assert office.engine.retry().in_step
    assert office.groups() == {}


def test_without_group_management_no_group_is_sent() -> None:
    office = Office("jumpcloud", toggles={"manage_groups": False})
    ada = office.directory.hire(person("ada")).idp_id
    crew = office.form("crew", ada)
    office.engine.turn()
    assert (office.users(), office.groups()) == ({"ada": True}, {})
    office.directory.dissolve(crew)
    assert office.engine.turn().in_step
    assert (office.users(), office.groups()) == ({"ada": False}, {})


def test_another_token_is_used_from_the_next_request_on(office: Office) -> None:
    office.line.fault = lambda each: (
        Reply(401) if OTHER_TOKEN not in dict(each.headers)["Authorization"] else None
    )
    office.hire("ada")
    assert not office.engine.turn().in_step
    office.engine.rotate(Credential("bearer", OTHER_TOKEN))
    assert office.engine.retry().in_step


def test_an_engine_is_kept_and_taken_up_again(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    crew = office.form("crew", ada)
    office.engine.turn()
    office.line.fault = lambda each: Reply(500)
    office.directory.change(ada, family_name="Other")
    office.engine.turn()
    office.line.fault = None
    kept = json.loads(json.dumps(office.engine.save()))
    assert "token-of-the-office" not in json.dumps(kept)
    again = office.start()
    again.load(kept)
    assert again.save() == office.engine.save()
    again.directory.join(crew, ben)
    office.writes()
    assert again.settle().in_step
    assert office.user("ada")["name"]["familyName"] == "Other"
    assert office.groups() == {"crew": {"ada", "ben"}}
    assert not any(line.startswith("POST") for line in office.writes())


def test_passwords_are_not_kept(office: Office) -> None:
    ada = office.directory.hire(replace(person("ada"), password="known-to-ada"))  # noqa: S106
    office.directory.assign(ada.idp_id)
    office.engine.turn()
    assert "known-to-ada" not in json.dumps(office.engine.save())


@pytest.mark.parametrize("part", ["directory", "links"])
def test_what_is_no_kept_engine_is_refused(office: Office, part: str) -> None:
    with pytest.raises(ValueError, match="this is no"):
        office.engine.load({**office.engine.save(), part: {}})
