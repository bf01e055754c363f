"""A store in this process's memory: fast, and gone with the process."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

from .errors import not_unique
from .schemas import MEMBER_VALUE
from .schemas import Key
from .schemas import ResourceType
from .schemas import Target
from .store import MemberChange
from .store import Record
from .store import Reference
from .store import in_use
from .store import index_values

_NONE: frozenset[str] = frozenset()


class _Index:
    """Values of one attribute of one type, each with the ids of the resources that have it.

    Most values have one holder, which stands there alone: a set around it would cost more memory
    than the entry itself.
    """

    def __init__(self, target: Target, unique: bool) -> None:
        self.target = target
        self.unique = unique
        self._holders: dict[str, str | set[str]] = {}

    def ids(self, value: str) -> Iterable[str]:
        holders = self._holders.get(value, ())
        return (holders,) if isinstance(holders, str) else holders

    def check(self, record: Record) -> None:
        """Refuse a value that another resource has."""
        for value in index_values(record.attributes, self.target):
            if value in self._holders and any(each != record.id for each in self.ids(value)):
                raise not_unique(in_use(self.target, value))

    def add(self, record: Record) -> None:
        """Let a new record be found."""
        for value in index_values(record.attributes, self.target):
            self._add(value, record.id)

    def move(self, old: Record, new: Record | None) -> None:
        """Let the new record, if there is one, stand where the old one stood."""
        before = index_values(old.attributes, self.target)
        after = index_values(new.attributes, self.target) if new is not None else _NONE
        for value in before - after:
            self._discard(value, old.id)
        for value in after - before:
            self._add(value, old.id)

    def _add(self, value: str, identifier: str) -> None:
        holders = self._holders.setdefault(value, identifier)
        if isinstance(holders, set):
            holders.add(identifier)
        elif holders != identifier:
            self._holders[value] = {holders, identifier}

    def _discard(self, value: str, identifier: str) -> None:
        holders = self._holders[value]
        if isinstance(holders, set) and len(holders) > 1:
            holders.discard(identifier)
        else:
            del self._holders[value]


class _Table:
    """The resources of one type."""

    def __init__(self, kind: ResourceType) -> None:
        unique = {target.key for target in kind.unique}
        self.records: dict[str, Record] = {}
        # The ids in creation order.
        self.order: list[str] = []
        self.indexes = {key: _Index(target, key in unique) for key, target in kind.indexed.items()}

    def check(self, record: Record) -> None:
        old = self.records.get(record.id)
        for index in self.indexes.values():
            if index.unique and (old is None or not _alike(index.target, old, record)):
                index.check(record)

    def put(self, record: Record) -> None:
        old = self.records.get(record.id)
        if old is None:
            self.order.insert(self.position(record.sequence), record.id)
        for index in self.indexes.values():
            if old is None:
                index.add(record)
            elif not _alike(index.target, old, record):
                index.move(old, record)
        self.records[record.id] = record

    def remove(self, record: Record) -> None:
        for index in self.indexes.values():
            index.move(record, None)
        del self.order[self.position(record.sequence) - 1]
        del self.records[record.id]

    def position(self, sequence: int) -> int:
        """Return where in the order the records after a sequence begin."""
        if not self.order or self.records[self.order[-1]].sequence <= sequence:
            return len(self.order)
        return bisect_right(self.order, sequence, key=lambda each: self.records[each].sequence)


def _alike(target: Target, old: Record, new: Record) -> bool:
    """Tell cheaply that a value did not change: a write keeps what it does not touch."""
    name = target.extension or target.attribute.name
    return old.attributes.get(name) is new.attributes.get(name)


class _Journal:
    """The lock, and what would undo the writes made under it.

    Entering it begins a write transaction; one within another undoes its own part only.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.readers = 0
        self._marks: list[int] = []
        self._steps: list[Callable[[], object]] = []

    def __enter__(self) -> None:
        self.lock.acquire()
        if self.readers and not self._marks:
            self.lock.release()
            raise RuntimeError("a write transaction cannot begin within a read transaction")
        self._marks.append(len(self._steps))

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            mark = self._marks.pop()
            if kind is not None:
                while len(self._steps) > mark:
                    self._steps.pop()()
            elif not self._marks:
                self._steps.clear()
        finally:
            self.lock.release()

    def note(self, undo: Callable[[], object]) -> None:
        """Keep the way back from a write that has just happened."""
        self._steps.append(undo)

    def expect_begun(self) -> None:
        """Refuse to write where nothing could be taken back."""
        if not self._marks:
            raise RuntimeError("the store is written to within exclusive() only")


class _Reading:
    """A read transaction: nobody writes meanwhile."""

    def __init__(self, journal: _Journal) -> None:
        self._journal = journal

    def __enter__(self) -> None:
        self._journal.lock.acquire()
        self._journal.readers += 1

    def __exit__(self, *_: object) -> None:
        self._journal.readers -= 1
        self._journal.lock.release()


