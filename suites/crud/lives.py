"""Creates, replaces and deletes as the cases look at them: what was sent, answered and left."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from urllib.parse import urlsplit

from idp_profiles.model import Json
from suites.client import Seen
from suites.expect import expect
from suites.making.bodies import Body
from suites.making.lab import CREATES
from suites.making.lab import Lab
from suites.making.lab import refusal
from suites.values import alike
from suites.values import is_empty
from suites.values import value_at
from suites.verbs import Made
from suites.verbs import deletable
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

# What no server says of a user.
FALSE_META: dict[str, Json] = {
    "resourceType": "Printer",
    "created": "1999-12-31T23:59:59Z",
    "lastModified": "1999-12-31T23:59:59Z",
    "location": "https://scimproof.invalid/Printers/1",
    "version": 'W/"scimproof"',
}
# Neighbours change places, so that hexadecimal digits stay what they are.
_PLAIN = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PAIRS = zip(_PLAIN[::2], _PLAIN[1::2], strict=True)
_OTHERS = str.maketrans(_PLAIN, "".join(b + a for a, b in _PAIRS))


@dataclass(frozen=True, slots=True)
class Posted:
    """One create: what was sent, the reply, and the resource as it was read after it."""

    body: Mapping[str, Json]
    reply: Seen
    made: Made | None
    read: Seen | None

    @property
    def after(self) -> Seen:
        """The resource as it was read; raises Blocked where nothing was created."""
        if self.read is None:
            reason = refusal("the create", self.reply)
            raise Blocked(reason, by=CREATES, entry=self.reply.entry)
        return self.read

    @property
    def taken(self) -> Seen:
        """The reply to the create; raises Blocked where it was refused."""
        if not 200 <= self.reply.status < 300:
            reason = refusal("the create", self.reply)
            raise Blocked(reason, by=CREATES, entry=self.reply.entry)
        return self.reply


@dataclass(frozen=True, slots=True)
class Doubled:
    """A create that was sent a second time with the same userName: the first, before and after."""

    reply: Seen
    before: Seen
    after: Seen


@dataclass(frozen=True, slots=True)
class Put:
    """One replace: the resource before it, what was sent, the reply, and the resource after it."""

    before: Mapping[str, Json]
    body: Mapping[str, Json]
    reply: Seen
    after: Seen

    def on(self, *paths: str) -> Put:
        """Return itself where there were values at these paths before, else skip the case."""
        lost = [path for path in paths if is_empty(value_at(dict(self.before), path))]
        if lost:
            raise NotOffered(f"the server keeps no {' and no '.join(lost)}")
        return self

    def changed(self) -> Put:
        """Return itself where something changed, since what follows from it is asked."""
        now = self.after.object()
        if all(alike(now.get(name), self.before[name]) for name in self.before if name != "meta"):
            raise Blocked("the PUT changed nothing", by="RFC7644-3.5.1-4", entry=self.after.entry)
        return self


@dataclass(frozen=True, slots=True)
class Life:
    """A resource from its create to its deletion and beyond, by the methods that were sent."""

    made: Made
    replies: Mapping[str, Seen]
    later: Mapping[str, Seen]  # after the deletion

    def after(self, what: str) -> Seen:
        """Return a reply of the time after the deletion.

        Raises NotOffered where the server deletes nothing, and Blocked if this deletion failed.
        """
        gone = deletable(self.replies["DELETE"])
        if not 200 <= gone.status < 300:
            reason = f"the deletion answered {gone.status}"
            raise Blocked(reason, by="RFC7644-3.6-6", entry=gone.entry)
        return self.later[what]


def create(lab: Lab, key: str, body: Body) -> Posted:
    """Create a user, whatever comes of it, and read it."""
    reply = lab.scim.post("/Users", body)
    made_id = _id(reply) if 200 <= reply.status < 300 else ""
    if not made_id:
        return Posted(body, reply, None, None)
    stored = reply.object()
    made = Made(kind="Users", id=made_id, key=key, sent=body, stored=stored, reply=reply)
    return Posted(body, reply, made, lab.read(made))


def put(lab: Lab, made: Made, before: Mapping[str, Json], body: Mapping[str, Json]) -> Put:
    """Send one PUT and read the resource again."""
    reply = lab.scim.put(made, dict(body))
    return Put(before, body, reply, lab.read(made))


def another_id(known: str) -> str:
    """Return an id as well formed as a known one, which no resource should have."""
    try:
        uuid.UUID(known)
    except ValueError:
        return str(int(known) + 1_000_000) if known.isdecimal() else known.translate(_OTHERS)
    return str(uuid.uuid4())


def place_of(location: Json) -> str:
    """Return the path of an address, absolute or relative, in one spelling."""
    return unquote(urlsplit(location).path).rstrip("/") if isinstance(location, str) else ""


def ends_alike(one: str, other: str) -> bool:
    """Return whether two paths lead to the same place, one of them perhaps relative."""
    short, long = sorted((one.lstrip("/"), other.lstrip("/")), key=len)
    return bool(short) and f"/{long}".endswith(f"/{short}") and "/" in short


def no_meta_of_the_client(seen: Seen) -> None:
    """Expect that no part of `FALSE_META` is shown."""
    __tracebackhide__ = True

    def taken() -> list[str]:
        shown = seen.object()
        return [name for name in FALSE_META if value_at(shown, f"meta.{name}") == FALSE_META[name]]

    expect(seen).holds(
        lambda: not taken(),
        "`meta` that the server made",
        lambda: f"what the client sent in {', '.join(taken())}",
    )


def _id(reply: Seen) -> str:
    """Return the id of what was created: from the body, or from its address."""
    found = reply.object().get("id")
    return (
        found if isinstance(found, str) else place_of(reply.header("Location")).rpartition("/")[2]
    )
