"""The second organisation of an application: another IdP's, where the server works with that."""

from __future__ import annotations

import idp_profiles
from suites.replay import Setup
from suites.verdicts import Mismatch

from .habits import NO_GROUPS
from .office import Office


def second_office(office: Office) -> tuple[Office, str]:
    """Return an office of another organisation at the same site, and the key of one who is in it.

    It is the neighbour's of the IdP's habits, or the IdP's own once more where the neighbour has
    no credential that it can send, or fails here alone: a case blames no IdP for another one.
    """
    setup = _neighbours_setup(office)
    if setup is not None:
        other = Office(setup, office.site)
        try:
            key = _settled_in(other, office)
            _takes_over(other)
        except Mismatch as problem:
            title = setup.profile.title
            office.note(f"{title} does not work here by itself, and is no neighbour: {problem}")
        else:
            return other, key
    other = Office(office.setup, office.site)
    return other, _settled_in(other, office)


def _settled_in(other: Office, office: Office) -> str:
    """Let the other organisation have one who leaves, comes back and moves; raises Mismatch."""
    (key,) = other.hire()
    if office.habits.groups != NO_GROUPS:
        other.form(key)
    other.in_step()
    for change in (other.directory.block, other.directory.unblock, other.rename):
        change(key)
        other.in_step()
    return key


def _takes_over(other: Office) -> None:
    """Let the other organisation have somebody whose account is there; raises Mismatch."""
    person = other.site.people.person()
    other.site.look.create_user(person)
    key = other.take_in(person)
    other.directory.assign(key)
    other.rename(key)
    other.in_step()


def _neighbours_setup(office: Office) -> Setup | None:
    """Return how the neighbour is set up: as usual, with the first credential that it can send."""
    if not office.habits.neighbour:
        return None
    profile = idp_profiles.load(office.habits.neighbour)
    target = office.site.connection.target
    for credential in (office.setup.credential, target.credential, *target.also_accepts):
        setup = Setup(
            profile=profile,
            dialect=profile.usual_dialect,
            credential=credential,
            wishes=office.setup.wishes,
        )
        try:
            profile.start(dialect=setup.dialect, credential=credential)
        except ValueError:
            continue
        return setup
    return None
