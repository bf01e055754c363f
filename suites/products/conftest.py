"""The fixtures of every product's cases: the workspace, and the customer with the living IdP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from suites.cleanup.journal import Journal
from suites.evidence import Unmasked
from suites.making.people import Registry
from suites.outcome.results import CaseRecord
from suites.outcome.results import serving
from suites.run.plugin import CASE
from suites.run.plugin import STATE
from suites.run.selection import PROVIDER
from suites.run.state import RunState

from . import kit as kits
from .company import Company
from .kit import Kit
from .leftovers import clean
from .workspace import Workspace
from .workspace import simulated_target


@pytest.fixture
def provider(request: pytest.FixtureRequest) -> str:
    """The IdP of the case; empty where none takes part."""
    return str(request.node.callspec.params[PROVIDER]) if _has_provider(request.node) else ""


def _has_provider(item: pytest.Item) -> bool:
    return hasattr(item, "callspec") and PROVIDER in item.callspec.params


@pytest.fixture
def workspace(
    request: pytest.FixtureRequest, provider: str, deviation: str | None
) -> Iterator[Workspace]:
    """The workspace of the case; what is made in it is deleted at the end."""
    state, record = request.config.stash[STATE], request.node.stash[CASE]
    named = state.target if deviation is None else None
    departures = tuple(deviation.split("+")) if deviation else state.options.deviations
    if deviation is not None:
        state.redactor = Unmasked()
    case = request.node.nodeid
    record.log = state.open_case(case) if named else state.open_log(case)
    record.target = named or simulated_target()
    product = record.requirement.product or ""
    record.serve = "" if named else serving(departures, product)
    kit = kits.load(product)
    record.dialect = kit.set_ups[provider].dialect if provider else None
    made = _workspace(state, record, kit, case, departures)
    yield made
    if named is not None:
        record.late += clean(made)
    made.close()


def _workspace(
    state: RunState,
    record: CaseRecord,
    kit: Kit,
    case: str,
    departures: tuple[str, ...],
) -> Workspace:
    assert record.log is not None  # it was opened just now
    named = state.target if record.deviation is None else None
    options, domain = state.options, named.email_domain if named else "example.com"
    made = Workspace(
        kit,
        record.log,
        state.open_journal() if named else Journal(None, owner="simulation"),
        Registry(seed=options.seed, run_id=options.run_id, case=case, domain=domain),
        named=named,
        scim=state.connection() if named else None,
        deviations=departures,
        large=options.large,
    )
    if named is not None:
        state.check_ready()
        if state.simulated is None:
            state.simulated = made.recognise()
        made.simulated = state.simulated
    record.simulated = made.simulated
    return made


@pytest.fixture
def company(workspace: Workspace, provider: str) -> Company:
    """The customer, whose mock IdP is set up as the product documents it; SCIM is on."""
    return Company(workspace, provider)
