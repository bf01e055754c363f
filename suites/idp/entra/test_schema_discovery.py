"""Entra's schema discovery: what the mapping screen reads of an application that has schemas."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from idp_profiles.model import Json
from suites.client import USER_URN
from suites.client import ScimClient
from suites.client import Seen
from suites.conftest import Bench
from suites.expect import expect
from suites.replay import Replay
from suites.requirements import requirement
from suites.values import items
from suites.values import member
from suites.verdicts import Blocked

CHARACTERISTICS = {
    "mutability": ("readOnly", "readWrite", "immutable", "writeOnly"),
    "returned": ("always", "never", "default", "request"),
    "uniqueness": ("none", "server", "global"),
    "type": (
        *("string", "boolean", "decimal", "integer", "dateTime", "reference", "complex"),
        "binary",
    ),
}

pytestmark = pytest.mark.usefixtures("discovery_offered")


@pytest.fixture
def schemas(bench: Bench) -> Seen:
    """The list of schemas; shared, for cases that look into it."""

    def read() -> Seen:
        client: ScimClient = bench.client(bench.shared.journal)
        seen = client.send("GET", "/Schemas")
        if seen.status != 200 or not items(member(seen.object(), "Resources")):
            reason = f"GET /Schemas answered {seen.status} without a list of schemas"
            raise Blocked(reason, by="ENTRA-SCHEMA-1", entry=seen.entry)
        return seen

    return bench.shared.once("entra-setup-schemas", bench.log, read)


@requirement(
    "ENTRA-SCHEMA-1",
    proof=("schemas-404", "schemas-bare-array", "discovery-list-without-schemas"),
    dialects=(),
)
def test_the_schemas_are_listed(entra: Replay, look: ScimClient) -> None:
    """The mapping screen gets a list of schemas."""
    entra.act.discover_schemas()
    expect(look.send("GET", "/Schemas")).list_response()


@requirement("ENTRA-SCHEMA-2", proof=("schemas-without-users",), dialects=())
def test_the_matching_attribute_is_listed(entra: Replay, schemas: Seen) -> None:
    """The schema of users lists userName."""
    del entra
    users = [each for each in _schemas(schemas) if member(each, "id") == USER_URN]
    names = {str(member(each, "name")).lower() for schema in users for each in _all(schema)}
    expect(schemas).holds(
        lambda: "username" in names,
        "the schema of users with the attribute userName",
        lambda: f"{len(users)} schema(s) of users with {len(names)} attributes",
    )


@requirement("ENTRA-SCHEMA-3", proof=("schemas-characteristics-in-capitals",), dialects=())
def test_characteristics_are_written_as_in_the_rfc(entra: Replay, schemas: Seen) -> None:
    """Mutability and the other characteristics have the RFC's own capitals."""
    del entra
    wrong = sorted(
        {
            f"{name}: {value}"
            for schema in _schemas(schemas)
            for each in _all(schema)
            for name, known in CHARACTERISTICS.items()
            if isinstance(value := member(each, name), str) and _misspelt(value, known)
        }
    )
    expect(schemas).holds(
        lambda: not wrong,
        "mutability, returned, uniqueness and type as the RFC writes them",
        lambda: ", ".join(wrong[:5]),
    )


@requirement("ENTRA-SCHEMA-4", proof=("schemas-with-nulls",), dialects=())
def test_no_attribute_has_a_null(entra: Replay, schemas: Seen) -> None:
    """What an attribute lacks is left out of the schema."""
    del entra
    empty = [
        str(member(each, "name"))
        for schema in _schemas(schemas)
        for each in _all(schema)
        if None in each.values()
    ]
    expect(schemas).holds(
        lambda: not empty, "no null in an attribute", lambda: f"null in {', '.join(empty[:5])}"
    )


def _misspelt(value: str, known: tuple[str, ...]) -> bool:
    """Tell whether a value is one of the RFC's in other capitals; another is judged elsewhere."""
    return value not in known and value.lower() in {each.lower() for each in known}


def _schemas(seen: Seen) -> list[Json]:
    return items(member(seen.object(), "Resources"))


def _all(schema: Json) -> Iterator[dict[str, Json]]:
    """Return every attribute of a schema, and every part of one."""
    for each in items(member(schema, "attributes")):
        if isinstance(each, dict):
            yield each
            parts = items(each.get("subAttributes"))
            yield from (part for part in parts if isinstance(part, dict))
