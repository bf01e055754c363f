"""Jobs whose operations refer to what others of the same job create."""

from __future__ import annotations

from idp_profiles.model import Json
from suites.bulk.jobs import Operation
from suites.bulk.jobs import Operations
from suites.bulk.jobs import Ran
from suites.bulk.jobs import created
from suites.bulk.jobs import creating
from suites.bulk.jobs import fitting
from suites.bulk.jobs import naming
from suites.bulk.jobs import patching
from suites.bulk.jobs import send
from suites.bulk.jobs import user_body
from suites.client import ENTERPRISE_URN
from suites.client import GROUP_URN
from suites.client import USER_URN
from suites.making.lab import Lab
from suites.verbs import Made

PREFIX = "bulkId:"
RENAMED = "Renamed in a bulk job"
USER, SECOND, GROUP = "scimproof-user", "scimproof-second", "scimproof-group"


def group_body(name: str, *members: str) -> Operation:
    """Return a group with these members, be they ids or references."""
    entries: list[Json] = [{"value": each} for each in members]
    return {"schemas": [GROUP_URN], "displayName": name, "members": entries}


def backward(lab: Lab, room: int | None, group: Made, *, has_patch: bool) -> Ran:
    """Create two users, a group of the first and one of both; the first joins another group."""
    both = group_body(lab.people.unique("pair"), PREFIX + USER, PREFIX + SECOND)
    join: Json = {"op": "add", "path": "members", "value": [{"value": PREFIX + USER}]}
    operations = {
        "user": creating("Users", USER, user_body(lab)),
        "second": creating("Users", SECOND, user_body(lab)),
        "group": creating("Groups", GROUP, group_body(lab.people.unique("new"), PREFIX + USER)),
        "pair": creating("Groups", "scimproof-pair", both),
    }
    if has_patch:
        operations["join"] = patching(group.path, join)
    job = send(lab, room, fitting(operations, room, ("user", "group", "join")))
    after = {name: created(lab, job, name) for name in ("group", "pair") if name in job.operations}
    return Ran(job, {**after, "join": lab.read(group)})


def forward(lab: Lab, room: int | None) -> Ran:
    """Create a group before the user whom it has."""
    operations = {
        "group": creating("Groups", GROUP, group_body(lab.people.unique("new"), PREFIX + USER)),
        "user": creating("Users", USER, user_body(lab)),
    }
    job = send(lab, room, operations)
    return Ran(job, {"group": created(lab, job, "group")})


def managed(lab: Lab, room: int | None) -> Ran:
    """Create a user and another whose manager the first is."""
    manager: Json = {"manager": {"value": PREFIX + USER}}
    clerk = user_body(lab, **{ENTERPRISE_URN: manager})
    operations = {
        "boss": creating("Users", USER, user_body(lab)),
        "clerk": creating("Users", "scimproof-clerk", clerk),
    }
    job = send(lab, room, operations)
    return Ran(job, {"clerk": created(lab, job, "clerk")})


def circular(lab: Lab, room: int | None) -> Ran:
    """Create two groups that have each other, as the RFC's example does."""
    one, other = "scimproof-one", "scimproof-other"
    operations = {
        "one": creating("Groups", one, group_body(lab.people.unique("one"), PREFIX + other)),
        "other": creating("Groups", other, group_body(lab.people.unique("other"), PREFIX + one)),
    }
    job = send(lab, room, operations)
    if not job.processed:
        return Ran(job)
    return Ran(job, {name: created(lab, job, name) for name in operations})


def astray(lab: Lab, room: int | None) -> Ran:
    """Create groups that have somebody whom no operation creates, or one that failed."""
    nameless: Operation = {"schemas": [USER_URN], "displayName": "Nobody"}
    unknown = group_body(lab.people.unique("unknown"), PREFIX + "scimproof-none")
    failed = group_body(lab.people.unique("failed"), PREFIX + USER)
    operations: Operations = {
        "unknown": creating("Groups", GROUP, unknown),
        "nameless": creating("Users", USER, nameless),
        "failed": creating("Groups", "scimproof-other", failed),
    }
    return Ran(send(lab, room, operations))


def by_path(lab: Lab, room: int | None) -> Ran:
    """Create a user and change it by a path that holds the reference."""
    operations = {
        "user": creating("Users", USER, user_body(lab)),
        "rename": patching(f"/Users/{PREFIX}{USER}", naming(RENAMED)),
    }
    job = send(lab, room, operations)
    return Ran(job, {"user": created(lab, job, "user")})
