"""The fixtures of the cases: target, independent client, mock IdP, people, and the deletion."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

import idp_profiles

from .client import ScimClient
from .connection import Connection
from .evidence import CaseLog
from .journal import Journal
from .journal import sweep
from .people import Registry
from .plugin import CASE
from .plugin import STATE
from .plugin import ensure_plugin
from .replay import RecordingSend
from .replay import Replay
from .replay import Setup
from .replay import wanted_mapping
from .results import CaseRecord
from .shared import Shared
from .verdicts import NotOffered


def pytest_configure(config: pytest.Config) -> None:
    """Take part whenever our cases are collected, also in a plain `pytest` of the checkout."""
    ensure_plugin(config)


@dataclass(frozen=True, slots=True)
class Bench:
    """What one case works with."""

    connection: Connection
    log: CaseLog
    journal: Journal
    shared: Shared
    record: CaseRecord

    def client(self, journal: Journal) -> ScimClient:
        """Return an independent client that writes what it creates into a journal."""
        return ScimClient(self.connection, self.log, journal, case_id=self.record.requirement.id)


@pytest.fixture
def deviation() -> str | None:
    """The deviation (several joined by `+`) of a proof; None in every real run."""
    return None


@pytest.fixture
def bench(request: pytest.FixtureRequest, deviation: str | None) -> Iterator[Bench]:
    """The way to the target with log and journal of this case; deletes what the case created."""
    state = request.config.stash[STATE]
    record = request.node.stash[CASE]
    deviant = state.deviant(deviation.split("+")) if deviation is not None else None
    connection = deviant.connection if deviant else state.connection()
    record.log = state.open_case(request.node.nodeid)
    record.target = connection.target
    if deviant is None:
        state.check_ready()
    shared = Shared(Journal(None, owner="proof")) if deviant else state.shared()
    made = Bench(connection, record.log, state.open_journal(), shared, record)
    yield made
    if deviant is not None:
        deviant.close()
        return
    sweep(made.journal, made.client(made.journal).raw)
    record.late += [
        record.log.redactor.text(f"could not be deleted: {item.kind} {item.name!r}: {item.why}")
        for item in made.journal.items
        if not item.done
    ]


@pytest.fixture
def look(bench: Bench) -> ScimClient:
    """The independent client."""
    return bench.client(bench.journal)


@pytest.fixture
def people(request: pytest.FixtureRequest, bench: Bench) -> Registry:
    """Made-up people and groups of this case."""
    options = request.config.stash[STATE].options
    return Registry(
        seed=options.seed,
        run_id=options.run_id,
        case=request.node.nodeid,
        domain=bench.connection.target.email_domain,
    )


@pytest.fixture
def idp(bench: Bench, dialect: str) -> Replay:
    """The mock IdP of the case, in the dialect that the plugin parametrises."""
    name = bench.record.requirement.idp
    if name is None:
        raise pytest.UsageError("a case with the fixture `idp` needs a requirement of an IdP")
    profile = idp_profiles.load(name)
    target = bench.connection.target
    setup = Setup(
        profile=profile,
        dialect=dialect,
        credential=target.credential,
        mapping=wanted_mapping(profile, target.credential, target.required_attributes),
        constants=target.required_attributes,
    )
    send = RecordingSend(bench.connection, bench.log, bench.journal)
    return Replay(setup, bench.connection, bench.log, send)


@pytest.fixture
def offers(request: pytest.FixtureRequest, deviation: str | None) -> Callable[[str, str], bool]:
    """Tell whether the server's discovery names something; true where it does not say."""
    if deviation is not None:
        return lambda kind, name: True
    return request.config.stash[STATE].first_look().offers


@pytest.fixture
def announces(request: pytest.FixtureRequest, deviation: str | None) -> Callable[[str, str], bool]:
    """Tell whether the server's discovery names something; false where it does not say."""
    if deviation is not None:
        return lambda kind, name: True
    return request.config.stash[STATE].first_look().announces


@pytest.fixture
def discovery_offered(request: pytest.FixtureRequest, deviation: str | None) -> None:
    """Skip the case on a server that has none of the discovery endpoints, which are optional."""
    if deviation is None and not request.config.stash[STATE].first_look().discovers:
        raise NotOffered("the server answers neither /ResourceTypes nor /Schemas")


@pytest.fixture
def groups_offered(offers: Callable[[str, str], bool]) -> None:
    """Skip the case on a server that says it has no groups."""
    if not offers("resourceTypes", "Group"):
        raise NotOffered("the server announces no Group resource type, or has no /Groups")
