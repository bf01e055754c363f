"""PATCH on `schemas`, and on an extension as a whole (RFC 7644 section 3.5.2).

The server lists the schemas whose attributes have values. So adding a schema to the list changes
nothing until a value comes, and a list that leaves one out takes no values away: clients send the
list they know, and "other attributes are unaffected" (section 3.5.2.3). Only a removal that names
an extension takes its values.
"""

from __future__ import annotations

from collections.abc import Iterable

from .errors import invalid_value
from .errors import mutability
from .errors import no_target
from .messages import Json
from .patch_messages import Operation
from .predicates import compile_value_filter
from .resources import JsonObject
from .resources import read_attribute
from .schemas import ResourceType
from .schemas import Schema
from .tolerances import Tolerance
from .tolerances import Tolerances
from .tolerant_reading import spelled


def unlisted(
    operation: Operation, kind: ResourceType, present: Iterable[str], tolerances: Tolerances
) -> list[Schema]:
    """Return the extensions whose values an operation on `schemas` takes away."""
    chosen = _chosen(operation, present)
    if operation.op != "remove":
        _check_list(_given(operation, tolerances), operation, chosen, kind, tolerances)
        return []
    if kind.core.id in chosen:
        raise mutability(f"{operation.place}: {kind.core.id} is required and cannot be removed.")
    return [kind.extensions_by_urn[urn.lower()] for urn in chosen]


def without_extension(resource: JsonObject, extension: Schema, kind: ResourceType) -> JsonObject:
    """Return a resource without the values of an extension, but for what only the server writes."""
    values = resource.get(extension.id)
    if not isinstance(values, dict):
        return resource
    if any(each.required and each.schema.id == extension.id for each in kind.extensions):
        raise mutability(f"{extension.id}: a required extension, so it cannot be removed.")
    kept = {}
    for attribute in extension.attributes.values():
        if attribute.name in values and attribute.mutability == "immutable":
            where = f"{extension.id}:{attribute.name}"
            raise mutability(f"{where}: immutable, so it cannot be removed.")
        if attribute.name in values and attribute.read_only:
            kept[attribute.name] = values[attribute.name]
    rest = {name: value for name, value in resource.items() if name != extension.id}
    return {**rest, extension.id: kept} if kept else rest


def _chosen(operation: Operation, present: Iterable[str]) -> list[str]:
    """Return the URIs that the path means."""
    place = operation.place
    if place.selection is None:
        return list(present)
    matches = compile_value_filter(place.selection, place.target.attribute)
    return [urn for urn in present if matches(urn)]


def _given(operation: Operation, tolerances: Tolerances) -> list[str]:
    value = operation.value
    if isinstance(value, str) and tolerances.allow(Tolerance.BARE_VALUE_FOR_ARRAY):
        value = [value]
    read: Json = read_attribute(
        operation.place.target.attribute, value, str(operation.place), tolerances
    )
    return [each for each in read if isinstance(each, str)] if isinstance(read, list) else []


def _check_list(
    given: list[str],
    operation: Operation,
    chosen: list[str],
    kind: ResourceType,
    tolerances: Tolerances,
) -> None:
    """Refuse a list that the resource cannot have."""
    where = operation.place
    wanted = {spelled(urn, tolerances) for urn in given}
    if where.selection is not None and not chosen:
        raise no_target(f"{where}: no value matches the filter.")
    core_stays = operation.op == "add" or kind.core.id not in chosen
    if not core_stays and spelled(kind.core.id, tolerances) not in wanted:
        raise mutability(f"{where}: {kind.core.id} is required and cannot be removed.")
    own = {spelled(each, tolerances) for each in (kind.core.id, *_extensions(kind))}
    foreign = sorted(wanted - own)
    if foreign and not tolerances.allow(Tolerance.FOREIGN_SCHEMAS):
        raise invalid_value(f"{where}: {foreign[0]!r:.200} is no schema of {kind.name}.")


def _extensions(kind: ResourceType) -> Iterable[str]:
    return (each.schema.id for each in kind.extensions)
