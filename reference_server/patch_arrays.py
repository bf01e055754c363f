"""Values in the array of a multi-valued attribute: which of them a client means.

Looked up, not compared one by one, so that adding many values to many takes no quadratic time.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from collections.abc import Iterable

from .messages import Json
from .schemas import Attribute
from .values import comparable


class ValueArray:
    """Values, found by what makes them the same (RFC 7643 section 2.4).

    That is value and type; the value alone for who gives no type; else the whole.
    """

    def __init__(self, attribute: Attribute, values: Iterable[Json]) -> None:
        self.values: list[Json] = []
        self._attribute = attribute
        self._value = attribute.subs.get("value", attribute)
        self._type = attribute.subs.get("type", attribute)
        self._places: dict[Hashable, int] = {}
        for each in values:
            self.append(each)

    def append(self, value: Json) -> None:
        """Put a value at the end."""
        key, place = self._key(value), len(self.values)
        self._places.setdefault(key, place)
        if isinstance(value, dict) and "type" in value:
            kind = simple_key(self._type, value["type"])
            self._places.setdefault((key, kind), place)
        self.values.append(value)

    def find(self, value: Json) -> int | None:
        """Return the place of the value that a client's value means."""
        key = self._key(value)
        if isinstance(value, dict) and "value" in value and "type" in value:
            return self._places.get((key, simple_key(self._type, value["type"])))
        return self._places.get(key)

    def _key(self, value: Json) -> Hashable:
        if isinstance(value, dict) and "value" in value:
            return simple_key(self._value, value["value"])
        return simple_key(self._attribute, value)


class NamedValues:
    """The values that the value of a remove operation names.

    A text names the value that is it, or has it as `value`; an object those that have all its
    parts. Objects wait under one of their parts, so that each value meets few of them.
    """

    def __init__(self, attribute: Attribute, items: Iterable[Json]) -> None:
        self._attribute = attribute
        self._simple: set[Hashable] = set()
        self._objects: dict[Hashable, list[dict[str, Json]]] = {}
        for item in items:
            if isinstance(item, dict):
                self._add({name.lower(): each for name, each in item.items()})
            elif item is not None:
                self._simple.add(self._key("value", item))

    def _add(self, item: dict[str, Json]) -> None:
        for name in sorted(item, key=lambda name: name != "value"):
            if not isinstance(item[name], dict | list | None):
                self._objects.setdefault((name, self._key(name, item[name])), []).append(item)
                return

    def _key(self, name: str, value: Json) -> Hashable:
        return simple_key(self._attribute.subs.get(name, self._attribute), value)

    def include(self, value: Json) -> bool:
        """Tell whether a value is named."""
        if not isinstance(value, dict):
            return self._key("value", value) in self._simple
        if "value" in value and self._key("value", value["value"]) in self._simple:
            return True
        return any(
            self._fits(item, value)
            for name, each in value.items()
            for item in self._objects.get((name.lower(), self._key(name.lower(), each)), ())
        )

    def _fits(self, item: dict[str, Json], value: dict[str, Json]) -> bool:
        given = {name.lower(): each for name, each in value.items()}
        return all(
            self._key(name, each) == self._key(name, given.get(name)) for name, each in item.items()
        )


def simple_key(attribute: Attribute, value: Json) -> Hashable:
    """Return what is equal for equal values, whatever their type."""
    if isinstance(value, str):
        return comparable(attribute, value)
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True), "as JSON"
    return isinstance(value, bool), value
