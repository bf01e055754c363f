"""The attributes in /Schemas as they are written there, before our own code reads them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass

from idp_profiles.model import Json
from suites.attributes.showing import shows
from suites.bench import Discovery
from suites.schemas.listed import listing
from suites.values import items
from suites.values import value_at
from suites.verdicts import NotOffered

_SERVICE = "urn:ietf:params:scim:schemas:core:2.0:"
# Their definitions follow rules of their own: a Schema holds complex inside complex (section 7).
_ABOUT = frozenset(f"{_SERVICE}{name}" for name in ("Schema", "ResourceType"))


@dataclass(frozen=True, slots=True)
class Published:
    """One attribute as /Schemas has it, and where."""

    schema: str
    path: str
    raw: Mapping[str, Json]

    def said(self, name: str) -> Json:
        """Return a characteristic, None where nothing is said."""
        return value_at({**self.raw}, name)


def published(discovery: Discovery) -> tuple[Published, ...]:
    """Return every attribute of the schemas of resources, sub-attributes too."""
    found = [
        each
        for schema in listing(discovery.schemas)
        if isinstance(urn := value_at(schema, "id"), str) and urn not in _ABOUT
        for each in _walk(urn, "", value_at(schema, "attributes"))
    ]
    if not found:
        raise NotOffered("the server does not publish its schemas")
    return tuple(found)


def _walk(urn: str, above: str, attributes: Json) -> Iterator[Published]:
    for raw in items(attributes):
        if isinstance(raw, dict):
            path = f"{above}{value_at(raw, 'name')}"
            yield Published(urn, path, raw)
            yield from _walk(urn, f"{path}.", value_at(raw, "subAttributes"))


def each_is(
    discovery: Discovery,
    good: Callable[[Published], bool],
    wanted: str,
    *,
    types: Collection[str] = (),
) -> None:
    """Expect a condition of every attribute, or of those with one of these types."""
    __tracebackhide__ = True
    listed = [each for each in published(discovery) if not types or each.said("type") in types]
    wrong: list[Json] = [f"{each.schema} {each.path}" for each in listed if not good(each)]
    shows(discovery.schemas, holds=not wrong, wanted=wanted, came=wrong)
