"""Who is provisioned by whom, and what happens in their organisations."""

from __future__ import annotations

import pytest

from benchmarks.sync import people
from benchmarks.sync.day import What
from benchmarks.sync.day import day_of
from benchmarks.sync.day import of_lane
from benchmarks.sync.places import Place
from benchmarks.sync.plan import PlanError
from benchmarks.sync.plan import Tenant
from benchmarks.sync.plan import Wishes
from benchmarks.sync.plan import delay_of
from benchmarks.sync.plan import interval_of
from benchmarks.sync.plan import length_of
from benchmarks.sync.plan import mix_of
from benchmarks.sync.plan import tenants_of
from benchmarks.sync.plan import wanted_rate
from idp_profiles.living.clock import DAY
from idp_profiles.model import Credential
from suites.making.people import is_ours


def places(*names: str, url: str = "http://127.0.0.1:1") -> tuple[Place, ...]:
    return tuple(Place(name, url, Credential("bearer", "t")) for name in names)


def a_tenant(number: int = 0, **wishes: int) -> Tenant:
    names = [f"tenant{each}" for each in range(number + 1)]
    return tenants_of(Wishes(**wishes), places(*names))[number]  # type: ignore[arg-type] # whole numbers only


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("entra", ("entra",)),
        ("entra:3,okta:1", ("entra", "entra", "entra", "okta")),
        ("entra, okta:2", ("entra", "okta", "okta")),
    ],
)
def test_a_mix_is_read_in_turns(text: str, turns: tuple[str, ...]) -> None:
    assert mix_of(text) == turns


@pytest.mark.parametrize("text", ["entra:0", "entra:x", "nobody", "", "entra,,okta"])
def test_a_mix_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(PlanError):
        mix_of(text)


def test_each_person_and_team_is_in_one_lane_alone() -> None:
    tenant = a_tenant(people=103, groups=10, at_once=7)
    lanes = range(tenant.lanes)
    everybody = [number for lane in lanes for number in people.names_of(lane, tenant)]
    teams = [number for lane in lanes for number in people.teams_of(lane, tenant)]
    assert sorted(everybody) == list(range(103))
    assert sorted(teams) == list(range(10))


def test_there_are_never_more_lanes_than_people() -> None:
    assert a_tenant(people=3, at_once=8).lanes == 3


def test_names_differ_between_tenants_and_runs_and_are_known_as_ours() -> None:
    names = {
        people.user_name(number, a_tenant(tenant), Wishes(run_id=run))
        for number in range(3)
        for tenant in range(3)
        for run in ("0a1b2c", "0a1b2d")
    }
    assert len(names) == 18
    assert all(map(is_ours, names))


def test_people_are_equal_in_two_runs_with_the_same_seed() -> None:
    tenant = a_tenant()

    def new_key(kind: str, name: str) -> str:
        return f"{kind} {name}"

    first, again = (people.person(7, tenant, Wishes(seed=3), new_key) for _ in range(2))
    assert first == again
    assert first != people.person(7, tenant, Wishes(seed=4), new_key)


def test_a_cycle_lasts_as_long_as_the_profile_says() -> None:
    assert interval_of("entra") == 40 * 60
    assert interval_of("google") == 3 * 3600
    assert interval_of("okta") == 3600
    assert length_of("entra", 3) == 2 * 3600
    assert length_of("okta", None) == DAY


def test_only_entra_names_a_rate_that_a_tenant_has_to_bear() -> None:
    assert wanted_rate("entra") == 25
    assert wanted_rate("okta") is None


def test_a_day_has_something_of_everything_in_order_and_each_once() -> None:
    tenant = a_tenant(people=3000)
    happenings = day_of(tenant, Wishes(people=3000))
    assert {each.what for each in happenings} == set(What)
    assert [each.at for each in happenings] == sorted(each.at for each in happenings)
    assert max(each.at for each in happenings) <= DAY
    assert sum(each.what is What.MOVES for each in happenings) == 30
    parted = [one for lane in range(tenant.lanes) for one in of_lane(happenings, lane, tenant)]
    assert sorted(map(repr, parted)) == sorted(map(repr, happenings))


def test_a_day_of_no_cycles_is_empty() -> None:
    assert day_of(a_tenant(), Wishes(cycles=0)) == ()


def test_tenants_have_their_cycles_at_different_moments() -> None:
    delays = {delay_of(a_tenant(number), Wishes()) for number in range(5)}
    assert len(delays) == 5
    assert all(0 <= each < interval_of("entra") for each in delays)


def test_a_tenant_with_a_base_url_of_its_own_is_alone_there() -> None:
    shared = tenants_of(Wishes(), places("a", "b"))
    alone = tenants_of(Wishes(), (*places("a"), *places("b", url="http://127.0.0.1:2")))
    assert [each.alone for each in shared] == [False, False]
    assert [each.alone for each in alone] == [True, True]
