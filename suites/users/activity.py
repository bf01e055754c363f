"""A user who is switched off and on again by PATCH and PUT, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import Seen
from suites.making.lab import Lab
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import NotOffered


@dataclass(frozen=True, slots=True)
class Turn:
    """One write of `active`: the user before it, the reply, and the user after it."""

    before: Mapping[str, Json]
    reply: Seen
    after: Seen


@dataclass(frozen=True, slots=True)
class Turns:
    """The user as it was read first, and what became of it."""

    made: Made
    first: Seen
    steps: Mapping[str, Turn]

    def on(self, name: str) -> Turn:
        """Return a step; raises NotOffered where users have no `active` or there is no PATCH."""
        if name not in self.steps:
            raise NotOffered("the server has no PATCH")
        if value_at(self.first.object(), "active") is None:
            raise NotOffered("the server keeps no active of Users")
        return self.steps[name]


def run(lab: Lab, *, patch: bool) -> Turns:
    """Make a user, and write `active` in each way; some 13 requests."""
    made = lab.plain_user()
    first = lab.read(made)
    steps: dict[str, Turn] = {}
    before: Mapping[str, Json] = first.object()
    for name, value in (("patched off", False), ("patched on", True)) if patch else ():
        reply = lab.scim.patch(made, {"op": "replace", "path": "active", "value": value})
        steps[name] = Turn(before, reply, lab.read(made))
        before = steps[name].after.object() or before
    another = f"{value_at(dict(made.stored), 'displayName')} again"
    for step, changes in _puts(another).items():
        body = lab.user_bodies({**made.sent, **changes})[0]
        steps[step] = Turn(before, lab.scim.put(made, body), lab.read(made))
        before = steps[step].after.object() or before
    return Turns(made, first, steps)


def _puts(name: str) -> dict[str, dict[str, Json]]:
    return {
        "put off": {"active": False},
        "put off again": {"active": False, "displayName": name},
        "put on": {"active": True},
    }
