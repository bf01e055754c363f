"""A store in a database file: shared by threads and processes, and kept when they end."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any
from typing import TypeAlias

from . import sqlite_statements as sql
from .database import Database
from .database import DatabaseFileError
from .database import Row
from .errors import not_unique
from .messages import Json
from .schemas import MEMBER_VALUE
from .schemas import Key
from .schemas import ResourceType
from .store import MemberChange
from .store import Record
from .store import Reference
from .store import in_use
from .store import index_values

_Entry: TypeAlias = tuple[str, str]  # place and value

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

# Long lists are read in pieces: each is read whole, so that no statement stays open between them.
_FIRST_BATCH = 128
_BATCH = 1024
# Records kept as objects: about 10 MB for users of common size.
_RECENT = 5000


class SqliteStore:
    """The resources of one tenant in a database file."""

    def __init__(self, database: Database, tenant: str, kinds: Iterable[ResourceType]) -> None:
        self._database = database
        self._kinds: dict[int, _Kind] = {}
        self._by_name: dict[str, _Kind] = {}
        self._recent = _Recent()
        with database.starting():
            database.write(sql.ADD_TENANT, (tenant,))
            self._tenant = int(self._value(sql.TENANT, tenant))
            for kind in kinds:
                self._know(kind)

    def exclusive(self) -> AbstractContextManager[object]:
        """Begin a write transaction."""
        return self._database.exclusive()

    def reading(self) -> AbstractContextManager[object]:
        """Begin a read transaction."""
        return self._database.reading()

    def get(self, kind: ResourceType, identifier: str) -> Record | None:
        """Find a resource of a type by id."""
        record = self.find(identifier)
        return record if record is not None and record.kind.name == kind.name else None

    def find(self, identifier: str) -> Record | None:
        """Find a resource of whatever type by id."""
        return next(self._records(self._database.rows(sql.FIND, self._tenant, identifier)), None)

    def insert(self, record: Record) -> Record:
        """Add a resource, or raise the uniqueness error; return it with its sequence."""
        kind = self._by_name[record.kind.name]
        entries = kind.entries(record.attributes)
        if self._database.rows(sql.NUMBER, self._tenant, record.id):
            raise not_unique(in_use("id", record.id))
        self._check(kind, entries)
        sequence = int(self._value(sql.SEQUENCE_OF, self._tenant)) + 1
        place = (self._tenant, kind.number, sequence, record.id, record.display)
        text = _ENCODER.encode(record.attributes)
        rest = (record.created, record.modified, record.version, text)
        number = self._database.insert(sql.INSERT, (*place, *rest))
        self._database.write(sql.SET_SEQUENCE, (sequence, self._tenant))
        self._count(kind, 1)
        self._database.write(sql.ADD_ENTRY, *((kind.number, *each, number) for each in entries))
        return record.at(sequence)

    def update(self, record: Record) -> None:
        """Put a resource in the place of the one with its id, or raise the uniqueness error."""
        text = _ENCODER.encode(record.attributes)
        number, old_display, old_text = self._stored(record.id)
        if text != old_text:
            self._move_entries(number, json.loads(old_text), record)
        row = (record.display, record.modified, record.version, text)
        self._database.write(sql.UPDATE, (*row, number))
        if record.display != old_display:
            self._database.write(sql.RENAMED, (number, number))

    def delete(self, record: Record, now: str) -> None:
        """Remove a resource and its memberships; `now` becomes the time its groups changed."""
        kind = self._by_name[record.kind.name]
        number, _, text = self._stored(record.id)
        entries = kind.entries(json.loads(text))
        write = self._database.write
        write(sql.EMPTY, (number,))
        write(sql.BEREFT, (now, number))
        write(sql.LEAVE_ALL, (number,))
        write(sql.DROP_ENTRY, *((kind.number, *each, number) for each in entries))
        write(sql.DELETE, (number,))
        self._count(kind, -1)

    def count(self, kind: ResourceType) -> int:
        """Count the resources of a type."""
        return int(self._value(sql.COUNT_OF, self._by_name[kind.name].number))

    def scan(self, kind: ResourceType, start: int = 0, after: int = 0) -> Iterator[Record]:
        """Go through the resources of a type in creation order."""
        number, size = self._by_name[kind.name].number, _FIRST_BATCH
        while rows := self._database.rows(sql.SCAN, number, after, size, start):
            yield from self._records(rows)
            if len(rows) < size:
                return
            after, start, size = rows[-1][sql.SEQUENCE], 0, _BATCH

    def lookup(self, kind: ResourceType, key: Key, value: str) -> Sequence[Record]:
        """Find the resources whose indexed attribute equals a value, in no order."""
        if key == (None, "id", None):
            found = self.get(kind, value)
            return [found] if found is not None else []
        number = self._by_name[kind.name].number
        if key == MEMBER_VALUE and kind.keeps_members:
            rows = self._database.rows(sql.GROUPS_WITH, self._tenant, value, number)
        else:
            rows = self._database.rows(sql.LOOK_UP, number, str(kind.indexed[key]), value)
        return list(self._records(rows))

    def members(self, group: str) -> Iterator[Reference]:
        """Go through the members of a group, in the order in which they were created."""
        holder = self._database.rows(sql.NUMBER, self._tenant, group)
        after = 0
        while holder and (rows := self._database.rows(sql.MEMBERS, holder[0][0], after, _BATCH)):
            yield from self._references(rows)
            if len(rows) < _BATCH:
                return
            after = rows[-1][sql.MEMBER]

    def has_member(self, group: str, member: str) -> bool:
        """Tell whether a group has a member."""
        ends = (self._tenant, group, self._tenant, member)
        return bool(self._database.rows(sql.HAS_MEMBER, *ends))

    def groups_of(self, member: str) -> Iterator[Reference]:
        """Go through the groups that a resource is a direct member of."""
        return self._references(self._database.rows(sql.GROUPS, self._tenant, member))

    def change_members(self, group: str, change: MemberChange) -> None:
        """Apply a change of members; who is to come must exist, who comes or goes twice may."""
        number = self._value(sql.NUMBER, self._tenant, group)
        for statement, ids in ((sql.REMOVE_MEMBER, change.remove), (sql.ADD_MEMBER, change.add)):
            self._database.write(statement, *((number, self._tenant, each) for each in ids))

    def remember(self, mark: str) -> bool:
        """Keep a mark for ever; tell whether it is new."""
        return self._database.write(sql.ADD_MARK, (self._tenant, mark)) == 1

    def _records(self, rows: Iterable[Row]) -> Iterator[Record]:
        for number, identifier, created, modified, version, sequence, text in rows:
            kind = self._kinds.get(number)
            # Resources of a type that is no longer served stay in the file, unseen.
            if kind is None:
                continue
            record = self._recent.get(identifier, version, sequence)
            if record is None:
                record = Record(
                    id=identifier,
                    kind=kind.type,
                    attributes=json.loads(text),
                    created=created,
                    modified=modified,
                    version=version,
                    sequence=sequence,
                )
                # What a transaction has written and not yet committed may never come to be.
                if not self._database.is_writing:
                    self._recent.keep(record)
            yield record

    def _references(self, rows: Iterable[Row]) -> Iterator[Reference]:
        for identifier, number, display, *_ in rows:
            kind = self._kinds.get(number)
            if kind is not None:
                yield Reference(identifier, kind.type, display)

    def _value(self, statement: str, *parameters: object) -> Any:  # noqa: ANN401 - a column's value
        """Return the first column of the one row that there must be."""
        ((value, *_),) = self._database.rows(statement, *parameters)
        return value

    def _stored(self, identifier: str) -> Row:
        rows = self._database.rows(sql.STORED, self._tenant, identifier)
        if not rows:
            raise KeyError(f"there is no resource {identifier!r}")
        return rows[0]

    def _check(self, kind: _Kind, entries: Iterable[_Entry]) -> None:
        """Refuse values of unique attributes that another resource has."""
        for place, value in entries:
            target = kind.unique.get(place)
            if target and self._database.rows(sql.TAKEN, kind.number, place, value):
                raise not_unique(in_use(target, value))

    def _move_entries(self, number: int, old: Mapping[str, Json], record: Record) -> None:
        kind = self._by_name[record.kind.name]
        before, after = kind.entries(old), kind.entries(record.attributes)
        if before == after:
            return
        self._check(kind, after - before)
        self._count(kind, 0)
        for statement, entries in (
            (sql.DROP_ENTRY, before - after),
            (sql.ADD_ENTRY, after - before),
        ):
            self._database.write(statement, *((kind.number, *each, number) for each in entries))

    def _count(self, kind: _Kind, difference: int) -> None:
        """Keep the count, and refuse to write entries that the next reader would not know."""
        if not self._database.write(sql.CHANGE_COUNT, (difference, kind.number, kind.indexed)):
            raise DatabaseFileError(
                f"{self._database.path} was opened with other schemas for {kind.type.name}: "
                "every process on one file needs the same schema files"
            )

    def _know(self, kind: ResourceType) -> None:
        """Find the number of a type, and make its entries anew when other attributes have some."""
        indexed = _indexed(kind)
        self._database.write(sql.ADD_KIND, (self._tenant, kind.name, indexed))
        ((number, known),) = self._database.rows(sql.KIND, self._tenant, kind.name)
        added = self._kinds[number] = self._by_name[kind.name] = _Kind(kind, number, indexed)
        if known != indexed:
            self._database.write(sql.DROP_ENTRIES, (number,))
            for record in self.scan(kind):
                resource = self._stored(record.id)[0]
                rows = ((number, *each, resource) for each in added.entries(record.attributes))
                self._database.write(sql.ADD_ENTRY, *rows)
            self._database.write(sql.SET_INDEXED, (indexed, number))


class _Recent:
    """The records read last, as objects: who reads one again need not read its JSON again.

    The file is always asked first. Version and sequence tell that a record is still what it was,
    since each write makes a new version and each resource has a sequence of its own.
    """

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._guard = threading.Lock()

    def get(self, identifier: str, version: int, sequence: int) -> Record | None:
        record = self._records.get(identifier)
        if record is None or record.version != version or record.sequence != sequence:
            return None
        return record

    def keep(self, record: Record) -> None:
        with self._guard:
            self._records[record.id] = record
            if len(self._records) > _RECENT:
                del self._records[next(iter(self._records))]


class _Kind:
    """A resource type with its number in the file."""

    def __init__(self, kind: ResourceType, number: int, indexed: str) -> None:
        self.type = kind
        self.number = number
        self.indexed = indexed
        self.unique = {str(target): target for target in kind.unique}
        self._targets = {str(target): target for target in kind.indexed.values()}

    def entries(self, attributes: Mapping[str, Json]) -> set[_Entry]:
        """Return where in the index a resource with some attributes stands."""
        return {
            (place, value)
            for place, target in self._targets.items()
            for value in index_values(attributes, target)
        }


def _indexed(kind: ResourceType) -> str:
    """Describe the entries of a type: two servers with the same words find each other's."""
    lines = (f"{target} {target.leaf.case_exact}" for target in kind.indexed.values())
    return "\n".join(sorted(lines))
