"""RFC 7644 sections 3.7 and 3.7.2: jobs on what is there already, a user or a group."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.bulk import referring
from suites.bulk.jobs import LOCATED
from suites.bulk.jobs import Operations
from suites.bulk.jobs import Ran
from suites.bulk.jobs import creating
from suites.bulk.jobs import patching
from suites.bulk.jobs import replacing
from suites.bulk.jobs import send
from suites.bulk.jobs import user_body
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

NAMES = ("displayName", "nickName", "title", "userType")


@pytest.fixture
def filled(experiment: Experiment, room: int | None) -> Ran:
    """A new user, and a PUT of an older group that names the user by bulkId."""

    def run(lab: Lab) -> Ran:
        older = lab.group(key="older")
        whole: dict[str, Json] = {**older.sent}
        whole["members"] = [{"value": referring.PREFIX + referring.USER}]
        operations = {
            "user": creating("Users", referring.USER, user_body(lab)),
            "fill": replacing(older.path, whole),
        }
        return Ran(send(lab, room, operations), {"fill": lab.read(older)})

    return experiment(run, key="a group that is filled")


@pytest.fixture
def twice(experiment: Experiment, room: int | None) -> Ran:
    """Two PATCH operations on one user, each of another attribute."""

    def run(lab: Lab) -> Ran:
        made = lab.user(key="patched twice")
        names = _changeable(lab, made)
        word = lab.people.unique("bulk")
        changes: list[Json] = [
            {"op": "replace", "path": name, "value": f"{word} {name}"} for name in names
        ]
        operations: Operations = {
            name: patching(made.path, change) for name, change in zip(names, changes, strict=True)
        }
        return Ran(send(lab, room, operations), {name: lab.read(made) for name in names[-1:]})

    return experiment(run, key="two changes of a user")


def _changeable(lab: Lab, made: Made) -> list[str]:
    told = {name: lab.definitions.attribute(name) for name in NAMES if made.has(name)}
    names = [name for name, each in told.items() if not each or each.mutability == "readWrite"]
    if len(names) < 2:
        raise NotOffered("the server keeps too few attributes of users to change two apart")
    return names[:2]


@requirement("RFC7644-3.7.2-2", needs=("bulk", "groups"), proof=("bulk-id-in-put-dropped",))
def test_a_member_in_a_put_is_resolved(filled: Ran) -> None:
    """A PUT of a group that was there before has the new user whom it names by bulkId."""
    filled.of("fill").success()
    user = filled.of("user")
    user.success()
    if not user.id:
        reason = "the result does not tell where the new user is"
        raise Blocked(reason, by=LOCATED, entry=filled.job.reply.entry)
    expect(filled.shown("fill")).status(200).members({user.id})


@requirement("RFC7644-3.7-27", needs=("bulk", "patch"), proof=("bulk-second-patch-lost",))
def test_two_changes_of_one_user_are_both_kept(twice: Ran, reading: Reading) -> None:
    """Two PATCH operations of one job on one user are both done, as far as they succeed."""
    done = [name for name in twice.job.operations if twice.of(name).succeeded]
    reading(f"of two PATCH operations on one user in a job {len(done)} succeed")
    if not done:
        reason = "no PATCH in a job succeeds"
        raise Blocked(reason, by="RFC7644-3.7-2", entry=twice.job.reply.entry)
    after = expect(twice.shown([*twice.job.operations][-1])).status(200)
    for name in done:
        after.has(name, twice.sent(name, "Operations[0].value"))
