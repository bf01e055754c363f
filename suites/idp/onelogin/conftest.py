"""What OneLogin's cases arrange: an account, a provisioned person, somebody suspended, groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Person
from suites.client import ScimClient
from suites.conftest import Bench
from suites.evidence import Entry
from suites.expect import value_at
from suites.idp.accounts import Account as Account
from suites.idp.accounts import Acted as Acted
from suites.idp.accounts import Team as Team
from suites.idp.accounts import create_group
from suites.idp.accounts import create_user
from suites.making.people import Registry
from suites.replay import Replay
from suites.values import items
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENABLE, PLUS, AMPERSAND = "ONELOGIN-ENABLE-1", "ONELOGIN-WIRE-1", "ONELOGIN-WIRE-2"
AGENT, FOUND = "ONELOGIN-WIRE-3", "ONELOGIN-CREATE-5"
CREATE, REPLY_ID, REPLY_NAMES = "ONELOGIN-CREATE-1", "ONELOGIN-CREATE-2", "ONELOGIN-CREATE-3"
UPDATE, PUT_REPLY = "ONELOGIN-UPDATE-1", "ONELOGIN-UPDATE-2"
# What stops OneLogin after the user was created.
LATE = (REPLY_ID, REPLY_NAMES)


@dataclass(frozen=True, slots=True)
class Tried:
    """What OneLogin did about a person, and what explains it where OneLogin stopped.

    `told` is the id that OneLogin knows, `id` the one that the server knows; `fault` is the
    requirement, and `entry` the exchange at which OneLogin stopped.
    """

    person: Person
    id: str
    told: str
    outcome: Outcome
    fault: str | None
    entry: Entry | None
    inactive: bool = False  # before OneLogin did anything


def created(look: ScimClient, person: Person, **attributes: Json) -> str:
    """Create a person directly, as another client would, and return the id; raises Blocked."""
    return create_user(look, person, by=CREATE, **attributes)


def hire(onelogin: Replay, look: ScimClient, person: Person) -> Account:
    """Create a person directly, and let OneLogin know the account."""
    user_id = created(look, person)
    onelogin.idp.link(person, user_id)
    return Account(person, user_id)


def team(onelogin: Replay, look: ScimClient, name: str, *staff: Account) -> Team:
    """Create a group directly, and let OneLogin know it."""
    ids = tuple(each.id for each in staff)
    group_id = create_group(look, name, ids, by="ONELOGIN-GROUP-2", adds="ONELOGIN-GROUP-4")
    made = Team(Group(name), group_id, staff)
    onelogin.idp.link_group(made.group, group_id)
    return made


@pytest.fixture
def onelogin(idp: Replay) -> Replay:
    """The mock OneLogin."""
    return idp


@pytest.fixture
def memberships_offered(groups_offered: None, look: ScimClient, people: Registry) -> None:
    """Skip the case on a server whose groups take no PATCH: that loses memberships, no more."""
    body: dict[str, Json] = {"schemas": [PATCH_OP], "Operations": []}
    reply = look.send("PATCH", f"/Groups/{people.unique('nobody')}", body=body)
    if reply.status in (405, 501):
        raise NotOffered(
            "the server takes no PATCH on groups; ONELOGIN-GROUP-3 says what that means"
        )


@pytest.fixture
def account(onelogin: Replay, look: ScimClient, people: Registry) -> Account:
    """One person with an account of the case's own."""
    return hire(onelogin, look, people.person())


@pytest.fixture
def crew(onelogin: Replay, bench: Bench, people: Registry) -> tuple[Account, ...]:
    """Two people with accounts; shared, for cases that neither change nor remove them."""

    def make() -> tuple[Account, ...]:
        maker, client = onelogin.on(bench.shared.journal), bench.client(bench.shared.journal)
        return tuple(hire(maker, client, person) for person in people.people(2))

    made = bench.shared.once("onelogin-crew", bench.log, make)
    for each in made:
        onelogin.idp.link(each.person, each.id)
    return made


@pytest.fixture
def newcomer(onelogin: Replay, bench: Bench, people: Registry) -> Tried:
    """A person who was given access; shared, for cases that only read."""

    def make() -> Tried:
        maker, client = onelogin.on(bench.shared.journal), bench.client(bench.shared.journal)
        person = people.person()
        outcome = maker.mock.assign(person)
        entry, told = maker.last_entry(), maker.idp.user_id(person) or ""
        if not outcome.ok and outcome.exchanges[-1].request.method == "GET":
            fault = why_not_answered(outcome, maker, client)
            return Tried(person, "", "", outcome, fault, entry)
        known = id_of(client, person) or told
        return Tried(person, known, told, outcome, _why_not_created(outcome), entry)

    return bench.shared.once("onelogin-newcomer", bench.log, make)


