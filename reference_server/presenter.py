"""Presentation: a stored record, completed with what the server computes, as a client sees it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from .messages import Json
from .projection import Projection
from .store import Record
from .store import Store

JsonObject = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Presenter:
    """Completes records for one request; `base_url` starts every location it writes."""

    store: Store
    base_url: str

    def show(self, record: Record, projection: Projection) -> JsonObject:
        """Return the representation that a projection leaves of a record."""
        computed = (name for name in _COMPUTED if projection.shows(name))
        return projection.apply(self.view(record, frozenset(computed)))

    def view(self, record: Record, names: frozenset[str]) -> JsonObject:
        """Return the stored attributes with those computed ones that are named."""
        urns: list[Json] = [record.kind.core.id]
        extensions = (each.schema.id for each in record.kind.extensions)
        urns += [urn for urn in extensions if urn in record.attributes]
        result: JsonObject = {"schemas": urns, "id": record.id, **record.attributes}
        if "members" in names and record.kind.keeps_members:
            self._put(result, "members", self._members(record.id))
        if "groups" in names and record.kind.shows_groups:
            self._put(result, "groups", self._groups(record.id))
        if "meta" in names:
            result["meta"] = self._meta(record)
        return result

    def location(self, record: Record) -> str:
        """Return the absolute address of a resource."""
        return f"{self.base_url}{record.kind.endpoint}/{record.id}"

    def version(self, record: Record) -> str:
        """Return the weak entity tag of a resource.

        The computed groups of a user are part of it, since they change without a write to the
        user. The members of a group need no such care: their changes are writes to the group.
        """
        if record.kind.shows_groups:
            groups = [
                f"{kind} {group.id} {_name(group)}" for group, kind in self._around(record.id)
            ]
            if groups:
                return f'W/"{record.version}-{zlib.crc32(repr(groups).encode()):08x}"'
        return f'W/"{record.version}"'

    def _meta(self, record: Record) -> JsonObject:
        return {
            "resourceType": record.kind.name,
            "created": record.created,
            "lastModified": record.modified,
            "location": self.location(record),
            "version": self.version(record),
        }

    @staticmethod
    def _put(result: JsonObject, name: str, values: Iterator[Json]) -> None:
        found = list(values)
        if found:
            result[name] = found

    def member(self, identifier: str) -> JsonObject:
        """Return the value by which a group shows a member."""
        record = self.store.find(identifier)
        return self._reference(record, record.kind.name) if record else {"value": identifier}

    def _members(self, group: str) -> Iterator[Json]:
        for identifier, _ in self.store.members(group):
            yield self.member(identifier)

    def _groups(self, identifier: str) -> Iterator[Json]:
        for group, kind in self._around(identifier):
            yield self._reference(group, kind)

    def _around(self, identifier: str) -> Iterator[tuple[Record, str]]:
        """Yield the groups of a resource: those with it as member, then those around them."""
        seen = {identifier}
        kind = "direct"
        level = list(self.store.groups_of(identifier))
        while level:
            fresh = [each for each in dict.fromkeys(level) if each not in seen]
            seen.update(fresh)
            for group in fresh:
                record = self.store.find(group)
                if record is not None:
                    yield record, kind
            level = [outer for group in fresh for outer in self.store.groups_of(group)]
            kind = "indirect"

    def _reference(self, record: Record, kind: str) -> JsonObject:
        entry: JsonObject = {"value": record.id, "$ref": self.location(record), "type": kind}
        display = _name(record)
        return {**entry, "display": display} if display else entry


def _name(record: Record) -> Json:
    return record.attributes.get("displayName") or record.attributes.get("userName")


_COMPUTED = ("members", "groups", "meta")
