"""Entra's group members: added and removed, by value array or by path, alone and in batches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.idp.accounts import Account
from suites.idp.accounts import Team
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement

from .conftest import hire
from .teams import CROWD
from .teams import Tried
from .teams import acquaint
from .teams import crowd_of
from .teams import done
from .teams import gathered
from .teams import holds
from .teams import judged
from .teams import once
from .teams import read
from .teams import tried

pytestmark = pytest.mark.usefixtures("groups_offered")

ADDITION = {"default": "group-add-member-default", "flag": "group-add-members-flag"}
FEW = 2  # people: enough to tell one by one from all at once
ENLISTED = ("group-patch-501", "member-type-required")


@pytest.fixture
def crowd(
    entra: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]
) -> tuple[Account, ...]:
    """Six people with accounts; shared, for cases that neither change nor remove them."""
    return crowd_of(entra, bench, people, crew)


@pytest.fixture
def added(entra: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Tried:
    """A group without members, to which Entra has just added two of the crew; shared."""

    def make(maker: Replay, client: ScimClient) -> Tried:
        team = gathered(maker, client, people)
        acquaint(maker, crew)
        outcome = maker.mock.add_members(team.group, [each.person for each in crew[:2]])
        return tried(client, team, outcome)

    return once(entra, bench, "added", make, each=True)


@pytest.fixture
def joined(entra: Replay, bench: Bench, added: Tried, crew: tuple[Account, ...]) -> Tried:
    """The same group, to which Entra has just added a third of the crew; shared."""

    def make(maker: Replay, client: ScimClient) -> Tried:
        acquaint(maker, crew, added.team)
        outcome = maker.mock.add_members(added.team.group, [crew[2].person])
        return tried(client, added.team, outcome)

    return once(entra, bench, "joined", make, each=True)


@pytest.fixture
def repeated(entra: Replay, bench: Bench, added: Tried, crew: tuple[Account, ...]) -> Tried:
    """The same group, to which Entra has just added one of the first two again; shared."""

    def make(maker: Replay, client: ScimClient) -> Tried:
        acquaint(maker, crew, added.team)
        outcome = maker.mock.add_members(added.team.group, [crew[1].person])
        return tried(client, added.team, outcome)

    return once(entra, bench, "repeated", make, each=True)


@pytest.fixture
def removed(entra: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Tried:
    """A group of two of the crew and of one more, whom Entra has just removed; shared."""

    def make(maker: Replay, client: ScimClient) -> Tried:
        leaver = hire(maker, client, people.person())
        team = gathered(maker, client, people, leaver, *crew[:2])
        outcome = maker.mock.remove_members(team.group, [leaver.person])
        return tried(client, team, outcome)

    return once(entra, bench, "removed", make, each=True)


@requirement("ENTRA-MEMBER-1", proof=(*ENLISTED, "patch-op-must-be-lower-case", "null-refused"))
def test_an_addition_is_accepted(entra: Replay, added: Tried) -> None:
    """An Add with a capital letter and a null $ref beside the value is accepted."""
    judged(entra, added.outcome, "add_members")


@requirement("ENTRA-MEMBER-2", proof=ENLISTED)
def test_an_addition_is_accepted_with_the_flag(entra: Replay, added: Tried) -> None:
    """An add in small letters with two values is accepted."""
    judged(entra, added.outcome, "add_members")


@requirement(
    "ENTRA-MEMBER-3",
    proof={
        "default": ("member-add-replaces", "member-add-ignored"),
        "flag": ("member-add-replaces", "member-add-ignored", "member-add-one-only"),
    },
)
def test_an_added_member_joins_the_others(
    entra: Replay, added: Tried, joined: Tried, crew: tuple[Account, ...]
) -> None:
    """An added member is in the group, and so are those who were there."""
    done(entra, added.outcome, "add_members")
    done(entra, joined.outcome, "add_members")
    holds(joined.after, *crew[:3])


@requirement("ENTRA-MEMBER-4", proof=("member-add-one-only", "member-add-ignored"))
def test_members_come_in_every_batch(
    entra: Replay,
    added: Tried,
    crowd: tuple[Account, ...],
    look: ScimClient,
    people: Registry,
) -> None:
    """One by one, five in one operation or all at once: everybody is in the group."""
    done(entra, added.outcome, "add_members")

    def check(form: Replay) -> None:
        size = (form.setup.switches or {}).get("members_per_patch")
        staff = crowd[: CROWD if size in {"5", "20"} else FEW]
        team = gathered(form, look, people)
        acquaint(form, staff)
        form.act.add_members(team.group, [each.person for each in staff])
        holds(read(look, team.id), *staff)

    scenario = ADDITION[entra.setup.dialect]
    every_form(entra, scenario, check, only=lambda name: name != "with-reference-check")


@requirement("ENTRA-MEMBER-5", proof=("member-add-refuses-existing",))
def test_a_present_member_is_added_again(entra: Replay, added: Tried, repeated: Tried) -> None:
    """Somebody who is a member already can be added."""
    done(entra, added.outcome, "add_members")
    judged(entra, repeated.outcome, "add_members")


@requirement("ENTRA-MEMBER-13", proof=("members-duplicated",))
def test_a_repeated_member_is_listed_once(
    entra: Replay, added: Tried, repeated: Tried, look: ScimClient
) -> None:
    """Somebody who is added twice is listed once."""
    done(entra, added.outcome, "add_members")
    done(entra, repeated.outcome, "add_members", by="ENTRA-MEMBER-5")
    expect(read(look, repeated.team.id)).status(200).nobody_twice()


@requirement("ENTRA-MEMBER-6", proof=("group-filter-by-member-refused", "filter-and-as-or"))
def test_a_member_is_looked_up_by_id_and_member(
    entra: Replay,
    added: Tried,
    crew: tuple[Account, ...],
    look: ScimClient,
    people: Registry,
) -> None:
    """The check for a reference answers for whoever is in the group, and for nobody else."""
    done(entra, added.outcome, "add_members")

    def check(form: Replay) -> None:
        team = gathered(form, look, people, crew[0])
        acquaint(form, crew)
        form.act.add_members(team.group, [each.person for each in crew[:2]])
        holds(read(look, team.id), *crew[:2])

    every_form(entra, ADDITION["default"], check, only=lambda name: name == "with-reference-check")


@requirement(
    "ENTRA-MEMBER-7",
    proof=(
        *("member-remove-ignored", "member-remove-removes-all", "patch-op-must-be-lower-case"),
        *("member-remove-overlooks-value", "members-remove-value-refused"),
    ),
)
def test_a_value_array_removes_whom_it_lists(entra: Replay, removed: Tried) -> None:
    """A Remove with a value array takes the one person away and leaves the others."""
    judged(entra, removed.outcome, "remove_members")
    holds(removed.after, *removed.team.staff[1:])


@requirement(
    "ENTRA-MEMBER-7", proof=("members-remove-value-first-only", "member-remove-overlooks-value")
)
def test_a_value_array_removes_several(
    entra: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """A Remove with two people in its value array takes both away and leaves the others."""
    _two_leave(entra, look, people, crew)


@requirement("ENTRA-MEMBER-7", proof=("null-refused", "members-remove-value-refused"))
def test_every_form_of_a_value_array_removes(
    entra: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """With a null $ref beside each value or without one, the person goes alone."""
    every_form(entra, "group-remove-member-default", _one_leaves(look, people, crew))


@requirement(
    "ENTRA-MEMBER-8",
    proof=("member-remove-path-refused", "member-remove-ignored", "member-remove-removes-all"),
)
def test_a_path_removes_whom_it_selects(entra: Replay, removed: Tried) -> None:
    """A remove with a value filter in its path takes one person away and leaves the others."""
    judged(entra, removed.outcome, "remove_members")
    holds(removed.after, *removed.team.staff[1:])


@requirement(
    "ENTRA-MEMBER-8",
    proof=(
        *("patch-first-operation-only", "patch-last-operation-only"),
        "patch-many-operations-refused",
    ),
)
def test_several_paths_remove_several(
    entra: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """Two removes in one PATCH take both people away and leave the others."""
    _two_leave(entra, look, people, crew)


@requirement("ENTRA-MEMBER-8", proof=("unknown-parameter-refused",))
def test_a_path_removes_with_the_flag_on_the_request_line(
    entra: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """Whether or not requests carry the Tenant URL's flag, the person goes alone."""
    every_form(entra, "group-remove-member-flag", _one_leaves(look, people, crew))


