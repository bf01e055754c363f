"""Changes of a user and a group of every kind, and what versions and times say before and after."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.client import Seen
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.values import alike
from suites.values import is_empty
from suites.values import moment
from suites.values import quoted
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

WHOLE = "user replaced"
OF_PARTS = ("extension patched", "array patched")
OF_GROUPS = ("member added", "member removed", "members replaced")
_DEPARTMENT = f"{ENTERPRISE_URN}:department"
_ARRAYS = ("phoneNumbers", "emails")
_TICK = 0.1  # seconds, in which the clock of a server moves on that shows parts of a second


@dataclass(frozen=True, slots=True)
class Move:
    """One change at a path: the resource before it, the reply, and the resource after it."""

    path: str
    judge: str  # the requirement about the change itself
    before: Seen
    reply: Seen
    after: Seen

    def made(self) -> Move:
        """Return itself where the change was made; else raises NotOffered or Blocked."""
        if self.before.status != 200 or self.after.status != 200:
            raise Blocked("the resource cannot be read", by="RFC7644-3.3-1", entry=self.after.entry)
        old, new = (value_at(each.object(), self.path) for each in (self.before, self.after))
        if is_empty(old) and is_empty(new):
            raise NotOffered(f"the server shows no {self.path}")
        if alike(old, new):
            raise Blocked(f"{self.path} was not changed", by=self.judge, entry=self.reply.entry)
        return self


Moves = dict[str, Move]
_Send = Callable[[int], Seen]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of change: of what, at which path, and how it is sent the first or second time."""

    made: Made
    path: str
    judge: str
    send: _Send


def of_users(lab: Lab, features: Capabilities) -> Moves:
    """Change a user by PUT, and an extension and an array by PATCH; two requests for each."""
    made = lab.user(key="moving user")
    name = lab.definitions.changeable("displayName", "nickName", "title")

    def replaced(number: int) -> Seen:
        return lab.scim.put(made, {**made.sent, name: f"Name number {number}"})

    whole = {WHOLE: _Kind(made, name, "RFC7644-3.5.1-4", replaced)}
    return _run(lab, whole | (_patches(lab, made) if features.has("patch") else {}))


def _patches(lab: Lab, made: Made) -> dict[str, _Kind]:
    kinds: dict[str, _Kind] = {}

    def extended(number: int) -> Seen:
        value = f"Department {number}"
        return lab.scim.patch(made, {"op": "replace", "path": _DEPARTMENT, "value": value})

    if made.has(_DEPARTMENT):
        kinds["extension patched"] = _Kind(made, _DEPARTMENT, "RFC7644-3.5.2.3-2", extended)
    array = next((name for name in _ARRAYS if made.has(name)), None)
    if array is not None:
        kinds["array patched"] = _Kind(made, array, "RFC7644-3.5.2.3-3", _arrays(lab, made, array))
    return kinds


def _arrays(lab: Lab, made: Made, array: str) -> _Send:
    mails = [f"{lab.people.unique('mail')}@{lab.people.domain}" for _ in range(2)]

    def send(number: int) -> Seen:
        value = mails[number] if array == "emails" else f"tel:+1-201-555-011{number}"
        entries: Json = [{"value": value, "type": "work"}]
        return lab.scim.patch(made, {"op": "replace", "path": array, "value": entries})

    return send


def of_groups(lab: Lab, staff: tuple[Made, ...], features: Capabilities) -> Moves:
    """Change the members of a group by PATCH and by PUT; two requests for each change."""
    ann, bob, cem, dee = staff
    made = lab.group(ann, key="moving group")
    coming = (bob, dee)

    def added(number: int) -> Seen:
        entries: Json = lab.entries(coming[number])
        return lab.scim.patch(made, {"op": "add", "path": "members", "value": entries})

    def removed(number: int) -> Seen:
        path = f"members[value eq {quoted(coming[number].id)}]"
        return lab.scim.patch(made, {"op": "remove", "path": path})

    def replaced(number: int) -> Seen:
        return lab.scim.put(made, {**made.sent, "members": lab.entries((cem, ann)[number])})

    kinds = {
        "member added": _Kind(made, "members", "RFC7644-3.5.2.1-13", added),
        "member removed": _Kind(made, "members", "RFC7644-3.5.2.2-4", removed),
        "members replaced": _Kind(made, "members", "RFC7643-4.2-3", replaced),
    }
    with_patch = features.has("patch")
    return _run(lab, {n: k for n, k in kinds.items() if with_patch or n == "members replaced"})


def _run(lab: Lab, kinds: Mapping[str, _Kind]) -> Moves:
    """Make each change; one that seems to move no time is made again when the clock has ticked."""
    done: Moves = {}
    before: Seen | None = None
    for again in (0, 1):
        for name, kind in kinds.items():
            if again and not _same_time(done[name]):
                continue
            time.sleep(_TICK if again else 0)
            before = before or lab.read(kind.made)
            reply = kind.send(again)
            after = lab.read(kind.made)
            done[name] = Move(kind.path, kind.judge, before, reply, after)
            before = after
    return done


def times(move: Move) -> tuple[datetime, datetime]:
    """Return the last modification before and after a change; raises NotOffered without two."""
    old, new = _times(move)
    if old is None or new is None:
        raise NotOffered("meta.lastModified is no dateTime, which RFC7643-2.3.5-1 judges")
    if old == new and not old.microsecond:
        raise NotOffered("the server's dates hold no fraction of a second")
    return old, new


def _times(move: Move) -> list[datetime | None]:
    path = "meta.lastModified"
    return [moment(value_at(each.object(), path)) for each in (move.before, move.after)]


def _same_time(move: Move) -> bool:
    old, new = _times(move)
    return old is not None and old == new and old.microsecond > 0
