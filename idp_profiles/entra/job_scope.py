"""What one cycle looks at: everything, or what changed since the watermark and is due again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from idp_profiles.living.directory import Change
from idp_profiles.living.directory import Directory

from .provisioning import Provisioned


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The objects of one cycle. Without `changes` it is an initial one.

    `again` holds kind and key of what failed before and is due, and of what was staged.
    """

    directory: Directory
    app: Provisioned
    changes: tuple[Change, ...] | None
    again: Sequence[tuple[str, str]]

    def people(self) -> list[str]:
        """Return the keys of the people that the cycle looks at, each once."""
        if self.changes is None:
            return [each.idp_id for each in self.directory.people]
        keys = [key for change in self.changes for key in self._touched(change)]
        return list(dict.fromkeys([*keys, *self._due("person", "manager")]))

    def groups(self) -> list[str]:
        """Return the keys of the groups that the cycle looks at, each once."""
        if self.changes is None:
            present = [each.idp_id for each in self.directory.groups]
            return list(dict.fromkeys([*present, *self.app.names]))
        keys = [change.key for change in self.changes if change.kind == "group"]
        return list(dict.fromkeys([*keys, *self._due("group", "members")]))

    def members(self, key: str) -> set[str] | None:
        """Return who joined or left a group, None when everybody in it is looked at."""
        fresh = not self.app.members.get(key)
        if self.changes is None or fresh or ("members", key) in self.again:
            return None
        return {one for change in self.changes if change.key == key for one in change.people}

    def _due(self, *kinds: str) -> list[str]:
        return [key for kind, key in self.again if kind in kinds]

    def _touched(self, change: Change) -> tuple[str, ...]:
        """Return the people about whom a change says something, or whose scope it may change."""
        if change.kind == "person":
            return (change.key,)
        if change.people or not self.directory.has_group(change.key):
            return change.people
        return tuple(each.idp_id for each in self.directory.group(change.key).members)