class MemoryStore:
    """A store in this process's memory."""

    def __init__(self, kinds: Iterable[ResourceType]) -> None:
        self._journal = _Journal()
        self._reading = _Reading(self._journal)
        self._tables = {kind.name: _Table(kind) for kind in kinds}
        # Both directions, by id; with each id the table that the other end stands in.
        self._members: dict[str, dict[str, _Table]] = {}
        self._groups: dict[str, dict[str, _Table]] = {}
        self._marks: set[str] = set()
        self._sequence = 0

    def exclusive(self) -> AbstractContextManager[object]:
        """Begin a write transaction."""
        return self._journal

    def reading(self) -> AbstractContextManager[object]:
        """Begin a read transaction."""
        return self._reading

    def get(self, kind: ResourceType, identifier: str) -> Record | None:
        """Find a resource of a type by id."""
        return self._tables[kind.name].records.get(identifier)

    def find(self, identifier: str) -> Record | None:
        """Find a resource of whatever type by id."""
        table = self._table_of(identifier)
        return table.records[identifier] if table is not None else None

    def insert(self, record: Record) -> Record:
        """Add a resource, or raise the uniqueness error; return it with its sequence."""
        self._journal.expect_begun()
        if self._table_of(record.id) is not None:
            raise not_unique(in_use("id", record.id))
        table = self._tables[record.kind.name]
        table.check(record)
        self._sequence += 1
        stored = record.at(self._sequence)
        table.put(stored)
        self._journal.note(partial(self._uninsert, table, stored))
        return stored

    def update(self, record: Record) -> None:
        """Put a resource in the place of the one with its id, or raise the uniqueness error."""
        self._journal.expect_begun()
        table = self._tables[record.kind.name]
        table.check(record)
        old = self._put(table, record)
        if old.display != record.display:
            for group, holder in self._groups.get(record.id, {}).items():
                if group != record.id:
                    other = holder.records[group]
                    self._put(holder, replace(other, version=other.version + 1))

    def delete(self, record: Record, now: str) -> None:
        """Remove a resource and its memberships; `now` becomes the time its groups changed."""
        self._journal.expect_begun()
        table = self._tables[record.kind.name]
        old = table.records[record.id]
        for member in tuple(self._members.get(record.id, ())):
            self._leave(record.id, member)
        for group, holder in tuple(self._groups.get(record.id, {}).items()):
            self._leave(group, record.id)
            other = holder.records[group]
            self._put(holder, replace(other, modified=now, version=other.version + 1))
        table.remove(old)
        self._journal.note(partial(table.put, old))

    def count(self, kind: ResourceType) -> int:
        """Count the resources of a type."""
        return len(self._tables[kind.name].records)

    def scan(self, kind: ResourceType, start: int = 0, after: int = 0) -> Iterator[Record]:
        """Go through the resources of a type in creation order."""
        table = self._tables[kind.name]
        first = start + (table.position(after) if after else 0)
        ids = map(table.order.__getitem__, range(first, len(table.order)))
        return map(table.records.__getitem__, ids)

    def lookup(self, kind: ResourceType, key: Key, value: str) -> Sequence[Record]:
        """Find the resources whose indexed attribute equals a value, in no order."""
        table = self._tables[kind.name]
        if key == (None, "id", None):
            found: Iterable[str] = [value] if value in table.records else []
        elif key == MEMBER_VALUE and kind.keeps_members:
            around = self._groups.get(value, {})
            found = [group for group, holder in around.items() if holder is table]
        else:
            found = table.indexes[key].ids(value)
        return [table.records[each] for each in found]

    def members(self, group: str) -> Iterator[Reference]:
        """Go through the members of a group, in the order in which they joined."""
        return _references(self._members.get(group, {}))

    def has_member(self, group: str, member: str) -> bool:
        """Tell whether a group has a member."""
        return member in self._members.get(group, ())

    def groups_of(self, member: str) -> Iterator[Reference]:
        """Go through the groups that a resource is a direct member of."""
        return _references(self._groups.get(member, {}))

    def change_members(self, group: str, change: MemberChange) -> None:
        """Apply a change of members; who is to come must exist, who comes or goes twice may."""
        self._journal.expect_begun()
        for member in change.remove:
            if self.has_member(group, member):
                self._leave(group, member)
        for member in change.add:
            if not self.has_member(group, member):
                self._join(group, member)

    def remember(self, mark: str) -> bool:
        """Keep a mark for ever; tell whether it is new."""
        self._journal.expect_begun()
        if mark in self._marks:
            return False
        self._marks.add(mark)
        self._journal.note(partial(self._marks.discard, mark))
        return True

    def _table_of(self, identifier: str) -> _Table | None:
        for table in self._tables.values():
            if identifier in table.records:
                return table
        return None

    def _uninsert(self, table: _Table, record: Record) -> None:
        table.remove(record)
        self._sequence = record.sequence - 1

    def _put(self, table: _Table, record: Record) -> Record:
        """Put a record in the old one's place, and return the old one."""
        old = table.records[record.id]
        table.put(record)
        self._journal.note(partial(table.put, old))
        return old

    def _join(self, group: str, member: str) -> None:
        inside, around = self._table_of(member), self._table_of(group)
        if inside is None or around is None:
            raise KeyError(f"{member!r} cannot join {group!r}: one of them does not exist")
        self._link(group, member, inside, around)
        self._journal.note(partial(self._unlink, group, member))

    def _leave(self, group: str, member: str) -> None:
        inside, around = self._unlink(group, member)
        self._journal.note(partial(self._link, group, member, inside, around))

    def _link(self, group: str, member: str, inside: _Table, around: _Table) -> None:
        self._members.setdefault(group, {})[member] = inside
        self._groups.setdefault(member, {})[group] = around

    def _unlink(self, group: str, member: str) -> tuple[_Table, _Table]:
        return _taken(self._members, group, member), _taken(self._groups, member, group)


def _taken(ends: dict[str, dict[str, _Table]], one: str, other: str) -> _Table:
    """Take one end of a membership out, and leave no empty dictionary behind."""
    others = ends[one]
    table = others.pop(other)
    if not others:
        del ends[one]
    return table


def _references(ids: Mapping[str, _Table]) -> Iterator[Reference]:
    for identifier, table in ids.items():
        record = table.records[identifier]
        yield Reference(identifier, record.kind, record.display)
