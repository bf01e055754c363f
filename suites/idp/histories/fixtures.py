"""The office of a case: the mock IdP of the case, alive, on the way that everything is recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.client import ScimClient
from suites.conftest import Bench
from suites.making.people import Registry
from suites.replay import Replay

from .office import Office
from .office import Site

# In a proof fewer come: enough for a second batch of Entra's, and for what deviates at fifty.
FEWER = 150


@pytest.fixture
def office(
    idp: Replay,
    bench: Bench,
    look: ScimClient,
    people: Registry,
    deviation: str | None,
) -> Office:
    """An office with nobody in it yet."""
    return Office(idp.setup, _site(bench, look, people, deviation))


@pytest.fixture
def crowded(idp: Replay, office: Office) -> Office:
    """An office whose mock IdP sends a large group in few requests."""
    switches = {**(idp.setup.switches or {}), **office.habits.crowd}
    return Office(idp.again(switches=switches).setup, office.site)


def _site(bench: Bench, look: ScimClient, people: Registry, deviation: str | None) -> Site:
    site = Site(
        connection=bench.connection,
        log=bench.log,
        journal=bench.journal,
        look=look,
        people=people,
    )
    return site if deviation is None else replace(site, crowd=FEWER)
