"""What happens in an organisation on a day: who joins, moves, changes a name, leaves.

How much happens is our choice, not a documented figure; of each kind there is at least one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from idp_profiles.living.clock import DAY

from .plan import Tenant
from .plan import Wishes
from .plan import length_of


class What(StrEnum):
    """One kind of change."""

    JOINS = "joins"  # is hired, gets the app, comes into a team
    MOVES = "moves"  # gets another department and title, and goes from one team to another
    IS_RENAMED = "is renamed"  # gets another family name
    LEAVES = "leaves"  # sign-in is blocked on the last day
    TEAM = "forms a team"  # a new group with some people, who stay in theirs
    TEAM_IS_RENAMED = "renames a team"


# How many of a thousand people do it in a day.
PER_THOUSAND = {
    What.JOINS: 2.0,
    What.MOVES: 10.0,
    What.IS_RENAMED: 1.0,
    What.LEAVES: 2.0,
    What.TEAM: 0.5,
    What.TEAM_IS_RENAMED: 0.5,
}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens `at` so many seconds after the first load, to one person."""

    at: float
    what: What
    person: int


def day_of(tenant: Tenant, wishes: Wishes) -> tuple[Happening, ...]:
    """Return what happens in a tenant's organisation, in order; a joiner has a new number."""
    length = length_of(tenant.idp, wishes.cycles)
    if not length:
        return ()
    chosen = Random(f"{wishes.seed}/{tenant.number}/day")  # noqa: S311 - not secret
    found: list[Happening] = []
    newest = tenant.people
    for what, share in PER_THOUSAND.items():
        number = max(1, round(share * tenant.people / 1000 * length / DAY))
        for each in range(number):
            somebody = newest + each if what is What.JOINS else chosen.randrange(tenant.people)
            found.append(Happening(chosen.random() * length, what, somebody))
    return tuple(sorted(found, key=lambda each: each.at))


def of_lane(happenings: tuple[Happening, ...], lane: int, tenant: Tenant) -> list[Happening]:
    """Return what happens to the people of one lane."""
    return [each for each in happenings if each.person % tenant.lanes == lane]
