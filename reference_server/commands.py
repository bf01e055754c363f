"""Commands: what creating, replacing, patching and deleting do to the store.

Each runs inside a write transaction that the caller began, and happens whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime

from .errors import invalid_value
from .links import settled
from .members import MemberDraft
from .members import expect_ids
from .messages import Json
from .patch import Patch
from .patch_members import MemberPatch
from .patch_messages import Change
from .presenter import Presenter
from .resources import JsonObject
from .resources import check_whole
from .resources import read_resource
from .resources import replaced
from .schemas import ResourceType
from .secret_values import sealed
from .store import MemberChange
from .store import Record
from .store import Store
from .tolerances import Tolerances


@dataclass(frozen=True, slots=True)
class Commands:
    """Everything that writes."""

    store: Store
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    tolerances: Tolerances

    def create(
        self, kind: ResourceType, body: Mapping[str, Json], identifier: str | None = None
    ) -> Record:
        """Create a resource from the body of a POST (RFC 7644 section 3.3)."""
        attributes = read_resource(body, kind, self.tolerances)
        identifier = identifier or self.new_id()
        change = self._take_members(body, attributes, identifier, kind)
        check_whole(attributes, kind)
        attributes = settled(sealed(attributes, {}, kind), kind, self.store)
        now = self._now()
        record = Record(id=identifier, kind=kind, attributes=attributes, created=now, modified=now)
        stored = self.store.insert(record)
        if change is not None:
            self.store.change_members(identifier, change)
        return stored

    def replace(self, record: Record, body: Mapping[str, Json]) -> Record:
        """Replace a resource by the body of a PUT (RFC 7644 section 3.5.1)."""
        given = read_resource(body, record.kind, self.tolerances)
        change = self._take_members(body, given, record.id, record.kind)
        attributes = replaced(record.attributes, given, record.kind)
        check_whole(attributes, record.kind)
        return self._written(record, attributes, change)

    def patch(self, record: Record, changes: list[Change], presenter: Presenter) -> Record:
        """Apply operations to a resource, all or none (RFC 7644 section 3.5.2)."""
        kind = record.kind
        draft = MemberDraft(self.store, record.id, kind) if kind.keeps_members else None
        patch = Patch(
            kind,
            self.tolerances,
            lambda name: presenter.view(record, frozenset((name,))).get(name),
            MemberPatch(draft, self.tolerances, presenter.member) if draft else None,
        )
        attributes = patch.apply(record.attributes, changes)
        return self._written(record, attributes, draft.change() if draft else None)

    def delete(self, record: Record) -> None:
        """Delete a resource; it leaves the groups it was in."""
        self.store.delete(record, self._now())

    def _written(
        self, record: Record, attributes: JsonObject, change: MemberChange | None
    ) -> Record:
        """Store what has changed; what has not keeps its version and time (section 3.5.2.1)."""
        attributes = sealed(attributes, record.attributes, record.kind)
        attributes = settled(attributes, record.kind, self.store)
        if change is None and attributes == record.attributes:
            return record
        new = replace(
            record, attributes=attributes, modified=self._now(), version=record.version + 1
        )
        self.store.update(new)
        if change is not None:
            self.store.change_members(record.id, change)
        return new

    def _take_members(
        self,
        body: Mapping[str, Json],
        attributes: JsonObject,
        identifier: str,
        kind: ResourceType,
    ) -> MemberChange | None:
        """Move members from a whole resource into a change for the store."""
        if not kind.keeps_members:
            return None
        for name, value in body.items():
            if name.lower() == "members":
                expect_ids(value)
        members = attributes.pop("members", None)
        draft = MemberDraft(self.store, identifier, kind)
        draft.clear()
        draft.add(members if isinstance(members, list) else [])
        return draft.change()

    def _now(self) -> str:
        moment = self.clock()
        if moment.tzinfo is None:
            raise ValueError("the clock must give times with a zone")
        if moment.tzinfo is not UTC:
            moment = moment.astimezone(UTC)
        return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def seed_identifier(body: Mapping[str, Json]) -> str | None:
    """Return the id that a seed asks for; unlike a client, a schema file may choose one."""
    identifier = body.get("id")
    if identifier is None:
        return None
    if not isinstance(identifier, str) or not identifier:
        raise invalid_value("id: expected a text that is not empty.")
    if "bulkid" in identifier.lower():
        raise invalid_value("id: 'bulkId' is a reserved word (RFC 7643 section 3.1).")
    return identifier
