"""JumpCloud's bound groups: who comes in and who leaves."""

from __future__ import annotations

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement

from .conftest import Account
from .conftest import Team
from .conftest import formed
from .outcomes import passed
from .outcomes import through

pytestmark = pytest.mark.usefixtures("groups_offered")

ADD = "add members"


@requirement("JUMPCLOUD-MEMBER-1", proof=("patch-refused-501", "group-patch-501"))
def test_the_add_of_a_member_is_accepted(jc: Replay, team: Team, crew: tuple[Account, ...]) -> None:
    """A PATCH that adds a member is accepted."""
    jc.act.add_members(team.group, [crew[2].person])


@requirement("JUMPCLOUD-MEMBER-2", proof=("member-add-ignored", "member-add-replaces"))
def test_an_added_member_joins_the_others(
    jc: Replay, team: Team, crew: tuple[Account, ...], look: ScimClient
) -> None:
    """An added member is in the group beside those who were there."""
    through(jc, jc.mock.add_members(team.group, [crew[2].person]))
    expect(look.group(team.id)).status(200).members([*team.member_ids, crew[2].id])


@requirement("JUMPCLOUD-MEMBER-3", proof=("member-add-refuses-existing", "members-duplicated"))
def test_a_member_is_added_again(
    jc: Replay, team: Team, crew: tuple[Account, ...], look: ScimClient
) -> None:
    """A member who is added a second time is listed once, and JumpCloud meets no error."""
    form = jc.again(switches={"member_add": "twice"})
    form.idp.link(crew[2].person, crew[2].id)
    form.idp.link_group(team.group, team.id)
    outcome = form.mock.add_members(team.group, [crew[2].person])
    if len(outcome.exchanges) < 2:
        through(form, outcome)
    passed(form, outcome, ADD)
    seen = expect(look.group(team.id)).status(200)
    seen.members([*team.member_ids, crew[2].id]).warn_at_most().nobody_twice()


@requirement(
    "JUMPCLOUD-MEMBER-4",
    proof=(
        *("member-remove-ignored", "member-remove-removes-all", "member-remove-path-refused"),
        *("group-put-keeps-old-members", "member-remove-ignored+group-put-501"),
    ),
)
def test_who_leaves_a_group_goes_alone(
    jc: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """A leaver is removed alone, by a value, by a filter in the path, or by a PUT."""
    leaver, stayer = crew[:2]

    def check(form: Replay) -> None:
        for each in crew:
            form.idp.link(each.person, each.id)
        group = people.group(leaver.person, stayer.person)
        group_id = formed(look, group.name, (leaver.id, stayer.id))
        form.idp.link_group(group, group_id)
        form.act.remove_members(group, [leaver.person])
        expect(look.group(group_id)).status(200).members([stayer.id])

    every_form(jc, "group-member-remove", check)


@requirement(
    "JUMPCLOUD-MEMBER-5",
    proof=("group-put-ignores-members", "group-put-refuses-id", "member-display-refused"),
)
def test_a_put_leaves_exactly_its_members(jc: Replay, team: Team, look: ScimClient) -> None:
    """A PUT of the group, with `display` in its members or without, leaves those it names."""
    leaver, stayer = team.staff

    def check(form: Replay) -> None:
        for each in team.staff:
            form.idp.link(each.person, each.id)
        form.idp.link_group(team.group, team.id)
        form.act.remove_members(team.group, [leaver.person], "full-put")
        expect(look.group(team.id)).status(200).members([stayer.id])

    every_form(jc, "group-put-p3", check)


@requirement("JUMPCLOUD-MEMBER-6", proof=("member-remove-deletes-user",))
def test_who_leaves_a_group_stays_a_user(jc: Replay, team: Team, look: ScimClient) -> None:
    """Who leaves a group and has another binding is still an active user."""
    leaver = team.staff[0]
    for form in ("value-list", "path-filter", "full-put"):  # the first that the server takes
        jc.idp.link_group(team.group, team.id)
        outcome = jc.mock.remove_members(team.group, [leaver.person], form)
        if outcome.ok:
            break
    through(jc, outcome)
    expect(look.user(leaver.id)).status(200).not_inactive()


@requirement("JUMPCLOUD-MEMBER-6", proof=("member-remove-from-every-group",))
def test_who_leaves_a_group_stays_in_others(
    jc: Replay, team: Team, look: ScimClient, people: Registry
) -> None:
    """Who leaves one group in JumpCloud is still in the other one."""
    leaver = team.staff[0]
    other = formed(look, people.group().name, (leaver.id,))
    for form in ("value-list", "path-filter", "full-put"):  # the first that the server takes
        jc.idp.link_group(team.group, team.id)
        outcome = jc.mock.remove_members(team.group, [leaver.person], form)
        if outcome.ok:
            break
    through(jc, outcome)
    expect(look.group(other)).status(200).members([leaver.id])
