"""Entra's groups: looked up, created without members, linked, read, renamed and deleted."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

import pytest

from idp_profiles.model import Outcome
from suites.client import ScimClient
from suites.client import Seen
from suites.conftest import Bench
from suites.expect import expect
from suites.expect import value_at
from suites.idp.look_alikes import awkward_group_name
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .conftest import Account
from .conftest import Team
from .conftest import formed
from .conftest import hire
from .conftest import team_of
from .teams import Tried
from .teams import done
from .teams import gathered
from .teams import holds
from .teams import judged
from .teams import met
from .teams import once
from .teams import read
from .teams import strange
from .teams import tried

pytestmark = pytest.mark.usefixtures("groups_offered")

LEGACY = "legacy-schema-uri"
CREATED = (
    *("group-create-501", "group-create-without-id", "group-create-empty-body"),
    *("group-create-id-differs", "group-create-refuses-external-id", "empty-group-refused"),
    *("empty-search-404", "empty-search-204", "groups-list-404", "groups-list-501"),
    "group-filter-unsupported",
)


@dataclass(frozen=True, slots=True)
class Deleted:
    """A group that Entra has deleted, with what is left of it and its one member after it."""

    team: Team
    outcome: Outcome
    group: Seen
    member: Seen
    named: Seen  # who has its name: read at once, for GROUP-19 gives the name out again


@pytest.fixture
def founded(entra: Replay, bench: Bench, people: Registry) -> Tried:
    """A group that Entra has just created; shared, for cases that only read."""

    def make(maker: Replay, client: ScimClient) -> Tried:
        group = team_of(people)
        outcome = maker.mock.push_group(group)
        return tried(client, Team(group, str(maker.idp.group_id(group))), outcome)

    return once(entra, bench, "founded", make, each=False)


@pytest.fixture
def filled(entra: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Team:
    """A group with one of the crew in it, which Entra knows; shared, for cases that only read."""

    def make(maker: Replay, client: ScimClient) -> Team:
        return gathered(maker, client, people, crew[0])

    team = once(entra, bench, "filled", make, each=False)
    entra.idp.link_group(team.group, team.id)
    return team


@pytest.fixture
def linked(entra: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Tried:
    """A group that others had made with a member, and that Entra has just met; shared."""

    def make(maker: Replay, client: ScimClient) -> Tried:
        team = strange(maker, client, people, crew[0])
        return tried(client, team, maker.mock.push_group(team.group))

    return once(entra, bench, "linked", make, each=True)


@pytest.fixture
def renamed(entra: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Tried:
    """A group with a member that Entra has just renamed, under its new name; shared."""

    def make(maker: Replay, client: ScimClient) -> Tried:
        team, new = gathered(maker, client, people, crew[0]), people.group().name
        outcome = maker.mock.rename_group(team.group, new)
        return tried(client, replace(team, group=replace(team.group, name=new)), outcome)

    return once(entra, bench, "renamed", make, each=True)


@pytest.fixture
def deleted(entra: Replay, bench: Bench, people: Registry) -> Deleted:
    """A group that Entra has just deleted, with one person in it; shared."""

    def make(maker: Replay, client: ScimClient) -> Deleted:
        member = hire(maker, client, people.person())
        team = gathered(maker, client, people, member)
        outcome = maker.mock.delete_group(team.group)
        group, person = client.group(team.id), client.user(member.id)
        return Deleted(team, outcome, group, person, client.groups_named(team.group.name))

    return once(entra, bench, "deleted", make, each=False)


@requirement("ENTRA-GROUP-1", proof=CREATED, dialects=())
def test_a_group_is_created_without_members(entra: Replay, founded: Tried) -> None:
    """A group that no look-up finds is created, and is there under its id."""
    entra.judged(founded.outcome)
    holds(founded.after)
    if founded.after is not None:
        expect(founded.after).has("displayName", founded.team.group.name)


@requirement(
    "ENTRA-GROUP-2", proof=("group-external-id-lost", "list-hides-group-names"), dialects=()
)
def test_a_group_is_shown_as_it_was_sent(entra: Replay, founded: Tried) -> None:
    """The look-up of a group that Entra created shows nothing that has to be sent again."""
    entra.worked(founded.outcome, "push_group")
    outcome = entra.watched(entra.again().mock.push_group(founded.team.group))
    written = [each.request for each in outcome.exchanges if each.request.method != "GET"]
    if any(request.method == "POST" for request in written):
        raise Blocked("the group was not found again", by="ENTRA-GROUP-3")
    if written:
        raise Mismatch(
            expected="displayName and externalId as they were sent",
            actual=f"Entra sends them again: {(written[0].body or b'').decode()}",
            entry=entra.last_entry(),
        )


@requirement("ENTRA-GROUP-3", proof=("group-filter-finds-nothing",), dialects=())
def test_a_created_group_is_found_again(entra: Replay, founded: Tried, look: ScimClient) -> None:
    """After a full reset the look-up finds the group that was created, and only that."""
    entra.worked(founded.outcome, "push_group")
    entra.again().act.adopt_group(founded.team.group)
    expect(look.groups_named(founded.team.group.name)).matches(founded.team.id)


@requirement("ENTRA-GROUP-4", proof=("group-name-ascii", "group-name-truncated"), dialects=())
def test_a_group_name_comes_back_whole(
    entra: Replay, founded: Tried, look: ScimClient, people: Registry
) -> None:
    """A name with blanks, an ampersand and letters outside ASCII is stored as it was sent."""
    entra.worked(founded.outcome, "push_group")
    group = replace(team_of(people), name=f"{people.unique('R&D Köln')} / Ærø +1")
    entra.act.push_group(group)
    group_id = str(entra.idp.group_id(group))
    expect(look.group(group_id)).status(200).exactly("displayName", group.name)


@requirement("ENTRA-GROUP-5", proof=("empty-group-refused",), dialects=())
def test_an_empty_array_of_members_is_no_members(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """A group whose POST has an empty array of members is created, empty."""

    def check(form: Replay) -> None:
        group = team_of(people)
        form.act.push_group(group)
        holds(look.group(str(form.idp.group_id(group))))

    every_form(entra, "create-group", check, only=lambda name: name != LEGACY)


@requirement("ENTRA-GROUP-7", proof=("group-schemas-foreign-refused",), dialects=())
def test_a_group_may_list_the_old_schema(
    entra: Replay, founded: Tried, look: ScimClient, people: Registry
) -> None:
    """A group that lists Microsoft's old URI beside the core one is created."""
    entra.worked(founded.outcome, "push_group")

    def check(form: Replay) -> None:
        group = team_of(people)
        form.act.push_group(group)
        seen = look.group(str(form.idp.group_id(group)))
        expect(seen).status(200).has("displayName", group.name)

    every_form(entra, "create-group", check, only=lambda name: name == LEGACY)


