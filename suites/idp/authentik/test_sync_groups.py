"""authentik's Sync groups: the first push, the conflict, the change of a name, the deletion."""

from __future__ import annotations

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import Pushed
from .conftest import Team
from .conftest import form_refused
from .conftest import formed
from .conftest import known_team

pytestmark = pytest.mark.usefixtures("groups_offered")

CREATED = (
    *("group-create-501", "group-create-without-id", "group-create-empty-body"),
    *("group-create-id-differs", "group-create-refuses-external-id"),
)
ALONE = (*CREATED, "empty-group-refused")
WHOLE = (*CREATED, "group-create-refuses-members")
ADDED = ("member-add-ignored", "patch-first-operation-only", "group-patch-501")
SENT = ("group-create-ignores-members+member-add-ignored",)
GONE = ("group-write-missing-500",)


@requirement(
    "AUTHENTIK-GROUP-1",
    proof={"default": ALONE, "aws": WHOLE, "slack": ALONE, "salesforce": WHOLE},
)
def test_a_pushed_group_exists(authentik: Replay, pushed: Pushed, look: ScimClient) -> None:
    """A group that was pushed exists under its name and the id of the reply."""
    authentik.watched(pushed.outcome)
    if pushed.id is None:
        authentik.judged(pushed.outcome)
    expect(look.group(str(pushed.id))).status(200).has("displayName", pushed.group.name)


@requirement(
    "AUTHENTIK-GROUP-2", proof={"default": ADDED, "aws": SENT, "slack": ADDED, "salesforce": SENT}
)
def test_a_pushed_group_has_its_members(
    authentik: Replay, pushed: Pushed, look: ScimClient
) -> None:
    """A group that was pushed has exactly its members."""
    authentik.watched(pushed.outcome)
    if pushed.id is None:
        authentik.worked(pushed.outcome, "push_group")
    expect(look.group(str(pushed.id))).status(200).members(pushed.member_ids)


@requirement("AUTHENTIK-GROUP-3", proof=("member-add-refuses-existing",), needs=("patch",))
def test_members_of_the_post_are_added_again(authentik: Replay, pushed: Pushed) -> None:
    """The PATCH that adds the members of the POST once more succeeds."""
    if pushed.id is None:
        authentik.worked(pushed.outcome, "push_group")
    authentik.judged(pushed.outcome)


@requirement("AUTHENTIK-GROUP-4", proof=("members-duplicated",), needs=("patch",))
def test_members_added_again_are_listed_once(
    authentik: Replay, pushed: Pushed, look: ScimClient
) -> None:
    """Who is in the POST and in the PATCH after it is listed once."""
    authentik.worked(pushed.outcome, "push_group")
    expect(look.group(str(pushed.id))).status(200).nobody_twice()


