"""RFC 7644 section 3.14 and RFC 7643 section 3.1: what a change of any kind does to the version."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.client import Seen
from suites.expect import expect
from suites.http import moves
from suites.http.conftest import Race
from suites.http.conftest import tag_of
from suites.http.moves import Move
from suites.http.moves import Moves
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

CHANGES = "RFC7644-3.14-5"
METHODS = ("PUT", "PATCH", "DELETE")
WITH_GROUPS = ("etag", "groups")


@pytest.fixture
def move(
    request: pytest.FixtureRequest,
    experiment: Experiment,
    staff: tuple[Made, ...],
    features: Capabilities,
) -> Move:
    """One change of a user or of a group, which the others of its kind came before."""
    step: str = request.param
    if step.startswith("member"):
        features.check(("groups",))
        done: Moves = experiment(
            lambda lab: moves.of_groups(lab, staff, features), key="changes of a group"
        )
    else:
        done = experiment(lambda lab: moves.of_users(lab, features), key="changes of a user")
    if step not in done:
        raise NotOffered("the server has no PATCH, or nothing of a user to change so")
    return done[step]


OF_PARTS = pytest.mark.parametrize("move", moves.OF_PARTS, indirect=True)
OF_GROUPS = pytest.mark.parametrize("move", moves.OF_GROUPS, indirect=True)
STEPS = (moves.WHOLE, *moves.OF_PARTS, *moves.OF_GROUPS)
EVERY = pytest.mark.parametrize("move", STEPS, indirect=True)


@OF_PARTS
@requirement(CHANGES, proof=("parts-unversioned",))
def test_a_change_of_a_part_makes_a_version(move: Move) -> None:
    """A PATCH of an extension or of an array of a user changes the ETag."""
    _new_version(move)


@OF_GROUPS
@requirement(CHANGES, proof=("group-version-overlooks-members",), needs=WITH_GROUPS)
def test_a_change_of_members_makes_a_version(move: Move) -> None:
    """A PATCH or PUT that changes nothing but the members of a group changes the ETag."""
    _new_version(move)


@OF_PARTS
@requirement("RFC7643-3.1-31", proof=("parts-unversioned",))
def test_a_change_of_a_part_moves_last_modified(move: Move) -> None:
    """A PATCH of an extension or of an array of a user moves `meta.lastModified`."""
    _later(move)


@OF_GROUPS
@requirement("RFC7643-3.1-31", proof=("group-time-overlooks-members",), needs=("groups",))
def test_a_change_of_members_moves_last_modified(move: Move) -> None:
    """A PATCH or PUT that changes nothing but the members moves `meta.lastModified`."""
    _later(move)


@EVERY
@requirement(CHANGES, proof=("change-answers-former-version",))
def test_the_reply_to_a_change_has_the_new_version(move: Move) -> None:
    """The reply to a PUT or PATCH names the version that a read shows, not the one before."""
    old, new = (_tag(each) for each in (move.made().before, move.after))
    if old == new:
        raise Blocked("the version is the same after a change", by=CHANGES, entry=move.reply.entry)
    told = _versions(move.reply)
    if not told:
        raise NotOffered("the answer names no version")
    came = expect(move.reply)
    came.holds(lambda: old not in told, f"another version than {old}", lambda: f"{sorted(told)}")
    came.warn_at_most().holds(lambda: told == {new}, f"{new}", lambda: f"{sorted(told)}")


@requirement("RFC7643-3.1-31", proof=("reads-move-last-modified",))
def test_a_read_is_no_update(lab: Lab, calm_user: Made) -> None:
    """A user who is read twice has the same `meta.lastModified` and version both times."""
    first, second = lab.read(calm_user), lab.read(calm_user)
    expect(first).status(200)
    for path in ("meta.lastModified", "meta.version"):
        if value_at(first.object(), path) is not None:
            expect(second).status(200).exactly(path, value_at(first.object(), path))


@pytest.fixture
def raced(
    request: pytest.FixtureRequest,
    experiment: Experiment,
    features: Capabilities,
) -> Race:
    """A group that one client changes while another still has the version before it."""
    method: str = request.param
    features.check(("groups", "patch") if method == "PATCH" else ("groups",))
    race: Race = experiment(lambda lab: _race(lab, method), key=f"lost update of a group, {method}")
    if race.between.status != 200 or _tag(race.before) == _tag(race.between):
        reason = "the version is the same after a change, or there was none"
        raise Blocked(reason, by=CHANGES, entry=race.current.entry)
    return race


def _race(lab: Lab, method: str) -> Race:
    made = lab.group(key=f"race {method}")
    before = lab.read(made)
    name, lost = (lab.people.unique(word) for word in ("first", "second"))
    path = lab.definitions.changeable("displayName", "externalId", of="Group")
    current = lab.scim.put(made, {**made.sent, path: name})
    between = lab.read(made)
    tag = {"If-Match": tag_of(before) or '"none"'}
    if method == "PUT":
        stale = lab.scim.put(made, {**made.sent, path: lost}, headers=tag)
    elif method == "PATCH":
        change: Json = {"op": "replace", "path": path, "value": lost}
        stale = lab.scim.patch(made, change, headers=tag)
    else:
        stale = lab.scim.delete(made, headers=tag)
    return Race(before, current, between, stale, lab.read(made))


@pytest.mark.parametrize("raced", METHODS, indirect=True)
@requirement("RFC7644-3.14-9", proof=("if-match-ignored-for-groups",), needs=WITH_GROUPS)
def test_no_update_of_a_group_is_lost(raced: Race) -> None:
    """A change of a group under a former ETag is refused, and the group is as it was."""
    expect(raced.stale).refused()
    expect(raced.after).status(200).unchanged(raced.between.object())


def _tag(reply: Seen) -> str:
    tag = tag_of(reply)
    if tag is None:
        raise Blocked("the resource shows no version", by="RFC7644-3.14-3", entry=reply.entry)
    return tag


def _new_version(move: Move) -> None:
    __tracebackhide__ = True
    old, new = (_tag(each) for each in (move.made().before, move.after))
    expect(move.after).holds(lambda: old != new, f"another ETag than {old}", lambda: new)


def _later(move: Move) -> None:
    __tracebackhide__ = True
    old, new = moves.times(move.made())
    expect(move.after).holds(lambda: new > old, f"a time after {old}", lambda: f"{new}")


def _versions(reply: Seen) -> set[str]:
    """Return the versions that the reply to a change names: in its header, and in `meta`."""
    if not 200 <= reply.status < 300:
        raise Blocked(f"the change was answered {reply.status}", entry=reply.entry)
    named = (reply.header("ETag"), value_at(reply.object(), "meta.version"))
    return {each for each in named if isinstance(each, str) and each}
