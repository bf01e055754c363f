"""authentik's Sync groups: who is in the group after each change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement

from .conftest import Account
from .conftest import Team
from .conftest import changed
from .conftest import hire
from .conftest import known_team

pytestmark = pytest.mark.usefixtures("groups_offered")

# Whoever is left in by a PUT is taken out by the comparison after it.
KEPT = ("group-put-keeps-old-members+member-remove-ignored",)


@requirement(
    "AUTHENTIK-MEM-1",
    proof=(
        *("member-add-replaces", "member-add-ignored", "patch-last-operation-only"),
        "group-patch-501",
    ),
    needs=("patch",),
)
def test_added_members_join_the_others(
    authentik: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """Two operations that add a member each leave the one who is there."""
    team = known_team(authentik, look, people.group(), crew[0])
    authentik.act.add_members(team.group, crew[1].person, crew[2].person)
    expect(look.group(team.id)).status(200).members([each.id for each in crew])


@requirement("AUTHENTIK-MEM-2", proof=("member-add-refuses-existing",), needs=("patch",))
def test_a_member_added_twice_is_no_error(authentik: Replay, team: Team) -> None:
    """Adding who is in the group already succeeds, as when a task is run again."""
    authentik.act.add_members(team.group, team.staff[0].person)


@requirement(
    "AUTHENTIK-MEM-3",
    proof=("member-remove-overlooks-value", "member-remove-removes-all", "member-remove-ignored"),
    needs=("patch",),
)
def test_a_member_named_by_a_value_array_goes_alone(
    authentik: Replay, team: Team, look: ScimClient
) -> None:
    """A remove on `members` with a value array removes this member and nobody else."""
    leaver, stayer = team.staff
    authentik.act.remove_members(team.group, leaver.person)
    expect(look.group(team.id)).status(200).members([stayer.id])


@requirement("AUTHENTIK-MEM-3", proof=("member-remove-ignored",), needs=("patch",))
def test_the_last_members_can_be_removed(authentik: Replay, team: Team, look: ScimClient) -> None:
    """A remove for each of all the members leaves the group empty."""
    authentik.act.remove_members(team.group, *(each.person for each in team.staff))
    expect(look.group(team.id)).status(200).members([])


@requirement("AUTHENTIK-MEM-4", proof=("member-remove-missing-refused",), needs=("patch",))
def test_who_is_no_member_can_be_removed(
    authentik: Replay, team: Team, crew: tuple[Account, ...], look: ScimClient
) -> None:
    """Removing who is no member succeeds, and the others stay."""
    authentik.act.remove_members(team.group, crew[2].person)
    expect(look.group(team.id)).status(200).members(team.member_ids)


@requirement(
    "AUTHENTIK-MEM-5",
    proof=(
        *("member-remove-overlooks-value", "member-remove-ignored", "member-add-ignored"),
        *("patch-first-operation-only", "group-get-404"),
    ),
    needs=("patch",),
)
def test_differing_members_are_mended(
    authentik: Replay, team: Team, crew: tuple[Account, ...], look: ScimClient
) -> None:
    """After a change the group is read, and adds and removes of one PATCH mend its members."""
    stayer, newcomer = team.staff[0], crew[2]
    members = (stayer.person, newcomer.person)
    outcome = authentik.watched(authentik.mock.push_group(replace(team.group, members=members)))
    changed(authentik, outcome)
    expect(look.group(team.id)).status(200).members([stayer.id, newcomer.id])


@requirement(
    "AUTHENTIK-MEM-6",
    proof=("member-remove-deletes-user",),
    dialects=("default",),
    needs=("patch",),
)
def test_who_leaves_a_group_stays_a_user(
    authentik: Replay, look: ScimClient, people: Registry
) -> None:
    """Who is removed by a value array is still a user, and active."""
    team = known_team(authentik, look, people.group(), hire(authentik, look, people.person()))
    leaver = team.staff[0]
    authentik.worked(authentik.mock.remove_members(team.group, leaver.person), "remove_members")
    expect(look.user(leaver.id)).status(200).not_inactive()


@requirement("AUTHENTIK-MEM-7", proof=("large-patch-413", "large-add-truncated"), needs=("patch",))
@pytest.mark.scim_large
def test_many_members_are_added(authentik: Replay, look: ScimClient, people: Registry) -> None:
    """A group of 200 that is pushed has every one of them."""
    crowd = [hire(authentik, look, person) for person in people.people(200)]
    group = people.group(*(each.person for each in crowd))
    authentik.act.push_group(group)
    seen = expect(look.group(str(authentik.idp.group_id(group)))).status(200)
    seen.members([each.id for each in crowd])


# -- where PATCH counts as unsupported


@requirement("AUTHENTIK-PUT-1", proof=("group-put-ignores-members+member-add-ignored",))
def test_members_added_by_put_join_the_others(
    authentik: Replay, team: Team, crew: tuple[Account, ...], look: ScimClient
) -> None:
    """The PUT of a group with one member more, and the mending, leave exactly its members."""
    authentik.act.add_members(team.group, crew[2].person)
    expect(look.group(team.id)).status(200).members([each.id for each in crew])


@requirement("AUTHENTIK-PUT-2", proof=KEPT)
def test_a_member_left_out_of_the_put_goes_alone(
    authentik: Replay, team: Team, look: ScimClient
) -> None:
    """The PUT of a group with one member less, and the mending, leave exactly its members."""
    leaver, stayer = team.staff
    authentik.act.remove_members(team.group, leaver.person)
    expect(look.group(team.id)).status(200).members([stayer.id])


@requirement("AUTHENTIK-PUT-3", proof=KEPT)
def test_a_put_without_members_empties_the_group(
    authentik: Replay, team: Team, look: ScimClient
) -> None:
    """After the PUT without `members`, and the mending that follows, nobody is in the group."""
    authentik.act.remove_members(team.group, *(each.person for each in team.staff))
    expect(look.group(team.id)).status(200).members([])


@requirement("AUTHENTIK-MEM-6", proof=("member-remove-from-every-group",), needs=("patch",))
def test_who_is_removed_stays_in_other_groups(
    authentik: Replay, team: Team, look: ScimClient, people: Registry
) -> None:
    """Who is removed from one group by authentik is still in the other one."""
    leaver = team.staff[0]
    other = known_team(authentik, look, people.group(), leaver)
    authentik.worked(authentik.mock.remove_members(team.group, leaver.person), "remove_members")
    expect(look.group(other.id)).status(200).members([leaver.id])
