"""Projection: which attributes a reply shows (RFC 7644 sections 3.9 and 3.10).

A mask is a tree over names: True shows everything below, a dictionary only what it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
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
    # The names of what is shown whole, so that a resource of nothing else need not be gone through.
    whole: frozenset[str]

    def shows(self, name: str) -> bool:
        """Tell whether any part of a top-level attribute is shown."""
        return name in self.mask

    def apply(self, resource: Mapping[str, Json]) -> dict[str, Json]:
        """Return the shown part of a resource."""
        if self.whole.issuperset(resource):
            return dict(resource)
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


def projection(
    kind: ResourceType,
    attributes: str | None,
    excluded: str | None,
    written: frozenset[Key] = frozenset(),
) -> Projection:
    """Build the projection that the two query parameters ask for.

    `written` are attributes that are returned on request, and that the request has written.
    """
    if attributes and excluded:
        raise invalid_value("attributes and excludedAttributes exclude each other.")
    return _build(kind, attributes or None, excluded or None, written)


@lru_cache(maxsize=128)
def _build(
    kind: ResourceType, attributes: str | None, excluded: str | None, written: _Wanted
) -> Projection:
    choice = _Choice(
        chosen=_keys(kind, attributes) if attributes is not None else None,
        hidden=_keys(kind, excluded) if excluded is not None else frozenset(),
        written=written,
    )
    mask = _mask(None, kind.attributes.values(), choice)
    for extension in kind.extensions:
        urn = extension.schema.id
        inner = _mask(urn, extension.schema.attributes.values(), choice)
        if inner:
            whole = [True] * len(extension.schema.attributes)
            mask[urn] = True if list(inner.values()) == whole else inner
    return Projection(mask, frozenset(name for name, rule in mask.items() if rule is True))


@dataclass(frozen=True, slots=True)
class _Choice:
    """What the parameters choose and hide, and what the request has written."""

    chosen: _Wanted | None
    hidden: _Wanted
    written: _Wanted

    def subs_of(self, urn: str | None, attribute: Attribute) -> set[str]:
        """Return the sub-attributes that are chosen by name."""
        place = (urn, attribute.name)
        return {sub for (*holder, sub) in self.chosen or () if sub and tuple(holder) == place}


def _mask(urn: str | None, attributes: Iterable[Attribute], choice: _Choice) -> dict[str, Mask]:
    rules = {each.name: _rule(urn, each, choice) for each in attributes}
    return {name: rule for name, rule in rules.items() if rule}


def _rule(urn: str | None, attribute: Attribute, choice: _Choice) -> Mask:
    key: Key = (urn, attribute.name, None)
    whole = _shown(attribute, key, choice)
    if not attribute.subs or attribute.returned == "never":
        return whole
    asked = choice.subs_of(urn, attribute)
    subs: dict[str, Mask] = {}
    for sub in attribute.subs.values():
        place: Key = (urn, attribute.name, sub.name)
        # A sub-attribute is shown with its parent, unless its own characteristic says more.
        scope = replace(choice, chosen=None) if whole and sub.name not in asked else choice
        in_view = whole or sub.name in asked or _is_minimal(sub, attribute, asked)
        if in_view and _shown(sub, place, scope):
            subs[sub.name] = True
    return True if len(subs) == len(attribute.subs) else subs


def _is_minimal(sub: Attribute, parent: Attribute, asked: set[str]) -> bool:
    """Tell whether a sub-attribute is in the minimum set although its parent is not chosen.

    What is always returned stays whatever the parameters say (RFC 7643 section 7); but a parent
    that is returned on request only keeps its parts back until one of them is asked for.
    """
    return sub.returned == "always" and (parent.returned != "request" or bool(asked))


def _shown(attribute: Attribute, key: Key, choice: _Choice) -> bool:
    """Decide by the `returned` characteristic (RFC 7643 section 7)."""
    if attribute.returned in ("always", "never"):
        return attribute.returned == "always"
    if choice.chosen is not None:
        return key in choice.chosen
    by_default = attribute.returned == "default" or key in choice.written
    return by_default and key not in choice.hidden


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
