"""The provisioning job of the mock Entra: cycles, escrow, quarantine, restart, on demand."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import cast

import pytest

from idp_profiles.entra import quarantine
from idp_profiles.entra.engine import Job
from idp_profiles.living.clock import DAY
from idp_profiles.living.clock import HOUR
from idp_profiles.living.clock import MINUTE
from idp_profiles.model import Credential
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.profile import Limit
from tests.idp_profiles.living.office import OTHER_TOKEN
from tests.idp_profiles.living.office import Fault
from tests.idp_profiles.living.office import Office

CYCLE = 40 * MINUTE
SCHEMA = "urn:ietf:params:scim:schemas:extension"


@pytest.fixture
def office() -> Office:
    return Office("entra")


def job(office: Office) -> Job:
    return cast(Job, office.engine)


def refusing(status: int, *words: str) -> Fault:
    """Return a fault: requests whose line holds one of the words are answered with a status."""

    def fault(request: Request) -> Reply | None:
        line = f"{request.method} {request.target}"
        return Reply(status) if any(word in line for word in words) else None

    return fault


def test_the_initial_cycle_brings_everybody_in_scope(office: Office) -> None:
    ada, ben, _ = office.hire("ada", "ben", "cyd")
    office.directory.unassign(office.directory.people[2].idp_id)
    office.form("crew", ada, ben)
    turn = job(office).cycle()
    assert turn.title == "initial cycle"
    assert office.users() == {"ada": True, "ben": True}
    assert office.groups() == {"crew": {"ada", "ben"}}
    assert (turn.in_step, turn.console) == (True, "4 succeeded, 0 failed, 0 in escrow.")


def test_users_come_before_groups_and_groups_before_members(office: Office) -> None:
    office.form("crew", *office.hire("ada"))
    job(office).cycle()
    assert [line.partition("?")[0][:12] for line in office.writes()] == [
        "POST /Users",
        "POST /Groups",
        "PATCH /Group",
    ]


def test_a_cycle_without_changes_sends_nothing(office: Office) -> None:
    office.hire("ada")
    job(office).cycle()
    office.line.sent.clear()
    before = office.clock.now
    turn = job(office).cycle()
    assert office.clock.now == before + CYCLE
    assert (turn.exchanges, office.line.sent) == ((), [])


def test_before_its_time_nothing_is_sent(office: Office) -> None:
    office.hire("ada")
    job(office).cycle()
    office.hire("ben")
    assert job(office).wait(CYCLE - 1).exchanges == ()
    assert office.users() == {"ada": True}
    assert job(office).wait(1).exchanges
    assert office.users() == {"ada": True, "ben": True}


def test_only_what_changed_since_the_watermark_is_looked_at(office: Office) -> None:
    ada, _ = office.hire("ada", "ben")
    job(office).cycle()
    office.writes()
    office.directory.change(ada, jobTitle="Boss")
    job(office).cycle()
    (line,) = office.writes()
    assert line.startswith("PATCH /Users/")
    assert office.user("ada")["title"] == "Boss"


@pytest.mark.parametrize("how", ["block", "delete", "unassign"])
def test_who_leaves_is_switched_off_once_and_comes_back_as_the_same_user(
    office: Office, how: str
) -> None:
    (ada,) = office.hire("ada")
    job(office).cycle()
    known = office.user("ada")["id"]
    back = {"block": "unblock", "delete": "restore", "unassign": "assign"}[how]
    getattr(office.directory, how)(ada)
    job(office).cycle()
    office.directory.change(ada, jobTitle="Nobody")
    office.writes()
    job(office).cycle()
    assert (office.users(), office.writes()) == ({"ada": False}, [])
    getattr(office.directory, back)(ada)
    job(office).cycle()
    assert (office.users(), office.user("ada")["id"]) == ({"ada": True}, known)


def test_a_purged_person_is_deleted_while_in_scope_and_left_alone_otherwise(
    office: Office,
) -> None:
    ada, ben = office.hire("ada", "ben")
    job(office).cycle()
    office.directory.delete(ada)
    office.directory.unassign(ben)
    job(office).cycle()
    office.directory.purge(ada)
    office.directory.purge(ben)
    job(office).cycle()
    assert office.users() == {"ben": False}


def test_people_of_an_assigned_group_are_in_scope_and_those_of_a_nested_one_are_not(
    office: Office,
) -> None:
    ada, ben = office.hire("ada", "ben")
    office.directory.unassign(ada, ben)
    outer, inner = office.form("outer", ada), office.form("inner", ben)
    office.directory.unassign(inner)
    office.directory.nest(outer, inner)
    job(office).cycle()
    assert (office.users(), office.groups()) == ({"ada": True}, {"outer": {"ada"}})
    office.directory.leave(outer, ada)
    office.directory.join(outer, ben)
    job(office).cycle()
    assert office.users() == {"ada": False, "ben": True}
    assert office.groups() == {"outer": {"ben"}}


def test_with_all_in_scope_nobody_has_to_be_assigned() -> None:
    office = Office("entra", scope="all")
    office.directory.unassign(*office.hire("ada"))
    job(office).cycle()
    assert office.users() == {"ada": True}


def test_a_group_is_renamed_emptied_and_deleted(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    crew = office.form("crew", ada, ben)
    job(office).cycle()
    office.directory.rename(crew, "squad")
    office.directory.leave(crew, ada)
    job(office).cycle()
    assert office.groups() == {"squad": {"ben"}}
    office.directory.dissolve(crew)
    job(office).cycle()
    assert (office.groups(), office.users()) == ({}, {"ada": True, "ben": True})


def manager_of(office: Office, name: str) -> str | None:
    shown = office.user(name).get(f"{SCHEMA}:enterprise:2.0:User", {})
    return cast("str | None", shown.get("manager", {}).get("value"))


def test_a_manager_follows_in_the_second_pass(office: Office) -> None:
    (boss,) = office.hire("boss")
    (ada,) = office.hire("ada", manager=boss)
    job(office).cycle()
    extension = next(value for key, value in office.user("ada").items() if "enterprise" in key)
    assert extension["manager"]["value"] == office.user("boss")["id"]
    office.directory.change(ada, manager="")
    job(office).cycle()
    shown = [value for key, value in office.user("ada").items() if "enterprise" in key]
    assert not any("manager" in value for value in shown)


def test_who_comes_back_under_another_name_is_in_no_group_until_a_restart(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    office.form("crew", ada, ben)
    office.directory.change(ada, manager=ben)
    office.directory.change(ben, manager=ada)
    job(office).cycle()
    office.directory.block(ada)
    job(office).cycle()
    office.directory.change(ada, user_name="eva@example.com")
    office.directory.unblock(ada)
    assert job(office).cycle().in_step
    assert office.users() == {"ada": False, "ben": True, "eva": True}
    assert office.groups() == {"crew": {"ada", "ben"}}
    assert manager_of(office, "eva") == office.user("ben")["id"]
    assert manager_of(office, "ben") == office.user("ada")["id"]
    assert job(office).restart().in_step
    assert office.groups() == {"crew": {"ada", "ben", "eva"}}
    assert manager_of(office, "ben") == office.user("eva")["id"]
    office.directory.change(ben, manager="")
    job(office).cycle()
    assert manager_of(office, "ben") is None


def test_a_manager_who_comes_later_is_not_set_until_a_restart(office: Office) -> None:
    (boss,) = office.hire("boss")
    office.directory.unassign(boss)
    office.hire("ada", manager=boss)
    job(office).cycle()
    office.directory.assign(boss)
    job(office).cycle()
    assert "manager" not in json.dumps(office.user("ada"))
    job(office).restart()
    assert "manager" in json.dumps(office.user("ada"))


def test_what_fails_is_tried_again_next_cycle_and_then_less_and_less_often(
    office: Office,
) -> None:
    office.hire("ada")
    office.line.fault = refusing(500, "POST /Users")
    attempts = []
    for _ in range(16):
        turn = job(office).cycle()
        attempts += [office.clock.now] if turn.exchanges else []
    pauses = [round((b - a) / CYCLE) for a, b in pairwise(attempts)]
    assert pauses[:4] == [1, 2, 4, 8]
    (held,) = turn.pending
    assert (held.kind, held.name) == ("person", "ada@example.com")
    assert held.why.startswith("InternalServerError")
    office.line.fault = None
    assert job(office).settle().in_step
    assert office.users() == {"ada": True}


def test_a_reply_that_is_lost_makes_no_second_user(office: Office) -> None:
    office.hire("ada")
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method == "POST" else None
    job(office).cycle()
    office.line.fault, office.line.after_the_server = None, False
    assert job(office).settle().in_step
    assert office.users() == {"ada": True}


def test_a_member_whose_account_failed_is_added_once_it_is_there(office: Office) -> None:
    office.form("crew", *office.hire("ada", "ben"))
    office.line.fault = lambda each: (
        Reply(500) if b"ben@" in (each.body or b"") and each.method == "POST" else None
    )
    job(office).cycle()
    assert office.groups() == {"crew": {"ada"}}
    office.line.fault = None
    assert job(office).settle().in_step
    assert office.groups() == {"crew": {"ada", "ben"}}


@pytest.mark.parametrize(("status", "words"), [(401, ("/",)), (404, ("filter=userName",))])
def test_a_wrong_credential_or_protocol_puts_the_job_into_quarantine(
    office: Office, status: int, words: tuple[str, ...]
) -> None:
    office.hire("ada", "ben")
    office.line.fault = refusing(status, *words)
    begun = office.clock.now
    turn = job(office).cycle()
    assert len(turn.exchanges) == 1  # the first one stops the job
    assert turn.console == "Quarantine: EncounteredQuarantineException."
    attempts = []
    for _ in range(5):
        job(office).cycle()
        attempts.append((office.clock.now - begun) / HOUR)
    assert attempts == [6, 12, 24, 48, 72]
    office.line.fault = None
    assert job(office).cycle().in_step
    assert office.users() == {"ada": True, "ben": True}
    assert job(office).quarantine is None


def test_after_twenty_eight_days_of_quarantine_the_job_is_disabled(office: Office) -> None:
    office.hire("ada")
    office.line.fault = refusing(401, "/")
    job(office).cycle()
    job(office).wait(29 * DAY)
    assert job(office).disabled
    office.line.fault = None
    office.line.sent.clear()
    assert job(office).wait(10 * DAY).exchanges == ()
    assert "Disabled" in job(office).turn().console
    assert job(office).restart().in_step
    assert office.users() == {"ada": True}


def test_too_many_failures_put_the_job_into_quarantine(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {"quarantine_from": 2, "quarantine_share": 40, "quarantine_failures": 9}
    limits = {key: Limit(value, "", ()) for key, value in small.items()}
    monkeypatch.setattr(quarantine, "LIMITS", {**quarantine.LIMITS, **limits})
    office.hire("ada", "ben", "cyd")
    office.line.fault = lambda each: (
        Reply(500) if each.method == "POST" and b"cyd@" not in (each.body or b"") else None
    )
    turn = job(office).cycle()
    assert turn.console == "Quarantine: EncounteredEscrowProportionThreshold."
    office.line.fault = None
    job(office).wait(6 * HOUR)
    assert (job(office).quarantine, office.users()) == (
        None,
        {"ada": True, "ben": True, "cyd": True},
    )


def test_many_deletions_are_staged_until_the_admin_allows_them() -> None:
    office = Office("entra", threshold=2)
    ada, ben, cyd = office.hire("ada", "ben", "cyd")
    job(office).cycle()
    office.directory.unassign(ada, ben)
    office.directory.change(cyd, jobTitle="Boss")
    turn = job(office).cycle()
    assert office.users() == {"ada": True, "ben": True, "cyd": True}
    assert office.user("cyd")["title"] == "Boss"
    assert "accidental deletion" in turn.console
    assert job(office).wait(3 * DAY).exchanges == ()  # nobody but an admin goes on
    job(office).allow_deletions()
    assert office.users() == {"ada": False, "ben": False, "cyd": True}
    assert job(office).quarantine is None


def test_fewer_deletions_than_the_threshold_pass() -> None:
    office = Office("entra", threshold=2)
    ada, _ = office.hire("ada", "ben")
    job(office).cycle()
    office.directory.unassign(ada)
    job(office).cycle()
    assert office.users() == {"ada": False, "ben": True}


def test_a_paused_job_sends_nothing_and_then_goes_on_where_it_was(office: Office) -> None:
    office.hire("ada")
    job(office).pause()
    assert job(office).wait(DAY).exchanges == ()
    assert job(office).resume().title == "initial cycle"
    assert office.users() == {"ada": True}


def test_a_user_deleted_behind_its_back_stays_broken_until_links_are_broken(
    office: Office,
) -> None:
    (ada,) = office.hire("ada")
    job(office).cycle()
    office.ask("DELETE", f"/Users/{office.user('ada')['id']}")
    office.directory.change(ada, jobTitle="Boss")
    turn = job(office).cycle()
    (held,) = turn.pending
    assert held.why.startswith("InvalidAnchor")
    assert held.due is None
    job(office).restart()
    assert office.users() == {}
    job(office).restart(reset_links=True)
    assert office.users() == {"ada": True}


def test_a_restart_matches_again_and_makes_nothing_twice(office: Office) -> None:
    office.form("crew", *office.hire("ada"))
    job(office).cycle()
    before = office.user("ada")["id"]
    job(office).restart(reset_links=True)
    assert (office.user("ada")["id"], office.groups()) == (before, {"crew": {"ada"}})


def test_another_token_ends_the_quarantine_of_the_old_one(office: Office) -> None:
    office.hire("ada")
    office.line.fault = lambda each: (
        Reply(401) if dict(each.headers)["Authorization"] != f"Bearer {OTHER_TOKEN}" else None
    )
    assert "Quarantine" in job(office).cycle().console
    job(office).rotate(Credential("bearer", OTHER_TOKEN))
    assert job(office).turn().in_step
    assert office.users() == {"ada": True}


def test_on_demand_provisions_one_person_at_once(office: Office) -> None:
    ada, ben = office.hire("ada", "ben")
    assert job(office).on_demand(ada).handled[0].ok
    assert office.users() == {"ada": True}
    office.directory.unassign(ben)
    turn = job(office).on_demand(ben)
    assert (turn.exchanges, turn.console) == ((), "ben@example.com is not in scope: skipped.")


def test_on_demand_provisions_a_group_with_five_members_at_most(office: Office) -> None:
    people = office.hire("ada", "ben", "cyd", "dot", "eve", "fay")
    crew = office.form("crew", *people)
    job(office).on_demand_group(crew, people[:1])
    assert set(office.groups()) == {"crew"}
    with pytest.raises(ValueError, match="5 members, not 6"):
        job(office).on_demand_group(crew, people)


def test_a_job_is_kept_and_taken_up_again(office: Office) -> None:
    ada, _ = office.hire("ada", "ben")
    crew = office.form("crew", ada)
    job(office).cycle()
    office.line.fault = refusing(500, "PATCH /Users")
    office.directory.change(ada, jobTitle="Boss")
    job(office).cycle()
    kept = json.loads(json.dumps(job(office).save()))
    assert "token-of-the-office" not in json.dumps(kept)
    office.line.fault = None
    again = cast(Job, office.start())
    again.load(kept)
    assert again.pending == job(office).pending
    assert again.save() == job(office).save()
    again.directory.rename(crew, "squad")
    office.writes()
    assert again.settle().in_step
    assert office.user("ada")["title"] == "Boss"
    assert office.groups() == {"squad": {"ada"}}
    assert not any(line.startswith("POST") for line in office.writes())


@pytest.mark.parametrize("wrong", [{}, {"directory": {}}])
def test_what_is_no_kept_job_is_refused(office: Office, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="this is no"):
        job(office).load(wrong)  # type: ignore[arg-type] # wrong on purpose


def test_a_scope_that_there_is_not_is_named() -> None:
    with pytest.raises(ValueError, match="'some'"):
        Office("entra", scope="some")