@requirement(
    "ENTRA-GROUP-6",
    proof=(
        *("group-filter-ignored", "group-filter-prefix", "group-filter-finds-nothing"),
        "search-result-without-id",
    ),
    dialects=(),
)
def test_a_group_is_matched_by_its_whole_name(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """The look-up finds the one group of this name, not its longer neighbour."""
    group = team_of(people)
    group_id = formed(look, group.name)
    look.create_group(f"{group.name} (archive)")
    entra.act.adopt_group(group)
    expect(look.groups_named(group.name)).matches(group_id)


@requirement(
    "ENTRA-GROUP-8", proof=("group-filter-finds-nothing", "group-external-id-lost"), dialects=()
)
def test_a_group_is_matched_by_external_id(entra: Replay, founded: Tried) -> None:
    """The look-up by externalId finds the group that was created with it."""
    entra.worked(founded.outcome, "push_group")
    form = entra.again(switches={"group_matching": "externalId"})
    form.act.match_group(founded.team.group)
    found = form.idp.group_id(founded.team.group)
    if found != founded.team.id:
        raise Mismatch(
            expected=f"the group {founded.team.id}", actual=str(found), entry=entra.last_entry()
        )


@requirement("ENTRA-GROUP-9", proof=("patch-op-must-be-lower-case", "group-patch-501"))
def test_an_existing_group_is_linked(entra: Replay, linked: Tried) -> None:
    """A group that is there already takes the externalId by an Add with a capital letter."""
    met(linked.outcome)
    judged(entra, linked.outcome, "push_group")


@requirement("ENTRA-GROUP-10", proof=("group-patch-501",))
def test_an_existing_group_is_linked_with_the_flag(entra: Replay, linked: Tried) -> None:
    """A group that is there already takes the externalId by an add in small letters."""
    met(linked.outcome)
    judged(entra, linked.outcome, "push_group")


@requirement("ENTRA-GROUP-11", proof=("group-patch-drops-members",))
def test_a_linked_group_keeps_its_people(entra: Replay, linked: Tried, look: ScimClient) -> None:
    """A group that is linked has the members it had, and is still the only one of its name."""
    met(linked.outcome)
    done(entra, linked.outcome, "push_group")
    holds(linked.after, *linked.team.staff)
    expect(look.groups_named(linked.team.group.name)).matches(linked.team.id)


@requirement("ENTRA-GROUP-12", proof=("group-get-404",), dialects=())
def test_a_linked_group_is_read(entra: Replay, filled: Team) -> None:
    """A linked group is answered by its id, without its members being asked for."""
    entra.act.read_group(filled.group)


@requirement(
    "ENTRA-GROUP-13",
    proof=("group-excluded-attributes-ignored", "excluded-attributes-ignored"),
    dialects=(),
)
def test_members_are_left_out(entra: Replay, filled: Team) -> None:
    """Neither a read by id nor a look-up shows the members that are excluded."""
    by_id = entra.worked(entra.mock.read_group(filled.group), "read_group")
    _without_members(entra, by_id)
    _without_members(entra, entra.worked(entra.mock.adopt_group(filled.group), "adopt_group"))


@requirement(
    "ENTRA-GROUP-14",
    proof=("patch-op-must-be-lower-case", "group-patch-501", "group-rename-refused"),
)
def test_a_rename_is_accepted(entra: Replay, renamed: Tried) -> None:
    """A Replace of displayName with a capital letter is accepted."""
    judged(entra, renamed.outcome, "rename_group")


@requirement("ENTRA-GROUP-15", proof=("group-patch-501", "group-rename-refused"))
def test_a_rename_is_accepted_with_the_flag(entra: Replay, renamed: Tried) -> None:
    """A replace of displayName in small letters is accepted."""
    judged(entra, renamed.outcome, "rename_group")


@requirement(
    "ENTRA-GROUP-16",
    proof=("group-rename-ignored", "group-rename-drops-members", "group-rename-creates-another"),
)
def test_a_rename_changes_the_name_alone(entra: Replay, renamed: Tried, look: ScimClient) -> None:
    """A renamed group has its id and its members, and is found under the new name."""
    done(entra, renamed.outcome, "rename_group")
    expect(read(look, renamed.team.id)).has("displayName", renamed.team.group.name)
    holds(renamed.after, *renamed.team.staff)
    expect(look.groups_named(renamed.team.group.name)).matches(renamed.team.id)


@requirement("ENTRA-GROUP-17", proof=("group-delete-refused", "group-delete-ignored"), dialects=())
def test_a_group_is_deleted(entra: Replay, deleted: Deleted) -> None:
    """A group that left the scope is gone, by its id and in a search."""
    entra.judged(deleted.outcome)
    expect(deleted.group).status(404, 410)
    expect(deleted.named).nobody()


@requirement("ENTRA-GROUP-18", proof=("group-delete-deletes-users",), dialects=())
def test_people_outlive_their_group(entra: Replay, deleted: Deleted) -> None:
    """Who was in a deleted group is still a user, and active."""
    entra.worked(deleted.outcome, "delete_group")
    expect(deleted.member).status(200).not_inactive()


@requirement("ENTRA-GROUP-19", proof=("group-deleted-name-taken",), dialects=())
def test_a_deleted_group_comes_back(entra: Replay, founded: Tried, deleted: Deleted) -> None:
    """A group that is assigned again after its deletion is created again."""
    entra.worked(founded.outcome, "push_group")
    entra.worked(deleted.outcome, "delete_group")
    entra.again().act.push_group(deleted.team.group)


def _without_members(entra: Replay, outcome: Outcome) -> None:
    """Expect no members in the last reply that Entra got."""
    reply = outcome.exchanges[-1].reply
    body = reply.json() if reply is not None else None
    listed = value_at(body, "Resources")
    for group in listed if isinstance(listed, list) else [body]:
        if value_at(group, "members"):
            raise Mismatch(
                expected="no members, which excludedAttributes leaves out",
                actual=f"members {value_at(group, 'members')!r}",
                entry=entra.last_entry(),
            )


@requirement(
    "ENTRA-GROUP-6",
    proof=(
        "filter-split-at-and",
        "filter-percent-decoded-twice",
        "filter-underscores-work",
        "filter-overlooks-accents",
    ),
    dialects=(),
)
def test_a_group_name_may_hold_words_of_the_filter(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """Entra finds a group in whose name `and` and brackets stand."""
    group = replace(team_of(people), name=awkward_group_name(look, people))
    group_id = formed(look, group.name)
    entra.act.adopt_group(group)
    expect(look.groups_named(group.name)).matches(group_id)