@requirement("ENTRA-MEMBER-9", proof=("group-vanishes-when-empty",))
def test_an_emptied_group_stays(
    entra: Replay, crew: tuple[Account, ...], look: ScimClient, people: Registry
) -> None:
    """A group whose only member left is still there under its id and name."""
    team = gathered(entra, look, people, crew[0])
    outcome = entra.mock.remove_members(team.group, [crew[0].person])
    done(entra, outcome, "remove_members")
    expect(look.group(team.id)).status(200).has("displayName", team.group.name)


@requirement("ENTRA-MEMBER-10", proof=("member-remove-missing-refused",))
def test_an_absent_member_is_removed(entra: Replay, removed: Tried) -> None:
    """Somebody who left the group before can be removed once more."""
    done(entra, removed.outcome, "remove_members")
    acquaint(entra, removed.team.staff, removed.team)
    again = entra.mock.remove_members(removed.team.group, [removed.team.staff[0].person])
    judged(entra, again, "remove_members")


@requirement("ENTRA-MEMBER-11", proof=("member-remove-deletes-user",))
def test_who_leaves_a_group_stays_a_user(entra: Replay, removed: Tried, look: ScimClient) -> None:
    """Who was removed from a group is still a user, and active."""
    done(entra, removed.outcome, "remove_members")
    expect(look.user(removed.team.staff[0].id)).status(200).not_inactive()


@requirement("ENTRA-MEMBER-12", proof=("large-add-truncated", "large-patch-413"))
@pytest.mark.scim_large
def test_a_hundred_members_come(
    entra: Replay, added: Tried, look: ScimClient, people: Registry
) -> None:
    """A hundred people are in the group, twenty in each PATCH or all in one."""
    done(entra, added.outcome, "add_members")
    staff = tuple(hire(entra, look, person) for person in people.people(100))
    for size in ("20", "100"):
        form = entra.again(switches={"members_per_patch": size})
        team = gathered(form, look, people)
        acquaint(form, staff)
        form.act.add_members(team.group, [each.person for each in staff])
        holds(read(look, team.id), *staff)


def _two_leave(
    entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]
) -> None:
    """Let two of four people leave in one PATCH, and expect the other two."""
    form = entra.again(switches={"members_per_patch": "5"})
    team = gathered(form, look, people, *crew)
    acquaint(form, crew)
    form.act.remove_members(team.group, [each.person for each in crew[:2]])
    holds(read(look, team.id), *crew[2:])


def _one_leaves(
    look: ScimClient, people: Registry, crew: tuple[Account, ...]
) -> Callable[[Replay], None]:
    """Return the check that one of two people leaves and the other stays."""

    def check(form: Replay) -> None:
        team: Team = gathered(form, look, people, *crew[:2])
        acquaint(form, crew)
        form.act.remove_members(team.group, [crew[0].person])
        holds(read(look, team.id), crew[1])

    return check
