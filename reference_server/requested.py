"""Attributes that are returned on request: which of them a client has named by writing them.

RFC 7643 section 7: an attribute whose `returned` is `request` is in the reply to a POST, PUT or
PATCH if that request specified it, and otherwise only where the `attributes` parameter asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping

from .messages import Json
from .patch_messages import Change
from .patch_messages import Operation
from .schemas import Attribute
from .schemas import Key
from .schemas import ResourceType


def posted(body: Mapping[str, Json], kind: ResourceType) -> frozenset[Key]:
    """Return the attributes on request that a whole resource gives."""
    return frozenset(_in_body(body, kind)) & kind.on_request if kind.on_request else frozenset()


def patched(changes: Iterable[Change], kind: ResourceType) -> frozenset[Key]:
    """Return the attributes on request that the operations of a PATCH name."""
    return frozenset(_in_changes(changes)) & kind.on_request if kind.on_request else frozenset()


def _in_body(body: Mapping[str, Json], kind: ResourceType) -> Iterator[Key]:
    for name, value in body.items():
        extension = kind.extension(name)
        if extension is None:
            yield from _in_container(None, kind.attributes, {name: value})
        elif isinstance(value, dict):
            yield from _in_container(extension.id, extension.attributes, value)


def _in_container(
    urn: str | None, attributes: Mapping[str, Attribute], values: Mapping[str, Json]
) -> Iterator[Key]:
    for name, value in values.items():
        attribute = attributes.get(name.lower())
        if attribute is not None:
            yield from _in_value(urn, attribute, value)


def _in_value(urn: str | None, attribute: Attribute, value: Json) -> Iterator[Key]:
    yield urn, attribute.name, None
    for each in value if isinstance(value, list) else [value]:
        for name in each if isinstance(each, dict) else ():
            sub = attribute.subs.get(name.lower())
            if sub is not None:
                yield urn, attribute.name, sub.name


def _in_changes(changes: Iterable[Change]) -> Iterator[Key]:
    for change in changes:
        if isinstance(change, Operation):
            target = change.place.target
            yield target.key
            if target.sub is None:
                yield from _in_value(target.extension, target.attribute, change.value)
