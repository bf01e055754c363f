"""Where resources are made: for one case, or for what several cases share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Protocol
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlsplit

from idp_profiles.model import Json
from suites.client import Seen
from suites.schemas.definitions import Definitions
from suites.target.every_user import beneath
from suites.target.model import Target
from suites.values import value_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import Blocked

from . import bodies
from .bodies import Body
from .completing import completed
from .people import Registry

# What judges a plain create, to which a case that cannot get past one points.
CREATES = "RFC7644-3.3-1"
CREATES_GROUPS = "RFC7643-4.2-9"
IDS = "RFC7643-3.1-2"
READS = "RFC7644-3.3-1"  # of what was just created
_REFUSED = frozenset({400, 403, 409, 413, 422})
# What every user needs, or a word that says nothing of an attribute.
_VAGUE = frozenset({"schemas", "userName", "name", "active", "title"})


class Hand(Protocol):
    """Gives a case resources that are there already, where it must not make any."""

    def user(self, changes: Mapping[str, Json]) -> Made:
        """Return a user; raises NotOffered for one with values of the case's own."""

    def group(self, members: Sequence[Made], changes: Mapping[str, Json]) -> Made:
        """Return a group with these members; raises NotOffered."""


@dataclass(frozen=True, slots=True)
class Lab:
    """Makes users and groups, and knows what the server's schemas have room for.

    In a run that is read-only it makes nothing: its `hand` gives what is there.
    """

    scim: Scim
    people: Registry
    definitions: Definitions
    target: Target
    hand: Hand | None = None

    def user(self, *, key: str = "user", **changes: Json) -> Made:
        """Create a user with every attribute the server has; a change to None leaves one out.

        A server that refuses so much is given less: without what it names, one value in each
        array, and in those that the case names too, then a plain user. Raises Blocked.
        """
        if self.hand is not None:
            return self.hand.user(changes)
        person = self.people.person()
        full = bodies.changed(bodies.full_user(person), changes)
        less = (bodies.single(full, but=changes), bodies.single(full))
        return self.make("Users", key, self.user_bodies(full, *less, bodies.plain_user(person)))

    def plain_user(self, *, key: str = "user", **changes: Json) -> Made:
        """Create a user with what every server keeps: name, displayName, one address, active."""
        if self.hand is not None:
            return self.hand.user(changes)
        plain = bodies.changed(bodies.plain_user(self.people.person()), changes)
        return self.make("Users", key, self.user_bodies(plain))

    def user_bodies(self, *wanted: Body) -> list[Body]:
        """Return these bodies as this server can take them, each only once."""
        fitted = [self.whole(bodies.fitted(each, self.definitions)) for each in wanted]
        return [each for n, each in enumerate(fitted) if each not in fitted[:n]]

    def whole(self, body: Body) -> Body:
        """Return the body of a user with what this server wants of every user beneath it.

        That is what the target file says, and the sub-attributes that the schema requires.
        """
        whole = beneath(bodies.listed(body), self.target.every_user)
        return completed(whole, self.definitions)

    def entry(self, member: Made, **more: Json) -> dict[str, Json]:
        """Return a member of a group as this server takes it: a `$ref` only where it must be."""
        entry: dict[str, Json] = {"value": member.id, **more}
        asked = self.definitions.attribute("members.$ref", "Group")
        if asked is not None and asked.required and asked.writable:
            entry["$ref"] = f"{self.target.url.rstrip('/')}{member.path}"
        whole = completed({"members": [entry]}, self.definitions, "Group")
        return {**value_at(whole, "members[0]")}  # type: ignore[dict-item]  # it stays an object

    def entries(self, *members: Made) -> list[Json]:
        """Return the members of a group as this server takes them."""
        return [self.entry(each) for each in members]

    def group(self, *members: Made, key: str = "group", **changes: Json) -> Made:
        """Create a group with these members. Raises Blocked."""
        if self.hand is not None:
            return self.hand.group(members, changes)
        body = bodies.plain_group(self.people.unique(key), self.entries(*members))
        return self.make("Groups", key, [bodies.changed(body, changes)])

    def make(self, kind: str, key: str, wanted: Sequence[Body]) -> Made:
        """Create a resource with the first of these bodies that the server takes."""
        refused, left = "", [*wanted]
        while left:
            body = left.pop(0)
            reply = self.scim.post(f"/{kind}", body)
            if reply.status not in _REFUSED:
                break
            refused = refused or refusal(f"POST /{kind}", reply)
            left = _without(_named(reply, body), body, left)
        made_id = _id(reply)
        if not 200 <= reply.status < 300:
            raise Blocked(
                f"{refusal(f'POST /{kind}', reply)} while the case was being prepared",
                by=CREATES if kind == "Users" else CREATES_GROUPS,
                entry=reply.entry,
            )
        if made_id is None:
            reason = f"POST /{kind} answered {reply.status} and gave no id"
            raise Blocked(reason, by=IDS, entry=reply.entry)
        made = Made(
            kind=kind,
            id=made_id,
            key=key,
            sent=body,
            stored=reply.object(),
            reply=reply,
            refused=refused,
        )
        # A reply to a create may be empty or short; then the resource itself tells.
        name = "userName" if kind == "Users" else "displayName"
        return made if made.has(name) else self.reread(made)

    def read(self, made: Made) -> Seen:
        """Read a resource once what was written before can be seen.

        In an experiment a reply cannot be fetched again by the case that looks at it later.
        """
        return self.look(made.kind, made.id)

    def look(self, kind: str, resource_id: str) -> Seen:
        """Read a resource by its id, with the members that some servers show on request only."""
        self.scim.client.settle()
        path = f"/{kind}/{quote(resource_id, safe='', errors='surrogatepass')}"
        members = self.definitions.attribute("members", "Group") if kind == "Groups" else None
        if members is not None and members.returned == "request":
            return self.scim.get(path, attributes=["displayName", "externalId", "members", "meta"])
        return self.scim.get(path)

    def reread(self, made: Made) -> Made:
        """Return a resource as the server shows it now. Raises Blocked where it does not."""
        reply = self.read(made)
        if reply.status != 200:
            reason = f"GET {made.path} answered {reply.status} right after its create"
            raise Blocked(reason, by=READS, entry=reply.entry)
        return replace(made, stored=reply.object())


def refusal(request: str, reply: Seen) -> str:
    """Return in words how a request was answered, with what the server said of it."""
    detail = value_at(reply.object(), "detail")
    said = f" ({detail})" if isinstance(detail, str) and detail else ""
    return f"{request} answered {reply.status}{said}"


def _named(reply: Seen, body: Body) -> set[str]:
    """Return which attributes of a body a refusal names; those that mean anything else too, not."""
    words = set(re.findall(r"\w+", str(value_at(reply.object(), "detail"))))
    return {name for name in words & set(body) if not isinstance(body[name], list)} - _VAGUE


def _without(names: set[str], body: Body, left: Sequence[Body]) -> list[Body]:
    """Return what is left to be tried, all but the last without what the server refused."""
    if not names or not left:
        return [*left]
    tried = [body, *left[:-1]]
    return [*({n: v for n, v in each.items() if n not in names} for each in tried), left[-1]]


def _id(reply: Seen) -> str | None:
    """Return the id of what was created: from the body, or from its address."""
    found = value_at(reply.object(), "id")
    if isinstance(found, str) and found:
        return found
    place = urlsplit(reply.header("Location") or "").path.rstrip("/").rpartition("/")[2]
    return unquote(place) or None
