"""The store: resources, uniqueness, indexes and memberships, behind one interface and one lock.

Records and the attributes in them are never changed once stored; a write puts a new record in the
old one's place. So whoever holds a record holds a consistent resource without the lock.
Memberships are the store's own: adding a member costs the same in a group of ten and of fifty
thousand, because no list of members is ever rewritten.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from dataclasses import replace
from itertools import islice
from typing import Protocol

from .errors import not_unique
from .messages import Json
from .schemas import MEMBER_VALUE
from .schemas import Key
from .schemas import ResourceType
from .schemas import Target
from .values import comparable
from .values import values_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One stored resource without what is computed; `sequence` is its place in creation order."""

    id: str
    kind: ResourceType
    attributes: Mapping[str, Json]
    created: str
    modified: str
    version: int = 1
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What happens to the members of a group: ids with type names come, ids go."""

    add: Mapping[str, str]
    remove: frozenset[str] = frozenset()


class Store(Protocol):
    """What the server needs of a place to keep resources."""

    def exclusive(self) -> AbstractContextManager[object]:
        """Return the one lock; everything within it happens at once."""

    def get(self, kind: ResourceType, identifier: str) -> Record | None:
        """Find a resource of a type by id."""

    def find(self, identifier: str) -> Record | None:
        """Find a resource of whatever type by id."""

    def insert(self, record: Record) -> Record:
        """Add a resource, or raise the uniqueness error."""

    def update(self, record: Record) -> None:
        """Put a resource in the place of the one with its id, or raise the uniqueness error."""

    def delete(self, record: Record, now: str) -> None:
        """Remove a resource and its memberships; `now` becomes the time its groups changed."""

    def count(self, kind: ResourceType) -> int:
        """Count the resources of a type."""

    def scan(self, kind: ResourceType, start: int = 0) -> Iterator[Record]:
        """Go through the resources of a type in creation order, from an offset on."""

    def lookup(self, kind: ResourceType, key: Key, value: str) -> Sequence[Record]:
        """Find the resources whose indexed attribute equals a value, in no order."""

    def members(self, group: str) -> Iterable[tuple[str, str]]:
        """Go through the members of a group: id and type name."""

    def has_member(self, group: str, member: str) -> bool:
        """Tell whether a group has a member."""

    def groups_of(self, member: str) -> Iterable[str]:
        """Go through the ids of the groups that a resource is a direct member of."""

    def change_members(self, group: str, change: MemberChange) -> None:
        """Apply a change of members."""


class _Index:
    """Values of one attribute of one type, each with the ids of the resources that have it."""

    def __init__(self, target: Target, unique: bool) -> None:
        self.target = target
        self.unique = unique
        self.ids: dict[str, dict[str, None]] = {}

    def keys(self, record: Record) -> set[str]:
        values = values_at(record.attributes, self.target)
        leaf = self.target.leaf
        return {comparable(leaf, each) if isinstance(each, str) else repr(each) for each in values}

    def check(self, record: Record) -> None:
        """Refuse a value that another resource has."""
        for key in self.keys(record):
            if any(holder != record.id for holder in self.ids.get(key, ())):
                raise not_unique(f"{self.target}: the value {key!r} is already in use.")

    def add(self, record: Record) -> None:
        for key in self.keys(record):
            self.ids.setdefault(key, {})[record.id] = None

    def discard(self, record: Record) -> None:
        for key in self.keys(record):
            holders = self.ids[key]
            del holders[record.id]
            if not holders:
                del self.ids[key]


class _Table:
    """The resources of one type."""

    def __init__(self, kind: ResourceType) -> None:
        unique = {target.key for target in kind.unique}
        self.records: dict[str, Record] = {}
        self.indexes = {key: _Index(target, key in unique) for key, target in kind.indexed.items()}

    def check(self, record: Record) -> None:
        for index in self.indexes.values():
            if index.unique:
                index.check(record)

    def put(self, record: Record) -> None:
        old = self.records.get(record.id)
        for index in self.indexes.values():
            if old is not None:
                index.discard(old)
            index.add(record)
        # An existing key keeps its place, so the order stays that of creation.
        self.records[record.id] = record

    def remove(self, record: Record) -> None:
        for index in self.indexes.values():
            index.discard(self.records[record.id])
        del self.records[record.id]


class MemoryStore:
    """A store in this process's memory."""

    def __init__(self, kinds: Iterable[ResourceType]) -> None:
        self._lock = threading.RLock()
        self._tables = {kind.name: _Table(kind) for kind in kinds}
        self._members: dict[str, dict[str, str]] = {}
        self._groups: dict[str, dict[str, None]] = {}
        self._sequence = 0

    def exclusive(self) -> AbstractContextManager[object]:
        """Return the one lock."""
        return self._lock

    def get(self, kind: ResourceType, identifier: str) -> Record | None:
        """Find a resource of a type by id."""
        return self._tables[kind.name].records.get(identifier)

    def find(self, identifier: str) -> Record | None:
        """Find a resource of whatever type by id."""
        found = (table.records.get(identifier) for table in self._tables.values())
        return next((record for record in found if record is not None), None)

    def insert(self, record: Record) -> Record:
        """Add a resource, or raise the uniqueness error."""
        if self.find(record.id) is not None:
            raise not_unique(f"id: the value {record.id!r} is already in use.")
        table = self._tables[record.kind.name]
        table.check(record)
        self._sequence += 1
        stored = replace(record, sequence=self._sequence)
        table.put(stored)
        return stored

    def update(self, record: Record) -> None:
        """Put a resource in the place of the one with its id, or raise the uniqueness error."""
        table = self._tables[record.kind.name]
        table.check(record)
        table.put(record)

    def delete(self, record: Record, now: str) -> None:
        """Remove a resource and its memberships; `now` becomes the time its groups changed."""
        for member in self._members.pop(record.id, {}):
            self._leave(record.id, member)
        for group in self._groups.pop(record.id, {}):
            del self._members[group][record.id]
            holder = self.find(group)
            if holder is not None:
                self.update(replace(holder, modified=now, version=holder.version + 1))
        self._tables[record.kind.name].remove(record)

    def count(self, kind: ResourceType) -> int:
        """Count the resources of a type."""
        return len(self._tables[kind.name].records)

    def scan(self, kind: ResourceType, start: int = 0) -> Iterator[Record]:
        """Go through the resources of a type in creation order, from an offset on."""
        return islice(self._tables[kind.name].records.values(), start, None)

    def lookup(self, kind: ResourceType, key: Key, value: str) -> Sequence[Record]:
        """Find the resources whose indexed attribute equals a value, in no order."""
        table = self._tables[kind.name]
        if key == (None, "id", None):
            found: Iterable[str] = [value] if value in table.records else []
        elif key == MEMBER_VALUE and kind.keeps_members:
            found = self.groups_of(value)
        else:
            found = table.indexes[key].ids.get(value, ())
        return [table.records[each] for each in found]

    def members(self, group: str) -> Iterable[tuple[str, str]]:
        """Go through the members of a group: id and type name."""
        return self._members.get(group, {}).items()

    def has_member(self, group: str, member: str) -> bool:
        """Tell whether a group has a member."""
        return member in self._members.get(group, ())

    def groups_of(self, member: str) -> Iterable[str]:
        """Go through the ids of the groups that a resource is a direct member of."""
        return self._groups.get(member, ())

    def change_members(self, group: str, change: MemberChange) -> None:
        """Apply a change of members."""
        current = self._members.setdefault(group, {})
        for member in change.remove:
            if current.pop(member, None) is not None:
                self._leave(group, member)
        for member, kind in change.add.items():
            current[member] = kind
            self._groups.setdefault(member, {})[group] = None

    def _leave(self, group: str, member: str) -> None:
        groups = self._groups.get(member, {})
        groups.pop(group, None)
        if not groups:
            self._groups.pop(member, None)


# The identifier source of a server: a function, so that a test can foresee ids.
NewId = Callable[[], str]
