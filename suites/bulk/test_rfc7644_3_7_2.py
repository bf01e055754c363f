"""RFC 7644 sections 3.7.1 and 3.7.2: references between the operations of a bulk job."""

from __future__ import annotations

from functools import partial

import pytest

from suites.bulk import referring
from suites.bulk.conftest import Crew
from suites.bulk.jobs import LOCATED
from suites.bulk.jobs import Ran
from suites.bulk.jobs import creating
from suites.bulk.jobs import deleting
from suites.bulk.jobs import fitting
from suites.bulk.jobs import replacing
from suites.bulk.jobs import send
from suites.bulk.jobs import user_body
from suites.bulk.referring import PREFIX
from suites.client import ENTERPRISE_URN
from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Needs
from suites.scim_fixtures import Reading
from suites.values import text
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verdicts import Blocked

MANAGER = f"{ENTERPRISE_URN}:manager.value"


@pytest.fixture
def backward(
    experiment: Experiment, staff: tuple[Made, ...], features: Capabilities, room: int | None
) -> Ran:
    """A user, a group that has the user, and an older group that the user joins."""
    features.check(("groups",))

    def run(lab: Lab) -> Ran:
        older = lab.group(staff[0], key="older")
        return referring.backward(lab, room, older, has_patch=features.has("patch"))

    return experiment(run, key="references back")


@pytest.fixture
def forward(experiment: Experiment, features: Capabilities, room: int | None) -> Ran:
    """A group, and after it the user whom it has."""
    features.check(("groups",))
    return experiment(partial(referring.forward, room=room), key="a reference ahead")


@pytest.fixture
def ordered(experiment: Experiment, crew: Crew, room: int | None) -> Ran:
    """A job in which the order of the operations makes a difference."""

    def run(lab: Lab) -> Ran:
        old, word = lab.plain_user(key="old"), lab.people.unique("bulk")
        again = {**user_body(lab), "userName": old.value("userName")}
        operations = {
            "delete": deleting(old.path),
            "again": creating("Users", referring.USER, again),
            "first": replacing(crew.ann.path, crew.renamed(f"{word} first")),
            "second": replacing(crew.ann.path, crew.renamed(f"{word} second")),
        }
        job = send(lab, room, fitting(operations, room, ("first", "second")))
        alone: dict[str, Seen] = {}
        if (found := job.find("again")) is not None and not found.succeeded:
            # Whether the order is to blame: is the name free now?
            alone["again"] = lab.scim.post("/Users", again)
        return Ran(job, {"second": lab.read(crew.ann)}, alone)

    return experiment(run, key="an order of operations")


@pytest.fixture
def circular(experiment: Experiment, features: Capabilities, room: int | None) -> Ran:
    """Two groups that have each other."""
    features.check(("groups",))
    return experiment(partial(referring.circular, room=room), key="a circle")


@pytest.fixture
def astray(experiment: Experiment, features: Capabilities, room: int | None) -> Ran:
    """Groups whose references lead to nobody."""
    features.check(("groups",))
    return experiment(partial(referring.astray, room=room), key="references to nobody")


@requirement("RFC7644-3.7-25", needs=("bulk", "groups"), proof=("bulk-ids-swapped",))
def test_each_bulk_id_comes_with_its_own_resource(backward: Ran) -> None:
    """The result with the bulkId of a user leads to the user, that of a group to the group."""
    for name, kind in (("user", "/Users/"), ("group", "/Groups/")):
        result = backward.of(name)
        result.success()
        result.shows(kind in result.place, f"a location in {kind}")


@requirement("RFC7644-3.7.2-2", proof=("bulk-id-not-replaced", "bulk-references-dropped"))
def test_a_member_of_a_new_group_is_resolved(backward: Ran) -> None:
    """A new group has the new user as a member whom it named by bulkId."""
    _has_member(backward, "group", "user")


@requirement("RFC7644-3.7.2-2", proof=("bulk-last-id-replaced-only",))
def test_each_of_two_members_is_resolved(backward: Ran) -> None:
    """A new group has both new users as members whom it named by bulkId."""
    _has_member(backward, "pair", "user")
    _has_member(backward, "pair", "second")


@requirement(
    "RFC7644-3.7.2-2", needs=("bulk", "groups", "patch"), proof=("bulk-id-not-replaced-in-patch",)
)
def test_a_member_who_joins_is_resolved(backward: Ran) -> None:
    """A PATCH adds the new user, named by bulkId, to a group that there was before."""
    _has_member(backward, "join", "user")


@requirement("RFC7644-3.7.2-2", needs=("bulk", "patch"), proof=("bulk-id-in-path-ignored",))
def test_a_reference_in_a_path_is_resolved(
    experiment: Experiment, room: int | None, reading: Reading
) -> None:
    """A PATCH whose path names the new user by bulkId is refused, or changes that user."""
    ran: Ran = experiment(partial(referring.by_path, room=room), key="a reference in a path")
    if not ran.job.processed or not ran.of("rename").succeeded:
        reading("a bulkId in the path of a bulk operation is refused")
        ran.job.refused("rename")
        return
    reading("a bulkId in the path of a bulk operation is resolved")
    expect(ran.shown("user")).status(200).has("displayName", referring.RENAMED)


