"""The living mock Okta: pushes at once, failed tasks, and an admin who retries them."""

from __future__ import annotations

import json

import pytest

from idp_profiles.model import Credential
from idp_profiles.model import Reply
from tests.idp_profiles.living.office import OTHER_TOKEN
from tests.idp_profiles.living.office import Office


@pytest.fixture(params=["oin", "aiw"])
def office(request: pytest.FixtureRequest) -> Office:
    return Office("okta", dialect=request.param)


def test_each_change_is_pushed_at_once(office: Office) -> None:
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


def test_nothing_is_sent_without_a_change(office: Office) -> None:
    office.form("crew", *office.hire("ada"))
    office.engine.turn()
    office.line.sent.clear()
    assert office.engine.turn().exchanges == ()
    assert office.line.sent == []


@pytest.mark.parametrize("how", ["block", "unassign"])
def test_who_leaves_is_switched_off_and_comes_back_as_the_same_user(
    office: Office, how: str
) -> None:
    (ada,) = office.hire("ada")
    office.engine.turn()
    known = office.user("ada")["id"]
    getattr(office.directory, how)(ada)
    office.engine.turn()
    assert office.users() == {"ada": False}
    getattr(office.directory, {"block": "unblock", "unassign": "assign"}[how])(ada)
    office.directory.change(ada, family_name="Other")
    office.engine.turn()
    assert (office.users(), office.user("ada")["id"]) == ({"ada": True}, known)
    assert office.user("ada")["name"]["familyName"] == "Other"


def test_who_is_deleted_in_okta_stays_in_the_app_inactive(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.engine.turn()
    office.directory.purge(ada)
    office.engine.turn()
    assert office.users() == {"ada": False}
    office.line.sent.clear()
    office.engine.turn()
    assert office.line.sent == []


def test_a_failed_task_waits_for_an_admin(office: Office) -> None:
    ada, _ = office.hire("ada", "ben")
    office.form("crew", *(each.idp_id for each in office.directory.people))
    office.line.fault = lambda each: (
        Reply(500) if each.method == "POST" and b"ada@" in (each.body or b"") else None
    )
    turn = office.engine.turn()
    (task,) = turn.pending
    assert (task.key, task.due, turn.console) == (ada, None, "1 failed tasks.")
    assert office.groups() == {"crew": {"ben"}}
    office.line.fault = None
    office.line.sent.clear()
    assert office.engine.turn().pending
    assert office.line.sent == []
    assert office.engine.retry().in_step
    assert office.users() == {"ada": True, "ben": True}
    assert office.groups() == {"crew": {"ada", "ben"}}


def test_a_new_change_tries_a_failed_task_again(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.line.fault = lambda each: Reply(500)
    office.engine.turn()
    office.line.fault = None
    office.directory.change(ada, family_name="Other")
    assert office.engine.turn().in_step
    assert office.user("ada")["name"]["familyName"] == "Other"


def test_a_reply_that_is_lost_makes_no_second_user(office: Office) -> None:
    office.hire("ada")
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method == "POST" else None
    office.engine.turn()
    office.line.fault, office.line.after_the_server = None, False
    assert office.engine.settle().in_step
    assert office.users() == {"ada": True}


def test_okta_waits_when_it_is_told_to(office: Office) -> None:
    office.hire("ada")
    times = iter([True])
    office.line.fault = lambda each: (
        Reply(429, headers=(("Retry-After", "7"),)) if next(times, False) else None
    )
    begun = office.clock.now
    assert office.engine.turn().in_step
    assert (office.clock.now - begun >= 7, office.users()) == (True, {"ada": True})


def test_a_group_is_deleted_when_its_push_ends(office: Office) -> None:
    crew = office.form("crew", *office.hire("ada"))
    office.engine.turn()
    office.directory.dissolve(crew)
    office.engine.turn()
    assert (office.groups(), office.users()) == ({}, {"ada": True})


@pytest.mark.parametrize("how", ["dissolve", "unassign"])
def test_a_group_that_is_not_there_needs_no_deletion(office: Office, how: str) -> None:
    crew = office.form("crew", *office.hire("ada"))
    office.engine.turn()
    getattr(office.directory, how)(crew)
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method == "DELETE" else None
    assert not office.engine.turn().in_step
    office.line.fault, office.line.after_the_server = None, False
    again = office.engine.retry()
    assert (again.in_step, again.ok) == (True, False)
    assert "Not Found" in again.handled[0].outcome.console
    (ben,) = office.hire("ben")
    if how == "unassign":
        office.directory.join(crew, ben)
        office.directory.assign(crew)
    else:
        office.form("crew 2", ben)
    assert office.engine.turn().in_step
    assert list(office.groups().values()) == [{"ada", "ben"} if how == "unassign" else {"ben"}]


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


def test_what_is_no_kept_engine_is_refused(office: Office) -> None:
    with pytest.raises(ValueError, match="this is no"):
        office.engine.load({"directory": office.directory.to_json()})
