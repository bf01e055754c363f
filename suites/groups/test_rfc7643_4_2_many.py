"""RFC 7643 section 4.2: groups of many members, and members with unassigned parts."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from idp_profiles.model import Json
from suites.client import Seen
from suites.expect import expect
from suites.making.bodies import plain_group
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Experiment
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered

MANY = 60


@dataclass(frozen=True, slots=True)
class Crowd:
    """Many users, a group that was created with them, and one that all were added to at once."""

    ids: tuple[str, ...]
    created: Seen
    reply: Seen | None
    filled: Seen | None


@pytest.fixture
def crowd(experiment: Experiment, features: Capabilities) -> Crowd:
    """Groups of many members; some 130 requests."""
    features.check(("groups",))

    def run(lab: Lab) -> Crowd:
        people = [lab.plain_user(key=f"crowd {n}") for n in range(MANY)]
        ids = tuple(each.id for each in people)
        created = lab.read(lab.group(*people, key="crowd"))
        if not features.has("patch"):
            return Crowd(ids, created, None, None)
        other = lab.group(key="empty at first")
        value: list[Json] = [{"value": each} for each in ids]
        reply = lab.scim.patch(other, {"op": "add", "path": "members", "value": value})
        return Crowd(ids, created, reply, lab.read(other))

    return experiment(run, key="a crowd")


@requirement(
    "RFC7644-3.4-3",
    proof=("group-get-caps-members", "large-add-truncated"),
    needs=("groups",),
)
@pytest.mark.scim_large
def test_a_group_of_many_shows_everybody(crowd: Crowd) -> None:
    """A group that is created with 60 members shows each of them."""
    expect(crowd.created).status(200).members(set(crowd.ids))


@requirement("RFC7644-3.5.2.1-6", proof=("large-add-truncated",), needs=("groups", "patch"))
@pytest.mark.scim_large
def test_many_members_are_added_at_once(crowd: Crowd) -> None:
    """An add of 60 members in one request adds each of them, or is refused as too large."""
    if crowd.reply is None or crowd.filled is None or crowd.reply.status == 413:
        raise NotOffered("the server takes no 60 members in one PATCH")
    expect(crowd.reply).success()
    expect(crowd.filled).status(200).members(set(crowd.ids))


@requirement("RFC7643-2.5-1", proof=("member-display-null-refused",), needs=("groups",))
def test_a_member_may_have_an_unassigned_part(
    scim: Scim, lab: Lab, staff: tuple[Made, ...], definitions: Definitions
) -> None:
    """A group with a member whose `display` is null is created with that member."""
    if definitions.known and definitions.attribute("members.display", "Group") is None:
        raise NotOffered("the server's schema of groups has no members.display")
    members: list[Json] = [lab.entry(staff[0], display=None)]
    reply = scim.post("/Groups", plain_group(lab.people.unique("null"), members))
    if reply.status >= 400:
        lab.group(staff[0])  # blocks the case where the server refuses any group
    expect(reply).success()
