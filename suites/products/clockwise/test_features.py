"""What Clockwise says that its provisioning supports: users, attributes, deactivation, groups."""

from __future__ import annotations

from suites.products.workspace import Workspace
from suites.requirements import requirement

from .customer import Customer
from .customer import customer
from .probe import FREE
from .probe import PAID


@requirement("CWS-FEAT-1", proof=("clockwise-users-ignored",))
def test_a_user_who_is_assigned_is_listed(company: Customer) -> None:
    """A user who is assigned the app is an active user of the directory."""
    (key,) = company.push(1)
    company.shows_listed(company.person(key).email)


@requirement("CWS-FEAT-1", proof=("clockwise-users-ignored",))
def test_a_user_who_is_created_has_an_account(workspace: Workspace, provider: str) -> None:
    """Where accounts come from the directory, who is assigned the app has one, with a seat."""
    company = customer(workspace, provider, edition="accounts")
    (key,) = company.push(1)
    company.shows_plan(company.person(key).email, PAID)


@requirement("CWS-FEAT-1", proof=("clockwise-attributes-kept",))
def test_a_change_of_name_reaches_the_account(workspace: Workspace, provider: str) -> None:
    """Where attributes come from the directory, a change of name reaches the account."""
    company = customer(workspace, provider, edition="accounts")
    (key,) = company.push(1)
    person = company.directory.change(key, family_name="Newname")
    company.sync()
    company.shows_name(person.email, f"{person.given_name} Newname")


@requirement("CWS-FEAT-1", proof=("clockwise-attributes-kept", "clockwise-leavers-keep-seats"))
def test_a_change_of_address_moves_the_seat(company: Customer) -> None:
    """A seat goes with the address: the account under the old one becomes free."""
    email = company.email("free")
    (key,) = company.push(1, email)
    company.shows_plan(email, PAID)
    new = company.workspace.people.person().email
    company.directory.change(key, email=new, user_name=new)
    company.sync()
    company.shows_plan(email, FREE)
    company.shows_listed(new)


@requirement("CWS-FEAT-1", proof=("clockwise-inactive-kept",))
def test_a_deactivated_user_is_deleted(workspace: Workspace, provider: str) -> None:
    """Where the directory service deletes inactive users, who is blocked is listed no more."""
    company = customer(workspace, provider, inactive="delete")
    (key,) = company.push(1)
    company.directory.block(key)
    company.sync()
    company.shows_unlisted(company.person(key).email)


@requirement("CWS-FEAT-1", proof=("clockwise-inactive-deleted",))
def test_a_deactivated_user_is_kept(workspace: Workspace, provider: str) -> None:
    """Where the directory service keeps inactive users, who is blocked is listed as inactive."""
    company = customer(workspace, provider, inactive="keep")
    (key,) = company.push(1)
    company.directory.block(key)
    company.sync()
    company.shows_listed(company.person(key).email, "inactive")


@requirement("CWS-FEAT-1", proof=("clockwise-leavers-keep-seats",))
def test_a_deactivated_user_loses_the_seat(company: Customer) -> None:
    """A seat that came with the app is gone when the app is taken away."""
    email = company.email("free")
    (key,) = company.push(1, email)
    company.shows_plan(email, PAID)
    company.directory.unassign(key)
    company.sync()
    company.shows_plan(email, FREE)


@requirement(
    "CWS-FEAT-1",
    proof={"okta": ("reactivate-ignored",), "onelogin": ("deleted-name-taken",)},
)
def test_a_user_who_returns_has_the_seat_again(company: Customer) -> None:
    """Who is assigned the app again is listed again, and has the seat."""
    email = company.email("free")
    (key,) = company.push(1, email)
    company.directory.unassign(key)
    company.sync()
    company.directory.assign(key)
    company.sync()
    company.shows_listed(email)
    company.shows_plan(email, PAID)


@requirement("CWS-FEAT-1", proof=("clockwise-groups-ignored",))
def test_a_pushed_group_is_listed_with_its_people(company: Customer) -> None:
    """A group that the IdP pushes is a group of the directory, with its people."""
    keys = company.push(3)
    group = company.form(*keys[:2])
    company.sync()
    company.shows_group(company.name_of(group), keys[:2])
    company.directory.join(group, keys[2])
    company.directory.leave(group, keys[0])
    company.sync()
    company.shows_group(company.name_of(group), keys[1:])


@requirement("CWS-FEAT-1", proof=("clockwise-groups-ignored",))
def test_a_group_is_pushed_past_bare_replies(workspace: Workspace, provider: str) -> None:
    """Groups are pushed also where what is read of a group shows no members."""
    company = customer(workspace, provider, group_replies="bare")
    keys = company.push(2)
    group = company.form(*keys)
    company.sync()
    company.shows_group(company.name_of(group), keys)


@requirement("CWS-FEAT-1", proof=("clockwise-groups-stay",), idps=("okta",))
def test_a_pushed_group_follows_to_its_end(company: Customer) -> None:
    """A group that Okta pushed is renamed with Okta's, and gone when Okta removes it."""
    keys = company.push(2)
    group = company.form(*keys)
    company.sync()
    name = company.office.new_group_name()
    company.directory.rename(group, name)
    company.sync()
    company.shows_group(name, keys)
    company.directory.dissolve(group)
    company.sync()
    company.shows_no_group(name)


@requirement("CWS-FEAT-2", proof=("clockwise-admins-updated", "clockwise-admin-addresses-updated"))
def test_an_admin_keeps_their_attributes(workspace: Workspace, provider: str) -> None:
    """An update of attributes leaves an Admin user as they are, and reaches everybody else."""
    company = customer(workspace, provider, edition="accounts")
    admin, member = company.email("admin"), company.email("user")
    before = company.seats.seat(admin).value
    keys = company.push(2, admin, member)
    for key in keys:
        company.directory.change(key, family_name="Newname")
    company.sync()
    company.shows_name(member, f"{company.person(keys[1]).given_name} Newname")
    company.shows_name(admin, before.name if before else "")
    company.directory.change(keys[0], email=company.workspace.people.person().email)
    company.sync()
    company.shows_name(admin, before.name if before else "")
