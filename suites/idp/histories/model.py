"""What the server must show: computed from the directory, and from what was in step before.

It knows nothing of requests. An IdP's habits come in where IdPs differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field

from idp_profiles.living.directory import Directory
from idp_profiles.living.directory import State
from idp_profiles.model import Person

from .habits import MATCHED_AGAIN
from .habits import Habits


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

    `name` is free when `people` is None: no group may have it.
    """

    name: str
    people: frozenset[str] | None


class Model:
    """What a directory and its history demand of a server."""

    def __init__(self, directory: Directory, memory: Memory, habits: Habits) -> None:
        self._directory = directory
        self._memory = memory
        self._habits = habits

    def wants(self, key: str) -> bool:
        """Tell whether a person must have an active account."""
        enabled = self._directory.state(key) is State.ENABLED
        return enabled and self._directory.is_in_scope(key)

    def people(self) -> Iterator[Place]:
        """Yield every name that a person has or had in the app, with who has to be there."""
        wanted = {key: self._directory.person(key) for key in self._keys() if self.wants(key)}
        taken = {person.user_name.lower() for person in wanted.values()}
        yield from (Place(person.user_name, person) for person in wanted.values())
        free: dict[str, Place] = {}
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
        directory = self._directory
        taken = set[str]()
        for group in directory.groups:
            if directory.is_assigned(group.idp_id):
                taken.add(group.name.lower())
                people = {each.idp_id for each in group.members if self.wants(each.idp_id)}
                yield Crew(group.name, frozenset(people))
        former = {name for names in self._memory.groups.values() for name in names}
        yield from (Crew(name, None) for name in sorted(former) if name.lower() not in taken)

    def note(self) -> None:
        """Remember the present names, once the server was seen to be in step."""
        for key in self._keys():
            if self.wants(key):
                _last(self._memory.people, key, self._directory.person(key).user_name)
        for group in self._directory.groups:
            if self._directory.is_assigned(group.idp_id):
                _last(self._memory.groups, group.idp_id, group.name)

    def _may_stay(self, key: str, name: str) -> bool:
        """Tell whether an inactive account may be left under a name that somebody had."""
        if not self.wants(key) and self._memory.people[key][-1] == name:
            return True
        return self._habits.on_return == MATCHED_AGAIN

    def _keys(self) -> list[str]:
        changes = self._directory.changes_since(0)
        return list(dict.fromkeys(each.key for each in changes if each.kind == "person"))


def _last(names: dict[str, list[str]], key: str, name: str) -> None:
    kept = [each for each in names.get(key, []) if each != name]
    names[key] = [*kept, name]
