"""What a case works with is opened here: on the target, or on a server made for its proof."""

from __future__ import annotations

from functools import cache
from functools import partial
from typing import TYPE_CHECKING

import pytest

import idp_profiles
from suites.bench import Bench
from suites.cleanup.journal import Journal
from suites.making.people import Registry
from suites.making.shared import Shared
from suites.outcome.results import CaseRecord
from suites.outcome.results import serving
from suites.preflight import look as preflight
from suites.replay import RecordingSend
from suites.replay import Replay
from suites.replay import Setup
from suites.target.every_user import by_path

from .state import RunState

if TYPE_CHECKING:
    from suites.reach.embedded import Embedded


def open_bench(state: RunState, record: CaseRecord, case: str, deviant: Embedded | None) -> Bench:
    """Return what a case works with, on the target or on a server made for its proof."""
    connection = deviant.connection if deviant else state.connection()
    record.log = state.open_case(case)
    record.target = connection.target
    if deviant is None:
        record.serve = "" if state.target else serving(state.options.deviations)
        state.check_ready()
        record.target = connection.target  # the first look may have moved it
        record.doubt = connection.breaker.doubt
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
        late = made.lag(asked=state.target is not None)
        state.check_ids()
        late.check(record.requirement.id)
    else:
        made.features = made.capabilities(cache(partial(preflight.look, connection)))
    return made


def _registry(state: RunState, domain: str, case: str) -> Registry:
    options = state.options
    return Registry(seed=options.seed, run_id=options.run_id, case=case, domain=domain)


def open_replay(bench: Bench, dialect: str) -> Replay:
    """Return the mock IdP of a case."""
    name = bench.record.requirement.idp
    if name is None:
        raise pytest.UsageError("a case with the fixture `idp` needs a requirement of an IdP")
    profile = idp_profiles.load(name)
    target = bench.connection.target
    setup = Setup(
        profile=profile,
        dialect=dialect,
        credential=target.credential,
        wishes=by_path(target.every_user),
    )
    send = RecordingSend(bench.connection, bench.log, bench.journal)
    return Replay(setup, bench.connection, bench.log, send)
