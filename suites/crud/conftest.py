"""What the cases of create, read, replace and delete share: resources and their lives."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from idp_profiles.model import Json
from suites.client import Seen
from suites.crud.lives import FALSE_META
from suites.crud.lives import Doubled
from suites.crud.lives import Life
from suites.crud.lives import Posted
from suites.crud.lives import Put
from suites.crud.lives import another_id
from suites.crud.lives import create
from suites.crud.lives import put
from suites.making.bodies import Body
from suites.making.bodies import changed
from suites.making.bodies import full_user
from suites.making.bodies import plain_user
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.scim_fixtures import Experiment
from suites.values import quoted
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import Blocked

Replaced = dict[str, Put]


@dataclass(frozen=True, slots=True)
class Missing:
    """Replies about an id that no resource has; only a read is sent where that found one."""

    get: Seen
    others: Mapping[str, Seen]

    def on(self, method: str) -> Seen:
        """Return the reply to a method; raises Blocked where it was not sent."""
        if method not in self.others:
            reason = f"reading an id that nobody has answered {self.get.status}"
            raise Blocked(reason, by="RFC7644-3.4.1-3", entry=self.get.entry)
        return self.others[method]


@pytest.fixture
def posted(experiment: Experiment) -> Posted:
    """A plain user, created and read."""

    def run(lab: Lab) -> Posted:
        return create(lab, "plain", lab.user_bodies(plain_user(lab.people.person()))[0])

    return experiment(run, key="a create")


@pytest.fixture
def bare(experiment: Experiment) -> Posted:
    """A user who was sent with nothing but what the server requires."""

    def run(lab: Lab) -> Posted:
        full = full_user(lab.people.person())
        wanted = {each.path for each in lab.definitions.every() if each.required}
        kept = {name: full[name] for name in full if name in {"schemas", "userName", *wanted}}
        return create(lab, "bare", lab.user_bodies(kept)[0])

    return experiment(run, key="a create of nearly nothing")


@pytest.fixture
def overreaching(
    experiment: Experiment, features: Capabilities, staff: tuple[Made, ...]
) -> dict[str, Posted]:
    """Users created with an attribute that is not the client's to set, each with another one."""

    def run(lab: Lab) -> dict[str, Posted]:
        known = staff[0].id
        given: dict[str, Json] = {"id": another_id(known), "meta": dict(FALSE_META)}
        if features.has("groups"):
            given["groups"] = [{"value": lab.group(staff[0]).id}]
        done: dict[str, Posted] = {}
        for name, value in given.items():
            plain = lab.user_bodies(plain_user(lab.people.person()))[0]
            done[name] = create(lab, f"with {name}", {**plain, name: value})
        return done

    return experiment(run, key="creates with attributes of the server's own")


@pytest.fixture
def doubled(experiment: Experiment) -> Doubled:
    """A user whose userName a second one was to have."""

    def run(lab: Lab) -> Doubled:
        made = lab.plain_user(key="first")
        before = lab.read(made)
        other = lab.user_bodies(plain_user(lab.people.person()))[0]
        reply = lab.scim.post("/Users", {**other, "userName": made.value("userName")})
        return Doubled(reply, before, lab.read(made))

    return experiment(run, key="two users of one name")


@pytest.fixture
def missing(experiment: Experiment, calm_user: Made) -> Missing:
    """Requests to an id that nobody has."""

    def run(lab: Lab) -> Missing:
        path = calm_user.path.replace(calm_user.path.rpartition("/")[2], another_id(calm_user.id))
        get = lab.scim.get(path)
        if get.status != 404:  # it may be somebody's all the same
            return Missing(get, {})
        made = lab.scim.put(path, lab.user_bodies(plain_user(lab.people.person()))[0])
        if 200 <= made.status < 300 and isinstance(made.object().get("id"), str):
            lab.scim.delete(f"/Users/{made.object()['id']}")
        return Missing(get, {"PUT": made, "DELETE": lab.scim.delete(path)})

    return experiment(run, key="an id that nobody has")


@pytest.fixture
def replaced(experiment: Experiment, features: Capabilities, staff: tuple[Made, ...]) -> Replaced:
    """A user who is replaced again and again."""

    def run(lab: Lab) -> Replaced:
        word, domain = lab.people.unique("put"), lab.people.domain
        addresses: list[Json] = [
            {"value": f"{word}-a@{domain}", "type": "work", "primary": True},
            {"value": f"{word}-b@{domain}", "type": "home"},
        ]
        made = lab.reread(lab.user(emails=addresses))
        new: Json = {"value": f"{word}-c@{domain}", "type": "work", "primary": True}
        body = _replacement(lab, made, {"emails": [new], "nickName": None})
        done = {"values": put(lab, made, made.stored, body)}
        if not _moved(done["values"]):  # a time may be told in whole seconds
            time.sleep(1.1)
            then = done["values"].after.object()
            again = {**body, "displayName": f"{body.get('displayName')} again"}
            done["later"] = put(lab, made, then, lab.user_bodies(again)[0])
        return done | _overreached(lab, made, body, staff[0], features)

    return experiment(run, key="replaces of a user")


