"""What a server's schemas define: attributes with their characteristics, read by our own code.

The same values describe the schemas of RFC 7643, from `rfc_definitions.json`, where errata and
text correct them (`addresses.primary`, `members.display`, the `etag` of the configuration).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import cache
from functools import lru_cache
from importlib.resources import files

from idp_profiles.model import Json
from suites.values import items
from suites.values import strings
from suites.values import value_at

from .shapes import Shape

USER = "User"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute with its characteristics; what is not said has the default of section 2.2."""

    name: str
    path: str
    urn: str
    type: str = "string"
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: str = "readWrite"
    returned: str = "default"
    uniqueness: str = "none"
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    parts: tuple[Attribute, ...] = ()

    @property
    def writable(self) -> bool:
        """Whether a client may give it a value."""
        return self.mutability != "readOnly"

    def walk(self) -> Iterator[Attribute]:
        """Yield the attribute and its sub-attributes."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Definition:
    """One schema: its URN, its name and its attributes at the top."""

    urn: str
    name: str
    attributes: tuple[Attribute, ...]

    def walk(self) -> Iterator[Attribute]:
        """Yield every attribute and sub-attribute."""
        for attribute in self.attributes:
            yield from attribute.walk()


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One resource type: where it is and which schemas it has; extensions say if required."""

    name: str
    endpoint: str
    schema: str
    extensions: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Definitions:
    """Schemas and resource types together; empty where the server does not answer for them."""

    schemas: Mapping[str, Definition]  # by URN in lower case
    types: tuple[ResourceType, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the server says anything of its schemas."""
        return bool(self.schemas)

    def schema(self, urn: str) -> Definition | None:
        """Return a schema by its URN, in any case."""
        return self.schemas.get(urn.lower())

    def type(self, name: str) -> ResourceType | None:
        """Return a resource type by its name."""
        return next((each for each in self.types if each.name.lower() == name.lower()), None)

    def of(self, name: str) -> tuple[Definition, ...]:
        """Return the schemas of a resource type, its own first."""
        found = self.type(name)
        # A server that lists no resource types still has the schemas of RFC 7643 section 4.
        urns = (found.schema, *found.extensions) if found else _USUAL.get(name, ())
        return tuple(each for urn in urns if (each := self.schema(urn)) is not None)

    def attribute(self, path: str, of: str = USER) -> Attribute | None:
        """Return an attribute by path (`name.givenName`, `URN:department`), names in any case."""
        wanted = path.lower()
        return next((each for each in self.every(of) if each.path.lower() == wanted), None)

    def changeable(self, *paths: str, of: str = USER) -> str:
        """Return the first of some attributes that a client may change, as far as is known."""
        said = ((path, self.attribute(path, of)) for path in paths)
        return next(
            (path for path, each in said if each and each.mutability == "readWrite"), paths[0]
        )

    def every(self, of: str = USER) -> tuple[Attribute, ...]:
        """Return all attributes of a resource type, common ones and sub-attributes included."""
        own = [attribute for each in self.of(of) for attribute in each.walk()]
        named = {attribute.path.lower() for attribute in own}
        usual = [attribute for each in common() for attribute in each.walk()]
        return (*(each for each in usual if each.path.lower() not in named), *own)

    def shape(self, of: str = USER) -> Shape:
        """Return what a representation of a resource type has to look like."""
        own = [each for each in self.every(of) if "." not in _local(each)]
        return Shape(of, tuple(own))


def _local(attribute: Attribute) -> str:
    """Return a path without the URN of an extension, in which dots mean nothing."""
    return attribute.path.removeprefix(f"{attribute.urn}:")


_CORE = "urn:ietf:params:scim:schemas:core:2.0"
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_USUAL = {USER: (f"{_CORE}:User", _ENTERPRISE), "Group": (f"{_CORE}:Group",)}


@lru_cache(maxsize=8)
def read(types: bytes, schemas: bytes) -> Definitions:
    """Return what the bodies of /ResourceTypes and /Schemas define; what is broken is left out.

    Whether the documents are well formed is judged elsewhere.
    """
    return made_of(_parsed(types), _parsed(schemas))


def _parsed(body: bytes) -> Json:
    try:
        document: Json = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document


def entries(document: Json) -> list[Json]:
    """Return what a list of discovery holds; a bare array tells the same (see `listed.py`)."""
    return items(document if isinstance(document, list) else value_at(document, "Resources"))


def made_of(types: Json, schemas: Json) -> Definitions:
    """Return what two lists define, of resource types and of schemas."""
    found = [_type(raw) for raw in entries(types)]
    listed = [each for each in found if each is not None]
    extensions = {urn.lower() for each in listed for urn in each.extensions}
    defined = [_definition(raw, extensions) for raw in entries(schemas)]
    return Definitions(
        {each.urn.lower(): each for each in defined if each is not None}, tuple(listed)
    )


@cache
def rfc() -> Definitions:
    """Return the schemas of RFC 7643 with its two resource types."""
    raw = _data()
    schemas = [_definition(each, {_ENTERPRISE.lower()}) for each in items(raw["schemas"])]
    return Definitions(
        {each.urn.lower(): each for each in schemas if each is not None},
        (
            ResourceType(USER, "/Users", f"{_CORE}:User", {_ENTERPRISE: False}),
            ResourceType("Group", "/Groups", f"{_CORE}:Group"),
        ),
    )


@cache
def common() -> tuple[Attribute, ...]:
    """Return the attributes that every resource has (RFC 7643 section 3.1), and `schemas`."""
    found = [_attribute(each, "", "", "") for each in items(_data()["common"])]
    return tuple(each for each in found if each is not None)


@cache
def _data() -> Mapping[str, Json]:
    document: dict[str, Json] = json.loads(
        files("suites.schemas").joinpath("rfc_definitions.json").read_text(encoding="utf-8")
    )
    return document


def _type(raw: Json) -> ResourceType | None:
    name, endpoint = value_at(raw, "name"), value_at(raw, "endpoint")
    schema = value_at(raw, "schema")
    if not (isinstance(name, str) and isinstance(endpoint, str) and isinstance(schema, str)):
        return None
    listed = value_at(raw, "schemaExtensions")
    extensions = {
        urn: value_at(each, "required") is True
        # One extension without the array around it is judged elsewhere.
        for each in (listed if isinstance(listed, list) else [listed])
        if isinstance(urn := value_at(each, "schema"), str)
    }
    return ResourceType(name, endpoint, schema, extensions)


def _definition(raw: Json, extensions: set[str]) -> Definition | None:
    urn = value_at(raw, "id")
    if not isinstance(urn, str):
        return None
    prefix = f"{urn}:" if urn.lower() in extensions else ""
    found = [_attribute(each, prefix, "", urn) for each in items(value_at(raw, "attributes"))]
    attributes = tuple(each for each in found if each is not None)
    return Definition(urn, str(value_at(raw, "name") or urn), attributes)


def _attribute(raw: Json, prefix: str, parent: str, urn: str) -> Attribute | None:
    name = value_at(raw, "name")
    if not isinstance(name, str):
        return None
    below = f"{parent}{name}."
    parts = [_attribute(each, prefix, below, urn) for each in items(value_at(raw, "subAttributes"))]

    def said(key: str, default: str) -> str:
        value = value_at(raw, key)
        return value if isinstance(value, str) else default

    return Attribute(
        name=name,
        path=f"{prefix}{parent}{name}",
        urn=urn,
        type=said("type", "string"),
        multi_valued=value_at(raw, "multiValued") is True,
        required=value_at(raw, "required") is True,
        case_exact=value_at(raw, "caseExact") is True,
        mutability=said("mutability", "readWrite"),
        returned=said("returned", "default"),
        uniqueness=said("uniqueness", "none"),
        canonical_values=tuple(strings(value_at(raw, "canonicalValues"))),
        reference_types=tuple(strings(value_at(raw, "referenceTypes"))),
        parts=tuple(each for each in parts if each is not None),
    )
