"""Whom a name means: people by user name, groups by name; who is new gets a key."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from idp_profiles.model import Json
from idp_profiles.model import Person

from .directory import State
from .engine import Engine
from .newcomers import newcomer

PRESENT = (State.ENABLED, State.BLOCKED)


class Register:
    """The names of one engine's directory, looked up without regard to case."""

    def __init__(self, engine: Engine[Any]) -> None:
        self._engine = engine

    def person(self, who: str | Person) -> str:
        """Return the key of a person; raises ValueError when there is nobody of the name."""
        if isinstance(who, Person):
            return self._engine.directory.person(who.idp_id).idp_id
        key = self.find_person(who)
        if key is None:
            raise ValueError(
                f"nobody is called {who!r}; somebody new has a user name with an @, or is hired"
            )
        return key

    def group(self, name: str) -> str:
        """Return the key of a group; raises ValueError when there is none of the name."""
        key = self.find_group(name)
        if key is None:
            raise ValueError(f"there is no group {name!r}")
        return key

    def either(self, name: str | Person) -> str:
        """Return the key of a group or a person; raises ValueError when it is neither."""
        key = self.find_group(name) if isinstance(name, str) else None
        return key or self.person(name)

    def welcome(self, names: Iterable[str | Person], *, groups: bool = False) -> list[str]:
        """Return the keys of all; who is new is hired, but nobody when a name fits nothing."""
        names = list(names)
        for name in names:
            if not (isinstance(name, Person) or "@" in name):
                (self.either if groups else self.person)(name)
        return [self._known_or_new(name, groups=groups) for name in names]

    def hire(self, user_name: str, details: Mapping[str, Json]) -> Person:
        """Take somebody new in whose names are made up where none are given."""
        key = self.new_key("person", user_name)
        return self._engine.directory.hire(newcomer(user_name, key, details))

    def new_key(self, kind: str, name: str) -> str:
        """Return the key for a name; who comes back after an end is somebody new."""
        key, number = self._engine.new_key(kind, name), 1
        while self._was_there(key):
            number += 1
            key = self._engine.new_key(kind, f"{name} {number}")
        return key

    def find_person(self, user_name: str) -> str | None:
        """Return the key of whoever has the user name; who is deleted comes last."""
        directory, wanted = self._engine.directory, user_name.casefold()
        found = [each.idp_id for each in directory.people if each.user_name.casefold() == wanted]
        found.sort(key=lambda key: directory.state(key) not in PRESENT)
        return found[0] if found else None

    def find_group(self, name: str) -> str | None:
        """Return the key of the group with a name."""
        groups, wanted = self._engine.directory.groups, name.casefold()
        return next((each.idp_id for each in groups if each.name.casefold() == wanted), None)

    def _known_or_new(self, name: str | Person, *, groups: bool) -> str:
        if isinstance(name, Person):
            if not self._was_there(name.idp_id):
                self._engine.directory.hire(name)
            return name.idp_id
        key = self.find_group(name) if groups else None
        return key or self.find_person(name) or self.hire(name, {}).idp_id

    def _was_there(self, key: str) -> bool:
        return any(change.key == key for change in self._engine.directory.changes_since(0))
