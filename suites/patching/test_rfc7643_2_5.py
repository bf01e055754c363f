"""RFC 7643 section 2.5 on PATCH: null and an empty array take a value away."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.expect import expect
from suites.making.lab import Lab
from suites.patching.changes import Change
from suites.patching.changes import Operation
from suites.patching.changes import changes
from suites.patching.conftest import Changed
from suites.patching.steps import replace
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import NotOffered

NEEDS = ("patch",)
ARRAYS = ("phoneNumbers", "addresses", "emails")
TEXTS = ("nickName", "title")


@pytest.fixture
def emptied(experiment: Experiment) -> Changed:
    """A user of whom two arrays are replaced by empty ones and two texts by null."""

    def run(lab: Lab) -> Changed:
        made = lab.user()
        steps: dict[str, list[Operation]] = {}
        empty: Json = []
        for value, names, kind in ((empty, ARRAYS, "array"), (None, TEXTS, "text")):
            kept = _optional(made, lab, names)
            for path in kept[:1]:
                steps[kind] = [replace(path, value)]
            for path in kept[1:2]:
                steps[f"{kind} without path"] = [{"op": "replace", "value": {path: value}}]
        return changes(lab, made, steps)

    return experiment(run, key="nothing in place of values")


@pytest.mark.parametrize("step", ["array", "array without path"])
@requirement("RFC7643-2.5-3", needs=NEEDS, proof=("patch-empty-array-ignored",))
def test_an_empty_array_in_a_patch_makes_unassigned(
    step: str, emptied: Changed, reading: Reading
) -> None:
    """A PATCH replace by an empty array leaves the user without any value, or is refused."""
    _unassigned(emptied, step, reading)


@pytest.mark.parametrize("step", ["text", "text without path"])
@requirement("RFC7643-2.5-2", needs=NEEDS, proof=("patch-null-ignored",))
def test_null_in_a_patch_makes_unassigned(step: str, emptied: Changed, reading: Reading) -> None:
    """A PATCH replace by null leaves the user without the value, or is refused."""
    _unassigned(emptied, step, reading)


def _unassigned(emptied: Changed, step: str, reading: Reading) -> None:
    __tracebackhide__ = True
    if step not in emptied:
        raise NotOffered("the server keeps no such attribute of users that may be left out")
    change = emptied[step]
    path = _path(change)
    change.on(path)
    reading(f"a PATCH replace of an {step} by nothing is answered with {change.reply.status}")
    if not 200 <= change.reply.status < 300:
        # That null makes unassigned is said of every assignment; PATCH itself does not speak of it.
        expect(change.reply).refused().warn_at_most().success()
    expect(change.after).status(200).absent(path)


def _path(change: Change) -> str:
    """Return the attribute that a replace names, as its path or in its value."""
    value = change.sent("[0].value")
    return next(iter(value)) if isinstance(value, dict) else str(change.sent("[0].path"))


def _optional(made: Made, lab: Lab, names: tuple[str, ...]) -> list[str]:
    """Return which of these a user has and may be without, by the schema and the target file."""
    wanted = dict(lab.target.every_user)
    told = {n: lab.definitions.attribute(n) for n in names if value_at(wanted, n) is None}
    free = [n for n, a in told.items() if not a or (not a.required and a.mutability == "readWrite")]
    return [name for name in free if made.has(name)]
