"""What Entra's cases arrange: an account in the app, a group, a crew.

What lives in this module is shared by all of them; what only one feature needs stays with it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from suites.client import ENTERPRISE_URN
from suites.client import ScimClient
from suites.conftest import Bench
from suites.idp.accounts import Account as Account
from suites.idp.accounts import Acted as Acted
from suites.idp.accounts import Team as Team
from suites.idp.accounts import create_group
from suites.idp.accounts import create_user
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import judge_of
from suites.verdicts import NotOffered

# What Entra's directory holds of somebody, so that every attribute of the default mapping is sent.
DIRECTORY: dict[str, Json] = {
    "jobTitle": "Engineer",
    "preferredLanguage": "en-GB",
    "physicalDeliveryOfficeName": "18/2111",
    "streetAddress": "1 Example Street",
    "city": "Bratislava",
    "state": "BL",
    "postalCode": "81101",
    "country": "SK",
    "telephoneNumber": "+421-2-5550-1000",
    "mobile": "+421-905-550-100",
    "facsimileTelephoneNumber": "+421-2-5550-1001",
    "employeeNumber": "1001",
    "department": "Testing",
}
NAMESPACE = uuid.UUID("6f0d7f0a-6b8c-4b5e-9d55-3a1f5be0c2d4")  # of the object ids made up here


def nickname(person: Person) -> str:
    """Return the mailNickname, which the default mapping sends as externalId."""
    return str(person.attributes.get("mailNickname") or person.user_name.partition("@")[0])


def somebody(people: Registry, **attributes: Json) -> Person:
    """Return a new person of whom the directory knows everything, and as much more as is given."""
    person = people.person()
    known = {**DIRECTORY, **attributes}
    return replace(person, idp_id=object_id(person.user_name), attributes=known)


def team_of(people: Registry, *members: Person) -> Group:
    """Return a new group of the directory, with an object id."""
    group = people.group(*members)
    return replace(group, idp_id=object_id(group.name))


def object_id(name: str) -> str:
    """Return the object id of somebody or of a group: a GUID."""
    return str(uuid.uuid5(NAMESPACE, name))


def created(look: ScimClient, person: Person, **attributes: Json) -> str:
    """Create a person directly, as another client would, and return the id; raises Blocked."""
    return create_user(look, person, by=judge_of("entra", "assign"), **attributes)


def formed(look: ScimClient, name: str, member_ids: tuple[str, ...] = ()) -> str:
    """Create a group directly, as another client would, and return the id; raises Blocked."""
    created_by = judge_of("entra", "push_group")
    return create_group(look, name, member_ids, by=created_by, adds="ENTRA-MEMBER-4")


def hire(entra: Replay, look: ScimClient, person: Person, **attributes: Json) -> Account:
    """Create a person directly, and let Entra know the account.

    One request instead of Entra's two, and no case about something else is blocked by how a server
    takes Entra's way of creating people.
    """
    user_id = created(look, person, **{"externalId": nickname(person), **attributes})
    entra.idp.link(person, user_id)
    return Account(person, user_id)


def staffed(entra: Replay, look: ScimClient, people: Registry, *staff: Account) -> Team:
    """Create a group of these people directly, and let Entra know it."""
    group = team_of(people, *(each.person for each in staff))
    group_id = formed(look, group.name, tuple(each.id for each in staff))
    entra.idp.link_group(group, group_id)
    return Team(group, group_id, staff)


@pytest.fixture
def entra(idp: Replay) -> Replay:
    """The mock Entra, in the dialect of the case."""
    return idp


@pytest.fixture
def assigned(entra: Replay, look: ScimClient, people: Registry) -> Account:
    """One person with an account of the case's own, with the plain attributes of a user."""
    return hire(entra, look, people.person())


@pytest.fixture
def newcomer(entra: Replay, bench: Bench, people: Registry) -> Acted:
    """A person with all attributes, whom Entra has just assigned; shared, for cases that read."""

    def make() -> Acted:
        maker, person = entra.on(bench.shared.journal), somebody(people)
        outcome = maker.mock.assign(person)
        return Acted(person, str(maker.idp.user_id(person)), outcome)

    return bench.shared.once("entra-assigned", bench.log, make)


@pytest.fixture
def crew(entra: Replay, bench: Bench, people: Registry) -> tuple[Account, ...]:
    """Four people with accounts; shared, for cases that neither change nor remove them."""

    def make() -> tuple[Account, ...]:
        maker, client = entra.on(bench.shared.journal), bench.client(bench.shared.journal)
        return tuple(hire(maker, client, person) for person in people.people(4))

    made = bench.shared.once("entra-crew", bench.log, make)
    for each in made:
        entra.idp.link(each.person, each.id)
    return made


@pytest.fixture
def pushed(entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]) -> Team:
    """A group of the case's own person and one of the crew, which Entra has provisioned before."""
    own = hire(entra, look, people.person())
    return staffed(entra, look, people, own, crew[0])


@pytest.fixture
def enterprise_offered(offers: Callable[[str, str], bool]) -> None:
    """Skip the case on a server whose schemas lack the enterprise extension."""
    if not offers("schemas", ENTERPRISE_URN):
        raise NotOffered("the server does not announce the enterprise extension")


@pytest.fixture
def enterprise_announced(announces: Callable[[str, str], bool]) -> bool:
    """Whether discovery names the enterprise extension; False also where there is no discovery."""
    return announces("schemas", ENTERPRISE_URN)