def _replacement(lab: Lab, made: Made, changes: Mapping[str, Json]) -> dict[str, Json]:
    name = made.sent.get("name")
    parts = dict(name) if isinstance(name, dict) else {}
    parts["familyName"] = "Replaced"
    whole = {**changes, "displayName": "Somebody else", "name": parts}
    return lab.user_bodies(changed(dict(made.sent), whole))[0]


def _moved(change: Put) -> bool:
    last = "meta.lastModified"
    return value_at(dict(change.before), last) != value_at(change.after.object(), last)


def _overreached(
    lab: Lab, made: Made, body: Mapping[str, Json], member: Made, features: Capabilities
) -> Replaced:
    before = lab.read(made).object()
    echo: dict[str, Json] = {**before, "meta": dict(FALSE_META)}
    done = {
        "meta": put(lab, made, before, echo),
        "id": put(lab, made, before, {**body, "id": another_id(made.id)}),
    }
    if features.has("groups"):
        group = lab.group(member)
        given: Json = [{"value": group.id}]
        reply = lab.scim.put(made, {**body, "groups": given})
        done["groups"] = Put(before, {**body, "groups": given}, reply, lab.read(group))
    return done


@pytest.fixture
def life(experiment: Experiment, features: Capabilities) -> Life:
    """A user's life, and what is left of it."""

    def run(lab: Lab) -> Life:
        made = lab.plain_user(key="life")
        replies = _lived(lab, made, features)
        later = _after(lab, made, features)
        later["list"] = lab.scim.get("/Users")
        if features.has("filter"):
            later["filter"] = lab.scim.find(f"userName eq {quoted(made.sent['userName'])}")
        later["POST"] = lab.scim.post("/Users", dict(made.sent))
        later["PUT"] = _put_at_last(lab, made)
        return Life(made, replies, later)

    return experiment(run, key="the life of a user")


@pytest.fixture
def group_life(experiment: Experiment, features: Capabilities, staff: tuple[Made, ...]) -> Life:
    """A group's life, whose members a PUT exchanges, and what is left of it."""
    features.check(("groups",))

    def run(lab: Lab) -> Life:
        made = lab.group(*staff[:2])
        body: dict[str, Json] = {**made.sent, "members": lab.entries(staff[2])}
        changed = put(lab, made, made.stored, body)
        replies = {**_lived(lab, made, features), "PUT": changed.reply, "read": changed.after}
        later = _after(lab, made, features)
        later["list"] = lab.scim.get("/Groups")
        later["PUT"] = _put_at_last(lab, made)
        return Life(made, replies, later)

    return experiment(run, key="the life of a group")


def _lived(lab: Lab, made: Made, features: Capabilities) -> dict[str, Seen]:
    replies = {"POST": made.reply, "GET": lab.read(made)}
    if made.kind == "Users":
        replies["PUT"] = lab.scim.put(made, dict(made.sent))
    if features.has("patch"):
        replies["PATCH"] = lab.scim.patch(made, _renaming(lab, made))
    replies["DELETE"] = lab.scim.delete(made)
    return replies


def _after(lab: Lab, made: Made, features: Capabilities) -> dict[str, Seen]:
    later = {"GET": lab.read(made)}
    if features.has("patch"):
        later["PATCH"] = lab.scim.patch(made, _renaming(lab, made))
    later["DELETE"] = lab.scim.delete(made)
    return later


def _put_at_last(lab: Lab, made: Made) -> Seen:
    """Replace what was deleted: behind all else, since a server may bring it back to life.

    It gets names of its own: somebody else may have the old ones by now.
    """
    body: Body = {**made.sent, "displayName": lab.people.unique("revived")}
    if made.kind == "Users":
        body = lab.user_bodies(plain_user(lab.people.person()))[0]
    reply = lab.scim.put(made, body)
    if 200 <= reply.status < 300:
        lab.scim.delete(made)
    return reply


def _renaming(lab: Lab, made: Made) -> Json:
    of_groups = made.kind == "Groups"
    users = ("displayName", "nickName", "title")
    name = "displayName" if of_groups else lab.definitions.changeable(*users)
    return {"op": "replace", "path": name, "value": lab.people.unique("renamed")}


@dataclass(frozen=True, slots=True)
class Left:
    """A group whose member was deleted."""

    user: Made
    reply: Seen
    group: Seen


@pytest.fixture
def bereft(experiment: Experiment, features: Capabilities, staff: tuple[Made, ...]) -> Left:
    """A group of two, one of whom is deleted."""
    features.check(("groups",))

    def run(lab: Lab) -> Left:
        made = lab.plain_user(key="member")
        group = lab.group(made, staff[0])
        reply = lab.scim.delete(made)
        return Left(made, reply, lab.read(group))

    return experiment(run, key="a member who is deleted")
