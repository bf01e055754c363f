"""RFC 7643 section 2.5: null says no more than that there is no value."""

from __future__ import annotations

import pytest

from suites.attributes import creating
from suites.attributes import nulls
from suites.attributes.conftest import Replaced
from suites.attributes.creating import tried
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Experiment
from suites.verdicts import NotOffered

NULLS = ("create-null-refused", "null-refused")


@pytest.mark.parametrize("paths", [nulls.SINGLE, nulls.SEVERAL], ids=["one-value", "several"])
@requirement("RFC7643-2.5-2", proof=NULLS)
def test_a_new_user_may_have_nulls(
    paths: tuple[str, ...], definitions: Definitions, experiment: Experiment
) -> None:
    """A user who is created with null for an attribute that is not required is taken."""
    found = nulls.optional(definitions, *paths)
    if not found:
        raise NotOffered(f"the server's schema of users has no optional {' or '.join(paths)}")

    def run(lab: Lab) -> creating.Tried:
        return tried(lab, {**creating.plain(lab), found[0]: None}, controlled=True)

    made = experiment(run, key=f"a user with null for {found[0]}").unusual()
    told = expect(made.reply)
    if paths is nulls.SEVERAL:  # section 3.3 of RFC 7644 speaks of an empty array there
        told.warn_at_most()
    told.success()


@requirement("RFC7643-2.5-2", proof=("put-null-keeps", "null-refused"))
def test_null_makes_unassigned(replaced: dict[str, Replaced]) -> None:
    """A PUT with null for nickName, or what the schema has in its place, unassigns it."""
    step = replaced["null"]
    nulled = [name for name in nulls.SINGLE if step.sent.get(name, "") is None]
    name = next((name for name in nulled if step.before.get(name)), "nickName")
    change = step.on(name)
    expect(change.reply).success()
    expect(change.after).status(200).absent(name)
