"""A store that tells a product what was written, before the write is over."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from typing import TypeAlias

from reference_server.schemas import Key
from reference_server.schemas import ResourceType
from reference_server.store import MemberChange
from reference_server.store import Record
from reference_server.store import Reference
from reference_server.store import Store


@dataclass(slots=True)
class Written:
    """What one transaction did to one resource: it was `old`, it is `new`; None for neither.

    `members` has the ids whose membership in it was written, and whether they are in it now.
    """

    old: Record | None
    new: Record | None = None
    members: dict[str, bool] = field(default_factory=dict)


Tell: TypeAlias = Callable[[Sequence[Written]], None]


class WatchedStore:
    """A store in front of another; what is written to it takes effect in a product.

    `begin` opens what surrounds each transaction, such as the product's lock, and may refuse it.
    `tell` hears of the changes in the end, while the transaction can still be undone by raising.
    """

    def __init__(
        self, store: Store, begin: Callable[[], AbstractContextManager[object]], tell: Tell
    ) -> None:
        self._store = store
        self._begin = begin
        self._tell = tell
        # Guarded by the transaction: there is never more than one.
        self._depth = 0
        self._written: dict[str, Written] = {}

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Begin a write transaction; when the outermost is about to end, the product is told."""
        with self._begin(), self._store.exclusive():
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._tell(tuple(self._changes()))
            finally:
                self._depth -= 1
                if not self._depth:
                    self._written.clear()

    def _changes(self) -> Iterator[Written]:
        """Yield what is different now; what a part of the transaction undid has not happened."""
        for identifier, written in self._written.items():
            written.new = self._store.find(identifier)
            for member in written.members:
                written.members[member] = self._store.has_member(identifier, member)
            if written.new is not written.old or written.members:
                yield written

    def _touch(self, identifier: str) -> Written:
        if identifier not in self._written:
            self._written[identifier] = Written(self._store.find(identifier))
        return self._written[identifier]

    def insert(self, record: Record) -> Record:
        """Add a resource."""
        self._touch(record.id)
        return self._store.insert(record)

    def update(self, record: Record) -> None:
        """Put a resource in the place of the one with its id."""
        self._touch(record.id)
        self._store.update(record)

    def delete(self, record: Record, now: str) -> None:
        """Remove a resource and its memberships."""
        self._touch(record.id)
        self._store.delete(record, now)

    def change_members(self, group: str, change: MemberChange) -> None:
        """Apply a change of members."""
        touched = self._touch(group)
        touched.members.update(dict.fromkeys((*sorted(change.remove), *change.add), False))
        self._store.change_members(group, change)

    def remember(self, mark: str) -> bool:
        """Keep a mark for ever; tell whether it is new."""
        return self._store.remember(mark)

    def reading(self) -> AbstractContextManager[object]:
        """Begin a read transaction."""
        return self._store.reading()

    def get(self, kind: ResourceType, identifier: str) -> Record | None:
        """Find a resource of a type by id."""
        return self._store.get(kind, identifier)

    def find(self, identifier: str) -> Record | None:
        """Find a resource of whatever type by id."""
        return self._store.find(identifier)

    def count(self, kind: ResourceType) -> int:
        """Count the resources of a type."""
        return self._store.count(kind)

    def scan(self, kind: ResourceType, start: int = 0, after: int = 0) -> Iterator[Record]:
        """Go through the resources of a type in creation order."""
        return self._store.scan(kind, start, after)

    def lookup(self, kind: ResourceType, key: Key, value: str) -> Sequence[Record]:
        """Find the resources whose indexed attribute equals a value."""
        return self._store.lookup(kind, key, value)

    def members(self, group: str) -> Iterator[Reference]:
        """Go through the members of a group."""
        return self._store.members(group)

    def has_member(self, group: str, member: str) -> bool:
        """Tell whether a group has a member."""
        return self._store.has_member(group, member)

    def groups_of(self, member: str) -> Iterator[Reference]:
        """Go through the groups that a resource is a direct member of."""
        return self._store.groups_of(member)
