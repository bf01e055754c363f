"""What the server must show: computed from the directory, and from what was in step before.

It knows nothing of requests. An IdP's habits come in where IdPs differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field

from idp_profiles.living.directory import Directory
from idp_profiles.living.directory import State
from idp_profiles.living.directory import What
from idp_profiles.model import Group
from idp_profiles.model import Person

from .habits import FIRST_MEMBER
from .habits import FOLLOWED
from .habits import INACTIVE
from .habits import MATCHED_AGAIN
from .habits import NO_GROUPS
from .habits import STAY
from .habits import WANTED
from .habits import Habits

# What may take the app away from a person.
_AWAY = {
    *(What.BLOCKED, What.DELETED, What.PURGED, What.UNASSIGNED),
    *(What.LEFT, What.DISSOLVED),
}


@dataclass(slots=True)
class Memory:
    """Under which names people and groups were in step, the latest last."""

    people: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """One name, and what is to be found under it.

    `person` is who has to be there, active. Where it is None, nobody active may be: and nobody at
    all unless `inactive` is true.
    """

    name: str
    person: Person | None
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class Crew:
    """One group: the keys of who has to be in it; of those who must not be, all others count.

    `name` is free when `people` is None: no group may have it. A group that `may_lack` need not
    exist.
    """

    name: str
    people: frozenset[str] | None
    may_lack: bool = False


class Model:
    """What a directory and its history demand of a server."""

    def __init__(self, directory: Directory, memory: Memory, habits: Habits) -> None:
        self._directory = directory
        self._memory = memory
        self._habits = habits

    def wants(self, key: str) -> bool:
        """Tell whether a person must have an active account."""
        return self._directory.state(key) is State.ENABLED and self._is_in_scope(key)

    def people(self) -> Iterator[Place]:
        """Yield every name that a person has or had in the app, with who has to be there."""
        wanted = {key: self._directory.person(key) for key in self._keys() if self.wants(key)}
        taken = {person.user_name.lower() for person in wanted.values()}
        yield from (Place(person.user_name, person) for person in wanted.values())
        free = {
            name.lower(): Place(name, None, inactive=True)
            for name in map(self._name_of, filter(self._is_followed, self._keys()))
            if name.lower() not in taken
        }
        for key, names in self._memory.people.items():
            for name in names:
                if name.lower() not in taken:
                    may_stay = self._may_stay(key, name)
                    known = free.get(name.lower())
                    free[name.lower()] = Place(
                        name, None, may_stay or bool(known and known.inactive)
                    )
        yield from free.values()

    def groups(self) -> Iterator[Crew]:
        """Yield every name that a pushed group has or had, with who has to be in it."""
        if self._habits.groups == NO_GROUPS:
            return
        directory = self._directory
        taken = set[str]()
        for group in directory.groups:
            if directory.is_assigned(group.idp_id):
                taken.add(group.name.lower())
                people = {each.idp_id for each in group.members if self.wants(each.idp_id)}
                yield self._crew(group, frozenset(people))
        former = {name for names in self._memory.groups.values() for name in names}
        left = frozenset[str]() if self._habits.former_groups == STAY else None
        for name in sorted(former):
            if name.lower() not in taken:
                # One without anybody is no loss until somebody has to come into it again.
                yield Crew(name, left, may_lack=left is not None)

    def note(self, groups: Iterable[str]) -> None:
        """Remember the present names, once the server was seen to be in step and to have groups."""
        for key in self._keys():
            if self.wants(key):
                _last(self._memory.people, key, self._directory.person(key).user_name)
        for group in self._directory.groups:
            if group.name in groups:
                _last(self._memory.groups, group.idp_id, group.name)

    # -- inside

    def _crew(self, group: Group, people: frozenset[str]) -> Crew:
        """Return what there must be of a group that the directory has."""
        if people or self._habits.empty_groups != FIRST_MEMBER or self._was_seen(group):
            return Crew(group.name, people)
        changes = self._directory.changes_since(0)
        joined = any(each.people for each in changes if each.key == group.idp_id)
        return Crew(group.name, people, may_lack=True) if joined else Crew(group.name, None)

    def _was_seen(self, group: Group) -> bool:
        """Tell whether the app had a group before: the group itself, or one that had its name."""
        if self._habits.former_groups == STAY:
            return any(group.name in names for names in self._memory.groups.values())
        return group.idp_id in self._memory.groups

    def _may_stay(self, key: str, name: str) -> bool:
        """Tell whether an inactive account may be left under a name that somebody had."""
        if self._habits.on_return == MATCHED_AGAIN and self._was_away(key):
            return True
        was_last = not self.wants(key) and self._memory.people[key][-1] == name
        return was_last and self._left_of(key) == INACTIVE

    def _was_away(self, key: str) -> bool:
        """Tell whether somebody ever left or was blocked: the account may not have come along."""
        for each in self._directory.changes_since(0):
            if each.what in _AWAY and key in (each.key, *each.people):
                return True
        return False

    def _left_of(self, key: str) -> str:
        """Return what becomes of the account of somebody who is not wanted."""
        if self._directory.state(key) is State.GONE:
            return self._habits.purged
        if not self._is_in_scope(key):
            return self._habits.unassigned
        return self._habits.blocked

    def _is_followed(self, key: str) -> bool:
        """Tell whether an inactive account goes by its person's present name."""
        return not self.wants(key) and self._left_of(key) == FOLLOWED

    def _is_in_scope(self, key: str) -> bool:
        """Tell whether the app is for a person: where nobody is assigned, it is for everybody."""
        return self._habits.unassigned == WANTED or self._directory.is_in_scope(key)

    def _name_of(self, key: str) -> str:
        return self._directory.person(key).user_name

    def _keys(self) -> list[str]:
        changes = self._directory.changes_since(0)
        return list(dict.fromkeys(each.key for each in changes if each.kind == "person"))


def _last(names: dict[str, list[str]], key: str, name: str) -> None:
    kept = [each for each in names.get(key, []) if each != name]
    names[key] = [*kept, name]
