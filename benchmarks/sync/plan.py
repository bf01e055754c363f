"""Who is to be provisioned by whom: the tenants of a run, with their people, teams and lanes.

A tenant's people are divided over *lanes*: each lane is a mock IdP of its own that sends one
request after the other, so that the lanes are the requests that a tenant has under way at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from idp_profiles import PROFILES
from idp_profiles import load
from idp_profiles.living.clock import DAY
from idp_profiles.living.clock import HOUR
from idp_profiles.living.clock import MINUTE
from idp_profiles.living.opening import engine_settings
from idp_profiles.living.opening import has_engine

from .places import Place

_TEAM = 50  # people in a team, unless the number of groups is given


class PlanError(ValueError):
    """A plan that cannot be; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for, alike for all tenants; see `docs/load.md`."""

    people: int = 100
    groups: int | None = None
    idps: tuple[str, ...] = ("entra",)
    cycles: int | None = None
    day_factor: float = 1440.0
    seed: int = 0
    at_once: int = 8
    rate: float = 0.0
    window: int = 10
    timeout: float = 60.0
    domain: str = "example.com"
    keep: bool = False
    run_id: str = "000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One tenant: who provisions it, where it is, and how many people and teams it has."""

    number: int
    place: Place
    idp: str
    people: int
    groups: int
    lanes: int
    alone: bool  # nobody else's people are at its base URL

    @property
    def name(self) -> str:
        """The name of the tenant."""
        return self.place.name


def tenants_of(wishes: Wishes, places: Sequence[Place]) -> tuple[Tenant, ...]:
    """Return the tenants of a run, the IdPs in turn where a place names none."""
    lanes = max(1, min(wishes.at_once, wishes.people))
    groups = wishes.groups
    if groups is None:
        groups = max(lanes, -(-wishes.people // _TEAM))
    urls = [place.url for place in places]
    return tuple(
        Tenant(
            number=number,
            place=place,
            idp=_known(place.idp or wishes.idps[number % len(wishes.idps)]),
            people=wishes.people,
            groups=groups,
            lanes=lanes,
            alone=urls.count(place.url) == 1,
        )
        for number, place in enumerate(places)
    )


def mix_of(text: str) -> tuple[str, ...]:
    """Return the IdPs in turn that a mix means: `entra:3,okta:1` is three of four for Entra."""
    turns: list[str] = []
    for part in text.split(","):
        name, _, share = part.strip().partition(":")
        if not (share or "1").isdecimal() or not 0 < int(share or "1") <= 1000:
            raise PlanError(f"the share of {name!r} is a number from 1 to 1000, not {share!r}")
        turns += [_known(name)] * int(share or "1")
    return tuple(turns)


def _known(name: str) -> str:
    lively = [each for each in PROFILES if has_engine(each)]
    if name not in lively:
        raise PlanError(f"there is no identity provider {name!r}; known: {', '.join(lively)}")
    return name


def tag_of(tenant: Tenant, wishes: Wishes) -> str:
    """Return what every name of a tenant's people holds: no other tenant, run or person has it."""
    return f"scimproof-{wishes.run_id}-{tenant.number:06x}"


def interval_of(idp: str) -> float:
    """Return the seconds between two cycles of an IdP; an hour for one that has none in a day."""
    limits = load(idp).facts.limits
    if "cycle" in limits:
        return limits["cycle"].value * MINUTE
    settings: Mapping[str, object] = engine_settings(idp)
    every = [value for key, value in settings.items() if key.endswith("_every")]
    known = [float(value) for value in every if isinstance(value, int | float) and value <= DAY]
    return known[0] if known else HOUR


def length_of(idp: str, cycles: int | None) -> float:
    """Return how many seconds the changes of a tenant spread over: a day, or some cycles."""
    return DAY if cycles is None else cycles * interval_of(idp)


def delay_of(tenant: Tenant, wishes: Wishes) -> float:
    """Return how many seconds a tenant's cycles come after the full ones: no two are in step."""
    return Random(f"{wishes.seed}/{tenant.number}").random() * interval_of(tenant.idp)  # noqa: S311 - not secret


def wanted_rate(idp: str) -> int | None:
    """Return the requests a second that an IdP wants a tenant to bear, None if it says nothing."""
    limit = load(idp).facts.limits.get("rate")
    return None if limit is None else limit.value
