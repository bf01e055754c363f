"""The schemas and resource types of one server: those of RFC 7643, and those from schema files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeAlias

from .messages import Json
from .schema_documents import SchemaFileError
from .schema_documents import check_references
from .schema_documents import read_resource_type
from .schema_documents import read_schema
from .schema_documents import with_common
from .schemas import ResourceType
from .schemas import Schema

SchemaFile: TypeAlias = Path | Traversable

_SHIPPED = ("User", "Group", "EnterpriseUser", "ServiceProviderConfig", "ResourceType", "Schema")


@dataclass(frozen=True, slots=True)
class Seed:
    """A resource that a schema file wants to exist from the start."""

    resource_type: ResourceType
    body: dict[str, Json]
    where: str


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything that is known before the first request."""

    schemas: tuple[Schema, ...]
    resource_types: tuple[ResourceType, ...]
    seeds: tuple[Seed, ...] = ()

    def at(self, endpoint: str) -> ResourceType | None:
        """Find the resource type served at an endpoint such as `/Users`."""
        return next((each for each in self.resource_types if each.endpoint == endpoint), None)

    def named(self, name: str) -> ResourceType | None:
        """Find a resource type by its name."""
        return next((each for each in self.resource_types if each.name == name), None)


def load_registry(schema_files: Sequence[SchemaFile] = ()) -> Registry:
    """Load the shipped definitions, then each schema file on top."""
    registry, common = _shipped_definitions()
    for file in schema_files:
        registry = _extended(registry, file, common)
    return registry


@cache
def _shipped_definitions() -> tuple[Registry, Schema]:
    """Return what every server begins with, and the common attributes; nobody changes them."""
    data = files("reference_server") / "data"
    common = read_schema(_shipped(data, "common"))
    schemas = _by_urn(read_schema(_shipped(data, name)) for name in _SHIPPED)
    shipped = _shipped(data, "resource_types")
    types = [read_resource_type(each, schemas, common) for each in _entries(shipped)]
    return Registry(tuple(schemas.values()), tuple(types)), common


def _extended(registry: Registry, file: SchemaFile, common: Schema) -> Registry:
    document = _read(file)
    try:
        added = _by_urn(read_schema(each) for each in _entries(document.get("schemas", [])))
        schemas = {each.id.lower(): each for each in registry.schemas} | added
        types = {each.endpoint: each for each in registry.resource_types}
        for entry in _entries(document.get("resourceTypes", [])):
            new = read_resource_type(entry, schemas, common)
            # The same endpoint again replaces the type: so a file can add an extension to User.
            types[new.endpoint] = new
        cores = {each.core.id for each in types.values()}
        shown = [with_common(s, common) if s.id in cores else s for s in schemas.values()]
        result = Registry(tuple(shown), tuple(types.values()))
        _refuse_double_names(result)
        names = frozenset(each.name for each in result.resource_types)
        for schema in added.values():
            check_references(schema, names)
        seeds = (*_moved(registry.seeds, result), *_seeds(document.get("resources", {}), result))
        return Registry(result.schemas, result.resource_types, seeds)
    except SchemaFileError as fault:
        raise SchemaFileError(f"schema file {file}: {fault}") from fault


def _moved(seeds: Iterable[Seed], registry: Registry) -> Iterable[Seed]:
    """Attach seeds of earlier files to the types as they are now."""
    for seed in seeds:
        kind = registry.at(seed.resource_type.endpoint) or seed.resource_type
        yield Seed(kind, seed.body, seed.where)


def _refuse_double_names(registry: Registry) -> None:
    names = [each.name for each in registry.resource_types]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled:
        raise SchemaFileError(f"two endpoints have a resource type called {doubled!r}")


def _seeds(resources: Json, registry: Registry) -> Iterable[Seed]:
    if not isinstance(resources, dict):
        raise SchemaFileError("resources must be an object of lists")
    for name, bodies in resources.items():
        kind = registry.named(name) or registry.at("/" + name.lstrip("/"))
        if kind is None:
            raise SchemaFileError(f"resources for {name!r}, which is no resource type")
        for number, body in enumerate(_entries(bodies), start=1):
            if not isinstance(body, dict):
                raise SchemaFileError(f"resource {number} of {name} must be an object")
            yield Seed(kind, body, f"resource {number} of {name}")


def _by_urn(schemas: Iterable[Schema]) -> dict[str, Schema]:
    return {each.id.lower(): each for each in schemas}


def _entries(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise SchemaFileError(f"a list is expected, not {value!r:.60}")
    return value


def _shipped(data: Traversable, name: str) -> Json:
    loaded: Json = json.loads((data / f"{name}.json").read_text("utf-8"))
    return loaded


def _read(file: SchemaFile) -> dict[str, Json]:
    try:
        document: Json = json.loads(file.read_text("utf-8"))
        # Half a surrogate pair in an escape would be found only when a reply is written.
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except OSError as fault:
        reason = fault.strerror or fault
        raise SchemaFileError(f"schema file {file} cannot be read: {reason}") from fault
    except (ValueError, RecursionError) as fault:
        raise SchemaFileError(f"schema file {file} is not JSON: {fault}") from fault
    if not isinstance(document, dict):
        raise SchemaFileError(f"schema file {file} must hold a JSON object")
    return document
