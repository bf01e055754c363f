"""Histories of trouble: lost replies, a server that is down, revoked tokens, somebody else."""

from __future__ import annotations

from idp_profiles.model import Request
from suites.verdicts import NotOffered

from .habits import LINKED
from .habits import NO_GROUPS
from .line import Fault
from .neighbours import second_office
from .office import Office
from .office import history
from .office import other_credential


@history
def lose_replies(office: Office) -> None:
    """Lose the reply to each kind of write once; the IdP tries again and nothing is twice."""
    methods = [each for each in ("POST", "PUT", "PATCH") if each in office.habits.repeats]
    posts = [each for each in methods if each == "POST"]
    for _ in range(2):
        office.line.breaks(Fault.LOST, methods=posts)
        office.hire()
        office.in_step()
    one, two = (each.idp_id for each in office.directory.people)
    if office.habits.groups != NO_GROUPS:
        office.line.breaks(Fault.LOST, methods=posts)
    group = office.form(one, two)
    office.in_step()
    for method in methods:
        office.line.breaks(Fault.LOST, methods=[method])
    office.rename(one)
    office.directory.rename(group, office.new_group_name())
    office.directory.leave(group, two)
    office.in_step()


@history
def lose_the_line(office: Office) -> None:
    """Let requests come to nothing in every known way, one after the other."""
    one, two = office.hire(2)
    group = office.form(one)
    office.in_step()
    for fault in Fault:
        office.line.breaks(fault, methods=office.methods_of(fault))
        office.rename(one)
        office.directory.join(group, two)
        office.turn()
        office.line.mend()
        office.in_step()
        office.directory.leave(group, two)
        office.in_step()


@history
def be_down_for_a_cycle(office: Office) -> None:
    """Let the server be down while people join, leave and change, and come back."""
    one, two = office.hire(2)
    group = office.form(one, two)
    office.in_step()
    office.line.breaks(Fault.DOWN, times=None)
    (three,) = office.hire()
    office.rename(one)
    office.directory.block(two)
    office.directory.join(group, three)
    office.turn()
    office.line.mend()
    office.in_step()


@history
def meet_a_stranger(office: Office) -> None:
    """Let somebody else make the account between the IdP's look-up and its create."""
    (key,) = office.hire()
    look, person = office.site.look, office.directory.person(key)

    def overtake(request: Request) -> None:
        if request.method == "POST" and request.target.partition("?")[0] == "/Users":
            office.line.before = None
            look.create_user(person)

    office.line.before = overtake
    office.turn()
    office.line.before = None
    office.in_step()
    office.rename(key)
    office.in_step()


@history
def rotate_the_token(office: Office) -> None:
    """Revoke the token between two cycles, and enter another one."""
    other = other_credential(office.site, office.setup)
    if other is None:
        raise NotOffered("only one credential of this server is known (also_accepts)")
    one, two = office.hire(2)
    office.form(one, two)
    office.in_step()
    office.line.revoke()
    office.rename(one)
    office.directory.block(two)
    office.turn()
    office.engine.rotate(other)
    office.in_step()


@history
def share_the_application(office: Office) -> None:
    """Let two directories provision one application, with one person in both.

    The other one is of another IdP where the server works with that.
    """
    one, both = office.hire(2)
    group = office.form(one, both)
    office.in_step()
    other, stranger = second_office(office)
    people = [stranger]
    if other.habits.taken_name == LINKED:
        people.append(other.take_in(office.directory.person(both)))
        other.directory.assign(*people)
    if office.habits.groups != NO_GROUPS:
        other.form(*people)
    other.in_step()
    office.rename(one)
    office.directory.leave(group, one)
    office.in_step()
    other.directory.block(stranger)
    other.in_step()
    other.end()
    office.check()
