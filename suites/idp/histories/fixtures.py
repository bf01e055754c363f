"""The office of a case: the mock IdP of the case, alive, on the way that everything is recorded."""

from __future__ import annotations

import pytest

from suites.client import ScimClient
from suites.conftest import Bench
from suites.people import Registry
from suites.replay import Replay

from .office import Office
from .office import Site


@pytest.fixture
def office(idp: Replay, bench: Bench, look: ScimClient, people: Registry) -> Office:
    """An office with nobody in it yet."""
    return Office(idp.setup, _site(bench, look, people))


@pytest.fixture
def crowded(idp: Replay, bench: Bench, look: ScimClient, people: Registry) -> Office:
    """An office whose mock IdP sends a large group in few requests."""
    made = Office(idp.setup, _site(bench, look, people))
    setup = idp.again(switches={**(idp.setup.switches or {}), **made.habits.crowd}).setup
    return Office(setup, made.site)


def _site(bench: Bench, look: ScimClient, people: Registry) -> Site:
    return Site(
        connection=bench.connection,
        log=bench.log,
        journal=bench.journal,
        look=look,
        people=people,
    )