@requirement(
    "RFC7644-3.7.2-4",
    proof=(
        "manager-beside-extension",
        "bulk-id-not-replaced-in-manager",
    ),
)
def test_a_manager_is_resolved(experiment: Experiment, needs: Needs, room: int | None) -> None:
    """A new user has the other new user as the manager who was named by bulkId."""
    needs(f"{ENTERPRISE_URN}:manager")
    ran: Ran = experiment(partial(referring.managed, room=room), key="a reference to a manager")
    ran.of("clerk").success()
    expect(ran.shown("clerk")).status(200).exactly(MANAGER, _id(ran, "boss"))


@requirement("RFC7644-3.7-27", proof=("bulk-forward-lost", "bulk-forward-reference-500"))
def test_a_group_may_come_before_its_member(forward: Ran, reading: Reading) -> None:
    """A job with a group before the user whom it has ends as with the user first, or says why."""
    if not forward.job.processed or forward.of("group").code in (400, 404, 409):
        reading("a bulk operation that refers to a later one is refused")
        forward.job.refused("group")
        return
    reading("a bulk operation may refer to a later one")
    _has_member(forward, "group", "user")


@requirement("RFC7644-3.7-27", needs=("bulk",), proof=("bulk-in-reverse",))
def test_the_later_of_two_changes_stays(ordered: Ran) -> None:
    """Of two PUT operations on one user the later one is what the user is after the job."""
    seen = ordered.shown("second")
    first, second = (ordered.sent(name, "displayName") for name in ("first", "second"))
    shown = value_at(seen.object(), "displayName")
    if shown not in (first, second):
        raise Blocked("a PUT in a job changes nothing", by="RFC7644-3.7-2", entry=seen.entry)
    expect(seen).status(200).has("displayName", second)


@requirement("RFC7644-3.7-27", needs=("bulk",), proof=("bulk-creates-first", "bulk-deletes-last"))
def test_a_name_is_free_after_a_delete(ordered: Ran) -> None:
    """A job that deletes a user and creates another with the same userName does both."""
    ordered.of("delete").success()
    if "again" in ordered.alone and not 200 <= ordered.alone["again"].status < 300:
        reason = "the userName of a deleted user is not free"
        raise Blocked(reason, by="RFC7644-3.6-4", entry=ordered.alone["again"].entry)
    ordered.of("again").success()


@requirement("RFC7644-3.7.1-1", proof=("bulk-circle-500", "bulk-circle-left-open"))
def test_a_circle_is_resolved_or_refused_with_409(circular: Ran, reading: Reading) -> None:
    """Two groups that have each other are created so, or refused with 409."""
    if not circular.job.processed:
        reading("a job with a circle is refused")
        expect(circular.job.reply).refused()
        return
    results = [circular.of(name) for name in ("one", "other")]
    if all(result.succeeded for result in results):
        reading("circles in a bulk job are resolved")
        _has_member(circular, "one", "other")
        _has_member(circular, "other", "one")
        return
    reading("circles in a bulk job are refused")
    for result in results:
        refused = result.code is not None and 400 <= result.code < 500
        result.shows(result.succeeded or refused, "the status 409")


@requirement("RFC7644-3.7.1-2", proof=("bulk-circle-as-400",))
def test_a_circle_that_cannot_be_resolved_gives_409(circular: Ran) -> None:
    """The refusal of a circle has the status 409."""
    reply = circular.job.reply
    found = [circular.job.find(name) for name in ("one", "other")]
    codes = [each.code for each in found if each is not None] or [reply.status]
    expect(reply).holds(
        lambda: all(code == 409 or (code is not None and code < 300) for code in codes),
        "success or 409",
        lambda: text([*codes]),
    )


@requirement("RFC7644-3.7.2-5", needs=("bulk", "groups"), proof=("bulk-unknown-id-accepted",))
def test_a_reference_to_nobody_is_refused(astray: Ran) -> None:
    """A group whose member is named by a bulkId that no operation has is refused."""
    astray.job.refused("unknown", 400, 409)


@requirement("RFC7644-3.7.2-5", needs=("bulk", "groups"), proof=("bulk-failed-id-accepted",))
def test_a_reference_to_what_failed_is_refused(astray: Ran) -> None:
    """A group whose member is named by the bulkId of a create that failed is refused."""
    astray.job.refused("failed")


def _id(ran: Ran, name: str) -> str:
    """Return the id of what an operation created."""
    result = ran.of(name)
    result.success()
    if not result.id:
        reason = f"the result of {name!r} does not tell where the new resource is"
        raise Blocked(reason, by=LOCATED, entry=ran.job.reply.entry)
    return result.id


def _has_member(ran: Ran, group: str, member: str) -> None:
    """Expect a group with a member whom the job named by bulkId, and without the reference."""
    ran.of(group).success()
    seen, wanted = ran.shown(group), _id(ran, member)
    expect(seen).status(200).holds(
        lambda: wanted in _members(seen) and not any(e.startswith(PREFIX) for e in _members(seen)),
        f"the member {wanted}",
        lambda: text([*_members(seen)]),
    )


def _members(seen: Seen) -> list[str]:
    return [str(each) for each in values_at(seen.object(), "members.value")]
