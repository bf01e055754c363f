"""Histories of groups: they change all at once, end, begin again, and become large."""

from __future__ import annotations

from suites.values import value_at
from suites.verdicts import Blocked

from .office import Office
from .office import history


@history
def reorganise(office: Office) -> None:
    """Rename a group while one leaves it and one joins it, more than once."""
    one, two, three, four = office.hire(4)
    group = office.form(one, two)
    office.in_step()
    for leaver, joiner in ((one, three), (two, four), (three, one)):
        office.directory.rename(group, office.new_group_name())
        office.directory.leave(group, leaver)
        office.directory.join(group, joiner)
        office.in_step()


@history
def pause_in_a_group(office: Office) -> None:
    """Let a member of three groups be away for some time: a place is kept in each of them.

    One group stays as it is, one is renamed, and one loses another member in the meantime.
    """
    away, stayer, leaver = office.hire(3)
    office.form(away, stayer)
    other = office.form(away)
    group = office.form(away, leaver)
    office.in_step()
    office.directory.block(away)
    office.in_step()
    office.directory.rename(other, office.new_group_name())
    office.directory.leave(group, leaver)
    office.in_step()
    office.directory.unblock(away)
    office.in_step()


@history
def begin_again(office: Office) -> None:
    """Dissolve a group, and form one of the same name with other people."""
    one, two, three = office.hire(3)
    group = office.form(one, two)
    name = office.directory.group(group).name
    office.in_step()
    office.directory.dissolve(group)
    office.in_step()
    office.form(three, name=name)
    office.in_step()


def gather(office: Office) -> None:
    """Push a group of a thousand people, who have accounts, and let one leave."""
    keys = [_with_account(office) for _ in range(office.site.crowd)]
    group = office.form(*keys)
    turn = office.settle()
    if not turn.in_step:
        office.in_step()
    office.check_group(group)
    office.directory.leave(group, keys[0])
    office.settle()
    office.check_group(group)


def _with_account(office: Office) -> str:
    """Take a person in whose account is made directly, as no case about creating is meant."""
    person = office.site.people.person()
    reply = office.site.look.create_user(person)
    user_id = value_at(reply.object(), "id")
    if not isinstance(user_id, str):
        raise Blocked(f"POST /Users answered {reply.status}", entry=reply.entry)
    key = office.take_in(person)
    office.engine.idp.link(office.directory.person(key), user_id)
    office.directory.assign(key)
    return key
