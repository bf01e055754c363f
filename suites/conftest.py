"""The fixtures of the cases: target, independent client, mock IdP, people, and the deletion."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from functools import cache
from functools import partial

import pytest

import idp_profiles

from . import preflight
from .bench import Bench as Bench
from .client import ScimClient
from .embedded import Embedded
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
from .results import serving
from .scim_fixtures import calm_group as calm_group
from .scim_fixtures import calm_user as calm_user
from .scim_fixtures import definitions as definitions
from .scim_fixtures import discovery as discovery
from .scim_fixtures import experiment as experiment
from .scim_fixtures import features as features
from .scim_fixtures import group as group
from .scim_fixtures import lab as lab
from .scim_fixtures import me as me
from .scim_fixtures import needs as needs
from .scim_fixtures import reading as reading
from .scim_fixtures import scim as scim
from .scim_fixtures import staff as staff
from .scim_fixtures import target as target
from .scim_fixtures import user as user
from .scim_fixtures import world as world
from .shared import Shared
from .state import RunState
from .verdicts import NotOffered


def pytest_configure(config: pytest.Config) -> None:
    """Take part whenever our cases are collected, also in a plain `pytest` of the checkout."""
    ensure_plugin(config)


@pytest.fixture
def deviation() -> str | None:
    """The deviation (several joined by `+`) of a proof; None in every real run."""
    return None


@pytest.fixture
def bench(request: pytest.FixtureRequest, deviation: str | None) -> Iterator[Bench]:
    """The way to the target with log and journal of this case; deletes what the case created."""
    state = request.config.stash[STATE]
    record = request.node.stash[CASE]
    deviant = None
    if deviation is not None:
        names, tenants = deviation.split("+"), "tenants" in record.needs
        deviant = state.deviant(names, tenants=tenants)
    made = _bench(state, record, request.node.nodeid, deviant)
    record.unannounced = made.features.check(record.needs)
    yield made
    if deviant is not None:
        deviant.close()
        return
    sweep(made.journal, made.client(made.journal).raw)
    record.late += [
        made.log.redactor.text(f"could not be deleted: {item.kind} {item.name!r}: {item.why}")
        for item in made.journal.items
        if not item.done
    ]


def _bench(state: RunState, record: CaseRecord, case: str, deviant: Embedded | None) -> Bench:
    """Return what a case works with, on the target or on a server made for its proof."""
    connection = deviant.connection if deviant else state.connection()
    record.log = state.open_case(case)
    record.target = connection.target
    if deviant is None:
        record.serve = "" if state.target else serving(state.options.deviations)
        state.check_ready()
    made = Bench(
        connection=connection,
        log=record.log,
        journal=state.open_journal(),
        shared=Shared(Journal(None, owner="proof")) if deviant else state.shared(),
        record=record,
        registry=partial(_registry, state, connection.target.email_domain),
        worker=state.owner,
    )
    if deviant is None:
        state.features = state.features or made.capabilities(state.first_look)
        made.features = state.features
    else:
        made.features = made.capabilities(cache(partial(preflight.look, connection)))
    return made


def _registry(state: RunState, domain: str, case: str) -> Registry:
    options = state.options
    return Registry(seed=options.seed, run_id=options.run_id, case=case, domain=domain)


@pytest.fixture
def look(bench: Bench) -> ScimClient:
    """The independent client."""
    return bench.client(bench.journal)


@pytest.fixture
def people(request: pytest.FixtureRequest, bench: Bench) -> Registry:
    """Made-up people and groups of this case."""
    return bench.registry(request.node.nodeid)


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
