"""What the cases of HTTP share: requests that go wrong, and updates that race each other."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from functools import partial

import pytest

from idp_profiles.model import Json
from suites.bench import Bench
from suites.client import Seen
from suites.control import short_list
from suites.making.lab import Lab
from suites.making.unknown_ids import nobody_like
from suites.preflight.capabilities import Capabilities
from suites.reach.connection import authorization
from suites.scim_fixtures import Experiment
from suites.values import value_at
from suites.verdicts import Blocked

NOWHERE = "/ScimproofNothing"
WRONG = "scimproof-wrong-token"
BROKEN = b'{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": '

Replies = dict[str, Seen]


@pytest.fixture
def errors(experiment: Experiment) -> Replies:
    """Requests that have to fail on every server, by what is wrong with them."""

    def run(lab: Lab) -> Replies:
        taken = lab.plain_user(key="taken")
        again = lab.user_bodies({**taken.sent})[0]
        nameless = {name: value for name, value in again.items() if name != "userName"}
        wrong: Json = {**again, "userName": lab.people.person().user_name, "name": ["no", "object"]}
        return {
            "nobody": lab.scim.get(nobody_like(taken.id)),
            "nowhere": lab.scim.get(NOWHERE),
            "broken": lab.scim.post("/Users", BROKEN),
            "broken put": lab.scim.put(taken, BROKEN),
            "twice": lab.scim.post("/Users", again),
            "nameless": lab.scim.post("/Users", nameless),
            "wrong type": lab.scim.post("/Users", wrong),
        }

    return experiment(run, key="requests that fail")


def failed(reply: Seen, by: str) -> Seen:
    """Return a reply that is an error; one that is none is for another requirement to judge."""
    if reply.status < 400:
        reason = f"{reply.entry.short()}, where an error was expected"
        raise Blocked(reason, by=by, entry=reply.entry)
    return reply


@pytest.fixture
def knocks(bench: Bench, experiment: Experiment) -> Replies:
    """The same list asked for with the right credential, a wrong one and none."""
    bench.log.wrong = (WRONG,)

    def run(lab: Lab) -> Replies:
        known = lab.target.credential
        wrong = authorization(replace(known, secret=WRONG))

        right = short_list(partial(lab.scim.get, "/Users"))

        def ask(credential: str | None) -> Seen:
            return lab.scim.get(right.entry.target, headers={"Authorization": credential})

        return {
            "right": right,
            "wrong": ask(wrong),
            "none": ask(None),
        }

    return experiment(run, key="credentials")


def tag_of(reply: Seen) -> str | None:
    """Return the version that a reply names: its header, or what `meta` says."""
    version = value_at(reply.object(), "meta.version")
    return reply.header("ETag") or (version if isinstance(version, str) else None)


@pytest.fixture
def races(experiment: Experiment, features: Capabilities) -> Races:
    """Users whom one client changes while another still has the version before it."""

    def run(lab: Lab) -> Races:
        return {method: _race(lab, method, features) for method in ("PUT", "PATCH", "DELETE")}

    return experiment(run, key="lost updates")


@dataclass(frozen=True, slots=True)
class Race:
    """Two changes with the same version: what was read before, between and after them."""

    before: Seen
    current: Seen
    between: Seen
    stale: Seen
    after: Seen


Races = dict[str, "Race | None"]


def _race(lab: Lab, method: str, features: Capabilities) -> Race | None:
    """Change a user twice with one version, the second time by the method that is meant."""
    if method == "PATCH" and not features.has("patch"):
        return None
    made = lab.plain_user(key=f"race {method}")
    before = lab.read(made)
    tag = {"If-Match": tag_of(before) or '"none"'}
    name = lab.definitions.changeable("displayName", "nickName", "title")
    body = {**before.object(), name: "The first change"}
    current = lab.scim.put(made, body, headers=tag)
    between = lab.read(made)
    second: Json = {**before.object(), name: "The second change"}
    if method == "PUT":
        stale = lab.scim.put(made, second, headers=tag)
    elif method == "PATCH":
        change: Json = {"op": "replace", "path": name, "value": "The second change"}
        stale = lab.scim.patch(made, change, headers=tag)
    else:
        stale = lab.scim.delete(made, headers=tag)
    return Race(before, current, between, stale, lab.read(made))
