"""A group that begins with nothing but a name, gets members and other names, and loses its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import GROUP_URN
from suites.client import Seen
from suites.groups.memberships import new_group
from suites.making.lab import Lab
from suites.making.lab import refusal
from suites.schemas.definitions import Definitions
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

# Longer than many a column of a data base, and with letters of all kinds.
UNUSUAL = 'Équipe "Ω" + 李 \\ مريم 🦉 of the third floor & annex'
_BLIND = "null part"  # a step after which nobody needs to look


@dataclass(frozen=True, slots=True)
class Written:
    """One write on the group: what it was before, the reply, and the group after it."""

    before: Mapping[str, Json]
    sent: Mapping[str, Json]
    reply: Seen
    after: Seen

    @property
    def done(self) -> bool:
        """Whether the write was not refused."""
        return 200 <= self.reply.status < 300


@dataclass(frozen=True, slots=True)
class Group:
    """The group as it began, the writes on it, and the creates of groups that lack something."""

    body: Mapping[str, Json]
    made: Made | None
    reply: Seen
    first: Seen
    writes: Mapping[str, Written]
    creates: Mapping[str, Seen]

    def plain(self) -> Made:
        """Return the group; raises Blocked where the server refused it."""
        if self.made is None:
            reason = refusal("POST /Groups", self.reply)
            raise Blocked(reason, by="RFC7643-4.2-9", entry=self.reply.entry)
        return self.made

    def write(self, name: str) -> Written:
        """Return a write; raises NotOffered or Blocked where it could not be made."""
        self.plain()
        if name not in self.writes:
            raise NotOffered("the server has no PATCH")
        return self.writes[name]


def is_fixed(definitions: Definitions) -> bool:
    """Return whether the server's schema says that the name of a group never changes."""
    found = definitions.attribute("displayName", "Group")
    return found is not None and found.mutability in ("immutable", "readOnly")


def may_be_empty(definitions: Definitions) -> None:
    """Skip the case where the server's schema requires members, so that some have to stay."""
    asked = definitions.attribute("members", "Group")
    if asked is not None and asked.required:
        raise NotOffered("the server's schema says that a group needs members")


def run(lab: Lab, staff: tuple[Made, ...], *, patch: bool) -> Group:
    """Make the group and change it; some 16 requests."""
    word = lab.people.unique("lone")
    # Only a schema of the server's own may require members.
    asked = lab.definitions.attribute("members", "Group")
    least: dict[str, Json] = {"schemas": [GROUP_URN]}
    if asked is not None and asked.required:
        least["members"] = lab.entries(staff[0])
    body: dict[str, Json] = {**least, "displayName": f"{word} {UNUSUAL}"}
    made, reply = new_group(lab, "lone", body)
    first, writes = reply, {}
    if made is not None:
        first = lab.read(made)
        writes = _writes(lab, made, first, staff, patch=patch)
    nameless: dict[str, Json] = {"schemas": [GROUP_URN]}
    hollow: Json = [{"display": "Nobody"}]
    named = {**nameless, "displayName": lab.people.unique("hollow"), "members": hollow}
    named_outside = {
        **least,
        "displayName": lab.people.unique("outside"),
        "externalId": lab.people.unique("X"),
    }
    creates = {
        "nameless": lab.scim.post("/Groups", nameless),
        "hollow": lab.scim.post("/Groups", named),
        "external": lab.scim.post("/Groups", named_outside),
    }
    return Group(body, made, reply, first, writes, creates)


def _writes(
    lab: Lab, made: Made, first: Seen, staff: tuple[Made, ...], *, patch: bool
) -> dict[str, Written]:
    people: Json = lab.entries(*staff[:2])
    before = first.object()
    name = str(made.sent["displayName"])
    # A name that never changes is sent as it is shown (RFC 7644 section 3.5.1).
    other: dict[str, Json] = {} if is_fixed(lab.definitions) else {"displayName": f"{name} 2"}
    whole: dict[str, Json] = {**before, **other, "members": people}
    done = {"put": Written(before, whole, lab.scim.put(made, whole), lab.read(made))}
    for step, operation in _operations(lab, f"{name} 3", staff).items() if patch else ():
        before = [*done.values()][-1].after.object() or before
        reply = lab.scim.patch(made, operation)
        done[step] = Written(before, operation, reply, reply if step == _BLIND else lab.read(made))
    before = [*done.values()][-1].after.object() or before
    rest = {**made.sent, "members": value_at(before, "members")}
    del rest["displayName"]
    reply = lab.scim.put(made, rest)
    after = lab.read(made) if 200 <= reply.status < 300 else reply
    done["nameless"] = Written(before, rest, reply, after)
    return done


def _operations(lab: Lab, name: str, staff: tuple[Made, ...]) -> dict[str, dict[str, Json]]:
    path = f'members[value eq "{staff[0].id}"].value'
    both: Json = lab.entries(*staff[2:4])
    one: Json = lab.entries(staff[1])
    again: Json = [lab.entry(staff[2], display=None)]
    return {
        "patch": {"op": "replace", "path": "displayName", "value": name},
        "part": {"op": "replace", "path": path, "value": staff[2].id},
        "two": {"op": "add", "path": "members", "value": both},
        _BLIND: {"op": "add", "path": "members", "value": again},
        "pathless": {"op": "replace", "value": {"members": one}},
        "nobody": {"op": "replace", "path": "members", "value": []},
    }
