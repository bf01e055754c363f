"""OneLogin's groups: read for entitlements, made where missing, members moved one by one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from idp_profiles.model import Outcome
from suites.client import ScimClient
from suites.conftest import Bench
from suites.evidence import Entry
from suites.expect import expect
from suites.idp.accounts import create_group
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import UPDATE
from .conftest import Account
from .conftest import Team
from .conftest import hire
from .conftest import shown
from .conftest import stop
from .conftest import team

pytestmark = pytest.mark.usefixtures("groups_offered")

OFFERED, JOIN = "ONELOGIN-GROUP-3", "ONELOGIN-GROUP-4"
NOT_OFFERED = (404, 405, 501)


@dataclass(frozen=True, slots=True)
class Joined:
    """A person whom OneLogin has updated and put into two groups, and what stopped it."""

    id: str
    teams: tuple[Team, ...]
    outcome: Outcome
    fault: str | None
    entry: Entry | None


@pytest.fixture
def joined(onelogin: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Joined:
    """A person who came into two groups with one change; shared, for cases that only read."""

    def make() -> Joined:
        maker, client = onelogin.on(bench.shared.journal), bench.client(bench.shared.journal)
        made = hire(maker, client, people.person())
        teams = tuple(_with(each, maker, client, people) for each in crew)
        groups = [each.group for each in teams]
        outcome = maker.mock.change(made.person, {"given_name": "Barbara-Joined"}, groups)
        return Joined(made.id, teams, outcome, _fault(outcome), maker.last_entry())

    return bench.shared.once("onelogin-joined", bench.log, make)


def _with(member: Account, maker: Replay, client: ScimClient, people: Registry) -> Team:
    """Create a group with a member, or an empty one where only an add makes members."""
    try:
        return team(maker, client, people.group().name, member)
    except Blocked:
        return team(maker, client, people.group().name)


def _fault(outcome: Outcome) -> str | None:
    if outcome.ok or outcome.trouble:
        return None
    last = outcome.exchanges[-1]
    if last.request.method != "PATCH":
        return UPDATE
    return OFFERED if last.reply and last.reply.status in NOT_OFFERED else JOIN


def by_patch(onelogin: Replay, joined: Joined, requirement: str | None = None) -> None:
    """Judge the change by one requirement; raises Mismatch, Blocked, or NotOffered."""
    __tracebackhide__ = True
    onelogin.watched(joined.outcome)
    if joined.fault is not None and joined.fault == requirement:
        stop(onelogin, joined.outcome, joined.entry)
    if joined.fault == UPDATE:
        raise Blocked("OneLogin came to no membership", by=UPDATE, entry=joined.entry)
    if joined.fault == OFFERED:
        raise NotOffered(f"the server takes no PATCH on groups; {OFFERED} says what that means")


@requirement(
    "ONELOGIN-GROUP-1", proof=("groups-list-404", "groups-list-501", "list-hides-group-names")
)
def test_groups_are_read_with_their_names(
    onelogin: Replay, look: ScimClient, people: Registry
) -> None:
    """A group is listed with id and displayName, as far as the list reaches."""
    name = people.group().name
    group_id = create_group(look, name, by="ONELOGIN-GROUP-2")
    outcome = onelogin.act.refresh_entitlements()
    total, page = shown(outcome, "totalResults"), shown(outcome, "Resources")
    if isinstance(page, list) and isinstance(total, int) and total > len(page):
        onelogin.note(f"one page of {len(page)} groups out of {total}: OneLogin may see no more")
        if all(isinstance(each, dict) and each.get("displayName") for each in page):
            return
    if onelogin.idp.groups.get(name) != group_id:
        raise Mismatch(
            expected=f"the group {name!r} with its id {group_id!r} in the list",
            actual=f"{len(onelogin.idp.groups)} group(s) with a name, and not this one",
            entry=onelogin.last_entry(),
        )


@requirement(
    "ONELOGIN-GROUP-2",
    proof=(
        *("group-create-501", "group-create-empty-body", "group-create-without-id"),
        *("group-create-id-differs", "empty-group-refused"),
    ),
)
def test_a_missing_group_is_made(onelogin: Replay, look: ScimClient, people: Registry) -> None:
    """A group of nothing but a name is made, empty, and has the id of the reply."""
    group = people.group()
    onelogin.act.make_group(group)
    seen = expect(look.group(onelogin.idp.groups[group.name])).status(200)
    seen.has("displayName", group.name).members([])


@requirement("ONELOGIN-GROUP-3", proof=("group-patch-501", "patch-refused-501"))
def test_groups_take_a_patch(onelogin: Replay, joined: Joined) -> None:
    """PATCH on a group is offered."""
    by_patch(onelogin, joined, OFFERED)


@requirement(
    "ONELOGIN-GROUP-4",
    proof=("member-add-ignored", "member-add-replaces", "member-type-required"),
)
def test_a_user_comes_into_each_group(onelogin: Replay, joined: Joined, look: ScimClient) -> None:
    """One PATCH for each group puts the user into it, beside who was there."""
    by_patch(onelogin, joined, JOIN)
    for each in joined.teams:
        expect(look.group(each.id)).status(200).members([*each.member_ids, joined.id])


@requirement(
    "ONELOGIN-GROUP-5",
    proof=("member-remove-ignored", "member-remove-removes-all", "member-remove-path-refused"),
)
def test_a_user_leaves_a_group_alone(
    onelogin: Replay, crew: tuple[Account, ...], joined: Joined, look: ScimClient, people: Registry
) -> None:
    """Who is taken out of a group is out, and nobody else is."""
    by_patch(onelogin, joined)
    leaver, stayer = crew

    def check(form: Replay) -> None:
        for each in crew:
            form.idp.link(each.person, each.id)
        own = team(form, look, people.group().name, *crew)
        form.act.remove_from_groups(leaver.person, [own.group])
        expect(look.group(own.id)).status(200).members([stayer.id])

    every_form(onelogin, "group-member-remove", check)


@requirement("ONELOGIN-GROUP-6", proof=("member-add-refuses-existing",))
def test_a_member_is_added_twice(
    onelogin: Replay, crew: tuple[Account, ...], joined: Joined, look: ScimClient, people: Registry
) -> None:
    """Adding a member once more succeeds, and takes nobody away."""
    by_patch(onelogin, joined)
    own = team(onelogin, look, people.group().name, *crew)
    onelogin.act.add_to_groups(crew[0].person, [own.group])
    expect(look.group(own.id)).status(200).members(own.member_ids)


@requirement("ONELOGIN-GROUP-7", proof=("member-remove-deletes-user",))
def test_who_left_a_group_is_a_user(
    onelogin: Replay, account: Account, joined: Joined, look: ScimClient, people: Registry
) -> None:
    """Who is taken out of a group by OneLogin is still a user."""
    by_patch(onelogin, joined)
    own = team(onelogin, look, people.group().name, account)
    left = onelogin.mock.remove_from_groups(account.person, [own.group])
    if not left.ok:
        left = onelogin.mock.remove_from_groups(account.person, [own.group], "filter")
    onelogin.worked(left, "remove_from_groups")
    expect(look.user(account.id)).status(200).has("userName", account.person.user_name)


@requirement("ONELOGIN-GROUP-7", proof=("member-remove-from-every-group",))
def test_who_left_a_group_is_in_the_others(
    onelogin: Replay, account: Account, joined: Joined, look: ScimClient, people: Registry
) -> None:
    """Who is taken out of one group by OneLogin is still in the other one."""
    by_patch(onelogin, joined)
    own = team(onelogin, look, people.group().name, account)
    other = team(onelogin, look, people.group().name, account)
    left = onelogin.mock.remove_from_groups(account.person, [own.group])
    if not left.ok:
        left = onelogin.mock.remove_from_groups(account.person, [own.group], "filter")
    onelogin.worked(left, "remove_from_groups")
    expect(look.group(other.id)).status(200).members([account.id])
