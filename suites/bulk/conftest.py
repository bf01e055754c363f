"""What the cases of bulk share: jobs that were sent once, and what they left."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import pytest

from idp_profiles.model import Json
from suites.bench import Discovery
from suites.bulk.jobs import Job
from suites.bulk.jobs import Operation
from suites.bulk.jobs import Operations
from suites.bulk.jobs import Ran
from suites.bulk.jobs import created
from suites.bulk.jobs import creating
from suites.bulk.jobs import deleting
from suites.bulk.jobs import fitting
from suites.bulk.jobs import naming
from suites.bulk.jobs import patching
from suites.bulk.jobs import replacing
from suites.bulk.jobs import send
from suites.bulk.jobs import user_body
from suites.client import USER_URN
from suites.client import Seen
from suites.crud.lives import another_id
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.scim_fixtures import Experiment
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

NAMELESS: dict[str, Json] = {"schemas": [USER_URN], "displayName": "Nobody"}


@dataclass(frozen=True, slots=True)
class Crew:
    """Two users whom jobs change, each time to a new name, and an address of nobody."""

    ann: Made
    ben: Made

    @property
    def nobody(self) -> str:
        """The path of a user that does not exist, with an id that could be one."""
        return f"/Users/{quote(another_id(self.ann.id), safe='')}"

    def renamed(self, name: str) -> dict[str, Json]:
        """Return Ann with another displayName, as a PUT has her."""
        return {**self.ann.stored, "displayName": name}


@pytest.fixture
def room(discovery: Discovery) -> int | None:
    """How many operations the server says it takes at once."""
    found = value_at(discovery.config.object(), "bulk.maxOperations")
    return found if isinstance(found, int) and found > 0 else None


@pytest.fixture
def crew(experiment: Experiment) -> Crew:
    """Users for the jobs of all cases."""

    def run(lab: Lab) -> Crew:
        return Crew(lab.plain_user(key="ann"), lab.plain_user(key="ben"))

    return experiment(run, key="crew")


@pytest.fixture
def four(experiment: Experiment, crew: Crew, features: Capabilities, room: int | None) -> Ran:
    """A job with each method once, in the order of the RFC's example; nothing is wrong with it."""
    has_patch = features.has("patch")

    def run(lab: Lab) -> Ran:
        gone, word = lab.plain_user(key="deleted"), lab.people.unique("bulk")
        operations = {
            "create": creating("Users", "scimproof-new", user_body(lab)),
            "replace": replacing(crew.ann.path, crew.renamed(f"{word} replaced")),
            "patch": patching(crew.ben.path, naming(f"{word} patched")),
            "delete": deleting(gone.path),
        }
        job = send(lab, room, fitting(_able(operations, has_patch), room), failOnErrors=1)
        after = {
            "create": created(lab, job, "create"),
            "replace": lab.read(crew.ann),
            "patch": lab.read(crew.ben),
            "delete": lab.read(gone),
        }
        return Ran(job, after, {"create": gone.reply})

    return experiment(run, key="a job of four")


@pytest.fixture
def troubled(experiment: Experiment, crew: Crew, features: Capabilities, room: int | None) -> Ran:
    """A job in which every other operation fails, and the same failures as single requests."""
    has_patch = features.has("patch")

    def run(lab: Lab) -> Ran:
        word = lab.people.unique("bulk")
        half: list[Json] = [naming(f"{word} lost"), {"op": "remove"}]
        operations = {
            "first": creating("Users", "scimproof-first", user_body(lab)),
            "nameless": creating("Users", "scimproof-nameless", NAMELESS),
            "unknown": replacing(crew.nobody, crew.renamed(f"{word} nobody")),
            "half": patching(crew.ben.path, *half),
            "gone": deleting(crew.nobody),
            "last": replacing(crew.ann.path, crew.renamed(f"{word} last")),
        }
        able = _able(operations, has_patch)
        job = send(lab, room, fitting(able, room, ("first", "nameless", "last")))
        after = {
            "first": created(lab, job, "first"),
            "last": lab.read(crew.ann),
            "half": lab.read(crew.ben),
        }
        alone = {
            "nameless": lab.scim.post("/Users", NAMELESS),
            "unknown": lab.scim.put(crew.nobody, crew.renamed(f"{word} nobody")),
            "gone": lab.scim.delete(crew.nobody),
        }
        return Ran(job, after, alone)

    return experiment(run, key="a job with failures")


