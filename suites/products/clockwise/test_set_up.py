"""Who may set Clockwise's provisioning up, what it needs, and what it locks."""

from __future__ import annotations

from suites.products.promises import done
from suites.products.promises import refused
from suites.products.workspace import Workspace
from suites.requirements import requirement

from .customer import Customer
from .customer import admin_of
from .probe import PAID
from .probe import PENDING


@requirement("CWS-ENABLE-1", proof=("clockwise-every-subscription",), idps=())
def test_only_enterprise_customers_connect_a_directory(workspace: Workspace) -> None:
    """A customer who is not on Enterprise cannot connect a directory."""
    teams = workspace.started(subscription="teams")
    refused(admin_of(teams).connect(), "connecting a directory without Enterprise")


@requirement("CWS-ENABLE-1", proof=("clockwise-every-admin-sets-up",), idps=())
def test_an_admin_of_the_plan_alone_connects_nothing(workspace: Workspace) -> None:
    """An admin of the plan who is no admin of the IdP cannot connect a directory."""
    refused(admin_of(workspace, "admin").connect(), "connecting a directory without the IdP")


@requirement("CWS-ENABLE-1", proof=("clockwise-every-admin-sets-up",), idps=())
def test_an_admin_of_the_idp_alone_connects_nothing(workspace: Workspace) -> None:
    """An admin of the IdP who is no admin of the plan cannot connect a directory."""
    refused(admin_of(workspace, "it").connect(), "connecting a directory without the plan")


@requirement("CWS-ENABLE-1", proof=("clockwise-set-up-refused",), idps=())
def test_an_admin_of_both_connects_a_directory(workspace: Workspace) -> None:
    """An admin of the IdP who is an admin of the plan connects a directory."""
    done(admin_of(workspace.started()).connect(), "connecting a directory as an admin of both")


@requirement("CWS-ENABLE-1", proof=("clockwise-group-push-needed",))
def test_seats_need_no_push_group(company: Customer) -> None:
    """Without push groups and custom attributes, who is assigned the app has a seat."""
    email = company.email("free")
    company.push(2, email)
    company.shows_plan(email, PAID)


@requirement("CWS-ENABLE-2", proof=("clockwise-bare-token-wanted",))
def test_the_idp_gets_in_with_the_bearer_token(company: Customer) -> None:
    """The IdP gets in with the token as an OAuth bearer token."""
    (key,) = company.push(1)
    company.shows_listed(company.person(key).email)


@requirement(
    "CWS-LOCK-1",
    proof=(
        *("clockwise-panel-open", "clockwise-panel-opens-with-users"),
        "clockwise-lock-unexplained",
    ),
)
def test_nobody_is_added_in_the_panel(company: Customer) -> None:
    """While the IdP is in use the admin panel refuses to add a user, and says why."""
    company.push(1)
    for who in ("owner", "admin"):
        email = company.workspace.people.person().email
        refused(admin_of(company.workspace, who).add_user(email), "adding a user in the panel")
        company.shows_nobody(email)


@requirement("CWS-LOCK-1", proof=("clockwise-panel-locked-at-once",), idps=())
def test_the_panel_adds_people_before_the_set_up(workspace: Workspace) -> None:
    """Before a directory is connected the admin panel adds users."""
    email = workspace.people.person().email
    done(admin_of(workspace.started()).add_user(email), "adding a user before the set-up")


@requirement("CWS-LOCK-1", proof=("clockwise-users-ignored",))
def test_the_list_of_the_idp_says_who_has_access(company: Customer) -> None:
    """Who cannot be added in the panel has a place once the IdP lists them."""
    (key,) = company.hire(1)
    email = company.person(key).email
    refused(company.seats.add_user(email), "adding a user in the panel")
    company.sync()
    company.shows_plan(email, PENDING)
