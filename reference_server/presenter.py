"""Presentation: a stored record, completed with what the server computes, as a client sees it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from .links import target
from .messages import Json
from .projection import Projection
from .schemas import Attribute
from .store import Record
from .store import Reference
from .store import Store

JsonObject = dict[str, Json]


# Ids that need no percent-encoding: looked at first, as nearly all are of these.
_PLAIN = re.compile(r"[A-Za-z0-9._~-]*").fullmatch


class Around(NamedTuple):
    """The other resources of which a resource shows something; it and they are all it shows.

    The members of a group are not among them: their changes are writes to the group.
    """

    # What a client has referred to, such as a user's manager.
    linked: tuple[Record, ...]
    # The groups that a user is in, each with whether that is `direct` or `indirect`.
    groups: tuple[tuple[Reference, str], ...]


ALONE = Around((), ())


class Stamp(NamedTuple):
    """What an answer says about a resource in its headers too, and what that follows from."""

    location: str
    version: str
    around: Around


@dataclass(frozen=True, slots=True)
class Presenter:
    """Completes records for one request; `base_url` starts every location it writes."""

    store: Store
    base_url: str

    def show(
        self,
        record: Record,
        projection: Projection,
        stamp: Stamp | None = None,
        *,
        members: bool = True,
    ) -> JsonObject:
        """Return the representation that a projection leaves of a record.

        Who has the stamp of the record already hands it in, since it takes time to find out; who
        writes the members of a group by itself goes without them.
        """
        if stamp is not None and stamp.around is ALONE:
            names: tuple[str, ...] = ("meta",)  # there is nothing else to be computed
        else:
            names = ("meta", "groups", *record.kind.links)
        if members:
            names = ("members", *names)
        computed = [name for name in names if projection.shows(name)]
        return projection.apply(self.view(record, frozenset(computed), stamp))

    def view(self, record: Record, names: frozenset[str], stamp: Stamp | None = None) -> JsonObject:
        """Return the stored attributes with those computed ones that are named."""
        urns: list[Json] = [record.kind.core.id]
        extensions = (each.schema.id for each in record.kind.extensions)
        urns += [urn for urn in extensions if urn in record.attributes]
        result: JsonObject = {"schemas": urns, "id": record.id, **record.attributes}
        if "members" in names and record.kind.keeps_members:
            self._put(result, "members", self._members(record.id))
        if "groups" in names and record.kind.shows_groups:
            groups = stamp.around.groups if stamp is not None else self._around(record.id)
            self._put(result, "groups", (self._entry(*each) for each in groups))
        if "meta" in names:
            result["meta"] = self._meta(record, stamp or self.stamp(record))
        for holder, attributes in record.kind.links.items():
            if holder in names and holder in record.attributes:
                result[holder] = self._linked(record.attributes[holder], holder, attributes)
        return result

    def location(self, record: Record | Reference) -> str:
        """Return the absolute address of a resource; an id may need percent-encoding."""
        segment = record.id if _PLAIN(record.id) else quote(record.id, safe="")
        return f"{self.base_url}{record.kind.endpoint}/{segment}"

    def stamp(self, record: Record) -> Stamp:
        """Return where a resource is and which version it has, for headers and for `meta`."""
        return self.stamped(record, self.surroundings(record))

    def stamped(self, record: Record, around: Around) -> Stamp:
        """Return the stamp of a resource whose surroundings are known."""
        return Stamp(self.location(record), _version(record, around), around)

    def version(self, record: Record) -> str:
        """Return the weak entity tag of a resource."""
        return _version(record, self.surroundings(record))

    def surroundings(self, record: Record) -> Around:
        """Return the other resources of which a resource shows something."""
        linked = tuple(self._targets(record))
        groups = self._around(record.id) if record.kind.shows_groups else ()
        return Around(linked, groups) if linked or groups else ALONE

    @staticmethod
    def _meta(record: Record, stamp: Stamp) -> JsonObject:
        return {
            "resourceType": record.kind.name,
            "created": record.created,
            "lastModified": record.modified,
            "location": stamp.location,
            "version": stamp.version,
        }

    def _targets(self, record: Record) -> Iterator[Record]:
        """Yield the resources that a record refers to, as a user to its manager."""
        for holder, attributes in record.kind.links.items():
            for attribute in attributes if holder in record.attributes else ():
                for value in _values(record.attributes[holder], holder, attribute):
                    found = target(self.store, attribute, value)
                    if found is not None:
                        yield found

    def _linked(self, held: Json, holder: str, attributes: tuple[Attribute, ...]) -> Json:
        """Complete references: the value of a core attribute, or an extension with some in it."""
        if attributes[0].name == holder:
            return self._completed(attributes[0], held)
        if not isinstance(held, dict):
            return held
        found = {each.name: self._completed(each, held.get(each.name)) for each in attributes}
        return {**held, **{name: value for name, value in found.items() if name in held}}

    def _completed(self, attribute: Attribute, value: Json) -> Json:
        """Add address and name to a reference; what names no resource stays as it is."""
        if isinstance(value, list):
            return [self._completed(attribute, each) for each in value]
        found = target(self.store, attribute, value)
        if found is None or not isinstance(value, dict):
            return value
        result = {**value, "$ref": self.location(found)}
        for name, shown in _names(found).items():
            sub = attribute.subs.get(name)
            if sub is not None and sub.read_only and shown:
                result[sub.name] = shown
        return result

    @staticmethod
    def _put(result: JsonObject, name: str, values: Iterator[Json]) -> None:
        found = list(values)
        if found:
            result[name] = found

    def member(self, identifier: str) -> JsonObject:
        """Return the value by which a group shows a member."""
        record = self.store.find(identifier)
        if record is None:
            return {"value": identifier}
        return self._entry(Reference(record.id, record.kind, record.display), record.kind.name)

    def _members(self, group: str) -> Iterator[Json]:
        for member in self.store.members(group):
            yield self.entry(member)

    def _around(self, identifier: str) -> tuple[tuple[Reference, str], ...]:
        """Return the groups of a resource: those with it as member, then those around them."""
        level = list(self.store.groups_of(identifier))
        if not level:
            return ()
        found: dict[str, tuple[Reference, str]] = {}
        kind = "direct"
        while level:
            fresh = [each for each in level if each.id not in found and each.id != identifier]
            found.update((group.id, (group, kind)) for group in fresh)
            level = [outer for group in fresh for outer in self.store.groups_of(group.id)]
            kind = "indirect"
        return tuple(found.values())

    def entry(self, member: Reference) -> JsonObject:
        """Return the value by which a group shows a member that is at hand."""
        return self._entry(member, member.kind.name)

    def _entry(self, reference: Reference, kind: str) -> JsonObject:
        location = self.location(reference)
        entry: JsonObject = {"value": reference.id, "$ref": location, "type": kind}
        if reference.display:
            entry["display"] = reference.display
        return entry


def _version(record: Record, around: Around) -> str:
    """Return the entity tag of a resource; what others add to it counts in no order.

    The groups of a user are part of it, since they change without a write to the user; so is what
    it shows of its manager.
    """
    if around is ALONE:
        return f'W/"{record.version}"'
    words = [f"link {each.id!r} {_names(each)}" for each in around.linked]
    words += [f"{kind} {group.id!r} {group.display!r}" for group, kind in around.groups]
    return f'W/"{record.version}-{zlib.crc32(repr(sorted(words)).encode()):08x}"'


def _names(record: Record) -> dict[str, Json]:
    """Return the names by which a reference may show a resource, by sub-attribute.

    RFC 7643 section 4.3 wants the manager's own displayName, for which a userName is no stand-in.
    """
    own = record.kind.attributes.get("displayname")
    return {
        "displayname": record.attributes.get(own.name) if own else None,
        "display": record.display,
    }


def _values(held: Json, holder: str, attribute: Attribute) -> list[Json]:
    """Return the values of an attribute that is held by itself or by an extension."""
    if attribute.name != holder:
        held = held.get(attribute.name) if isinstance(held, dict) else None
    if held is None:
        return []
    return held if isinstance(held, list) else [held]
