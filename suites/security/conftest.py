"""What the cases of security share: visits of strangers, odd requests, and passwords."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.bench import Bench
from suites.client import Seen
from suites.making import bodies
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.reach.connection import authorization
from suites.scim_fixtures import Experiment
from suites.security.credentials import may_guess
from suites.security.odd import BREAK
from suites.security.odd import SCRIPT
from suites.security.odd import TEMPLATE
from suites.security.odd import all_of
from suites.security.odd import broken_filters
from suites.security.odd import by_odd_ids
from suites.security.odd import odd_bodies
from suites.security.odd import odd_parameters
from suites.security.odd import sought
from suites.security.visits import Visit
from suites.security.visits import visit
from suites.verbs import Made

WRONG = "scimproof-wrong-token"
UNKNOWN = ("isAdmin", "admin", "is_superuser")


@pytest.fixture
def nobody(experiment: Experiment, features: Capabilities) -> Visit:
    """What somebody without credentials was answered."""
    return experiment(lambda lab: visit(lab, features, {"Authorization": None}), key="nobody")


@pytest.fixture
def stranger(bench: Bench, experiment: Experiment, features: Capabilities) -> Visit:
    """What somebody with a wrong credential was answered."""
    may_guess(bench.connection.target)
    bench.log.wrong = (WRONG,)

    def run(lab: Lab) -> Visit:
        wrong = authorization(replace(lab.target.credential, secret=WRONG))
        return visit(lab, features, {"Authorization": wrong})

    return experiment(run, key="stranger")


@pytest.fixture
def odd(experiment: Experiment, features: Capabilities) -> list[Seen]:
    """The answers to everything that is odd."""
    found: list[object] = [experiment(by_odd_ids), experiment(odd_parameters)]
    found.append(experiment(odd_bodies))
    if features.has("filter"):
        found += [experiment(broken_filters), experiment(sought)]
    return list(all_of(*found))


@pytest.fixture
def scripted(experiment: Experiment) -> Made:
    """A user whose values look like templates, pages and headers, with attributes of no schema."""

    def run(lab: Lab) -> Made:
        person = lab.people.person()
        values = {"displayName": TEMPLATE, "title": BREAK, "nickName": SCRIPT}
        plain = bodies.changed(bodies.plain_user(person), values)
        (fitting,) = lab.user_bodies(plain)
        unknown: bodies.Body = dict.fromkeys(UNKNOWN, True)
        tries = [{**fitting, **unknown}, fitting, {**fitting, "title": "x"}]
        return lab.make("Users", "scripted", tries)

    return experiment(run, key="scripted")
