"""Keycloak's group propagation: the whole group by PUT or PATCH, then each user concerned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement

from .conftest import Account
from .conftest import Pushed
from .conftest import Team
from .conftest import hire
from .conftest import known_team
from .conftest import patching

pytestmark = pytest.mark.usefixtures("groups_offered")


@requirement(
    "KEYCLOAK-GROUP-1",
    proof=(
        *("group-create-501", "group-create-without-id", "group-create-empty-body"),
        *("group-create-refuses-members", "group-create-refuses-external-id"),
        *("group-create-id-differs", "member-ref-relative-refused"),
    ),
)
def test_a_new_group_exists(keycloak: Replay, pushed: Pushed, look: ScimClient) -> None:
    """A group created in the realm exists under its name and the id of the reply."""
    keycloak.judged(pushed.outcome)
    expect(look.group(pushed.id)).status(200).has("displayName", pushed.group.name)


@requirement("KEYCLOAK-GROUP-2", proof=("group-create-ignores-members",))
def test_a_new_group_has_its_members(keycloak: Replay, pushed: Pushed, look: ScimClient) -> None:
    """A group created in the realm has exactly its members."""
    keycloak.worked(pushed.outcome, "push_group")
    expect(look.group(pushed.id)).status(200).members(pushed.member_ids)


@requirement("KEYCLOAK-GROUP-3", proof=("empty-group-refused",))
def test_an_empty_group_is_created(keycloak: Replay, look: ScimClient, people: Registry) -> None:
    """A group without `members` is created."""
    group = people.group()
    keycloak.act.push_group(group)
    seen = expect(look.group(str(keycloak.idp.group_id(group)))).status(200)
    seen.has("displayName", group.name)


# -- by PUT


@requirement(
    "KEYCLOAK-GPUT-1",
    proof=(
        *("group-put-501", "group-rename-ignored", "group-rename-creates-another"),
        *("group-put-refuses-id", "group-rename-drops-members"),
    ),
)
def test_a_renamed_group_is_the_same_group(
    keycloak: Replay, team: Team, look: ScimClient, people: Registry
) -> None:
    """A renamed group has the new name, and the id and the members that it had."""
    new = people.group().name
    keycloak.act.rename_group(team.group, new)
    seen = expect(look.group(team.id)).status(200).has("displayName", new)
    seen.members(team.member_ids)


@requirement("KEYCLOAK-GPUT-2", proof=("member-type-refused",))
def test_newer_members_have_a_type(
    keycloak: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """Members with a type and a `$ref`, as newer code sends them by PUT, are the same members."""
    _typed(keycloak.again(switches={"members": "typed"}), crew[:2], look, people)


@requirement("KEYCLOAK-GPUT-2", proof=("member-type-refused",), needs=("patch",))
def test_newer_members_by_patch_have_a_type(
    keycloak: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """Members with a type and no `$ref`, as newer code sends them by PATCH, are the same."""
    switches = {"members": "typed", "group_update": "patch"}
    _typed(keycloak.again(switches=switches), crew[:2], look, people)


def _typed(form: Replay, staff: tuple[Account, ...], look: ScimClient, people: Registry) -> None:
    for each in staff:
        form.idp.link(each.person, each.id)
    group = people.group(*(each.person for each in staff))
    form.act.push_group(group)
    form.act.rename_group(group, people.group().name)
    seen = expect(look.group(str(form.idp.group_id(group)))).status(200)
    seen.members([each.id for each in staff])


@requirement("KEYCLOAK-GPUT-3", proof=("group-put-ignores-members",))
def test_an_added_member_joins_the_others(
    keycloak: Replay, team: Team, crew: tuple[Account, ...], look: ScimClient
) -> None:
    """The PUT of a group with one member more leaves exactly its members."""
    keycloak.act.add_member(team.group, crew[2].person)
    expect(look.group(team.id)).status(200).members([each.id for each in crew])


@requirement("KEYCLOAK-GPUT-4", proof=("group-put-keeps-old-members", "group-put-ignores-members"))
def test_a_removed_member_goes_alone(keycloak: Replay, team: Team, look: ScimClient) -> None:
    """The PUT of a group with one member less leaves exactly its members."""
    leaver, stayer = team.staff
    keycloak.act.remove_member(team.group, leaver.person)
    expect(look.group(team.id)).status(200).members([stayer.id])


@requirement("KEYCLOAK-GPUT-5", proof=("group-put-keeps-old-members",))
def test_a_put_without_members_empties_the_group(
    keycloak: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """The PUT of an empty group, which has no `members`, leaves nobody in it."""
    team = known_team(keycloak, look, people.group(), crew[0])
    keycloak.act.remove_member(team.group, crew[0].person)
    expect(look.group(team.id)).status(200).members([])


@requirement("KEYCLOAK-GPUT-6", proof=("group-put-deletes-leavers",))
def test_who_leaves_a_group_stays_a_user(
    keycloak: Replay, look: ScimClient, people: Registry
) -> None:
    """Who is left out of a group is still a user, and active."""
    team = known_team(keycloak, look, people.group(), hire(keycloak, look, people.person()))
    keycloak.watched(keycloak.mock.remove_member(team.group, team.staff[0].person))
    expect(look.user(team.member_ids[0])).status(200).not_inactive()


# -- by PATCH


@requirement(
    "KEYCLOAK-GPATCH-1",
    proof=(
        *("group-patch-501", "members-path-replace-refused", "members-replace-appends"),
        *("patch-first-operation-only", "patch-last-operation-only", "members-replace-ignored"),
    ),
    needs=("patch",),
)
def test_members_and_name_are_replaced_by_patch(
    keycloak: Replay, team: Team, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """Where PATCH is chosen, one request leaves exactly the members and the name that it has."""
    form, new = patching(keycloak, "group", *crew), people.group().name
    members = (team.staff[0].person, crew[2].person)
    form.idp.link_group(replace(team.group, members=members), team.id)
    form.act.rename_group(team.group, new)
    seen = expect(look.group(team.id)).status(200).has("displayName", new)
    seen.members([team.staff[0].id, crew[2].id])


@requirement("KEYCLOAK-GPATCH-2", proof=("member-remove-ignored", "null-refused"), needs=("patch",))
def test_a_remove_with_null_empties_the_group(
    keycloak: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """Where PATCH is chosen, a remove of `members` with a null value leaves nobody there."""
    team = known_team(keycloak, look, people.group(), crew[0])
    form = patching(keycloak, "group", crew[0])
    form.idp.link_group(team.group, team.id)
    form.act.remove_member(team.group, crew[0].person)
    expect(look.group(team.id)).status(200).members([])


# -- deletion


@requirement(
    "KEYCLOAK-END-1",
    proof=("group-delete-refused", "group-delete-ignored", "group-delete-deletes-users"),
)
def test_a_deleted_group_is_gone(keycloak: Replay, team: Team, look: ScimClient) -> None:
    """A group deleted in the realm is gone, and its members are still users."""
    keycloak.act.delete_group(team.group)
    expect(look.group(team.id)).status(404, 410)
    expect(look.user(team.member_ids[0])).status(200)


@requirement("KEYCLOAK-END-1", proof=("group-delete-ends-memberships",))
def test_who_was_in_a_deleted_group_stays_in_others(
    keycloak: Replay, team: Team, look: ScimClient, people: Registry
) -> None:
    """Who was in a group that the realm deleted is still in the other group."""
    other = known_team(keycloak, look, people.group(), team.staff[0])
    keycloak.worked(keycloak.mock.delete_group(team.group), "delete_group")
    expect(look.group(other.id)).status(200).members([team.staff[0].id])


@requirement("KEYCLOAK-GPUT-6", proof=("member-remove-from-every-group",))
def test_who_is_left_out_stays_in_other_groups(
    keycloak: Replay, team: Team, look: ScimClient, people: Registry
) -> None:
    """Who is left out of one group is still in the other one."""
    leaver = team.staff[0]
    other = known_team(keycloak, look, people.group(), leaver)
    keycloak.worked(keycloak.mock.remove_member(team.group, leaver.person), "remove_member")
    expect(look.group(other.id)).status(200).members([leaver.id])
