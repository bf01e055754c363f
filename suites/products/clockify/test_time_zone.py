"""The time zone: the IdP's at first, then the user's own for good.

No IdP has it in its default mapping: where one sends it, the mapping is assumed.
"""

from __future__ import annotations

import pytest

from suites.products.company import Company
from suites.products.promises import done
from suites.requirements import requirement

from .arranging import assume
from .arranging import at_work
from .arranging import eyes_of
from .arranging import full_sync
from .arranging import with_time_zone

FIRST, CHOSEN, LATER = "Europe/Berlin", "Asia/Tokyo", "America/Lima"


@pytest.fixture
def zoned(company: Company) -> Company:
    """The customer with the time zone in the IdP's mapping."""
    assume(company, "the attribute timezone was added to it")
    return company.set_up(mapping=with_time_zone(company))


def _settled(company: Company) -> str:
    key = company.hire_one(timezone=FIRST)
    company.arrange(by="CLK-USER-1")
    return key


def _chosen(company: Company) -> str:
    """Let somebody choose a time zone in the product, and return the key."""
    key = _settled(company)
    done(eyes_of(company, key).set_time_zone(CHOSEN), "choosing a time zone")
    company.shows_member(key, time_zone=CHOSEN)
    return key


@requirement("CLK-USER-5", proof=("time-zone-ignored",))
def test_the_time_zone_comes_from_the_idp_at_first(zoned: Company) -> None:
    """A new member has the time zone that the IdP sent."""
    zoned.shows_member(_settled(zoned), time_zone=FIRST)


@requirement("CLK-USER-5", proof=("time-zone-overwritten", "time-zone-locked"))
def test_a_chosen_time_zone_outlives_an_update(zoned: Company) -> None:
    """A time zone that the user chose stays when the IdP sends another change of the person."""
    key = _chosen(zoned)
    zoned.directory.change(key, family_name=zoned.workspace.people.family_name())
    zoned.sync()
    zoned.shows_member(key, time_zone=CHOSEN)


@requirement("CLK-USER-5", proof=("time-zone-overwritten",))
def test_a_chosen_time_zone_outlives_another_of_the_idp(zoned: Company) -> None:
    """A time zone that the user chose stays when the time zone changes in the IdP."""
    key = _chosen(zoned)
    zoned.directory.change(key, timezone=LATER)
    zoned.sync()
    zoned.shows_member(key, time_zone=CHOSEN)


@requirement("CLK-USER-5", proof=("time-zone-overwritten",))
def test_a_chosen_time_zone_outlives_a_full_sync(zoned: Company) -> None:
    """A time zone that the user chose stays when the IdP matches and sends everybody again."""
    key = _chosen(zoned)
    zoned.directory.change(key, timezone=LATER)
    full_sync(zoned)
    zoned.shows_member(key, time_zone=CHOSEN)


@requirement("CLK-USER-5", proof=("time-zone-overwritten", "time-zone-forgotten-on-return"))
def test_a_chosen_time_zone_outlives_a_return(zoned: Company) -> None:
    """A time zone that the user chose stays when the app is taken away and given back."""
    key = _chosen(zoned)
    zoned.directory.unassign(key)
    zoned.arrange(by="CLK-USER-4")
    zoned.directory.assign(key)
    zoned.sync()
    zoned.shows_member(key, time_zone=CHOSEN)


@requirement("CLK-USER-5", proof=("time-zone-reset-when-unsent",))
def test_a_chosen_time_zone_outlives_a_write_without_one(company: Company) -> None:
    """A time zone that the user chose stays when the IdP, which sends none, updates the person."""
    key = at_work(company)
    done(eyes_of(company, key).set_time_zone(CHOSEN), "choosing a time zone")
    company.shows_member(key, time_zone=CHOSEN)
    company.directory.change(key, family_name=company.workspace.people.family_name())
    company.sync()
    company.shows_member(key, time_zone=CHOSEN)
