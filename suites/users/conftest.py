"""What the cases of users share: users with values of all kinds, and what becomes of users."""

from __future__ import annotations

import pytest

from suites.groups import memberships
from suites.groups.memberships import Memberships
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.scim_fixtures import Experiment
from suites.users import activity
from suites.users import names
from suites.users import samples
from suites.users import secrets
from suites.users import staffing
from suites.users.activity import Turns
from suites.users.names import Names
from suites.users.secrets import Secret
from suites.users.staffing import Employee
from suites.users.wishes import Wish
from suites.users.wishes import by_post
from suites.users.wishes import by_put
from suites.users.wishes import wished
from suites.verbs import Made
from suites.verdicts import NotOffered

Wishes = dict[str, Wish]


@pytest.fixture
def detailed(experiment: Experiment) -> Wishes:
    """A user with a value in each format that a paragraph names."""

    def run(lab: Lab) -> Wishes:
        return wished({**samples.of_profile(lab), **samples.of_contacts(lab)}, by_post(lab))

    return experiment(run, key="a user in detail")


@pytest.fixture
def entitled(experiment: Experiment) -> Wishes:
    """A user with entitlements, roles and a certificate."""
    return experiment(lambda lab: wished(samples.of_rights(), by_post(lab)), key="a user's rights")


@pytest.fixture
def promoted(experiment: Experiment, entitled: Wishes) -> Wishes:
    """The same user after a PUT with other entitlements and roles."""
    made = next((each.made for each in entitled.values() if each.made is not None), None)
    if made is None:
        raise NotOffered("the server refuses users with entitlements, roles or certificates")
    known = made

    def run(lab: Lab) -> Wishes:
        return wished(samples.of_other_rights(), by_put(lab, known))

    return experiment(run, key="a user's other rights")


@pytest.fixture
def otherwise(experiment: Experiment) -> Wishes:
    """A user whose values have types that no list names."""

    def run(lab: Lab) -> Wishes:
        return wished(samples.of_other_types(lab), by_post(lab))

    return experiment(run, key="a user of other types")


@pytest.fixture
def wrong(experiment: Experiment) -> Wishes:
    """A user who is to get values that the paragraphs rule out."""

    def run(lab: Lab) -> Wishes:
        send = by_put(lab, lab.plain_user())
        return {name: send(changes) for name, changes in samples.of_wrong().items()}

    return experiment(run, key="a user with wrong values")


@pytest.fixture
def texts(experiment: Experiment) -> Wishes:
    """A user with texts of all kinds."""

    def run(lab: Lab) -> Wishes:
        return wished(samples.of_texts(0), by_post(lab))

    return experiment(run, key="a user with texts")


@pytest.fixture
def exchanged(experiment: Experiment, texts: Wishes) -> Wishes:
    """The same user after a PUT that gives each text to another attribute."""
    made = next((each.made for each in texts.values() if each.made is not None), None)
    if made is None:
        raise NotOffered("the server refuses users with such texts")
    known = made

    def run(lab: Lab) -> Wishes:
        return wished(samples.of_texts(3), by_put(lab, known))

    return experiment(run, key="texts that are exchanged")


@pytest.fixture
def taken(experiment: Experiment, features: Capabilities) -> Names:
    """Users who are to get a name that is missing, or another user's."""
    return experiment(lambda lab: names.run(lab, features), key="names")


@pytest.fixture
def turned(experiment: Experiment, features: Capabilities) -> Turns:
    """A user who is switched off and on again."""
    return experiment(lambda lab: activity.run(lab, patch=features.has("patch")), key="turns")


@pytest.fixture
def secret(experiment: Experiment, features: Capabilities) -> Secret:
    """A user with a password, which changes."""
    return experiment(lambda lab: secrets.run(lab, features), key="a password")


@pytest.fixture
def employee(experiment: Experiment, features: Capabilities, staff: tuple[Made, ...]) -> Employee:
    """A user with enterprise attributes and a manager."""
    features.check(("enterprise",))
    return experiment(lambda lab: staffing.run(lab, staff[0]), key="an employee")


@pytest.fixture
def belonging(
    experiment: Experiment, features: Capabilities, staff: tuple[Made, ...]
) -> Memberships:
    """A user in a group, which is in another group, until both are gone."""
    features.check(("groups",))
    return experiment(memberships.around(staff), key="memberships")
