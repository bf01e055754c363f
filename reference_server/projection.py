"""Projection: which attributes a reply shows (RFC 7644 sections 3.9 and 3.10).

A mask is a tree over names: True shows everything below, a dictionary only what it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from .errors import invalid_value
from .messages import Json
from .paths import BadPathError
from .paths import parse_attr_path
from .schemas import Attribute
from .schemas import Key
from .schemas import ResourceType

Mask: TypeAlias = "dict[str, Mask] | bool"

_Wanted: TypeAlias = frozenset[Key]


@dataclass(frozen=True, slots=True)
class Projection:
    """What to show of the resources of one type."""

    mask: dict[str, Mask]

    def shows(self, name: str) -> bool:
        """Tell whether any part of a top-level attribute is shown."""
        return name in self.mask

    def apply(self, resource: Mapping[str, Json]) -> dict[str, Json]:
        """Return the shown part of a resource."""
        return _apply(self.mask, resource)


def _apply(mask: Mapping[str, Mask], values: Mapping[str, Json]) -> dict[str, Json]:
    result: dict[str, Json] = {}
    for name, value in values.items():
        rule = mask.get(name)
        if rule is True:
            result[name] = value
        elif isinstance(rule, dict):
            shown = _apply_inside(rule, value)
            if shown:
                result[name] = shown
    return result


def _apply_inside(mask: Mapping[str, Mask], value: Json) -> Json:
    if isinstance(value, list):
        parts = [_apply(mask, each) for each in value if isinstance(each, dict)]
        return [part for part in parts if part]
    return _apply(mask, value) if isinstance(value, dict) else value


def projection(kind: ResourceType, attributes: str | None, excluded: str | None) -> Projection:
    """Build the projection that the two query parameters ask for."""
    if attributes and excluded:
        raise invalid_value("attributes and excludedAttributes exclude each other.")
    return _build(kind, attributes or None, excluded or None)


@lru_cache(maxsize=128)
def _build(kind: ResourceType, attributes: str | None, excluded: str | None) -> Projection:
    chosen = _keys(kind, attributes) if attributes is not None else None
    hidden = _keys(kind, excluded) if excluded is not None else frozenset()
    mask = _mask(None, kind.attributes.values(), chosen, hidden)
    for extension in kind.extensions:
        urn = extension.schema.id
        inner = _mask(urn, extension.schema.attributes.values(), chosen, hidden)
        if inner:
            mask[urn] = inner
    return Projection(mask)


def _mask(
    urn: str | None, attributes: Iterable[Attribute], chosen: _Wanted | None, hidden: _Wanted
) -> dict[str, Mask]:
    rules = {each.name: _rule(urn, each, chosen, hidden) for each in attributes}
    return {name: rule for name, rule in rules.items() if rule}


def _rule(urn: str | None, attribute: Attribute, chosen: _Wanted | None, hidden: _Wanted) -> Mask:
    key: Key = (urn, attribute.name, None)
    whole = _shown(attribute, key, chosen, hidden)
    if not attribute.subs or attribute.returned == "never":
        return whole
    subs: dict[str, Mask] = {}
    for sub in attribute.subs.values():
        place: Key = (urn, attribute.name, sub.name)
        asked = chosen is not None and place in chosen
        # A sub-attribute is shown with its parent, unless its own characteristic says more.
        scope = None if whole and not asked else chosen
        if (whole or asked) and _shown(sub, place, scope, hidden):
            subs[sub.name] = True
    return True if len(subs) == len(attribute.subs) else subs


def _shown(attribute: Attribute, key: Key, chosen: _Wanted | None, hidden: _Wanted) -> bool:
    """Decide by the `returned` characteristic (RFC 7643 section 7)."""
    if attribute.returned in ("always", "never"):
        return attribute.returned == "always"
    if chosen is not None:
        return key in chosen
    return attribute.returned == "default" and key not in hidden


def _keys(kind: ResourceType, names: str) -> _Wanted:
    """Resolve a comma-separated list; names that mean nothing here select nothing."""
    keys: set[Key] = set()
    for name in filter(None, (each.strip() for each in names.split(","))):
        extension = kind.extension(name)
        if extension is not None:
            keys.update((extension.id, each.name, None) for each in extension.attributes.values())
        elif name.lower() == kind.core.id.lower():
            keys.update((None, each.name, None) for each in kind.core.attributes.values())
        else:
            keys.update(_key(kind, name))
    return frozenset(keys)


def _key(kind: ResourceType, name: str) -> Iterable[Key]:
    try:
        target = kind.resolve(parse_attr_path(name))
    except BadPathError:
        return
    if target is not None:
        yield target.key
