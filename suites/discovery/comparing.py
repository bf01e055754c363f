"""What a server publishes of the schemas of RFC 7643 beside what section 8.7 has of them."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator

from idp_profiles.model import Json
from suites.schemas.definitions import Attribute
from suites.schemas.definitions import Definition
from suites.schemas.definitions import Definitions
from suites.schemas.definitions import rfc
from suites.schemas.shapes import Shape
from suites.verdicts import NotOffered


def local(attribute: Attribute) -> str:
    """Return the path of an attribute within its schema."""
    return attribute.path.removeprefix(f"{attribute.urn}:").lower()


def by_path(definition: Definition) -> dict[str, Attribute]:
    """Return the attributes and sub-attributes of a schema by their paths."""
    return {local(each): each for each in definition.walk()}


def published(definitions: Definitions, urn: str) -> Definition:
    """Return a schema that the server publishes; raises NotOffered where it does not."""
    found = definitions.schema(urn)
    if found is None:
        raise NotOffered(f"the server does not publish {urn}")
    return found


def differences(own: Definition) -> list[Json]:
    """Return where a schema gives an attribute of the RFC another type or plurality."""
    standard = rfc().schema(own.urn)
    return [*_differing(by_path(own), by_path(standard))] if standard else []


def _differing(own: dict[str, Attribute], standard: dict[str, Attribute]) -> Iterator[str]:
    for path, wanted in standard.items():
        found = own.get(path)
        if found is not None and found.type.lower() != wanted.type.lower():
            yield f"{path}: type {found.type} in place of {wanted.type}"
        if found is not None and found.multi_valued is not wanted.multi_valued:
            yield f"{path}: multiValued {found.multi_valued} in place of {wanted.multi_valued}"


def attribute(definition: Definition, path: str) -> Attribute:
    """Return an attribute of a schema; raises NotOffered where the server has none of the name."""
    found = by_path(definition).get(path.lower())
    if found is None:
        raise NotOffered(f"the server's schema {definition.name} has no {path}")
    return found


def faults(definition: Definition, document: Json, but: Collection[str] = ()) -> list[Json]:
    """Return where a document does not fit a schema; `but` names what is not looked at."""
    shape = Shape(definition.name, definition.attributes)
    found = shape.faults(document)
    return [line for line in found if not any(name in line.partition(": ")[0] for name in but)]
