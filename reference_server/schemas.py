"""Attribute definitions: what RFC 7643 section 7 says about an attribute, as values."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from typing import TypeAlias

from .formats import FORMATS
from .formats import USER_URN
from .messages import Json
from .paths import AttrPath

GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"

# Where a simple value lives: extension URN (None: not in an extension), attribute, sub-attribute.
Key: TypeAlias = tuple[str | None, str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute and its characteristics; `subs` is keyed by the name in lower case.

    `assumed` is the value that comparisons take for one that is not given.
    """

    name: str
    type: str = "string"
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: str = "readWrite"
    returned: str = "default"
    uniqueness: str = "none"
    reference_types: tuple[str, ...] = ()
    assumed: bool | None = None
    subs: Mapping[str, Attribute] = field(default_factory=dict)
    # The type of values that need no look at: most of what clients send is text, taken as it is.
    plain: builtins.type | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plain = {"string": str, "boolean": bool}.get(self.type)
        if self.multi_valued or self.subs or self.mutability in ("readOnly", "writeOnly"):
            plain = None
        object.__setattr__(self, "plain", plain)

    @property
    def read_only(self) -> bool:
        """Whether only the server writes it."""
        return self.mutability == "readOnly"

    @property
    def hidden(self) -> bool:
        """Whether nobody may learn it, neither by reading nor by asking for it."""
        return self.returned == "never" or self.mutability == "writeOnly"

    @property
    def links(self) -> bool:
        """Whether its values name resources of this server by `value` and `$ref`."""
        ref = self.subs.get("$ref")
        return "value" in self.subs and ref is not None and ref.names_resources

    @property
    def names_resources(self) -> bool:
        """Whether it is a reference to resources of this server."""
        return any(each not in ("external", "uri") for each in self.reference_types)

    @property
    def is_reference(self) -> bool:
        """Whether it is one reference to another resource, as a user's manager is."""
        return not self.multi_valued and "value" in self.subs and "$ref" in self.subs


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
    def is_plain(self) -> bool:
        """Whether it means one text at the top level."""
        return self.extension is None and self.sub is None and self.attribute.plain is str

    @property
    def root(self) -> str:
        """The top-level attribute, or the extension, that holds the value."""
        return self.extension or self.attribute.name

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
        """The common and core attributes by their names in lower case.

        What RFC 7643 section 3.1 says of a common attribute prevails over a schema that lists it.
        """
        return {**self.core.attributes, **self.common.attributes}

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
    def formats(self) -> tuple[tuple[Target, Callable[[str], str | None]], ...]:
        """The core attributes whose texts have a form, with what says how a text misses it."""
        found = (
            (target, FORMATS.get((self.core.id, *target.key[1:]))) for target in self.targets()
        )
        return tuple((t, fault) for t, fault in found if fault is not None and t.extension is None)

    @cached_property
    def demanding(self) -> Mapping[str, tuple[Attribute, ...]]:
        """The attributes, by the URN of their extension or "", that something is required of."""
        found = {urn: tuple(filter(_demands, each)) for urn, each in self._containers()}
        return {urn: attributes for urn, attributes in found.items() if attributes}

    @cached_property
    def with_primary(self) -> Mapping[str, tuple[Attribute, ...]]:
        """The attributes, by the URN of their extension or "", that have a primary value."""
        found = {
            urn: tuple(each for each in attributes if "primary" in each.subs)
            for urn, attributes in self._containers()
        }
        return {urn: attributes for urn, attributes in found.items() if attributes}

    def _containers(self) -> Iterator[tuple[str, Iterable[Attribute]]]:
        yield "", self.attributes.values()
        for extension in self.extensions:
            yield extension.schema.id, extension.schema.attributes.values()

    @cached_property
    def links(self) -> Mapping[str, tuple[Attribute, ...]]:
        """The attributes by which clients refer to resources, such as a user's manager.

        They are keyed by what holds them at the top level: an extension's URN, or their own name.
        Members are the store's affair, and what is readOnly no client gives.
        """
        found: dict[str, tuple[Attribute, ...]] = {}
        for target in self.targets():
            attribute = target.attribute
            kept = self.keeps_members and target.key == (None, "members", None)
            if target.sub is None and attribute.links and not attribute.read_only and not kept:
                holder = target.extension or attribute.name
                found[holder] = (*found.get(holder, ()), attribute)
        return found

    @cached_property
    def on_request(self) -> frozenset[Key]:
        """The attributes that are returned only when a request names them."""
        return frozenset(each.key for each in self.targets() if each.leaf.returned == "request")

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

    def resolve(self, path: AttrPath, *, loosely: bool = False) -> Target | None:
        """Find what a path means, or None when the type has no such attribute.

        Loosely, an extension's attribute is found without its URN too if no other has its name:
        clients SHOULD name it fully (RFC 7644 section 3.10), and not all do.
        """
        extension: str | None = None
        attributes = self.attributes
        if loosely and path.urn is None and path.name.lower() not in attributes:
            extension, attributes = self._holding(path.name.lower())
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

    def _holding(self, name: str) -> tuple[str | None, Mapping[str, Attribute]]:
        """Find the one extension that has an attribute of a name."""
        found = [each.schema for each in self.extensions if name in each.schema.attributes]
        return (found[0].id, found[0].attributes) if len(found) == 1 else (None, {})


_ID: Key = (None, "id", None)
MEMBER_VALUE: Key = (None, "members", "value")

# The look-ups that IdPs make before they write, beside whatever a schema calls unique.
_INDEXED = {
    (None, "userName", None),
    (None, "externalId", None),
    (None, "displayName", None),
    (None, "emails", "value"),
}


def _demands(attribute: Attribute) -> bool:
    """Tell whether clients must give it, or a part of it."""
    if attribute.read_only or attribute.name == "schemas":
        return False  # the server's affair, and what `check_schemas` looks at
    return attribute.required or any(_demands(sub) for sub in attribute.subs.values())


def _targets(extension: str | None, attributes: Mapping[str, Attribute]) -> Iterator[Target]:
    for attribute in attributes.values():
        yield Target(extension, attribute)
        for sub in attribute.subs.values():
            yield Target(extension, attribute, sub)
