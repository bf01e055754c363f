"""RFC 7644 section 3.4: a group is read with all its members, be they many."""

from __future__ import annotations

import pytest

from suites.bulk.jobs import Ran
from suites.bulk.jobs import created
from suites.bulk.jobs import creating
from suites.bulk.jobs import send
from suites.bulk.jobs import user_body
from suites.bulk.referring import PREFIX
from suites.bulk.referring import group_body
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.values import values_at
from suites.verdicts import Blocked

MANY = 120


@pytest.fixture
def crowd(experiment: Experiment, room: int | None) -> Ran:
    """A group of many new users, all made by one job."""

    def run(lab: Lab) -> Ran:
        names = [f"scimproof-{n}" for n in range(MANY)]
        operations = {name: creating("Users", name, user_body(lab)) for name in names}
        body = group_body(lab.people.unique("crowd"), *(PREFIX + name for name in names))
        operations["group"] = creating("Groups", "scimproof-crowd", body)
        job = send(lab, room, operations)
        return Ran(job, {"group": created(lab, job, "group")})

    return experiment(run, key="a crowd")


@requirement("RFC7644-3.4-3", needs=("bulk", "groups"), proof=("group-get-caps-members",))
@pytest.mark.scim_large
def test_a_group_of_many_shows_them_all(crowd: Ran) -> None:
    """A group of 120 that is read by its id shows every member, each once."""
    crowd.of("group").success()
    ids = [crowd.of(name).id for name in crowd.job.operations if name != "group"]
    seen = crowd.shown("group")
    if any(PREFIX in str(each) for each in values_at(seen.object(), "members.value")):
        raise Blocked("references are not resolved", by="RFC7644-3.7.2-2", entry=seen.entry)
    expect(seen).status(200).members(ids).nobody_twice()
