"""Links: references that clients give by id, such as a user's manager (RFC 7643 section 4.3).

The address of a resource that is here is the server's affair: it is computed for each reply and
never stored, so that writing back what was read changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from .messages import Json
from .schemas import Attribute
from .schemas import ResourceType
from .store import Record
from .store import Store


def target(store: Store, attribute: Attribute, value: Json) -> Record | None:
    """Find the resource that a reference means by its id."""
    identifier = value.get("value") if isinstance(value, dict) else None
    record = store.find(identifier) if isinstance(identifier, str) else None
    kinds = attribute.subs["$ref"].reference_types
    return record if record is not None and record.kind.name in kinds else None


def settled(attributes: dict[str, Json], kind: ResourceType, store: Store) -> dict[str, Json]:
    """Return attributes without the addresses that the server will compute."""
    result = attributes
    for holder, links in kind.links.items():
        if holder in attributes:
            result = {**result, holder: _settled(attributes[holder], holder, links, store)}
    return result


def _settled(held: Json, holder: str, links: tuple[Attribute, ...], store: Store) -> Json:
    if links[0].name == holder:
        return _without_address(held, links[0], store)
    if not isinstance(held, Mapping):
        return held
    found = {
        each.name: _without_address(held[each.name], each, store)
        for each in links
        if each.name in held
    }
    return {**held, **found}


def _without_address(value: Json, attribute: Attribute, store: Store) -> Json:
    if isinstance(value, list):
        return [_without_address(each, attribute, store) for each in value]
    if not isinstance(value, dict) or "$ref" not in value:
        return value
    if target(store, attribute, value) is None:
        return value
    return {name: each for name, each in value.items() if name != "$ref"}
