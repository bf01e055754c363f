"""Attribute definitions: what RFC 7643 section 7 says about an attribute, as values."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from typing import TypeAlias

from .messages import Json
from .paths import AttrPath

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"

# Where a simple value lives: extension URN (None: not in an extension), attribute, sub-attribute.
Key: TypeAlias = tuple[str | None, str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute and its characteristics; `subs` is keyed by the name in lower case."""

    name: str
    type: str = "string"
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: str = "readWrite"
    returned: str = "default"
    uniqueness: str = "none"
    subs: Mapping[str, Attribute] = field(default_factory=dict)

    @property
    def read_only(self) -> bool:
        """Whether only the server writes it."""
        return self.mutability == "readOnly"


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema, with the document that `/Schemas` shows; attributes keyed in lower case."""

    id: str
    attributes: Mapping[str, Attribute]
    document: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Target:
    """What an attribute path means for a resource type."""

    extension: str | None
    attribute: Attribute
    sub: Attribute | None = None

    @property
    def leaf(self) -> Attribute:
        """The attribute that the path ends at."""
        return self.sub or self.attribute

    @property
    def key(self) -> Key:
        """The place of the value, comparable."""
        return self.extension, self.attribute.name, self.sub.name if self.sub else None

    def __str__(self) -> str:
        prefix = f"{self.extension}:" if self.extension else ""
        suffix = f".{self.sub.name}" if self.sub else ""
        return f"{prefix}{self.attribute.name}{suffix}"


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension of a resource type."""

    schema: Schema
    required: bool


# eq=False: resource types are compared and hashed by identity, so that they can key caches.
@dataclass(frozen=True, eq=False)
class ResourceType:
    """One kind of resource: its endpoint, its core schema and its extensions."""

    name: str
    endpoint: str
    core: Schema
    extensions: tuple[Extension, ...]
    common: Schema
    document: dict[str, Json]

    @cached_property
    def attributes(self) -> Mapping[str, Attribute]:
        """The common and core attributes by their names in lower case."""
        return {**self.common.attributes, **self.core.attributes}

    @cached_property
    def extensions_by_urn(self) -> Mapping[str, Schema]:
        """The extension schemas by their URN in lower case."""
        return {each.schema.id.lower(): each.schema for each in self.extensions}

    @property
    def keeps_members(self) -> bool:
        """Whether `members` of its resources is kept by the store (RFC 7643 section 4.2)."""
        return self.core.id == GROUP_URN

    @property
    def shows_groups(self) -> bool:
        """Whether `groups` of its resources is computed (RFC 7643 section 4.1.2)."""
        return self.core.id == USER_URN

    @cached_property
    def unique(self) -> tuple[Target, ...]:
        """The attributes whose values only one resource may have; `id` is the store's own."""
        return tuple(
            target
            for target in self.targets()
            if target.leaf.uniqueness in ("server", "global") and target.key != _ID
        )

    @cached_property
    def indexed(self) -> Mapping[Key, Target]:
        """The attributes whose equality is answered without reading every resource."""
        found = {target.key: target for target in self.targets() if target.key in _INDEXED}
        return found | {target.key: target for target in self.unique}

    def can_look_up(self, target: Target) -> bool:
        """Tell whether the store answers equality of an attribute without reading everything."""
        if target.key == _ID or (self.keeps_members and target.key == MEMBER_VALUE):
            return True
        return target.key in self.indexed and target.leaf.type in ("string", "reference")

    def targets(self) -> Iterator[Target]:
        """Every attribute and sub-attribute."""
        yield from _targets(None, self.attributes)
        for urn, schema in ((each.schema.id, each.schema) for each in self.extensions):
            yield from _targets(urn, schema.attributes)

    def extension(self, urn: str) -> Schema | None:
        """Look an extension up by its URN, without regard to case (RFC 7644 section 3.10)."""
        return self.extensions_by_urn.get(urn.lower())

    def resolve(self, path: AttrPath) -> Target | None:
        """Find what a path means, or None when the type has no such attribute."""
        extension: str | None = None
        attributes = self.attributes
        if path.urn is not None and path.urn.lower() != self.core.id.lower():
            schema = self.extension(path.urn)
            if schema is None:
                return None
            extension, attributes = schema.id, schema.attributes
        attribute = attributes.get(path.name.lower())
        if attribute is None or path.sub is None:
            return Target(extension, attribute) if attribute else None
        sub = attribute.subs.get(path.sub.lower())
        return Target(extension, attribute, sub) if sub else None


_ID: Key = (None, "id", None)
MEMBER_VALUE: Key = (None, "members", "value")

# The look-ups that IdPs make before they write, beside whatever a schema calls unique.
_INDEXED = {
    (None, "userName", None),
    (None, "externalId", None),
    (None, "displayName", None),
    (None, "emails", "value"),
}


def _targets(extension: str | None, attributes: Mapping[str, Attribute]) -> Iterator[Target]:
    for attribute in attributes.values():
        yield Target(extension, attribute)
        for sub in attribute.subs.values():
            yield Target(extension, attribute, sub)
