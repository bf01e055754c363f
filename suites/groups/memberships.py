"""A group, a group around it, and users who join and leave: what both sides show, step by step."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import Seen
from suites.crud.lives import place_of
from suites.making.bodies import plain_group
from suites.making.lab import Lab
from suites.making.lab import refusal
from suites.values import items
from suites.values import member
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verbs import deletable
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

_WRITES = "RFC7643-4.2-3"
CREATED = "RFC7643-4.2-5"


@dataclass(frozen=True, slots=True)
class Memberships:
    """The users and groups, the replies to each write, and what was read after it."""

    ann: Made
    ben: Made
    inner: Made
    outer: Made | None
    replies: Mapping[str, Seen]
    reads: Mapping[str, Seen]

    def done(self, write: str) -> Seen:
        """Return the reply to a write; raises Blocked for a failure that another case judges."""
        reply = self.replies[write]
        if write.endswith("deleted"):
            deletable(reply)
        if not 200 <= reply.status < 300:
            raise Blocked(
                f"{write} was answered with {reply.status}", by=_WRITES, entry=reply.entry
            )
        return reply

    @property
    def created(self) -> Seen:
        """The reply to the create of a group with members; Blocked where it was refused."""
        reply = self.replies["created"]
        if not 200 <= reply.status < 300:
            raise Blocked(refusal("POST /Groups", reply), by=CREATED, entry=reply.entry)
        return reply

    def entry(self, read: str, group: Made | None) -> Mapping[str, Json]:
        """Return what a user shows of a group in `groups`, empty where it is not there."""
        wanted = group.id if group else None
        found = items(value_at(self.reads[read].object(), "groups"))
        entries = [each for each in found if isinstance(each, dict)]
        return next((each for each in entries if member(each, "value") == wanted), {})

    def shown(self, read: str = "joined") -> Mapping[str, Json]:
        """Return what the user shows of the group; raises NotOffered where it shows nothing."""
        found = self.entry(read, self.inner)
        if not found:
            raise NotOffered("the user does not show the group, which another case judges")
        return found

    def is_in(self, read: str) -> None:
        """Raise Blocked where the group does not show the user as member."""
        ids = values_at(self.reads[read].object(), "members.value")
        if self.ann.id not in ids:
            raise Blocked("the group lacks the member", by=CREATED)

    def has_left(self) -> None:
        """Raise Blocked where the group still shows the user whom a PUT left out."""
        if self.ann.id in values_at(self.reads["inner left"].object(), "members.value"):
            raise Blocked("the group still has the member", by="RFC7644-3.5.1-4")

    @staticmethod
    def leads_to(reference: str, made: Made) -> bool:
        """Return whether a URI, absolute or relative, ends in the path of a resource."""
        return f"/{place_of(reference).lstrip('/')}".endswith(place_of(made.path))

    @property
    def around(self) -> Made:
        """The outer group; raises NotOffered where the server takes no group into a group."""
        if self.outer is None:
            raise NotOffered("the server takes no groups as members of groups")
        return self.outer


def around(staff: tuple[Made, ...]) -> Callable[[Lab], Memberships]:
    """Return the run of the experiment; some 25 requests."""

    def run(lab: Lab) -> Memberships:
        ann, ben = lab.plain_user(key="ann"), lab.plain_user(key="ben")
        made, created = new_group(lab, "inner", _with(lab, "inner", lab.entry(ann), lab.entry(ben)))
        inner = made or _filled(lab, ann, ben)
        reads = {"inner": lab.read(inner), "joined": lab.read(ann)}
        outer, nested = new_group(lab, "outer", _with(lab, "outer", lab.entry(inner, type="Group")))
        reads["outer"] = lab.read(outer) if outer else nested
        reads["nested"] = lab.read(ann)
        replies = {"created": created, "nested": nested}
        both = Memberships(ann, ben, inner, outer, replies, reads)
        _moves(lab, both, staff[0], replies, reads)
        return both

    return run


def _moves(
    lab: Lab, both: Memberships, other: Made, replies: dict[str, Seen], reads: dict[str, Seen]
) -> None:
    """Let the users change, leave, come back and go, and the inner group go."""
    ann, ben, inner, outer = both.ann, both.ben, both.inner, both.outer
    groups: Json = [{"value": outer.id}] if outer else []
    changed = {**ann.sent, "displayName": "Ann Otherwise", "groups": groups}
    replies["user replaced"] = lab.scim.put(ann, changed)
    reads["inner after replace"] = lab.read(inner)
    if outer:
        reads["outer after replace"] = lab.read(outer)
    replies["user deleted"] = lab.scim.delete(ben)
    reads["inner after user"] = lab.read(inner)
    replies["left"] = lab.scim.put(inner, _body(inner, lab.entry(other)))
    reads["inner left"], reads["left"] = lab.read(inner), lab.read(ann)
    replies["back"] = lab.scim.put(inner, _body(inner, lab.entry(ann)))
    reads["back"] = lab.read(ann)
    replies["group deleted"] = lab.scim.delete(inner)
    reads["without group"] = lab.read(ann)
    if outer:
        reads["outer without group"] = lab.read(outer)


def new_group(lab: Lab, word: str, body: Mapping[str, Json]) -> tuple[Made | None, Seen]:
    """Create a group; None and the refusal where the server does not."""
    reply = lab.scim.post("/Groups", dict(body))
    stored = reply.object()
    found = stored.get("id")
    place = place_of(reply.header("Location")).rpartition("/")[2]
    made_id = found if isinstance(found, str) and found else place
    if not 200 <= reply.status < 300 or not made_id:
        return None, reply
    made = Made(kind="Groups", id=made_id, key=word, sent=body, stored=stored, reply=reply)
    return made, reply


def _with(lab: Lab, word: str, *members: dict[str, Json]) -> dict[str, Json]:
    return plain_group(lab.people.unique(word), members)


def _filled(lab: Lab, *members: Made) -> Made:
    """Return a group that gets its members after it was created, since it could not have them."""
    made = lab.group(key="inner")
    lab.scim.put(made, _body(made, *[lab.entry(each) for each in members]))
    return made


def _body(group: Made, *members: Mapping[str, Json]) -> dict[str, Json]:
    return {**group.sent, "members": [dict(each) for each in members]}
