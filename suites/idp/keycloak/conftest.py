"""What Keycloak's cases arrange: people and groups to which it has a link."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

import pytest

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Person
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import value_at
from suites.idp.accounts import Account as Account
from suites.idp.accounts import Acted as Acted
from suites.idp.accounts import Team as Team
from suites.idp.accounts import create_group
from suites.idp.accounts import create_user
from suites.making.people import Registry
from suites.replay import Replay

# What the extension reads from the reply to a create and the RFC lets a server leave out.
UNREAD = ("has no displayName", "has no active")
CREATES, GROUPS = "KEYCLOAK-USER-1", "KEYCLOAK-GROUP-1"
MEMBERS = "KEYCLOAK-GROUP-2"


@dataclass(frozen=True, slots=True)
class Pushed:
    """A group that Keycloak has just created, with what the server gave it for an id."""

    group: Group
    id: str
    outcome: Outcome
    member_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synced:
    """What one full sync was to bring into line: a person and a group, and a newcomer."""

    person: Person
    user_id: str
    group_id: str
    member_ids: tuple[str, ...]
    newcomer: Person
    outcome: Outcome


def hire(keycloak: Replay, look: ScimClient, person: Person) -> Account:
    """Create a person directly, and let Keycloak have the link."""
    user_id = create_user(look, person, by=CREATES)
    keycloak.idp.link(person, user_id)
    return Account(person, user_id)


def known_team(keycloak: Replay, look: ScimClient, group: Group, *staff: Account) -> Team:
    """Create a group with these members directly, and let Keycloak have the link."""
    group = replace(group, members=tuple(each.person for each in staff))
    ids = tuple(each.id for each in staff)
    group_id = create_group(look, group.name, ids, by=GROUPS, adds=MEMBERS)
    keycloak.idp.link_group(group, group_id)
    return Team(group, group_id, staff)


def patching(keycloak: Replay, what: str, *known: Account) -> Replay:
    """Return a Keycloak whose admin has chosen PATCH for users or groups, with these links."""
    form = keycloak.again(switches={f"{what}_update": "patch"})
    for each in known:
        form.idp.link(each.person, each.id)
    return form


def id_shown(outcome: Outcome) -> str:
    """Return the id that the last reply shows, whether or not Keycloak kept it."""
    reply = outcome.exchanges[-1].reply if outcome.exchanges else None
    shown: dict[str, Json] = {}
    if reply is not None:
        try:
            found = reply.json()
        except ValueError:
            found = None
        shown = found if isinstance(found, dict) else {}
    return str(value_at(shown, "id"))


def created(keycloak: Replay, outcome: Outcome) -> str:
    """Judge a create but for displayName and active in its reply, and return the id it shows."""
    stopped = keycloak.watched(outcome).stopped
    if stopped is None or not any(each in stopped.because for each in UNREAD):
        keycloak.judged(outcome)
    return id_shown(outcome)


@pytest.fixture
def keycloak(idp: Replay) -> Replay:
    """The mock Keycloak with the extension."""
    return idp


@pytest.fixture
def account(keycloak: Replay, look: ScimClient, people: Registry) -> Account:
    """One person with an account of the case's own."""
    return hire(keycloak, look, people.person())


@pytest.fixture
def newcomer(keycloak: Replay, bench: Bench, people: Registry) -> Acted:
    """A person just created in the realm; shared, for cases that only read."""

    def make() -> Acted:
        maker, person = keycloak.on(bench.shared.journal), people.person()
        outcome = maker.mock.assign(person)
        return Acted(person, maker.idp.user_id(person) or id_shown(outcome), outcome)

    return bench.shared.once("keycloak-newcomer", bench.log, make)


@pytest.fixture
def leaver(keycloak: Replay, bench: Bench, people: Registry) -> Acted:
    """A person just disabled in the realm; shared, for cases that only read."""

    def make() -> Acted:
        maker, client = keycloak.on(bench.shared.journal), bench.client(bench.shared.journal)
        made = hire(maker, client, people.person())
        return Acted(made.person, made.id, maker.mock.deactivate(made.person))

    return bench.shared.once("keycloak-leaver", bench.log, make)


@pytest.fixture
def crew(keycloak: Replay, bench: Bench, people: Registry) -> tuple[Account, ...]:
    """Three people with accounts; shared, for cases that change nothing but their groups."""

    def make() -> tuple[Account, ...]:
        client = bench.client(bench.shared.journal)
        found = [(each, create_user(client, each, by=CREATES)) for each in people.people(3)]
        return tuple(Account(person, user_id) for person, user_id in found)

    made = bench.shared.once("keycloak-crew", bench.log, make)
    for each in made:
        keycloak.idp.link(each.person, each.id)
    return made


@pytest.fixture
def pushed(keycloak: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Pushed:
    """A group with two members that Keycloak has just created; shared, for cases that read."""

    def make() -> Pushed:
        maker, staff = keycloak.on(bench.shared.journal), crew[:2]
        for each in staff:
            maker.idp.link(each.person, each.id)
        group = people.group(*(each.person for each in staff))
        outcome = maker.mock.push_group(group)
        group_id = maker.idp.group_id(group) or id_shown(outcome)
        return Pushed(group, group_id, outcome, tuple(each.id for each in staff))

    return bench.shared.once("keycloak-pushed", bench.log, make)


@pytest.fixture
def team(keycloak: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]) -> Team:
    """A group of two of the crew, to which Keycloak has the link."""
    return known_team(keycloak, look, people.group(), *crew[:2])


@pytest.fixture
def synced(keycloak: Replay, bench: Bench, people: Registry) -> Synced:
    """What one full sync did with a person and a group that differ; shared, for reading."""

    def make() -> Synced:
        maker, client = keycloak.on(bench.shared.journal), bench.client(bench.shared.journal)
        old, stayer, leaver, newcomer = people.people(4)
        person = replace(old, given_name="Synced")
        user_id = create_user(client, old, by=CREATES)
        staff = [create_user(client, each, by=CREATES) for each in (stayer, leaver)]
        group = people.group(person, stayer)
        group_id = create_group(client, group.name, tuple(staff), by=GROUPS, adds=MEMBERS)
        maker.idp.link(person, user_id)
        maker.idp.link(stayer, staff[0])
        maker.idp.is_active(newcomer)  # in the realm, without a link
        maker.idp.link_group(group, group_id)
        outcome = maker.mock.full_sync()
        members = (user_id, staff[0])
        return Synced(person, user_id, group_id, members, newcomer, outcome)

    return bench.shared.once("keycloak-synced", bench.log, make)
