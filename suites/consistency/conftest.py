"""What the cases of consistency share: races, lives of users, and pages."""

from __future__ import annotations

import pytest

from suites.capabilities import Capabilities
from suites.consistency import races
from suites.consistency.lives import Life
from suites.consistency.lives import live
from suites.consistency.races import Changed
from suites.consistency.races import Joined
from suites.consistency.races import Replaced
from suites.consistency.races import Switched
from suites.consistency.races import Twice
from suites.consistency.races import Vanished
from suites.scim_fixtures import Experiment
from suites.verbs import Made


@pytest.fixture
def joined(experiment: Experiment, staff: tuple[Made, ...], features: Capabilities) -> Joined:
    """A group that some join and one leaves at the same moment."""
    features.check(("groups", "patch"))
    return experiment(lambda lab: races.join(lab, staff), key="joined")


@pytest.fixture
def changed(experiment: Experiment, features: Capabilities) -> Changed:
    """A user of whom several attributes are changed at the same moment."""
    features.check(("patch",))
    return experiment(races.change_apart)


@pytest.fixture
def guarded(experiment: Experiment, features: Capabilities) -> Replaced:
    """A user whom two clients replace at once, each with the same If-Match."""
    features.check(("etag",))
    return experiment(lambda lab: races.replace_together(lab, conditional=True), key="guarded")


@pytest.fixture
def replaced(experiment: Experiment) -> Replaced:
    """A user whom two clients replace at once, without a condition."""
    return experiment(lambda lab: races.replace_together(lab, conditional=False), key="replaced")


@pytest.fixture
def twice(experiment: Experiment, features: Capabilities) -> Twice:
    """A user whom two clients create at once."""
    return experiment(lambda lab: races.create_together(lab, features), key="twice")


@pytest.fixture
def switched(experiment: Experiment, features: Capabilities) -> Switched:
    """A user who is activated and deactivated at once."""
    features.check(("patch",))
    return experiment(lambda lab: races.switch(lab, features), key="switched")


@pytest.fixture
def vanished(experiment: Experiment, features: Capabilities) -> Vanished:
    """A user who is deleted while being changed."""
    features.check(("patch",))
    return experiment(races.delete_changing)


@pytest.fixture
def life(experiment: Experiment, features: Capabilities) -> Life:
    """A user who is created, changed and deleted, each twice, and read in between."""
    return experiment(lambda lab: live(lab, features), key="life")
