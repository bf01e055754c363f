"""What authentik's cases arrange: people and groups it knows, and its view of the whole server."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

import pytest

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Person
from suites.bench import Bench
from suites.client import ScimClient
from suites.idp.accounts import Account as Account
from suites.idp.accounts import Acted as Acted
from suites.idp.accounts import Team as Team
from suites.idp.accounts import create_group
from suites.idp.accounts import create_user
from suites.idp.histories.fixtures import office as office
from suites.idp.reading import read_until
from suites.making.people import Registry
from suites.replay import Replay
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

from .sheltering import lacks_emails
from .sheltering import listed_users
from .sheltering import never_shows_emails
from .sheltering import sheltered

CREATES, GROUPS = "AUTHENTIK-USER-1", "AUTHENTIK-GROUP-1"
MEMBERS = "AUTHENTIK-GROUP-2"
_BARE = "listed without emails"
# The last step of an update; what follows it compares and mends the members.
CHANGES = {"change the group", "replace the group", "replace name and external id"}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person whom authentik has just brought into scope, and what it believes of the server."""

    person: Person
    id: str
    outcome: Outcome
    usable: bool


@dataclass(frozen=True, slots=True)
class Pushed:
    """A group with two members that authentik has just created."""

    group: Group
    id: str | None
    outcome: Outcome
    member_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synced:
    """What one full sync found on the server: a person, and a group with a member too many."""

    person: Person
    user_id: str
    group: Group
    group_id: str
    member_ids: tuple[str, ...]
    linked: tuple[str | None, str | None]
    outcome: Outcome


def hire(authentik: Replay, look: ScimClient, person: Person, **attributes: Json) -> Account:
    """Create a person directly, and let authentik know the account."""
    user_id = create_user(look, person, by=CREATES, **attributes)
    authentik.idp.link(person, user_id)
    return Account(person, user_id)


def formed(look: ScimClient, name: str, member_ids: tuple[str, ...] = ()) -> str:
    """Create a group directly, as another client would, and return the id; raises Blocked."""
    return create_group(look, name, member_ids, by=GROUPS, adds=MEMBERS)


def known_team(authentik: Replay, look: ScimClient, group: Group, *staff: Account) -> Team:
    """Create a group with these members directly, and let authentik know it."""
    group = replace(group, members=tuple(each.person for each in staff))
    group_id = formed(look, group.name, tuple(each.id for each in staff))
    authentik.idp.link_group(group, group_id)
    return Team(group, group_id, staff)


def changed(authentik: Replay, outcome: Outcome) -> None:
    """Judge what comes after a group was changed; the change itself is judged elsewhere."""
    last = outcome.exchanges[-1].request.step.name if outcome.exchanges else ""
    if not outcome.ok and last in CHANGES:
        authentik.worked(outcome, "rename_group")
    authentik.judged(outcome)


def form_refused(outcome: Outcome) -> bool:
    """Tell whether the server refused a PATCH for its form, before it looked for the group."""
    last = outcome.exchanges[-1] if outcome.exchanges else None
    if outcome.ok or last is None or last.reply is None:
        return False
    return last.request.method == "PATCH" and last.reply.status == 400


@pytest.fixture
def authentik(idp: Replay) -> Replay:
    """The mock authentik, in the compatibility mode of the case."""
    return idp


@pytest.fixture
def account(authentik: Replay, look: ScimClient, people: Registry) -> Account:
    """One person with an account of the case's own."""
    return hire(authentik, look, people.person())


@pytest.fixture
def newcomer(authentik: Replay, bench: Bench, people: Registry) -> Newcomer:
    """A person whom authentik has just brought into scope; shared, for cases that only read."""

    def make() -> Newcomer:
        maker, person = authentik.on(bench.shared.journal), people.person()
        outcome = maker.mock.assign(person)
        features = maker.idp.features
        usable = features is not None and not features.fallback
        return Newcomer(person, str(maker.idp.user_id(person)), outcome, usable)

    return bench.shared.once(f"authentik-{authentik.setup.dialect}-newcomer", bench.log, make)


@pytest.fixture
def leaver(authentik: Replay, bench: Bench, people: Registry) -> Acted:
    """A person whom authentik has just deactivated; shared, for cases that only read."""

    def make() -> Acted:
        maker, client = authentik.on(bench.shared.journal), bench.client(bench.shared.journal)
        made = hire(maker, client, people.person())
        before = client.user(made.id).object()
        return Acted(made.person, made.id, maker.mock.deactivate(made.person), before)

    return bench.shared.once("authentik-leaver", bench.log, make)