@pytest.fixture
def hopeless(experiment: Experiment, crew: Crew, room: int | None) -> Job:
    """A job of which every operation fails."""

    def run(lab: Lab) -> Job:
        operations = {
            "nameless": creating("Users", "scimproof-nameless", NAMELESS),
            "unknown": replacing(crew.nobody, crew.renamed("Nobody")),
            "gone": deleting(crew.nobody),
        }
        return send(lab, room, operations)

    return experiment(run, key="a job of failures")


@dataclass(frozen=True, slots=True)
class Limited:
    """Jobs that are to stop after one error and after two, and a user whom both would delete."""

    one: Ran
    two: Ran


@pytest.fixture
def limited(experiment: Experiment, crew: Crew, room: int | None) -> Limited:
    """Two jobs with failOnErrors, and what they left undone."""

    def run(lab: Lab) -> Limited:
        spared, word = lab.plain_user(key="spared"), lab.people.unique("bulk")
        first: Operations = {
            "nameless": creating("Users", "scimproof-nameless", NAMELESS),
            "delete": deleting(spared.path),
        }
        one = send(lab, room, first, failOnErrors=1)
        left = lab.read(spared)
        second: Operations = {
            "unknown": replacing(crew.nobody, crew.renamed("Nobody")),
            "replace": replacing(crew.ann.path, crew.renamed(f"{word} between")),
            "gone": deleting(crew.nobody),
            "delete": deleting(spared.path),
        }
        two = send(lab, room, second, failOnErrors=2)
        after = {"replace": lab.read(crew.ann), "delete": lab.read(spared)}
        return Limited(Ran(one, {"delete": left}), Ran(two, after))

    return experiment(run, key="jobs with failOnErrors")


@dataclass(frozen=True, slots=True)
class Versioned:
    """Two jobs on one user: under a former version, and under the current one."""

    stale: Ran
    current: Ran
    name: str  # of the attribute that is changed


@pytest.fixture
def versioned(experiment: Experiment, room: int | None) -> Versioned:
    """A job with operations under a former version, and one under the current version."""

    def run(lab: Lab) -> Versioned:
        made = lab.plain_user(key="versions")
        name = lab.definitions.changeable("displayName", "nickName", "title")

        def named(word: str) -> dict[str, Json]:
            return {**made.stored, name: lab.people.unique(word)}

        old = _version(lab.read(made))
        lab.scim.put(made, named("meanwhile"))
        new = _version(lab.read(made))
        if old == new:
            raise Blocked("a change made no new version", by="RFC7644-3.14-5")
        stale: Operations = {
            "replace": replacing(made.path, named("lost"), version=old),
            "delete": deleting(made.path, version=old),
        }
        current: Operations = {"replace": replacing(made.path, named("next"), version=new)}
        refused = Ran(send(lab, room, stale), {"delete": lab.read(made)})
        job = send(lab, room, current)
        return Versioned(refused, Ran(job, {"replace": lab.read(made)}), name)

    return experiment(run, key="a job with versions")


def _able(operations: dict[str, Operation], has_patch: bool) -> dict[str, Operation]:
    """Leave out what the server does not have at all."""
    return {
        name: operation
        for name, operation in operations.items()
        if has_patch or operation["method"] != "PATCH"
    }


def _version(seen: Seen) -> str:
    found = seen.header("ETag") or value_at(seen.object(), "meta.version")
    if not isinstance(found, str):
        raise NotOffered("the server shows no version of a user")
    return found
