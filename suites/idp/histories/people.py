"""Histories of people: they join, move, leave and come back, under old names and new ones."""

from __future__ import annotations

from dataclasses import replace

from suites.verdicts import Mismatch

from .habits import DELETED
from .office import Office
from .office import history


@history
def join_move_leave_return(office: Office) -> None:
    """Let somebody join, change names twice, leave and come back; a colleague stays as before."""
    mover, _ = office.hire(2)
    office.in_step()
    for _ in range(2):
        office.rename(mover)
        office.in_step()
    office.directory.block(mover)
    office.in_step()
    office.directory.unblock(mover)
    office.in_step()


@history
def rename(office: Office) -> None:
    """Give somebody another user name and the old one back, without another account."""
    key, _ = office.hire(2)
    office.in_step()
    before = office.directory.person(key)
    account = office.account(key)
    office.rename(key, names=False)
    office.in_step()
    office.directory.change(key, user_name=before.user_name, email=before.email)
    office.in_step()
    if office.account(key) != account:
        raise Mismatch(
            expected=f"the account {account!r} under each name",
            actual=f"the account {office.account(key)!r}",
            entry=office.site.log.last(),
        )


@history
def return_under_another_name(office: Office) -> None:
    """Let somebody leave, and come back with another user name and e-mail address."""
    key, _ = office.hire(2)
    office.in_step()
    office.directory.unassign(key)
    office.directory.block(key)
    office.in_step()
    office.rename(key, names=False)
    office.directory.unblock(key)
    office.directory.assign(key)
    office.in_step()


@history
def succeed(office: Office) -> None:
    """Let somebody leave for good, and somebody new have the user name and e-mail address.

    Where the account is deleted, that ends the memberships, too; an account that stays, and is
    taken over, has none by then.
    """
    leaver, stayer = office.hire(2)
    office.form(leaver, stayer)
    office.in_step()
    name = office.directory.person(leaver)
    if office.habits.purged != DELETED:
        for group in office.directory.groups:
            office.directory.leave(group.idp_id, leaver)
    office.directory.block(leaver)
    office.in_step()
    office.directory.purge(leaver)
    office.in_step()
    new = replace(
        office.site.people.person(), user_name=name.user_name, email=name.email, attributes={}
    )
    office.directory.assign(office.take_in(new))
    office.in_step()
    office.rename(stayer)
    office.in_step()


@history
def take_over_a_former_name(office: Office) -> None:
    """Let somebody marry, and a newcomer have the user name that is free by then."""
    first, _ = office.hire(2)
    office.in_step()
    former = office.rename(first)
    office.in_step()
    new = replace(office.site.people.person(), user_name=former, email=former)
    office.directory.assign(office.take_in(new))
    office.in_step()


@history
def share_an_address(office: Office) -> None:
    """Give two people one e-mail address; where that is refused, the first stays as it is."""
    first, _ = office.hire(2)
    office.in_step()
    address = office.directory.person(first).email
    second = office.take_in(replace(office.site.people.person(), email=address))
    office.directory.assign(second)
    if not office.settle().in_step and office.refused(409):
        office.note("a second person with an e-mail address is refused, which is legal")
        office.let_go(second)
        office.check()
        return
    office.in_step()
    office.rename(second)
    office.in_step()


@history
def vanish(office: Office) -> None:
    """Delete somebody's account in the application, behind the IdP's back; it is made again."""
    key, colleague = office.hire(2)
    office.form(key, colleague)
    office.in_step()
    office.delete_account(key)
    (newcomer,) = office.hire(1)
    office.call(key)
    office.turn()
    office.forget_account(key)
    office.in_step()
    office.rename(newcomer)
    office.call(key)
    office.in_step()


@history
def vanish_while_away(office: Office) -> None:
    """Delete the account of somebody who is away; it is made again on the return."""
    key, _ = office.hire(2)
    office.in_step()
    office.directory.block(key)
    office.in_step()
    office.delete_account(key)
    (newcomer,) = office.hire(1)
    office.in_step()
    office.directory.unblock(key)
    office.in_step()
    for each in (newcomer, key):
        office.rename(each)
    office.in_step()


@history
def erase(office: Office) -> None:
    """Switch somebody off, make the person nameless, and remove what is left."""
    key, _ = office.hire(2)
    office.in_step()
    account = office.account(key)
    office.directory.block(key)
    office.in_step()
    office.rename(key)
    office.in_step()
    office.directory.purge(key)
    office.in_step()
    if account is not None:
        office.check_purged(account)
    office.hire()
    office.in_step()
