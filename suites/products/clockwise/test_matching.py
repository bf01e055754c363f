"""Whose account a synced address means, where names come from, and who is blocked."""

from __future__ import annotations

from dataclasses import replace

from suites.products.promises import done
from suites.products.promises import refused
from suites.products.workspace import Workspace
from suites.requirements import requirement
from suites.verdicts import Mismatch

from .customer import Customer
from .customer import customer
from .probe import FREE
from .probe import PAID
from .probe import PENDING


@requirement("CWS-MATCH-1", proof=("clockwise-matched-by-capitals", "clockwise-nobody-added"))
def test_an_address_matches_whatever_its_capitals(company: Customer) -> None:
    """An account is paid whose address is synced, whatever the capitals."""
    email = company.email("free")
    company.push(1, email.title())
    company.shows_plan(email, PAID)


@requirement("CWS-MATCH-1", proof=("clockwise-matched-by-username",))
def test_the_address_matches_and_not_the_user_name(company: Customer) -> None:
    """An account is paid whose address is synced, under whatever userName."""
    email = company.email("free")
    person = replace(company.workspace.people.person(), email=email)
    company.directory.assign(company.office.take_in(person))
    company.sync()
    company.shows_plan(email, PAID)


@requirement("CWS-MATCH-1", proof=("clockwise-pushed-stay-free", "clockwise-others-keep-paid"))
def test_an_account_that_is_not_synced_is_free(workspace: Workspace, provider: str) -> None:
    """Once the plan follows the directory, accounts that match no synced address are free."""
    company = customer(workspace, provider, threshold=2, at_threshold="switch")
    matched, other = company.email("free"), company.email("user")
    company.push(2, matched)
    company.shows_plan(matched, PAID)
    company.shows_plan(other, FREE)


@requirement("CWS-MATCH-2", proof=("clockwise-address-forgotten", "clockwise-matched-by-capitals"))
def test_an_address_waits_for_its_owner(workspace: Workspace, provider: str) -> None:
    """A synced address without an account waits; who signs up with it is paid, as spelled."""
    company = customer(workspace, provider)
    (key,) = company.push(1)
    person = company.person(key)
    company.shows_plan(person.email, PENDING)
    names = (person.given_name, person.family_name)
    done(company.seats.sign_up(person.email.title(), *names), "signing up")
    company.shows_plan(person.email, PAID)


@requirement("CWS-MATCH-1", proof=("clockwise-strangers-paid",))
def test_who_is_not_synced_signs_up_for_free(workspace: Workspace, provider: str) -> None:
    """Somebody who signs up with an address that nobody synced is free."""
    company = customer(workspace, provider)
    company.push(1)
    stranger = company.workspace.people.person()
    done(company.seats.sign_up(stranger.email, "Sam", "Stranger"), "signing up")
    company.shows_plan(stranger.email, FREE)


@requirement("CWS-MATCH-3", proof=("clockwise-names-from-scim",))
def test_names_come_from_google(company: Customer) -> None:
    """A name that the IdP sends leaves the account's name as Google has it."""
    email = company.email("free")
    before = company.seats.seat(email).value
    (key,) = company.push(1, email)
    company.directory.change(key, family_name="Newname")
    company.sync()
    company.shows_name(email, before.name if before else "")


@requirement("CWS-BLOCK-1", proof=("clockwise-block-without-group",))
def test_blocking_needs_a_push_group(company: Customer) -> None:
    """Without a group that was pushed, users who are not in SCIM cannot be blocked."""
    company.push(1, company.email("free"))
    refused(company.seats.block_unlisted("none"), "blocking without a push group")


@requirement("CWS-BLOCK-1", proof=("clockwise-block-ignored", "clockwise-blocked-for-ever"))
def test_who_is_not_in_scim_is_blocked(company: Customer) -> None:
    """With a push group, users who are not in SCIM are blocked until they are."""
    keys = company.push(2, company.email("free"))
    group = company.form(*keys)
    company.sync()
    pushed = company.shows_group(company.name_of(group), keys)
    paid = company.email("user")
    done(company.seats.block_unlisted(pushed.id), "blocking")
    _gets_in(company, "user", wanted=False)
    _gets_in(company, "free", wanted=True)
    company.push(1, paid)
    _gets_in(company, "user", wanted=True)


def _gets_in(company: Customer, who: str, *, wanted: bool) -> None:
    """Expect somebody to get in, or not to; raises Mismatch."""
    seen = company.workspace.acting(who).has_access()
    if seen.value is not wanted:
        expected = f"{who} {'gets in' if wanted else 'is blocked'}"
        raise Mismatch(expected=expected, actual="the contrary", entry=seen.entry)