@pytest.fixture
def crew(authentik: Replay, bench: Bench, people: Registry) -> tuple[Account, ...]:
    """Three people with accounts; shared, for cases that neither change nor remove them."""

    def make() -> tuple[Account, ...]:
        client = bench.client(bench.shared.journal)
        found = [(each, create_user(client, each, by=CREATES)) for each in people.people(3)]
        return tuple(Account(person, user_id) for person, user_id in found)

    made = bench.shared.once("authentik-crew", bench.log, make)
    for each in made:
        authentik.idp.link(each.person, each.id)
    return made


@pytest.fixture
def pushed(authentik: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Pushed:
    """A group with two members that authentik has just pushed; shared, for cases that read."""

    def make() -> Pushed:
        maker, staff = authentik.on(bench.shared.journal), crew[:2]
        for each in staff:
            maker.idp.link(each.person, each.id)
        group = people.group(*(each.person for each in staff))
        outcome = maker.mock.push_group(group)
        member_ids = tuple(each.id for each in staff)
        return Pushed(group, maker.idp.group_id(group), outcome, member_ids)

    return bench.shared.once(f"authentik-{authentik.setup.dialect}-pushed", bench.log, make)


@pytest.fixture
def team(authentik: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]) -> Team:
    """A group of two of the crew, which authentik has pushed before."""
    return known_team(authentik, look, people.group(), *crew[:2])


# -- the whole


@pytest.fixture
def whole(authentik: Replay, bench: Bench) -> Replay:
    """The mock authentik that bears whom the run itself has left among the users."""
    return sheltered(authentik, bench, bench.journal)


@pytest.fixture
def synced(authentik: Replay, bench: Bench, people: Registry) -> Synced:
    """What one full sync did with a person and a group that differ; shared, for reading."""

    def make() -> Synced:
        journal, tries = bench.shared.journal, list[Synced]()

        def sync() -> None:
            maker = sheltered(authentik, bench, journal)
            tries.append(_synced(maker, bench.client(journal), people))

        read_until(sync, lambda: tries[-1].linked == (tries[-1].user_id, tries[-1].group_id))
        return tries[-1]

    return bench.shared.once(f"authentik-{authentik.setup.dialect}-synced", bench.log, make)


def _synced(maker: Replay, client: ScimClient, people: Registry) -> Synced:
    old, new = people.person(), people.family_name() + "-Synced"
    stayer, leaver, newcomer = people.people(3)
    user_id = create_user(client, old, by=CREATES)
    ids = [create_user(client, each, by=CREATES) for each in (stayer, leaver, newcomer)]
    group = replace(people.group(), members=(stayer, newcomer))
    group_id = formed(client, group.name, (ids[0], ids[1]))
    person = replace(old, family_name=new, display_name=f"{old.given_name} {new}")
    for each in (person, stayer, newcomer):
        maker.idp.person(each)  # whoever is in the directory is looked for
    maker.idp.set_members(group)
    outcome = maker.mock.full_sync()
    linked = (maker.idp.user_id(person), maker.idp.group_id(group))
    return Synced(person, user_id, group, group_id, (ids[0], ids[2]), linked, outcome)


def discovered(outcome: Outcome, bench: Bench) -> Outcome:
    """Return the outcome unless authentik broke at a user who has no e-mail address at all.

    A server that never shows an address has nobody else, and is one that authentik stops at.
    """
    last = outcome.exchanges[-1].reply if outcome.exchanges else None
    if outcome.ok or last is None or _BARE not in _because(outcome) or never_shows_emails(bench):
        return outcome
    look = bench.client(bench.journal)
    lacking = [each for each in listed_users(last) if lacks_emails(each)]
    if all(lacks_emails(look.user(str(each.get("id"))).object()) for each in lacking[:3]):
        raise NotOffered(
            "users without an e-mail address are on the server, at whom authentik's reading of "
            "all users breaks, whatever the server does"
        )
    return outcome


def past_the_users(outcome: Outcome, bench: Bench) -> None:
    """Block the case where authentik cannot read the users: then no history gets anywhere."""
    if _BARE in _because(discovered(outcome, bench)):
        raise Blocked(_because(outcome), by="AUTHENTIK-SYNC-1")


def _because(outcome: Outcome) -> str:
    return outcome.stopped.because if outcome.stopped else ""
