"""What the cases of PATCH share: users and groups that were changed step by step."""

from __future__ import annotations

from typing import Any

import pytest

from suites.client import ENTERPRISE_URN
from suites.making.lab import Lab
from suites.patching.changes import Change
from suites.patching.changes import Operation
from suites.patching.changes import changes
from suites.patching.steps import Mails
from suites.patching.steps import of_add
from suites.patching.steps import of_extension
from suites.patching.steps import of_members
from suites.patching.steps import of_replace
from suites.patching.steps import of_schemas
from suites.patching.steps import of_targets
from suites.preflight.capabilities import Capabilities
from suites.scim_fixtures import Experiment
from suites.verbs import Made

# A server may make a displayName where there is none, so it comes last.
REMOVABLE = ("nickName", "title", "externalId", "displayName")

Changed = dict[str, Change]
Steps = dict[str, list[Operation]]


def _removable(lab: Lab, made: Made) -> str:
    """Return a text of a user that the server keeps and does not require, else the first one."""
    told = {path: lab.definitions.attribute(path) for path in REMOVABLE}
    kept = (
        path
        for path, known in told.items()
        if made.has(path)
        and path not in lab.target.every_user
        and (known is None or (known.mutability == "readWrite" and not known.required))
    )
    return next(kept, REMOVABLE[0])


def _steps_of_a_user(lab: Lab, made: Made) -> Steps:
    chat = made.value("ims[0].value")
    domain = lab.people.domain
    paths = {
        "single": _removable(lab, made),
        "part": "name.middleName",
        "many": "phoneNumbers",
        "some": f'emails[type eq "work" and value ew ".desk@{domain}"]',
        "part of one": 'addresses[type eq "work"].region',
        "last": f'ims[value eq "{chat}"]',
    }
    return {name: [{"op": "remove", "path": path}] for name, path in paths.items()}


@pytest.fixture
def removed(experiment: Experiment) -> Changed:
    """A user of whom one attribute after the other is removed."""

    def run(lab: Lab) -> Changed:
        word, domain = lab.people.unique("mail"), lab.people.domain
        made = lab.user(
            emails=[
                {"value": f"{word}-a.desk@{domain}", "type": "work", "primary": True},
                {"value": f"{word}-b.desk@{domain}", "type": "home"},
                {"value": f"{word}-c@{domain}", "type": "work"},
            ]
        )
        return changes(lab, made, _steps_of_a_user(lab, made))

    return experiment(run, key="removals of a user")


def _one(member: Made) -> Operation:
    return {"op": "remove", "path": f'members[value eq "{member.id}"]'}


def _adding(lab: Lab, *members: Made) -> Operation:
    return {"op": "add", "path": "members", "value": lab.entries(*members)}


def _steps_of_groups(lab: Lab, staff: tuple[Made, ...]) -> tuple[Steps, Steps, Steps]:
    ann, bob, cem, dee = staff
    everybody: Operation = {"op": "remove", "path": "members"}
    by_one: Steps = {
        "one": [_one(ann)],
        "swapped": [_one(bob), _adding(lab, dee)],
        "stranger": [_one(ann)],
    }
    by_list: Steps = {
        "listed": [{**everybody, "value": [{"value": ann.id}]}],
        "replaced": [everybody, _adding(lab, ann, dee)],
        "all": [everybody],
    }
    return by_one, by_list, {"last": [_one(cem)]}


@pytest.fixture
def left(experiment: Experiment, staff: tuple[Made, ...], features: Capabilities) -> Changed:
    """Three groups that members leave: one by one, by a list and all together, and the last."""
    features.check(("groups",))

    def run(lab: Lab) -> Changed:
        by_one, by_list, last = _steps_of_groups(lab, staff)
        return {
            **changes(lab, lab.group(*staff[:3]), by_one),
            **changes(lab, lab.group(*staff[:3]), by_list),
            **changes(lab, lab.group(staff[2]), last),
        }

    return experiment(run, key="removals of members")


@pytest.fixture
def added(experiment: Experiment) -> Changed:
    """A user to whom one value after the other is added."""

    def run(lab: Lab) -> Changed:
        mail = Mails(lab.people)
        first = mail("first", primary=True)
        made = lab.user(emails=[first], nickName=None, title=None, userType=None)
        # As the server shows it, so that to add it again changes nothing.
        return changes(lab, made, of_add(mail, made.value("emails[0]") or first))

    return experiment(run, key="adds on a user")


@pytest.fixture
def replaced(experiment: Experiment) -> Changed:
    """A user of whom one value after the other is replaced."""

    def run(lab: Lab) -> Changed:
        mail = Mails(lab.people)
        three = [mail("a", primary=True), mail("b"), mail("c", "home")]
        return changes(lab, lab.user(emails=[*three], nickName=None), of_replace(mail))

    return experiment(run, key="replaces of a user")


@pytest.fixture
def targeted(experiment: Experiment) -> Changed:
    """A user on whom operations with all kinds of paths work, alone and together."""

    def run(lab: Lab) -> Changed:
        mail = Mails(lab.people)
        two = [mail("a", primary=True), mail("b", "home")]
        return changes(lab, lab.user(emails=[*two]), of_targets(mail))

    return experiment(run, key="targets of a user")


@pytest.fixture
def extended(experiment: Experiment, features: Capabilities) -> Changed:
    """Two users who get the enterprise extension, one by its name and one by `schemas`."""
    features.check(("enterprise",))

    def run(lab: Lab) -> Changed:
        without: dict[str, Any] = {ENTERPRISE_URN: None}
        one, other = (lab.user(**without) for _ in range(2))
        return {**changes(lab, one, of_extension()), **changes(lab, other, of_schemas())}

    return experiment(run, key="extensions of a user")


@pytest.fixture
def joined(experiment: Experiment, staff: tuple[Made, ...], features: Capabilities) -> Changed:
    """A group that members join."""
    features.check(("groups",))

    def run(lab: Lab) -> Changed:
        return changes(lab, lab.group(staff[0]), of_members([lab.entry(each) for each in staff]))

    return experiment(run, key="joining members")
