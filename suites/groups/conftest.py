"""What the cases of groups share: groups that are named, filled, nested and deleted."""

from __future__ import annotations

import pytest

from suites.groups import memberships
from suites.groups import naming
from suites.groups.memberships import Memberships
from suites.groups.naming import Group
from suites.preflight.capabilities import Capabilities
from suites.scim_fixtures import Experiment
from suites.verbs import Made


@pytest.fixture
def belonging(
    experiment: Experiment, features: Capabilities, staff: tuple[Made, ...]
) -> Memberships:
    """A user in a group, which is in another group, until both are gone."""
    features.check(("groups",))
    return experiment(memberships.around(staff), key="memberships")


@pytest.fixture
def lone(experiment: Experiment, features: Capabilities, staff: tuple[Made, ...]) -> Group:
    """A group that begins with nothing but a name."""
    features.check(("groups",))
    patch = features.has("patch")
    return experiment(lambda lab: naming.run(lab, staff, patch=patch), key="a lone group")
