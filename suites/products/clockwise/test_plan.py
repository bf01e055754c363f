"""The plan by the number of users pushed: 9, 10 and 11, in both readings of the help page.

The page says "up to 10" for the trial and "10+" for the switch. Each reading is a setting of the
simulation, so that both are tried; which of them the product keeps no run can show.
"""

from __future__ import annotations

from suites.products.workspace import Workspace
from suites.requirements import requirement

from .customer import Customer
from .customer import customer
from .probe import FREE
from .probe import PAID

_TRIAL, _SWITCH = "trial", "switch"


@requirement("CWS-PLAN-1", proof=("clockwise-nobody-added", "clockwise-trial-frees-others"))
def test_nine_users_are_a_trial_by_up_to_10(workspace: Workspace, provider: str) -> None:
    """9 users are added to the plan, and nobody else changes, where the trial goes up to 10."""
    _expect_trial(customer(workspace, provider, at_threshold=_TRIAL), 9)


@requirement("CWS-PLAN-1", proof=("clockwise-nobody-added", "clockwise-threshold-one-early"))
def test_nine_users_are_a_trial_by_10_and_more(workspace: Workspace, provider: str) -> None:
    """9 users are added to the plan, and nobody else changes, where 10 users switch it."""
    _expect_trial(customer(workspace, provider, at_threshold=_SWITCH), 9)


@requirement("CWS-PLAN-1", proof=("clockwise-threshold-one-early", "clockwise-trial-frees-others"))
def test_ten_users_are_a_trial_by_up_to_10(workspace: Workspace, provider: str) -> None:
    """10 users are still added to the plan, and nobody else changes, by "up to 10"."""
    _expect_trial(customer(workspace, provider, at_threshold=_TRIAL), 10)


@requirement("CWS-PLAN-1", proof=("clockwise-trial-frees-others",))
def test_a_paid_member_who_was_pushed_stays_paid(company: Customer) -> None:
    """In the trial somebody who was paid before stays so, also when the app is taken away."""
    email = company.email("user")
    (key,) = company.push(1, email)
    company.shows_plan(email, PAID)
    company.directory.unassign(key)
    company.sync()
    company.shows_plan(email, PAID)


@requirement(
    "CWS-PLAN-2",
    proof=(
        *("clockwise-others-keep-paid", "clockwise-admins-keep-paid"),
        "clockwise-threshold-one-late",
    ),
)
def test_ten_users_switch_by_10_and_more(workspace: Workspace, provider: str) -> None:
    """10 users move to the paid plan and everybody else to free, by "10+"."""
    _expect_switch(customer(workspace, provider, at_threshold=_SWITCH), 10)


@requirement("CWS-PLAN-2", proof=("clockwise-pushed-stay-free", "clockwise-threshold-one-late"))
def test_eleven_users_switch_by_up_to_10(workspace: Workspace, provider: str) -> None:
    """11 users move to the paid plan and everybody else to free, where the trial goes up to 10."""
    _expect_switch(customer(workspace, provider, at_threshold=_TRIAL), 11)


@requirement("CWS-PLAN-2", proof=("clockwise-others-keep-paid", "clockwise-pushed-stay-free"))
def test_eleven_users_switch_by_10_and_more(workspace: Workspace, provider: str) -> None:
    """11 users move to the paid plan and everybody else to free, where 10 users switch it."""
    _expect_switch(customer(workspace, provider, at_threshold=_SWITCH), 11)


@requirement("CWS-PLAN-2", proof=("clockwise-late-comers-free", "clockwise-leavers-keep-seats"))
def test_the_plan_follows_the_directory_after_the_switch(
    workspace: Workspace, provider: str
) -> None:
    """Once the plan was switched, who comes later is paid, and who leaves is free."""
    company = customer(workspace, provider, threshold=2, at_threshold=_SWITCH)
    company.push(2)
    late = company.email("free")
    (key,) = company.push(1, late)
    company.shows_plan(late, PAID)
    company.directory.unassign(key)
    company.sync()
    company.shows_plan(late, FREE)


def _expect_trial(company: Customer, count: int) -> None:
    """Push somebody who is free, yourself and others: they are paid, and others are as before."""
    pushed, other = company.email("free"), company.email("user")
    company.push(count, company.email("owner"), pushed)
    company.shows_plan(company.email("owner"), PAID)
    company.shows_plan(pushed, PAID)
    company.shows_plan(other, PAID)
    company.shows_plan(company.email("it"), FREE)


def _expect_switch(company: Customer, count: int) -> None:
    """Push somebody who is free, yourself and others: they are paid, and everybody else is free."""
    pushed, other = company.email("free"), company.email("user")
    company.push(count, company.email("owner"), pushed)
    company.shows_plan(company.email("owner"), PAID)
    company.shows_plan(pushed, PAID)
    for each in (other, company.email("admin"), company.email("it")):
        company.shows_plan(each, FREE)
