"""The store's interface: resources, uniqueness, indexes and memberships, behind one door.

Records and the attributes in them are never changed once stored; a write puts a new record in the
old one's place. So whoever holds a record holds a consistent resource, also outside a transaction.
Memberships are the store's own: adding a member costs the same in a group of ten and of fifty
thousand, because no list of members is ever rewritten.

`MemoryStore` and `SqliteStore` are the two stores; one set of tests holds both to these words.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass
from dataclasses import field
from typing import NamedTuple
from typing import Protocol

from .messages import Json
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

    @property
    def display(self) -> str | None:
        """The name under which others show it: `displayName`, else `userName`."""
        for name in ("displayName", "userName"):
            value = self.attributes.get(name)
            if value and isinstance(value, str):
                return value
        return None

    def at(self, sequence: int) -> Record:
        """Return the record with its place in creation order."""
        # Written out: dataclasses.replace takes four times as long, at each create.
        return Record(
            id=self.id,
            kind=self.kind,
            attributes=self.attributes,
            created=self.created,
            modified=self.modified,
            version=self.version,
            sequence=sequence,
        )


# A named tuple: a group of 50,000 makes as many of these, and a dataclass takes twice as long.
class Reference(NamedTuple):
    """What a group shows of a member, and a user of a group, without reading the resource."""

    id: str
    kind: ResourceType
    display: str | None


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What happens to the members of a group: ids come, ids go."""

    add: tuple[str, ...] = ()
    remove: frozenset[str] = field(default=frozenset())


class Store(Protocol):
    """What the server needs of a place to keep resources.

    Writes happen within `exclusive()` only. Reads work anywhere; several that must agree with each
    other belong within `reading()`, and an iterator is used up inside the block it was made in.
    """

    def exclusive(self) -> AbstractContextManager[object]:
        """Begin a write transaction: it happens whole, or not at all when an exception leaves it.

        One within another is a part of it that can fail alone. None may begin within `reading()`.
        """

    def reading(self) -> AbstractContextManager[object]:
        """Begin a read transaction: all that is read within shows the store at one moment."""

    def get(self, kind: ResourceType, identifier: str) -> Record | None:
        """Find a resource of a type by id."""

    def find(self, identifier: str) -> Record | None:
        """Find a resource of whatever type by id."""

    def insert(self, record: Record) -> Record:
        """Add a resource, or raise the uniqueness error; return it with its sequence."""

    def update(self, record: Record) -> None:
        """Put a resource in the place of the one with its id, or raise the uniqueness error.

        When its display name changes, the groups that have it as a member get a new version, since
        they show the name; they keep their time, since nobody wrote to them.
        """

    def delete(self, record: Record, now: str) -> None:
        """Remove a resource and its memberships; `now` becomes the time its groups changed."""

    def count(self, kind: ResourceType) -> int:
        """Count the resources of a type."""

    def scan(self, kind: ResourceType, start: int = 0, after: int = 0) -> Iterator[Record]:
        """Go through the resources of a type in creation order.

        It begins after the sequence `after`, and then passes over `start` resources.
        """

    def lookup(self, kind: ResourceType, key: Key, value: str) -> Sequence[Record]:
        """Find the resources whose indexed attribute equals a value, in no order."""

    def members(self, group: str) -> Iterator[Reference]:
        """Go through the members of a group, in an order of the store's own."""

    def has_member(self, group: str, member: str) -> bool:
        """Tell whether a group has a member."""

    def groups_of(self, member: str) -> Iterator[Reference]:
        """Go through the groups that a resource is a direct member of."""

    def change_members(self, group: str, change: MemberChange) -> None:
        """Apply a change of members; who is to come must exist, who comes or goes twice may."""

    def remember(self, mark: str) -> bool:
        """Keep a mark for ever; tell whether it is new."""


def index_values(attributes: Mapping[str, Json], target: Target) -> AbstractSet[str]:
    """Return the values under which an index finds a resource with some attributes."""
    if target.is_plain:
        value = attributes.get(target.attribute.name)
        return {comparable(target.attribute, value)} if isinstance(value, str) else _NONE
    found = values_at(attributes, target)
    if not found:
        return _NONE
    leaf = target.leaf
    return {comparable(leaf, each) if isinstance(each, str) else repr(each) for each in found}


_NONE: frozenset[str] = frozenset()


def in_use(target: Target | str, value: str) -> str:
    """Say that another resource has a value that only one may have."""
    return f"{target}: the value {value!r:.200} is already in use."


# The identifier source of a server: a function, so that a test can foresee ids.
NewId = Callable[[], str]
