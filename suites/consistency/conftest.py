"""What the cases of consistency share: races, lives of users, and pages."""

from __future__ import annotations

import pytest

from suites.consistency import races
from suites.consistency.lives import Life
from suites.consistency.lives import live
from suites.consistency.races import Changed
from suites.consistency.races import Joined
from suites.consistency.races import Replaced
from suites.consistency.races import Switched
from suites.consistency.races import Twice
from suites.consistency.races import Vanished
from suites.preflight.capabilities import Capabilities
from suites.scim_fixtures import Experiment
from suites.target.model import Target
from suites.verbs import Made
from suites.verdicts import NotOffered


@pytest.fixture
def race(experiment: Experiment, target: Target) -> Experiment:
    """A way to send requests at the same moment, where the run may do so."""
    if target.concurrency == 1:
        raise NotOffered("the target allows one request at a time")
    return experiment


@pytest.fixture
def joined(race: Experiment, staff: tuple[Made, ...], features: Capabilities) -> Joined:
    """A group that some join and one leaves at the same moment."""
    features.check(("groups", "patch"))
    return race(lambda lab: races.join(lab, staff), key="joined")


@pytest.fixture
def changed(race: Experiment, features: Capabilities) -> Changed:
    """A user of whom several attributes are changed at the same moment."""
    features.check(("patch",))
    return race(races.change_apart)


@pytest.fixture
def guarded(race: Experiment, features: Capabilities) -> Replaced:
    """A user whom two clients replace at once, each with the same If-Match."""
    features.check(("etag",))
    return race(lambda lab: races.replace_together(lab, conditional=True), key="guarded")


@pytest.fixture
def replaced(race: Experiment) -> Replaced:
    """A user whom two clients replace at once, without a condition."""
    return race(lambda lab: races.replace_together(lab, conditional=False), key="replaced")


@pytest.fixture
def twice(race: Experiment, features: Capabilities) -> Twice:
    """A user whom two clients create at once."""
    return race(lambda lab: races.create_together(lab, features), key="twice")


@pytest.fixture
def switched(race: Experiment, features: Capabilities) -> Switched:
    """A user who is activated and deactivated at once."""
    features.check(("patch",))
    return race(lambda lab: races.switch(lab, features), key="switched")


@pytest.fixture
def vanished(race: Experiment, features: Capabilities) -> Vanished:
    """A user who is deleted while being changed."""
    features.check(("patch",))
    return race(races.delete_changing)


@pytest.fixture
def life(experiment: Experiment, features: Capabilities) -> Life:
    """A user who is created, changed and deleted, each twice, and read in between."""
    return experiment(lambda lab: live(lab, features), key="life")
