"""The living mock Keycloak: events at once, requests repeated over a bad line, a full sync."""

from __future__ import annotations

import json

import pytest

from idp_profiles.living.clock import DAY
from idp_profiles.model import Credential
from idp_profiles.model import Reply
from tests.idp_profiles.living.office import OTHER_TOKEN
from tests.idp_profiles.living.office import Office


@pytest.fixture(params=["put", "patch"])
def office(request: pytest.FixtureRequest) -> Office:
    return Office("keycloak", switches={"group_update": request.param})


def test_each_event_is_sent_at_once(office: Office) -> None:
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
    assert office.user("ada")["displayName"] == "Ada Other"
    assert office.groups() == {"squad": {"ada"}}
    office.directory.change(ada, user_name="eve@example.com")
    office.directory.leave(crew, ada)
    office.engine.turn()
    assert (office.users(), office.groups()) == ({"eve": True, "ben": True}, {"squad": set()})


def test_a_membership_sends_the_group_and_then_the_user(office: Office) -> None:
    (ada,) = office.hire("ada")
    crew = office.form("crew")
    office.engine.turn()
    office.writes()
    office.directory.join(crew, ada)
    office.engine.turn()
    first, second = office.writes()
    assert (first.split("/")[1], second.split("/")[1]) == ("Groups", "Users")


def test_nothing_is_sent_without_an_event(office: Office) -> None:
    office.form("crew", *office.hire("ada"))
    office.engine.turn()
    office.line.sent.clear()
    assert office.engine.turn().exchanges == ()
    assert office.line.sent == []


def test_a_realm_has_no_assignments(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.directory.unassign(ada)
    office.engine.turn()
    assert office.users() == {"ada": True}


def test_who_is_disabled_stays_in_the_app_and_comes_back(office: Office) -> None:
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


def test_who_is_deleted_is_deleted_and_a_rehire_is_a_new_user(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.form("crew", ada)
    office.engine.turn()
    known = office.user("ada")["id"]
    office.directory.delete(ada)
    office.engine.turn()
    assert (office.users(), office.groups()) == ({}, {"crew": set()})
    office.directory.restore(ada)
    assert office.engine.turn().in_step
    assert office.user("ada")["id"] != known
    assert office.groups() == {"crew": {"ada"}}
    office.directory.purge(ada)
    assert office.engine.turn().in_step
    assert office.users() == {}


def test_a_request_is_repeated_while_the_network_fails(office: Office) -> None:
    office.hire("ada")
    lines = iter(["the line broke"] * 9)
    office.line.fault = lambda each: next(lines, None)
    begun = office.clock.now
    assert office.engine.turn().in_step
    assert (len(office.line.sent), office.users()) == (10, {"ada": True})
    assert office.clock.now - begun == pytest.approx(sum(0.5 * 1.5**each for each in range(9)))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_is_refused_waits_for_the_full_sync(office: Office, status: int) -> None:
    ada, ben = office.hire("ada", "ben")
    office.form("crew", ada, ben)
    office.line.fault = lambda each: (
        Reply(status) if each.method == "POST" and b"ada@" in (each.body or b"") else None
    )
    turn = office.engine.turn()
    (task,) = turn.pending
    assert (task.key, task.due) == (ada, office.clock.now + 7 * DAY)
    office.line.fault = None
    office.line.sent.clear()
    # There is no link, so that an event on the user sends nothing.
    office.directory.change(ada, family_name="Other")
    assert office.engine.turn().pending
    assert office.line.sent == []
    assert office.engine.settle().in_step
    assert office.user("ada")["displayName"] == "Ada Other"
    assert office.groups() == {"crew": {"ada", "ben"}}


def test_an_admin_can_sync_all_users_at_once(office: Office) -> None:
    office.hire("ada")
    office.form("crew")
    office.line.fault = lambda each: Reply(500)
    assert len(office.engine.turn().pending) == 2
    office.line.fault = None
    assert office.engine.retry().in_step
    assert (office.users(), office.groups()) == ({"ada": True}, {"crew": set()})


def test_the_full_sync_sends_everything_again(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    office.form("crew", ada)
    office.engine.turn()
    office.directory.block(ben)
    office.engine.turn()
    body = {**office.user("ada"), "displayName": "Somebody"}
    office.ask("PUT", f"/Users/{body['id']}", body)
    office.writes()
    turn = office.engine.wait(7 * DAY)
    assert (turn.title, len(office.writes())) == ("full sync", 2)
    assert office.user("ada")["displayName"] == "Ada Example"
    assert turn.in_step


def test_who_could_not_be_disabled_waits_for_an_admin_because_no_sync_looks_at_them(
    office: Office,
) -> None:
    (ada,) = office.hire("ada")
    office.engine.turn()
    office.line.fault = lambda each: Reply(500)
    office.directory.block(ada)
    office.engine.turn()
    office.line.fault = None
    (task,) = office.engine.wait(7 * DAY).pending
    assert (task.key, task.due, office.users()) == (ada, None, {"ada": True})
    assert office.engine.retry().in_step
    assert office.users() == {"ada": False}


def test_what_may_have_arrived_is_told_once_more_though_all_is_as_before(office: Office) -> None:
    (ada,) = office.hire("ada")
    office.engine.turn()
    office.line.after_the_server = True
    office.line.fault = lambda each: Reply(500) if each.method != "GET" else None
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


def test_a_lost_reply_to_a_post_loses_the_link_for_ever(office: Office) -> None:
    # The request is repeated without a look-up: the server answers 409, which is ignored. There is
    # no second user where names are unique, but nobody can change the first one any more.
    (ada,) = office.hire("ada")
    office.line.after_the_server = True
    lost = iter(["the line broke"])
    office.line.fault = lambda each: next(lost, None)
    assert not office.engine.turn().in_step
    office.line.fault, office.line.after_the_server = None, False
    assert [task.key for task in office.engine.settle(most=3).pending] == [ada]
    assert office.users() == {"ada": True}
    office.directory.block(ada)
    office.engine.turn()
    assert office.users() == {"ada": True}


def test_a_delete_that_fails_is_never_repeated_so_that_the_user_stays_behind(
    office: Office,
) -> None:
    (ada,) = office.hire("ada")
    office.engine.turn()
    office.line.fault = lambda each: Reply(500)
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


def test_without_a_verified_address_nobody_is_sent_until_a_full_sync(office: Office) -> None:
    (ada,) = office.hire("ada", emailVerified=False)
    assert office.engine.turn().in_step
    assert office.users() == {}
    office.directory.change(ada, emailVerified=True)
    assert not office.engine.turn().in_step
    assert office.engine.settle().in_step
    assert office.users() == {"ada": True}


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
    again = office.start()
    again.load(kept)
    assert again.save() == office.engine.save()
    again.directory.join(crew, ben)
    office.writes()
    assert again.settle().in_step
    assert office.user("ada")["displayName"] == "Ada Other"
    assert office.groups() == {"crew": {"ada", "ben"}}
    assert not any(line.startswith("POST") for line in office.writes())


@pytest.mark.parametrize("part", ["directory", "links"])
def test_what_is_no_kept_engine_is_refused(office: Office, part: str) -> None:
    with pytest.raises(ValueError, match="this is no"):
        office.engine.load({**office.engine.save(), part: {}})
