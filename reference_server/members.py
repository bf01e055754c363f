"""Members: what a request does to a group's members, gathered before it happens.

A PATCH is atomic, so its member operations are first played against a draft: the group as it is,
plus what came and went. Only the difference reaches the store, whatever the size of the group.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator

from .errors import invalid_value
from .messages import Json
from .schemas import ResourceType
from .store import MemberChange
from .store import Store


class MemberDraft:
    """The members of a group as they will be."""

    def __init__(self, store: Store, group: str, kind: ResourceType) -> None:
        self._store = store
        self._group = group
        reference = kind.attributes["members"].subs.get("$ref")
        self._kinds = reference.reference_types if reference is not None else ()
        self._added: dict[str, None] = {}
        self._removed: set[str] = set()
        self._cleared = False

    def has(self, member: str) -> bool:
        """Tell whether someone will be a member."""
        if member in self._added:
            return True
        if self._cleared or member in self._removed:
            return False
        return self._store.has_member(self._group, member)

    def ids(self) -> Iterator[str]:
        """Go through all who will be members; costs as much as the group is large."""
        if not self._cleared:
            for member in self._store.members(self._group):
                if member.id not in self._removed and member.id not in self._added:
                    yield member.id
        yield from self._added

    def add(self, values: Iterable[Json]) -> None:
        """Let the resources named by member values join; those who are there stay."""
        for number, value in enumerate(values):
            member = _identifier(value, number)
            record = self._store.find(member)
            where = f"members[{number}].value"
            if record is None:
                raise invalid_value(f"{where}: there is no resource {member!r:.200}.")
            if self._kinds and record.kind.name not in self._kinds:
                wanted = " or ".join(self._kinds)
                raise invalid_value(f"{where}: a {record.kind.name} is no member, but {wanted}.")
            if not self.has(member):
                self._added[member] = None

    def remove(self, members: Iterable[str]) -> None:
        """Let members go; who is none is passed over (RFC 7644 section 3.5.2.2)."""
        for member in members:
            self._added.pop(member, None)
            self._removed.add(member)

    def clear(self) -> None:
        """Let everybody go."""
        self._added.clear()
        self._removed.clear()
        self._cleared = True

    def change(self) -> MemberChange | None:
        """Return what the store has to do, or None when the members stay the same."""
        if self._cleared:
            old = {member.id for member in self._store.members(self._group)}
            gone = frozenset(old - self._added.keys())
            new = [member for member in self._added if member not in old]
        else:
            has = self._store.has_member
            gone = frozenset(
                each for each in self._removed if each not in self._added and has(self._group, each)
            )
            new = [member for member in self._added if not has(self._group, member)]
        return MemberChange(tuple(new), gone) if new or gone else None


def expect_ids(values: Json) -> None:
    """Refuse a client's member without an id, before what is unknown in it is dropped."""
    for number, value in enumerate(values if isinstance(values, list) else [values]):
        if isinstance(value, dict) and value:
            _identifier({key.lower(): each for key, each in value.items()}, number)


def _identifier(value: Json, number: int) -> str:
    identifier = value.get("value") if isinstance(value, dict) else None
    if not isinstance(identifier, str) or not identifier:
        raise invalid_value(f"members[{number}].value: the id of a resource is missing.")
    return identifier
