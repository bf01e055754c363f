"""The change of a person that a recorded update is about: what was there, and what became new."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from idp_profiles.changed_person import changed_person
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry
from idp_profiles.mapping import steps_of
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.wire import member

from .recorded import Recorded

# What identifies a person in the directory, or is put together from other attributes.
_FIXED = frozenset({"idp_id", "password", "fullName"})


@dataclass(frozen=True, slots=True)
class Change:
    """One recorded update: the resource as it was read, and the paths that were written."""

    current: Mapping[str, Json]
    paths: frozenset[str]

    def of(self, person: Person, mapping: AttributeMapping) -> tuple[Person, dict[str, Json]]:
        """Return the person as read, and the source attributes that then change."""
        before: dict[str, Json] = {}
        after: dict[str, Json] = {}
        for entry in mapping.entries:
            source = entry.source
            if source is None or source in _FIXED:
                continue
            present = self._present(entry)
            if entry.path != mapping.match:
                before[source] = f"old {source}" if present else None
            if self.paths & set(_spellings(entry)):
                after[source] = f"new {source}"
        return changed_person(person, before), after

    def _present(self, entry: Entry) -> bool:
        """Tell whether the resource that was read has a value for an entry."""
        head, *rest = steps_of(entry.path)
        value = member(self.current, head)
        if entry.type is not None and isinstance(value, list):
            like = [one for one in value if isinstance(one, dict)]
            typed = [one for one in like if str(member(one, "type")).lower() == entry.type]
            value = typed[0] if typed else None
            rest = rest or ["value"]
        for key in rest:
            value = member(value, key) if isinstance(value, dict) else None
        return value not in (None, "", [])


def change_in(recorded: Sequence[Recorded]) -> Change | None:
    """Return the change that a stretch is about, None when it is no read followed by a PATCH."""
    reads = [one for one in recorded if one.method == "GET" and one.reply is not None]
    writes = [one for one in recorded if one.method == "PATCH"]
    if len(reads) != 1 or len(writes) != 1 or len(recorded) != len(reads) + len(writes):
        return None
    reply = reads[0].reply
    current = reply.content.body if reply is not None else None
    if not isinstance(current, dict) or member(current, "Resources") is not None:
        return None
    return Change(current, frozenset(_paths(writes[0].content.body)))


def _paths(body: Json) -> Iterator[str]:
    listed = member(body, "Operations") if isinstance(body, dict) else None
    for operation in listed if isinstance(listed, list) else []:
        path = member(operation, "path") if isinstance(operation, dict) else None
        value = member(operation, "value") if isinstance(operation, dict) else None
        if isinstance(path, str):
            yield path.lower()
        elif isinstance(value, dict):
            yield from _below("", value)


def _below(above: str, value: Mapping[str, Json]) -> Iterator[str]:
    for key, item in value.items():
        joint = ":" if above.startswith("urn:") else "."
        path = f"{above}{joint}{key.lower()}" if above else key.lower()
        yield path
        if isinstance(item, dict):
            yield from _below(path, item)


def _spellings(entry: Entry) -> Iterator[str]:
    """Yield the paths by which an update may name an entry."""
    if entry.type is None:
        yield entry.path.lower()
        return
    head, *rest = steps_of(entry.path)
    part = rest[0] if rest else "value"
    yield f'{head}[type eq "{entry.type}"].{part}'.lower()