@pytest.fixture
def looked_up(onelogin: Replay, bench: Bench, newcomer: Tried) -> Tried:
    """The newcomer, looked up by somebody who knows no id; shared, to be read only."""

    def make() -> Tried:
        if newcomer.fault is not None and newcomer.fault not in LATE:
            return newcomer
        seeker = onelogin.on(bench.shared.journal)
        outcome = seeker.mock.adopt(newcomer.person)
        entry, told = seeker.last_entry(), seeker.idp.user_id(newcomer.person) or ""
        client = bench.client(bench.shared.journal)
        fault = None if outcome.ok else _why_not_found(seeker, client, newcomer.person)
        return Tried(newcomer.person, newcomer.id, told, outcome, fault, entry)

    return bench.shared.once("onelogin-looked-up", bench.log, make)


@pytest.fixture
def leaver(onelogin: Replay, bench: Bench, people: Registry) -> Acted:
    """A person whom OneLogin has just suspended; shared, for cases that only read."""

    def make() -> Acted:
        maker, client = onelogin.on(bench.shared.journal), bench.client(bench.shared.journal)
        made = hire(maker, client, people.person())
        before = client.user(made.id).object()
        return Acted(made.person, made.id, maker.mock.suspend(made.person), before)

    return bench.shared.once("onelogin-leaver", bench.log, make)


def id_of(client: ScimClient, person: Person) -> str:
    """Return the id of the user of this name, empty when the server finds none."""
    wanted = person.user_name.casefold()
    for each in items(value_at(client.users_named(person.user_name).object(), "Resources")):
        if str(value_at(each, "userName")).casefold() == wanted:
            return str(value_at(each, "id") or "")
    return ""


def why_not_answered(outcome: Outcome, onelogin: Replay, client: ScimClient) -> str:
    """Return what a server dislikes that refuses the look-up of somebody who is not there."""
    reply = outcome.exchanges[-1].reply
    if reply is not None and reply.status == 200:
        return ENABLE
    target = "/Users?filter=userName%20eq%20%22nobody%40onelogin.example%22"
    return _dislike(
        lambda seeker: seeker.mock.enable().ok,
        onelogin,
        lambda: PLUS if client.literal("GET", target).status in (200, 404) else ENABLE,
    )


def _why_not_found(onelogin: Replay, client: ScimClient, person: Person) -> str:
    """Return what a server dislikes that does not find somebody who is there."""
    return _dislike(
        lambda seeker: seeker.mock.adopt(person).ok,
        onelogin,
        lambda: PLUS if id_of(client, person) else FOUND,
    )


def _dislike(
    works: Callable[[Replay], bool], onelogin: Replay, otherwise: Callable[[], str]
) -> str:
    for fault, switch in (
        (AGENT, {"user_agent": "OneLogin SCIM"}),
        (AMPERSAND, {"stray_marks": "off"}),
    ):
        if works(onelogin.again(switches=switch)):
            return fault
    return otherwise()


def _why_not_created(outcome: Outcome) -> str | None:
    """Return the requirement that explains why OneLogin stopped at the POST."""
    if outcome.ok or outcome.trouble:
        return None
    reply = outcome.exchanges[-1].reply
    if reply is None or reply.status not in (200, 201):
        return CREATE
    return REPLY_NAMES if shown(outcome, "id") else REPLY_ID


def shown(outcome: Outcome, path: str) -> Json:
    """Return a value in the last reply, None where there is none."""
    reply = outcome.exchanges[-1].reply if outcome.exchanges else None
    try:
        return value_at(reply.json(), path) if reply else None
    except (ValueError, RecursionError):
        return None


def blame(onelogin: Replay, tried: Tried, requirement: str) -> None:
    """Judge what OneLogin did about a person by one requirement.

    Raises Mismatch when this one explains why OneLogin stopped, Blocked when another one does that
    comes before it.
    """
    __tracebackhide__ = True
    onelogin.watched(tried.outcome)
    if tried.fault == requirement:
        stop(onelogin, tried.outcome, tried.entry)
    if tried.fault is not None and tried.fault not in LATE:
        reason = f"OneLogin stopped before this could be seen: {tried.outcome.console}"
        raise Blocked(reason, by=tried.fault, entry=tried.entry)


def stop(onelogin: Replay, outcome: Outcome, entry: Entry | None) -> None:
    """Judge an outcome; raises Mismatch with the exchange at which OneLogin stopped."""
    __tracebackhide__ = True
    try:
        onelogin.judged(outcome)
    except Mismatch as mismatch:
        mismatch.entry = entry
        raise


def found(onelogin: Replay, outcome: Outcome, *, by: str) -> Outcome:
    """Judge what follows a look-up that has to find the user; otherwise Blocked by `by`."""
    __tracebackhide__ = True
    onelogin.watched(outcome)
    last = outcome.exchanges[-1].request.method if outcome.exchanges else ""
    if not outcome.ok and last in ("GET", "POST"):
        reason = f"the look-up did not find the user: {outcome.console}"
        raise Blocked(reason, by=by, entry=onelogin.last_entry())
    return onelogin.judged(outcome)


def put_fault(outcome: Outcome) -> str | None:
    """Return the requirement that explains why OneLogin stopped at a PUT."""
    if outcome.ok or outcome.trouble:
        return None
    reply = outcome.exchanges[-1].reply
    answered = reply is not None and reply.status == 200
    return PUT_REPLY if answered and shown(outcome, "userName") is not None else UPDATE
