"""People and groups that a careless server takes for others, or for several.

Databases compare with wildcards, without accents, or by a part of the name; a join lists who is in
two groups twice. An identity provider that links by such an answer writes into a stranger's
account, or skips the person as ambiguous.
"""

from __future__ import annotations

from dataclasses import replace

from idp_profiles.model import Json
from idp_profiles.model import Person
from suites.client import ScimClient
from suites.making.people import Registry

_MANY = "R+D and Sales_"


def unlike_others(look: ScimClient, people: Registry) -> Person:
    """Return a new person without an account, whose userName much resembles those of others.

    A server may refuse such names; then these people are not there to be found.
    """
    person = people.person(local="ana_lopez")
    name = person.user_name
    for other in (
        name.replace("ana_lopez", "anaxlopez"),
        name.replace("ana_lopez", "aná_lópez"),
        name.replace("@", "@elsewhere."),
    ):
        look.create_user(replace(people.person(), user_name=other))
    return person


def much_joined(people: Registry) -> tuple[Person, dict[str, Json]]:
    """Return a new person without an account, and what a create says to give two addresses."""
    person, other = people.people(2)
    emails: Json = [
        {"value": person.email, "type": "work", "primary": True},
        {"value": other.email, "type": "home"},
    ]
    return person, {"emails": emails}


def put_into_two_groups(look: ScimClient, people: Registry, user_id: str) -> None:
    """Make a user a member of two new groups, where the server has groups."""
    for _ in range(2):
        look.create_group(people.group().name, (user_id,))


def awkward_group_name(look: ScimClient, people: Registry) -> str:
    """Return the name for a new group that holds a word of the filter language, and wildcards.

    Other groups have names that resemble it, where the server takes such names.
    """
    name = f"{people.unique(_MANY)} (EU)"
    for other in (name.replace("_", "x"), name.replace("Sales", "Sáles")):
        look.create_group(other)
    return name
