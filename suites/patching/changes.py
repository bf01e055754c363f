"""Changes by PATCH, one after another on one resource, each with what it found and what it left."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import Seen
from suites.lab import Lab
from suites.values import is_empty
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verdicts import NotOffered

Operation = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Change:
    """One PATCH: the resource before it, the reply, and the resource as it was read after it."""

    made: Made
    before: Mapping[str, Json]
    reply: Seen
    after: Seen

    def on(self, *paths: str) -> Change:
        """Return itself where there were values at these paths to change, else skip the case."""
        lost = [path for path in paths if is_empty(value_at(dict(self.before), path))]
        if lost:
            raise NotOffered(f"the server keeps no {' and no '.join(lost)} of {self.made.kind}")
        return self

    def members(self) -> set[str]:
        """Return the ids of the members that the group had."""
        return {str(each) for each in values_at(dict(self.before), "members.value")}


def change(lab: Lab, made: Made, before: Mapping[str, Json], *operations: Json) -> Change:
    """Send one PATCH and read the resource again."""
    reply = lab.scim.patch(made, *operations)
    return Change(made, before, reply, lab.read(made))


def changes(lab: Lab, made: Made, steps: Mapping[str, Sequence[Operation]]) -> dict[str, Change]:
    """Send one PATCH for each step, each on what the one before it left; two requests a step."""
    done: dict[str, Change] = {}
    before: Mapping[str, Json] = made.stored
    for name, operations in steps.items():
        done[name] = change(lab, made, before, *operations)
        before = done[name].after.object() or before
    return done
