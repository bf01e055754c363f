"""Changes by PATCH, one after another on one resource, each with what it found and what it left."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import Seen
from suites.making.lab import Lab
from suites.values import is_empty
from suites.values import items
from suites.values import same_but_for_case
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

Operation = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Change:
    """One PATCH: the resource before it, the reply, and the resource as it was read after it."""

    made: Made
    before: Mapping[str, Json]
    reply: Seen
    after: Seen
    operations: tuple[Json, ...] = ()

    def on(self, *paths: str) -> Change:
        """Return itself where there were values at these paths to change, else skip the case."""
        lost = [path for path in paths if is_empty(self.was(path))]
        if lost:
            why = f"the server keeps no {' and no '.join(lost)} of {self.made.kind}"
            raise NotOffered(self.made.unless_refused(why, *lost))
        return self

    def several(self, path: str) -> Change:
        """Return itself where an array had more than one value, else skip the case."""
        if self.was(f"{path}[1]") is None:
            why = f"the server keeps no more than one of {path} of {self.made.kind}"
            raise NotOffered(self.made.unless_refused(why, f"{path}[1]"))
        return self

    def having(self, path: str, value: Json, *, by: str) -> Change:
        """Return itself where a value was there; an earlier change may have failed."""
        found = self.was(path)
        entries = found if isinstance(found, list) else [found]
        if not any(same_but_for_case(each, value) for each in entries):
            raise Blocked(f"{path} lacks a value that it was given before", by=by)
        return self

    def was(self, path: str) -> Json:
        """Return the value at a path before the change, or None."""
        return value_at(dict(self.before), path)

    def entries(self, path: str) -> list[Json]:
        """Return the values that an array had before the change."""
        return items(self.was(path))

    def sent(self, path: str) -> Json:
        """Return what an operation said, such as `[0].value`."""
        return value_at({"operations": list(self.operations)}, f"operations{path}")

    def members(self) -> set[str]:
        """Return the ids of the members that the group had."""
        return {str(each) for each in values_at(dict(self.before), "members.value")}


def more_than_one(kind: str, shown: Mapping[str, Json], path: str) -> None:
    """Skip the case where a server shows one value of an array at most."""
    if value_at(dict(shown), f"{path}[1]") is None:
        raise NotOffered(f"the server keeps no more than one of {path} of {kind}")


def change(lab: Lab, made: Made, before: Mapping[str, Json], *operations: Json) -> Change:
    """Send one PATCH and read the resource again."""
    reply = lab.scim.patch(made, *operations)
    return Change(made, before, reply, lab.read(made), operations)


def changes(lab: Lab, made: Made, steps: Mapping[str, Sequence[Operation]]) -> dict[str, Change]:
    """Send one PATCH for each step, each on what the one before it left; two requests a step."""
    done: dict[str, Change] = {}
    before: Mapping[str, Json] = made.stored
    for name, operations in steps.items():
        done[name] = change(lab, made, before, *operations)
        before = done[name].after.object() or before
    return done
