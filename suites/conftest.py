"""The fixtures of the cases: target, independent client, mock IdP, people, and the deletion."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator

import pytest

from .bench import Bench as Bench
from .cleanup.tidying import tidy
from .client import ScimClient
from .making.people import Registry
from .reach import in_process
from .replay import Replay
from .run.opening import open_bench
from .run.opening import open_replay
from .run.plugin import CASE
from .run.plugin import STATE
from .run.plugin import ensure_plugin
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
    if request.node.nodeid in state.ahead:  # it began beside the cases before it
        made = state.resume(request.node.nodeid)
        yield made
        tidy(made, record, request.node.nodeid, state.late)
        return
    if deviation is not None:
        names, tenants = deviation.split("+"), "tenants" in record.needs
        deviant = state.deviant(names, tenants=tenants)
    made = open_bench(state, record, request.node.nodeid, deviant)
    record.unannounced = made.features.check(record.needs)
    yield made
    if deviant is not None:
        deviant.close()
        return
    tidy(made, record, request.node.nodeid, state.late)
    # An application in this process cannot hide why it answered 500.
    record.late += map(made.log.redactor.text, in_process.heard())


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
    return open_replay(bench, dialect)


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
