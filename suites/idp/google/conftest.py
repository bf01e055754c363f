"""What Google's cases arrange: a provisioned person, a linked account, somebody who left."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from idp_profiles.google.names import OLD_USER
from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Person
from suites.client import ScimClient
from suites.conftest import Bench
from suites.evidence import Entry
from suites.expect import value_at
from suites.idp.accounts import Account as Account
from suites.idp.accounts import Acted as Acted
from suites.idp.accounts import create_user
from suites.making.people import Registry
from suites.replay import Replay
from suites.values import items
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

LOOKUP, HEADERS, NOBODY = "GOOGLE-LOOKUP-1", "GOOGLE-LOOKUP-2", "GOOGLE-LOOKUP-4"
ALONE = "GOOGLE-LOOKUP-5"
CREATE, MEDIA_TYPE, OLD_URN = "GOOGLE-CREATE-1", "GOOGLE-CREATE-2", "GOOGLE-CREATE-3"
REPLY = "GOOGLE-CREATE-4"
_LOOKUPS = (LOOKUP, HEADERS, NOBODY, ALONE)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person for whom the app was just turned on.

    `told` is the id in the reply to the POST, `id` the one that the server knows; `fault` is the
    requirement that explains why Google stopped, and `entry` the exchange at which it did.
    """

    person: Person
    id: str
    told: str
    outcome: Outcome
    fault: str | None
    entry: Entry | None


def created(look: ScimClient, person: Person, **attributes: Json) -> str:
    """Create a person directly, as another client would, and return the id; raises Blocked."""
    return create_user(look, person, by=CREATE, **attributes)


def hire(google: Replay, look: ScimClient, person: Person) -> Account:
    """Create a person directly, and let Google know the account."""
    user_id = created(look, person)
    google.idp.link(person, user_id)
    return Account(person, user_id)


@pytest.fixture
def google(idp: Replay) -> Replay:
    """The mock Google Workspace."""
    return idp


@pytest.fixture
def account(google: Replay, look: ScimClient, people: Registry) -> Account:
    """One person with an account of the case's own."""
    return hire(google, look, people.person())


@pytest.fixture
def newcomer(google: Replay, bench: Bench, people: Registry) -> Newcomer:
    """A person for whom the app was turned on; shared, for cases that only read."""

    def make() -> Newcomer:
        maker, client = google.on(bench.shared.journal), bench.client(bench.shared.journal)
        person = people.person()
        outcome = maker.mock.turn_on(person)
        entry, told = maker.last_entry(), maker.idp.user_id(person) or ""
        fault = fault_of(outcome, client)
        known = told if fault in _LOOKUPS else id_of(client, person) or told
        return Newcomer(person, known, told, outcome, fault, entry)

    return bench.shared.once("google-newcomer", bench.log, make)


@pytest.fixture
def leaver(google: Replay, bench: Bench, people: Registry) -> Acted:
    """A person whose account Google has suspended, by PATCH or else by PUT; shared."""

    def make() -> Acted:
        acted = _left(google, bench, people, "patch")
        return acted if acted.outcome.ok else _left(google, bench, people, "put")

    return bench.shared.once("google-leaver", bench.log, make)


def _left(google: Replay, bench: Bench, people: Registry, verb: str) -> Acted:
    """Create a person and turn the app off for them."""
    maker = google.again(switches={"lifecycle": verb}).on(bench.shared.journal)
    client = bench.client(bench.shared.journal)
    made = hire(maker, client, people.person())
    before = client.user(made.id).object()
    return Acted(made.person, made.id, maker.mock.turn_off(made.person), before)


def id_of(client: ScimClient, person: Person) -> str:
    """Return the id of the user of this name, empty when the server finds none."""
    wanted = person.email.casefold()
    for each in items(value_at(client.users_named(person.email).object(), "Resources")):
        if str(value_at(each, "userName")).casefold() == wanted:
            return str(value_at(each, "id") or "")
    return ""


def fault_of(outcome: Outcome, client: ScimClient) -> str | None:
    """Return the requirement that explains why Google stopped at look-up or POST."""
    if outcome.ok or outcome.trouble:
        return None
    last = outcome.exchanges[-1]
    status = last.reply.status if last.reply else 0
    if last.request.method == "GET":
        if status == 200:
            return ALONE if _another(outcome) else LOOKUP
        if status in (204, 404):
            return NOBODY
        return HEADERS if client.literal("GET", last.request.target).status == 200 else LOOKUP
    return REPLY if status == 201 else _refusal(last.request.body, client)


def _another(outcome: Outcome) -> bool:
    """Return whether the look-up of somebody new was answered with somebody else."""
    reply = outcome.exchanges[-1].reply
    try:
        listed = value_at(reply.json(), "Resources[0].id") if reply else None
    except (ValueError, RecursionError):
        return False
    return listed is not None


def _refusal(sent: bytes | None, client: ScimClient) -> str:
    """Return what a server dislikes that refuses the POST: what it takes without shows it."""
    body = json.loads(sent or b"{}")
    if client.send("POST", "/Users", body=body).status == 201:
        return MEDIA_TYPE
    schemas = [urn for urn in body["schemas"] if urn != OLD_USER]
    taken = client.send("POST", "/Users", body={**body, "schemas": schemas}).status == 201
    return OLD_URN if taken else CREATE


def blame(google: Replay, newcomer: Newcomer, requirement: str) -> None:
    """Judge the first sync about a person by one requirement.

    Raises Mismatch when this one explains why Google stopped, Blocked when another one does that
    comes before it.
    """
    __tracebackhide__ = True
    google.watched(newcomer.outcome)
    fault = newcomer.fault
    if fault == requirement:
        try:
            google.judged(newcomer.outcome)
        except Mismatch as mismatch:
            mismatch.entry = newcomer.entry
            raise
    later = requirement in _LOOKUPS and (fault not in _LOOKUPS or fault == ALONE)
    if fault is not None and fault != REPLY and not later:
        reason = f"Google Workspace stopped before this could be seen: {newcomer.outcome.console}"
        raise Blocked(reason, by=fault, entry=newcomer.entry)


def found(google: Replay, outcome: Outcome, *, by: str) -> Outcome:
    """Judge what follows a look-up that has to find the user; otherwise Blocked by `by`."""
    __tracebackhide__ = True
    google.watched(outcome)
    last = outcome.exchanges[-1] if outcome.exchanges else None
    if not outcome.ok and last and last.request.method in ("GET", "POST"):
        blocker = LOOKUP if last.request.method == "GET" else by
        reason = f"the look-up did not find the user: {outcome.console}"
        raise Blocked(reason, by=blocker, entry=google.last_entry())
    return google.judged(outcome)
