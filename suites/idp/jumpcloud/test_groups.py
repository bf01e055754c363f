"""JumpCloud's bound groups: created, taken over, renamed, deleted."""

from __future__ import annotations

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.idp.look_alikes import awkward_group_name
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement

from .conftest import Account
from .conftest import Team
from .conftest import formed
from .conftest import hire
from .outcomes import accepted
from .outcomes import passed
from .outcomes import through
from .outcomes import understood

pytestmark = pytest.mark.usefixtures("groups_offered")

LOOK_UP, CREATE, ADD = "look up the group", "create the group", "add members"


@requirement("JUMPCLOUD-GROUP-1", proof=("group-filter-unsupported",))
@pytest.mark.usefixtures("selective_groups")
def test_the_look_up_of_a_group_is_answered(
    jc: Replay, crew: tuple[Account, ...], people: Registry
) -> None:
    """The look-up of a group that does not exist is answered with a list."""
    passed(jc, jc.mock.bind_group(people.group(crew[0].person)), LOOK_UP)


@requirement(
    "JUMPCLOUD-GROUP-2",
    proof=(
        *("group-create-501", "group-create-empty-body", "group-create-without-id"),
        "group-create-id-differs",
    ),
)
@pytest.mark.usefixtures("selective_groups")
def test_a_bound_group_exists(
    jc: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """A bound group is found once under its name, and by the id of the reply."""
    group = people.group(crew[0].person)
    outcome = jc.watched(jc.mock.bind_group(group))
    if not accepted(outcome, CREATE) or jc.idp.group_id(group.name) is None:
        passed(jc, outcome, CREATE)
    group_id = str(jc.idp.group_id(group.name))
    expect(look.group(group_id)).status(200).has("displayName", group.name)
    expect(look.groups_named(group.name)).matches(group_id)


@requirement("JUMPCLOUD-GROUP-3", proof=("member-display-refused", "member-add-refuses-existing"))
@pytest.mark.usefixtures("selective_groups")
def test_every_form_of_a_new_group_works(
    jc: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """Members by PATCH alone, or in the POST and again in the PATCH: the members are right."""
    staff = crew[:2]

    def check(form: Replay) -> None:
        for each in staff:
            form.idp.link(each.person, each.id)
        group = people.group(*(each.person for each in staff))
        passed(form, form.mock.bind_group(group), CREATE, ADD)
        seen = expect(look.group(str(form.idp.group_id(group.name)))).status(200)
        seen.members([each.id for each in staff]).nobody_twice()

    every_form(jc, "group-create", check)


@requirement("JUMPCLOUD-GROUP-4", proof=("group-filter-finds-nothing", "member-add-replaces"))
@pytest.mark.usefixtures("selective_groups")
def test_a_group_of_the_name_is_taken_over(
    jc: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """An existing group of the name stays the only one, with its members and the new ones."""
    old, new = crew[:2]
    group = people.group(new.person)
    group_id = formed(look, group.name, (old.id,))
    outcome = jc.mock.bind_group(group)
    through(jc, outcome)
    expect(look.groups_named(group.name)).matches(group_id)
    expect(look.group(group_id)).status(200).members([old.id, new.id])


@requirement(
    "JUMPCLOUD-GROUP-5",
    proof=("group-filter-prefix", "group-filter-finds-nothing", "group-filter-ignored"),
)
def test_the_look_up_finds_one_group(look: ScimClient, people: Registry) -> None:
    """`displayName eq` finds the group of this name and not its longer neighbour."""
    name = people.group().name
    group_id = formed(look, name)
    formed(look, f"{name} (archive)")
    understood(look.groups_named(name), by="JUMPCLOUD-GROUP-1").matches(group_id)
    understood(look.groups_named(people.unique("nothing")), by="JUMPCLOUD-GROUP-1").nobody()


@requirement(
    "JUMPCLOUD-GROUP-6",
    proof=(
        *("group-rename-refused", "group-rename-ignored", "group-rename-drops-members"),
        *("group-id-in-value-refused", "patch-pathless-refused"),
    ),
)
def test_a_renamed_group_keeps_id_and_members(
    jc: Replay, team: Team, look: ScimClient, people: Registry
) -> None:
    """A group that is renamed, with a path or without, keeps its id and its members."""

    def check(form: Replay) -> None:
        form.idp.link_group(team.group, team.id)
        new = people.group().name
        form.act.rename_group(team.group, new)
        seen = expect(look.group(team.id)).status(200).has("displayName", new)
        seen.members(team.member_ids)

    every_form(jc, "group-rename", check)


@requirement(
    "JUMPCLOUD-GROUP-7",
    proof=("group-delete-refused", "group-delete-ignored", "group-delete-deletes-users"),
)
def test_a_deleted_group_is_gone_without_its_people(
    jc: Replay, look: ScimClient, people: Registry
) -> None:
    """A deleted group is gone; who has nothing else is inactive, and who has is still active."""
    alone, other = (hire(jc, look, people.person(), bound=each) for each in (False, True))
    group = people.group(alone.person, other.person)
    group_id = formed(look, group.name, (alone.id, other.id))
    jc.idp.link_group(group, group_id)
    passed(jc, jc.mock.delete_group(group), "delete the group")
    expect(look.group(group_id)).status(404, 410)
    expect(look.user(alone.id)).status(200).has("active", False)
    expect(look.user(other.id)).status(200).not_inactive()


@requirement(
    "JUMPCLOUD-GROUP-5",
    proof=(
        "filter-split-at-and",
        "filter-percent-decoded-twice",
        "filter-underscores-work",
        "filter-overlooks-accents",
    ),
)
def test_a_group_name_may_hold_words_of_the_filter(look: ScimClient, people: Registry) -> None:
    """JumpCloud finds a group in whose name `and` and brackets stand."""
    understood(look.groups_named(people.unique("nothing")), by="JUMPCLOUD-GROUP-1")
    name = awkward_group_name(look, people)
    group_id = formed(look, name)
    expect(look.groups_named(name)).matches(group_id)


@requirement("JUMPCLOUD-GROUP-7", proof=("group-delete-ends-memberships",))
def test_who_was_in_a_deleted_group_stays_in_others(
    jc: Replay, look: ScimClient, people: Registry
) -> None:
    """Who was in a group that JumpCloud deleted is still in the other group."""
    member = hire(jc, look, people.person())
    group, other = people.group(member.person), people.group().name
    jc.idp.link_group(group, formed(look, group.name, (member.id,)))
    other_id = formed(look, other, (member.id,))
    passed(jc, jc.mock.delete_group(group), "delete the group")
    expect(look.group(other_id)).status(200).members([member.id])
