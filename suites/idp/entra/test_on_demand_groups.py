"""Entra's provision on demand for groups: one group now, with at most five picked members."""

from __future__ import annotations

import pytest

from idp_profiles.model import Outcome
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.idp.accounts import Account
from suites.idp.accounts import Team
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement

from .conftest import team_of
from .teams import Tried
from .teams import acquaint
from .teams import crowd_of
from .teams import holds
from .teams import judged
from .teams import met
from .teams import once
from .teams import read
from .teams import strange
from .teams import tried

pytestmark = pytest.mark.usefixtures("groups_offered")

PICKED = 5  # Entra offers no more


@pytest.fixture
def provided(entra: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Tried:
    """A new group that Entra has just provisioned on demand with five people; shared."""
    staff = crowd_of(entra, bench, people, crew)[:PICKED]

    def make(maker: Replay, client: ScimClient) -> Tried:
        acquaint(maker, staff)
        group = team_of(people)
        outcome = _on_demand(maker, Team(group, "", staff))
        return tried(client, Team(group, maker.idp.group_id(group) or "", staff), outcome)

    return once(entra, bench, "on-demand", make, each=False)


@requirement(
    "ENTRA-PODGROUP-1",
    proof=("patch-op-must-be-lower-case", "null-refused"),
    dialects=(),
)
def test_a_group_is_provisioned_on_demand(entra: Replay, provided: Tried) -> None:
    """Once the group is created, five people are added in the form without the flag."""
    judged(entra, provided.outcome, "provision_group_on_demand")


@requirement("ENTRA-PODGROUP-2", proof=("member-add-replaces", "member-add-ignored"), dialects=())
def test_everybody_who_was_picked_is_in_the_group(entra: Replay, provided: Tried) -> None:
    """A group that was provisioned on demand has its five people, and nobody else."""
    entra.worked(provided.outcome, "provision_group_on_demand")
    holds(provided.after, *provided.team.staff)


@requirement(
    "ENTRA-PODGROUP-3",
    proof=("member-add-replaces", "group-patch-drops-members"),
    dialects=(),
)
def test_an_existing_group_is_provisioned_on_demand(
    entra: Replay,
    provided: Tried,
    look: ScimClient,
    people: Registry,
    crew: tuple[Account, ...],
) -> None:
    """A group that others had made has its old member and the picked one, and is still one."""
    entra.worked(provided.outcome, "provision_group_on_demand")
    team = strange(entra, look, people, crew[0])
    outcome = entra.mock.provision_group_on_demand(team.group, [crew[1].person])
    met(outcome)
    entra.judged(outcome)
    holds(read(look, team.id), *crew[:2])
    expect(look.groups_named(team.group.name)).matches(team.id)


@requirement("ENTRA-PODGROUP-4", proof=("member-add-refuses-existing",), dialects=())
def test_a_group_is_provisioned_on_demand_twice(entra: Replay, provided: Tried) -> None:
    """The second time meets the group and its people, and succeeds."""
    entra.worked(provided.outcome, "provision_group_on_demand")
    acquaint(entra, provided.team.staff)
    outcome = _on_demand(entra, provided.team)
    met(outcome)
    entra.judged(outcome)


def _on_demand(entra: Replay, team: Team) -> Outcome:
    """Provision a group on demand with all of its people."""
    staff = [each.person for each in team.staff]
    return entra.mock.provision_group_on_demand(team.group, staff)
