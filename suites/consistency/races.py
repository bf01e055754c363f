"""Requests that meet at the same moment, and what is left after them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from idp_profiles.model import Json
from suites.client import Seen
from suites.consistency.parallel import at_once
from suites.making import bodies
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.values import quoted
from suites.values import same_but_for_case
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

# What may be changed at the same moment, each by a client of its own.
ATTRIBUTES = ("displayName", "nickName", "title", "userType", "preferredLanguage")
VALUES = {"preferredLanguage": "fr-FR"}
AT_LEAST = 2


@dataclass(frozen=True, slots=True)
class Joined:
    """A group that some joined and one left at the same moment, and that one joined again."""

    adds: tuple[tuple[Made, Seen], ...]
    leaver: Made
    leave: Seen
    after: Seen
    again: Seen
    at_last: Seen


def join(lab: Lab, staff: Sequence[Made]) -> Joined:
    """Let three join and one leave a group at once; then add one of them once more."""
    leaver, *joining = staff
    group = lab.group(leaver)

    def add(member: Made) -> Seen:
        value: Json = [{"value": member.id}]
        return lab.scim.patch(group, {"op": "add", "path": "members", "value": value})

    leave: Json = {"op": "remove", "path": f"members[value eq {quoted(leaver.id)}]"}
    sent = [*(partial(add, each) for each in joining), partial(lab.scim.patch, group, leave)]
    *added, left = at_once(*sent)
    after = lab.read(group)
    there = values_at(after.object(), "members.value")
    again = add(joining[0])
    for member, reply in zip(joining, added, strict=True):
        if done(reply) and member.id not in there:
            _check_alone(lab, add(member), lambda member=member: member.id in _members(lab, group))  # type: ignore[misc]  # a lambda with a default has no type of its own
    return Joined(
        tuple(zip(joining, added, strict=True)), leaver, left, after, again, lab.read(group)
    )


def _members(lab: Lab, group: Made) -> list[Json]:
    return values_at(lab.read(group).object(), "members.value")


def _check_alone(lab: Lab, reply: Seen, works: Callable[[], bool]) -> None:
    """Raise Blocked where a change is lost that comes alone, which is no matter of parallelism."""
    lab.scim.client.settle()
    if not works():
        reason = "the change that was lost is lost as well when it comes alone"
        raise Blocked(reason, by="RFC7644-3.5.2-1", entry=reply.entry)


@dataclass(frozen=True, slots=True)
class Changed:
    """A user of whom several attributes were changed at once: the value and reply of each."""

    values: dict[str, str]
    replies: dict[str, Seen]
    after: Seen


def change_apart(lab: Lab) -> Changed:
    """Change different attributes of a user at the same moment; raises NotOffered."""
    wanted = {"displayName": "Before", "nickName": "Before", "title": "Before"}
    made = lab.user(userType="Before", **wanted)
    names = [name for name in ATTRIBUTES if made.has(name)][:4]
    if len(names) < AT_LEAST:
        raise NotOffered("the server keeps too few attributes of users to change them apart")
    values = {name: VALUES.get(name, f"After {name}") for name in names}

    def change(name: str) -> Seen:
        return lab.scim.patch(made, {"op": "replace", "path": name, "value": values[name]})

    replies = dict(zip(names, at_once(*(partial(change, n) for n in names)), strict=True))
    after = lab.read(made)
    for name in names:
        if done(replies[name]) and not _shows(after, name, values[name]):
            again = change(name)
            _check_alone(lab, again, lambda name=name: _shows(lab.read(made), name, values[name]))  # type: ignore[misc]  # as above
    return Changed(values, replies, after)


def _shows(reply: Seen, name: str, value: str) -> bool:
    return same_but_for_case(value_at(reply.object(), name), value)


@dataclass(frozen=True, slots=True)
class Replaced:
    """A user whom two clients replaced at once: what each sent, the replies, and the user."""

    bodies: tuple[dict[str, Json], dict[str, Json]]
    replies: tuple[Seen, Seen]
    after: Seen


def replace_together(lab: Lab, *, conditional: bool) -> Replaced:
    """Replace a user twice at the same moment, with the version that both have read or without."""
    made = lab.plain_user(title="Before")
    before = lab.read(made)
    tag = before.header("ETag") or value_at(before.object(), "meta.version")
    if conditional and not isinstance(tag, str):
        raise Blocked("the user has no version", by="RFC7644-3.14-1", entry=before.entry)
    headers = {"If-Match": str(tag)} if conditional else None
    first, second = (
        {**before.object(), "displayName": f"{word} name", "title": f"{word} title"}
        for word in ("First", "Second")
    )
    one, other = at_once(
        *(partial(lab.scim.put, made, body, headers=headers) for body in (first, second))
    )
    return Replaced((first, second), (one, other), lab.read(made))


@dataclass(frozen=True, slots=True)
class Twice:
    """A user whom two clients created at once: the replies, and what a search finds."""

    replies: tuple[Seen, Seen]
    found: Seen | None


def create_together(lab: Lab, features: Capabilities) -> Twice:
    """Create one user twice at the same moment."""
    person = lab.people.person()
    (body,) = lab.user_bodies(bodies.plain_user(person))
    one, other = at_once(*[partial(lab.scim.post, "/Users", body)] * 2)
    lab.scim.client.settle()
    text = f"userName eq {quoted(person.user_name)}"
    found = lab.scim.get("/Users", filter=text) if features.has("filter") else None
    return Twice((one, other), found)


@dataclass(frozen=True, slots=True)
class Switched:
    """A user who was activated and deactivated at once: the replies, by id and in a search."""

    replies: tuple[Seen, Seen]
    after: Seen
    found: Seen | None


def switch(lab: Lab, features: Capabilities) -> Switched:
    """Activate and deactivate a user at the same moment; raises NotOffered without `active`."""
    made = lab.plain_user().kept("active")

    def patch(value: bool) -> Seen:
        return lab.scim.patch(made, {"op": "replace", "path": "active", "value": value})

    one, other = at_once(partial(patch, True), partial(patch, False))
    after = lab.read(made)
    text = f"userName eq {quoted(made.value('userName'))}"
    found = lab.scim.get("/Users", filter=text) if features.has("filter") else None
    return Switched((one, other), after, found)


@dataclass(frozen=True, slots=True)
class Vanished:
    """A user who was deleted while being changed."""

    delete: Seen
    patch: Seen
    after: Seen


def delete_changing(lab: Lab) -> Vanished:
    """Delete a user at the moment of a change."""
    made = lab.plain_user()
    change: Json = {"op": "replace", "path": "displayName", "value": "Changed"}
    patch, delete = at_once(partial(lab.scim.patch, made, change), partial(lab.scim.delete, made))
    return Vanished(delete, patch, lab.read(made))


def done(reply: Seen) -> bool:
    """Return whether a request was answered with success."""
    return 200 <= reply.status < 300


def senders(replaced: Replaced) -> set[int]:
    """Return whose values a user shows: the numbers of the bodies; a server may have its own."""
    shown = {path: value_at(replaced.after.object(), path) for path in ("displayName", "title")}
    return {
        number
        for number, body in enumerate(replaced.bodies)
        if any(value == body[path] for path, value in shown.items())
    }