@requirement(
    "AUTHENTIK-GROUP-5",
    proof=(
        "group-names-unique+group-filter-finds-nothing",
        "group-names-unique+group-filter-ignored",
    ),
    needs=("filter",),
)
def test_a_group_that_is_there_is_linked(
    authentik: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """Where a second group of one name gives 409, the first is found, linked and filled."""
    formed(look, people.group().name)
    group = people.group(*(each.person for each in crew[:2]))
    group_id = formed(look, group.name)
    outcome = authentik.watched(authentik.mock.push_group(group))
    statuses = [each.reply.status for each in outcome.exchanges if each.reply is not None]
    if 409 not in statuses:
        raise NotOffered("the server lets two groups have one name, so there is no conflict")
    authentik.judged(outcome)
    if authentik.idp.group_id(group) != group_id:
        raise Mismatch(
            expected=f"the group that is there, {group_id}, linked",
            actual=f"{authentik.idp.group_id(group)} linked",
            entry=authentik.last_entry(),
        )
    expect(look.group(group_id)).status(200).members([each.id for each in crew[:2]])


# -- changes


@requirement(
    "AUTHENTIK-NAME-1",
    proof=("patch-without-schemas-refused", "patch-without-schemas-500", "patch-pathless-refused"),
    needs=("patch",),
)
def test_the_change_without_schemas_is_accepted(
    authentik: Replay, team: Team, people: Registry
) -> None:
    """A PATCH without `schemas`, whose value is the whole group, is accepted."""
    authentik.act.rename_group(team.group, people.group().name)


@requirement(
    "AUTHENTIK-NAME-2",
    proof=("group-rename-ignored", "group-rename-creates-another"),
    needs=("patch",),
)
def test_a_renamed_group_is_the_same_group(
    authentik: Replay, team: Team, look: ScimClient, people: Registry
) -> None:
    """A group that PATCH renames has the new name, and the id and the members that it had."""
    new = people.group().name
    authentik.worked(authentik.mock.rename_group(team.group, new), "rename_group")
    seen = expect(look.group(team.id)).status(200).has("displayName", new)
    seen.members(team.member_ids)


@requirement(
    "AUTHENTIK-NAME-3",
    proof=("group-id-in-value-refused", "patch-pathless-refused", "group-rename-ignored"),
    dialects=("default",),
    needs=("patch",),
)
def test_the_change_with_schemas_is_accepted(
    authentik: Replay, team: Team, look: ScimClient, people: Registry
) -> None:
    """A PATCH with `schemas`, whose value is the whole group with its id, renames the group."""
    form, new = authentik.again(switches={"patch_schemas": "sent"}), people.group().name
    for each in team.staff:
        form.idp.link(each.person, each.id)
    form.idp.link_group(team.group, team.id)
    form.act.rename_group(team.group, new)
    expect(look.group(team.id)).status(200).has("displayName", new)


@requirement(
    "AUTHENTIK-NAME-4",
    proof=("group-rename-ignored", "group-rename-refused", "group-rename-creates-another"),
)
def test_a_group_renamed_by_put_is_the_same_group(
    authentik: Replay, team: Team, look: ScimClient, people: Registry
) -> None:
    """A group that PUT renames has the new name, and the id and the members that it had."""
    new = people.group().name
    authentik.act.rename_group(team.group, new)
    seen = expect(look.group(team.id)).status(200).has("displayName", new)
    seen.members(team.member_ids)


@requirement("AUTHENTIK-NAME-5", proof=GONE)
def test_a_group_that_is_gone_is_created_again(
    authentik: Replay, team: Team, look: ScimClient, people: Registry
) -> None:
    """A write on a group that was deleted gives 404, and the POST after it a new group."""
    gone = look.delete("Groups", team.id)
    if not 200 <= gone.status < 300:
        raise NotOffered(f"DELETE /Groups answered {gone.status}, so no group is ever gone")
    new = people.group().name
    outcome = authentik.watched(authentik.mock.rename_group(team.group, new))
    if form_refused(outcome):
        authentik.worked(outcome, "rename_group")
    new_id = authentik.idp.group_id(team.group)
    if new_id in (None, team.id):
        authentik.judged(outcome)
    seen = expect(look.group(str(new_id))).status(200).has("displayName", new)
    seen.members(team.member_ids)


# -- deletion


@requirement(
    "AUTHENTIK-END-1",
    proof=("group-delete-refused", "group-delete-ignored", "group-delete-deletes-users"),
    dialects=(),
)
def test_a_deleted_group_is_gone(authentik: Replay, team: Team, look: ScimClient) -> None:
    """A group deleted in authentik is gone, and its members are still users."""
    authentik.act.delete_group(team.group)
    expect(look.group(team.id)).status(404, 410)
    expect(look.user(team.member_ids[0])).status(200)


@requirement("AUTHENTIK-END-2", proof=("group-delete-missing-500",), dialects=())
def test_a_group_that_is_gone_can_be_deleted(
    authentik: Replay, team: Team, look: ScimClient
) -> None:
    """The deletion of a group that somebody else deleted is answered 404."""
    gone = look.delete("Groups", team.id)
    if not 200 <= gone.status < 300:
        raise NotOffered(f"DELETE /Groups answered {gone.status}, so no group is ever gone")
    authentik.act.delete_group(team.group)


@requirement("AUTHENTIK-END-1", proof=("group-delete-ends-memberships",), dialects=())
def test_who_was_in_a_deleted_group_stays_in_others(
    authentik: Replay, team: Team, look: ScimClient, people: Registry
) -> None:
    """Who was in a group that authentik deleted is still in the other group."""
    other = known_team(authentik, look, people.group(), team.staff[0])
    authentik.worked(authentik.mock.delete_group(team.group), "delete_group")
    expect(look.group(other.id)).status(200).members([team.staff[0].id])
