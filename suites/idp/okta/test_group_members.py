"""Okta's Push Groups: who is in the group after each change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.expect import value_at
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import Team
from .conftest import hire

pytestmark = pytest.mark.usefixtures("groups_offered")


@requirement("OKTA-MEM-1", proof=("member-add-replaces", "member-add-ignored"))
def test_an_added_member_joins_the_others(
    okta: Replay, pushed: Team, crew: tuple[Account, ...], look: ScimClient
) -> None:
    """Adding a member leaves the others where they are."""
    newcomer = crew[1]
    okta.act.change_members(pushed.group, [newcomer.person], [])
    expect(look.group(pushed.id)).status(200).members([*pushed.member_ids, newcomer.id])


@requirement(
    "OKTA-MEM-2",
    proof=("member-remove-removes-all", "member-remove-ignored", "member-remove-path-refused"),
)
def test_a_removed_member_goes_alone(okta: Replay, pushed: Team, look: ScimClient) -> None:
    """Removing a member by a value filter removes nobody else."""
    leaver, stayer = pushed.staff
    okta.act.change_members(pushed.group, [], [leaver.person])
    expect(look.group(pushed.id)).status(200).members([stayer.id])


@requirement(
    "OKTA-MEM-3",
    proof=("patch-first-operation-only", "patch-last-operation-only", "member-add-one-only"),
)
def test_removes_and_adds_of_one_request_are_done(
    okta: Replay, pushed: Team, crew: tuple[Account, ...], look: ScimClient
) -> None:
    """A PATCH with two removes and an add of two is applied whole."""
    newcomers = crew[1:3]
    leavers = [each.person for each in pushed.staff]
    okta.act.change_members(pushed.group, [each.person for each in newcomers], leavers)
    expect(look.group(pushed.id)).status(200).members([each.id for each in newcomers])


@requirement(
    "OKTA-MEM-4",
    proof=(
        *("members-replace-appends", "members-replace-refused"),
        *("members-pathless-replace-refused", "members-path-replace-refused"),
    ),
)
def test_push_now_replaces_the_list(
    okta: Replay, pushed: Team, crew: tuple[Account, ...], look: ScimClient
) -> None:
    """Push Now leaves exactly the members that are sent, with a path and without."""
    turns = iter(crew[1:])  # each form puts somebody else in, so that none lives off another

    def check(form: Replay) -> None:
        new = next(turns)
        form.idp.link(new.person, new.id)
        form.idp.link_pushed(pushed.group, pushed.id)
        form.act.push_now(replace(pushed.group, members=(new.person,)))
        expect(look.group(pushed.id)).status(200).members([new.id])

    every_form(okta, "group-members-replace-patch", check)


@requirement("OKTA-MEM-5", proof=("members-replace-empty-ignored", "members-replace-refused"))
def test_push_now_empties_a_group(okta: Replay, pushed: Team, look: ScimClient) -> None:
    """Push Now of an empty group removes every member."""
    okta.act.push_now(replace(pushed.group, members=()))
    expect(look.group(pushed.id)).status(200).members([])


@requirement("OKTA-MEM-6", proof=("group-put-keeps-old-members", "group-put-ignores-members"))
def test_a_put_leaves_exactly_its_members(
    okta: Replay, pushed: Team, crew: tuple[Account, ...], look: ScimClient
) -> None:
    """GET and PUT remove who left and add who came."""
    newcomer = crew[1]
    leaver, stayer = pushed.staff
    okta.act.change_members(pushed.group, [newcomer.person], [leaver.person])
    expect(look.group(pushed.id)).status(200).members([stayer.id, newcomer.id])


@requirement("OKTA-MEM-7", proof=("members-without-display+member-display-null-refused",))
def test_a_null_display_is_accepted(
    okta: Replay, pushed: Team, crew: tuple[Account, ...], look: ScimClient
) -> None:
    """`display: null` on a member, echoed where the server gave none, is no error."""
    listed = value_at(look.group(pushed.id).object(), "members")
    if all(value_at(item, "display") for item in (listed if isinstance(listed, list) else [])):
        raise NotOffered("the server gives every member a display, so Okta never sends null")
    newcomer = crew[1]
    okta.act.change_members(pushed.group, [newcomer.person], [])


@requirement(
    "OKTA-MEM-8",
    proof={"aiw": ("group-put-deletes-leavers",), "oin": ("member-remove-deletes-user",)},
)
def test_a_removed_member_stays_a_user(okta: Replay, pushed: Team, look: ScimClient) -> None:
    """Who is removed from a group is still a user, and active."""
    leaver = pushed.staff[0]
    okta.worked(okta.mock.change_members(pushed.group, [], [leaver.person]), "change_members")
    expect(look.user(leaver.id)).status(200).not_inactive()


@requirement(
    "OKTA-MEM-9",
    proof={
        "aiw": ("group-put-ignores-members",),
        "oin": ("large-add-truncated", "large-patch-413"),
    },
)
@pytest.mark.scim_large
def test_a_large_group_is_pushed(okta: Replay, look: ScimClient, people: Registry) -> None:
    """A group of 1,000 has every one of them, each once."""
    form = okta.again(switches={"members_in_post": "empty"})
    crowd = [hire(form, look, person) for person in people.people(1000)]
    group = people.group(*(each.person for each in crowd))
    form.act.push_group(group)
    seen = expect(look.group(str(form.idp.group_id(group.name)))).status(200)
    seen.members([each.id for each in crowd])
