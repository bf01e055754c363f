"""What Okta's cases arrange: an assigned person, a pushed group."""

from __future__ import annotations

from collections.abc import Callable

import pytest

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
from suites.verdicts import NotOffered

ROLE = "urn:okta:scim:schemas:core:1.0:Role"
ENTITLEMENT = "urn:okta:scim:schemas:core:1.0:Entitlement"


def created(look: ScimClient, person: Person, **attributes: Json) -> str:
    """Create a person directly, as another client would, and return the id; raises Blocked."""
    return create_user(look, person, by="OKTA-CREATE-1", **attributes)


def formed(look: ScimClient, name: str, member_ids: tuple[str, ...] = ()) -> str:
    """Create a group directly, as another client would, and return the id; raises Blocked."""
    return create_group(look, name, member_ids, by="OKTA-PUSH-1", adds="OKTA-MEM-1")


def hire(okta: Replay, look: ScimClient, person: Person) -> Account:
    """Create a person directly, and let Okta know the account.

    One request instead of Okta's two, and no case about something else is blocked by how a server
    takes Okta's way of creating people.
    """
    user_id = created(look, person, externalId=person.idp_id)
    okta.idp.link(person, user_id)
    return Account(person, user_id)


@pytest.fixture
def okta(idp: Replay) -> Replay:
    """The mock Okta, in the dialect of the case."""
    return idp


@pytest.fixture
def assigned(okta: Replay, look: ScimClient, people: Registry) -> Account:
    """One person with an account of the case's own."""
    return hire(okta, look, people.person())


@pytest.fixture
def newcomer(okta: Replay, bench: Bench, people: Registry) -> Acted:
    """A person whom Okta has just assigned; shared, for cases that only read."""

    def make() -> Acted:
        maker, person = okta.on(bench.shared.journal), people.person()
        outcome = maker.mock.assign(person)
        return Acted(person, str(maker.idp.user_id(person)), outcome)

    return bench.shared.once("assigned", bench.log, make)


@pytest.fixture
def creatable(okta: Replay, newcomer: Acted) -> None:
    """Block the case on a server that refuses Okta's plain create, which is judged elsewhere."""
    okta.arranged(newcomer.outcome, "assign")


@pytest.fixture
def leaver(okta: Replay, bench: Bench, people: Registry) -> Acted:
    """A person whom Okta has just deactivated; shared, for cases that only read."""

    def make() -> Acted:
        maker, client = okta.on(bench.shared.journal), bench.client(bench.shared.journal)
        made = hire(maker, client, people.person())
        before = client.user(made.id).object()
        outcome = maker.mock.deactivate(made.person)
        return Acted(made.person, made.id, outcome, before)

    return bench.shared.once(f"deactivated-{okta.setup.dialect}", bench.log, make)


@pytest.fixture
def crew(okta: Replay, bench: Bench, people: Registry) -> tuple[Account, ...]:
    """Four people with accounts; shared, for cases that neither change nor remove them."""

    def make() -> tuple[Account, ...]:
        maker, client = okta.on(bench.shared.journal), bench.client(bench.shared.journal)
        return tuple(hire(maker, client, person) for person in people.people(4))

    made = bench.shared.once("crew", bench.log, make)
    for each in made:
        okta.idp.link(each.person, each.id)
    return made


@pytest.fixture
def pushed(okta: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]) -> Team:
    """A group of the case's own person and one of the crew, which Okta has pushed before."""
    own = hire(okta, look, people.person())
    staff = (own, crew[0])
    group = people.group(*(each.person for each in staff))
    group_id = formed(look, group.name, tuple(each.id for each in staff))
    okta.idp.link_pushed(group, group_id)
    return Team(group, group_id, staff)


@pytest.fixture
def enterprise_offered(offers: Callable[[str, str], bool]) -> None:
    """Skip the case on a server whose schemas lack the enterprise extension."""
    if not offers("schemas", ENTERPRISE_URN):
        raise NotOffered("the server does not announce the enterprise extension")


@pytest.fixture
def enterprise_announced(announces: Callable[[str, str], bool]) -> bool:
    """Whether discovery names the enterprise extension; False also where there is no discovery."""
    return announces("schemas", ENTERPRISE_URN)


@pytest.fixture
def entitlements_offered(announces: Callable[[str, str], bool]) -> None:
    """Skip the case on a server without Okta's resource types for governance."""
    if not announces("schemas", ROLE) and not announces("schemas", ENTITLEMENT):
        raise NotOffered("the server announces neither Okta's Role nor its Entitlement schema")
