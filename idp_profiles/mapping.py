"""Mappings: which source attribute goes to which SCIM path, as data that a customer can change."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import cast

from .model import Json
from .model import Person
from .wire import merge

# The occasions on which a profile pushes; an entry may be limited to some of them.
OCCASIONS = ("create", "link", "update")
_FIELDS = ("user_name", "given_name", "family_name", "email", "display_name", "idp_id", "password")
_ENTRY_KEYS = frozenset({"path", "source", "constant", "type", "when"})


class MappingError(ValueError):
    """A mapping cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a mapping: a source attribute, or a constant, and where it goes.

    `type` makes the value the primary element of a multi-valued attribute. `when` limits the entry
    to some occasions. `default` is what goes out as it is for a person who has no such attribute.
    """

    path: str
    source: str | None = None
    constant: Json = None
    type: str | None = None
    primary: bool = False
    when: tuple[str, ...] = OCCASIONS
    default: Json = None

    def value(self, person: Person) -> Json:
        """Return what goes to the path, or None when the person has no such attribute."""
        raw = self.constant if self.source is None else source_value(person, self.source)
        if raw is None or not self.primary:
            return self.default if raw is None else raw
        element: dict[str, Json] = {"primary": True, "value": raw}
        return [element if self.type is None else {**element, "type": self.type}]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeMapping:
    """An ordered list of entries, and the attribute on which an existence check filters."""

    entries: tuple[Entry, ...]
    match: str = "userName"
    match_source: str = "user_name"

    def body(self, person: Person, occasion: str) -> dict[str, Json]:
        """Return the SCIM attributes that are pushed for a person, in the mapping's order."""
        body: dict[str, Json] = {}
        for entry in self.entries:
            value = entry.value(person) if occasion in entry.when else None
            if value is not None:
                body = merge(body, nested(entry.path, value))
        return body

    def path_of(self, name: str) -> str:
        """Return the SCIM path that a source attribute goes to; an unmapped name is a path."""
        return next((entry.path for entry in self.entries if entry.source == name), name)

    def match_value(self, person: Person) -> str:
        """Return the value that an existence check looks for."""
        return str(source_value(person, self.match_source) or "")

    def extensions(self, body: Mapping[str, Json]) -> list[str]:
        """Return the extension URNs that a body holds attributes of."""
        return [key for key in body if key.lower().startswith("urn:")]


def carrying(mapping: AttributeMapping, wishes: Mapping[str, Json]) -> AttributeMapping:
    """Return a mapping with what the app wants of every user, by SCIM path.

    What a person has goes before it, as with a default value in an IdP's console.
    """
    left = {path.lower(): (path, value) for path, value in wishes.items()}
    entries: list[Entry] = []
    for entry in mapping.entries:
        # Of a list only the elements are mapped: there the wish is a list beneath them.
        whole = not entry.primary and entry.type is None
        _, wish = left.pop(entry.path.lower(), ("", None)) if whole else ("", None)
        entries.append(entry if entry.source is None else replace(entry, default=wish))
    added = [Entry(path=path, constant=value) for path, value in left.values()]
    return replace(mapping, entries=(*added, *entries))


def source_value(person: Person, source: str) -> Json:
    """Return a field or a source attribute of a person, None when there is none."""
    if source in _FIELDS:
        return cast(str, getattr(person, source)) or None
    return person.attributes.get(source)


def steps_of(path: str) -> tuple[str, ...]:
    """Split a SCIM path into the keys it descends through; an extension URN is one key."""
    if not path.lower().startswith("urn:"):
        return tuple(path.split("."))
    urn, _, attribute = path.rpartition(":")
    return (urn, *attribute.split("."))


def nested(path: str, value: Json) -> dict[str, Json]:
    """Return an object that holds the value at the path."""
    for key in reversed(steps_of(path)):
        value = {key: value}
    return cast(dict[str, Json], value)


def load_mapping(given: AttributeMapping | Mapping[str, Json] | Path | str) -> AttributeMapping:
    """Return a mapping from a TOML file, from a table read elsewhere, or as it is.

    Raises MappingError with the file and the entry that is wrong.
    """
    if isinstance(given, AttributeMapping):
        return given
    if isinstance(given, Mapping):
        return _from_table(given)
    try:
        return _from_table(tomllib.loads(Path(given).read_text(encoding="utf-8")))
    except OSError as error:
        raise MappingError(f"the mapping {str(given)!r} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"the mapping {str(given)!r} is not TOML: {error}") from None
    except MappingError as error:
        raise MappingError(f"the mapping {str(given)!r} cannot be used: {error}") from None


def _from_table(table: Mapping[str, Json]) -> AttributeMapping:
    unknown = sorted(set(table) - {"match", "match_source", "attribute"})
    if unknown:
        raise MappingError(f"unknown key {unknown[0]!r}; known: match, match_source, attribute")
    entries = table.get("attribute")
    if not isinstance(entries, list) or not entries:
        raise MappingError("it needs at least one [[attribute]]")
    match = _text(table, "match", "userName")
    return AttributeMapping(
        entries=tuple(_entries(entries)),
        match=match,
        match_source=_text(table, "match_source", "user_name"),
    )


def _entries(entries: list[Json]) -> Iterator[Entry]:
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise MappingError(f"attribute {number} is no table")
        try:
            yield _entry(entry)
        except MappingError as error:
            raise MappingError(f"attribute {number}: {error}") from None


def _entry(table: dict[str, Json]) -> Entry:
    unknown = sorted(set(table) - _ENTRY_KEYS - {"primary"})
    if unknown:
        raise MappingError(f"unknown key {unknown[0]!r}")
    if ("source" in table) == ("constant" in table):
        raise MappingError("it needs either source or constant")
    primary = table.get("primary", "type" in table)
    if not isinstance(primary, bool):
        raise MappingError("primary must be true or false")
    return Entry(
        path=_path(_text(table, "path", "")),
        source=_text(table, "source", "") or None,
        constant=table.get("constant"),
        type=_text(table, "type", "") or None,
        primary=primary,
        when=_occasions(table.get("when", list(OCCASIONS))),
    )


def _path(path: str) -> str:
    if not path or "[" in path or not all(steps_of(path)):
        raise MappingError(
            f"path {path!r} is no attribute path; write emails, name.givenName, URN:x"
        )
    return path


def _occasions(given: Json) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(word in OCCASIONS for word in given):
        raise MappingError(f"when must list some of {', '.join(OCCASIONS)}")
    return tuple(str(word) for word in given)


def _text(table: Mapping[str, Json], key: str, default: str) -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise MappingError(f"{key} must be a text, not {value!r}")
    return value
