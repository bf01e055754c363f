"""Entra's cycle over time: who is inactive and changes, and what hangs on a person who goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.client import ENTERPRISE_URN
from suites.client import ScimClient
from suites.expect import expect
from suites.expect import value_at
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import hire
from .linked import extended
from .narrow import mapping_only
from .teams import acquaint
from .teams import done
from .teams import gathered
from .teams import holds
from .teams import read

CHANGED = "Dr. Somebody Changed"


def _managed(entra: Replay, look: ScimClient, people: Registry) -> tuple[Account, str]:
    """Return a manager, and the id of somebody who reports to this manager."""
    boss = hire(entra, look, people.person())
    report = hire(entra, look, people.person(), **extended(manager={"value": boss.id}))
    look.settle()
    if _manager_of(look, report.id) != boss.id:
        raise NotOffered("the server keeps no manager of a user who is created with one")
    return boss, report.id


def _manager_of(look: ScimClient, user_id: str) -> str:
    extension = value_at(look.user(user_id).object(), ENTERPRISE_URN)
    return str(value_at(value_at(extension, "manager"), "value"))


@requirement("ENTRA-DISABLE-12", proof=("patch-activates",))
def test_a_change_wakes_nobody(entra: Replay, look: ScimClient, people: Registry) -> None:
    """Who is blocked and gets another displayName is still inactive."""
    job = mapping_only(entra, "userName", "displayName")  # the state is as it should be
    made = hire(job, look, people.person(), active=False)
    if look.user(made.id).object().get("active") is not False:
        raise NotOffered("the server creates no inactive users, or does not show that they are")
    job.worked(job.mock.update(made.person, display_name=CHANGED), "update")
    expect(look.user(made.id)).status(200).has("active", False)


@requirement(
    "ENTRA-DISABLE-13",
    proof=("patch-active-only-alone", "inactive-not-changed", "reactivate-clears-title"),
)
def test_who_comes_back_changed_is_active(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """Who comes back with another displayName is active, has it, and has the old title."""
    job = mapping_only(entra, "userName", "displayName", "active")
    made = hire(job, look, people.person(), title="Engineer")
    before = look.user(made.id).object()
    job.given.soft_delete(made.person)
    job.idp.links.remember(replace(made.person, display_name=CHANGED))
    job.act.reassign(made.person)
    user = expect(look.user(made.id)).status(200).not_inactive().has("displayName", CHANGED)
    user.keeps(before, paths=("title",))


@requirement("ENTRA-DISABLE-7", proof=("group-change-drops-inactive",), needs=("groups",))
def test_a_changed_group_keeps_who_is_away(
    entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]
) -> None:
    """Who comes back is in the group that was given another member meanwhile."""
    job = mapping_only(entra, "userName", "active")
    own = hire(job, look, people.person())
    team = gathered(entra, look, people, own, crew[0])
    acquaint(entra, crew)
    job.given.soft_delete(own.person)
    done(entra, entra.mock.add_members(team.group, [crew[1].person]), "add_members")
    job.given.reassign(own.person)
    holds(read(look, team.id), own, *crew[:2])


@requirement("ENTRA-DISABLE-6", proof=("deactivate-forgets-manager",))
def test_a_disabled_manager_is_still_the_manager(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """Who reported to somebody that was disabled still does."""
    boss, report = _managed(entra, look, people)
    entra.given.soft_delete(boss.person)
    manager = expect(look.user(report)).status(200)
    manager.holds(
        lambda: _manager_of(look, report) == boss.id,
        f"the manager {boss.id}",
        lambda: f"the extension {manager.at(ENTERPRISE_URN)!r}",
    )


@requirement("ENTRA-DELETE-7", proof=("delete-of-manager-refused",), dialects=())
def test_a_manager_can_be_purged(entra: Replay, look: ScimClient, people: Registry) -> None:
    """A manager is deleted, and who reported to the manager is still there."""
    boss, report = _managed(entra, look, people)
    entra.act.purge(boss.person)
    expect(look.user(report)).status(200).not_inactive()


@requirement(
    "ENTRA-DELETE-6", proof=("group-of-deleted-member-500",), dialects=(), needs=("groups",)
)
def test_the_group_of_a_purged_member_takes_others(
    entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]
) -> None:
    """A group of which a member was deleted can still be given another."""
    own = hire(entra, look, people.person())
    team = gathered(entra, look, people, own, crew[0])
    acquaint(entra, crew)
    done(entra, entra.mock.add_members(team.group, [crew[1].person]), "add_members")
    entra.given.purge(own.person)
    entra.act.add_members(team.group, [crew[2].person])
    expect(read(look, team.id)).status(200).holds_value("members", value=crew[2].id)


@pytest.mark.usefixtures("groups_offered")
@requirement("ENTRA-MEMBER-3", proof=("member-add-ends-at-present",))
def test_a_present_member_keeps_nobody_out(
    entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]
) -> None:
    """An addition that names a member first, and somebody new after it, adds the new one."""
    form = entra.again(switches={"members_per_patch": "5"})
    team = gathered(form, look, people, crew[0])
    acquaint(form, crew)
    staff = [each.person for each in crew[:2]]
    done(form, form.mock.add_members(team.group, staff), "add_members", by="ENTRA-MEMBER-5")
    holds(read(look, team.id), *crew[:2])


@pytest.mark.usefixtures("groups_offered")
@requirement("ENTRA-MEMBER-11", proof=("member-remove-from-every-group",))
def test_who_leaves_a_group_stays_in_others(
    entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]
) -> None:
    """Who is taken out of one group is still in the other one."""
    leaver, stayer = crew[:2]
    other = gathered(entra, look, people, leaver)
    team = gathered(entra, look, people, leaver, stayer)
    acquaint(entra, crew)
    done(entra, entra.mock.remove_members(team.group, [leaver.person]), "remove_members")
    holds(read(look, other.id), leaver)


@pytest.mark.usefixtures("groups_offered")
@requirement("ENTRA-GROUP-18", proof=("group-delete-ends-memberships",), dialects=())
def test_who_was_in_a_deleted_group_stays_in_others(
    entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]
) -> None:
    """Who was in a deleted group as well is still in the other group."""
    other, team = (gathered(entra, look, people, crew[0]) for _ in range(2))
    entra.worked(entra.mock.delete_group(team.group), "delete_group")
    holds(read(look, other.id), crew[0])
