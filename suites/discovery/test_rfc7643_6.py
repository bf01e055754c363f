"""RFC 7643 section 6: what a resource type says, and that its endpoint is there."""

from __future__ import annotations

from suites.attributes import others
from suites.bench import Discovery
from suites.discovery.conftest import Asked
from suites.discovery.entries import Entry
from suites.discovery.entries import every
from suites.discovery.entries import is_text
from suites.discovery.entries import said
from suites.discovery.writing import Written
from suites.discovery.writing import of
from suites.expect import expect
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import items
from suites.values import strings
from suites.values import text
from suites.values import value_at
from suites.verdicts import NotOffered

Entries = tuple[Entry, ...]
TYPE_URN = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
_NO_ACCESS = (401, 403)


@requirement("RFC7643-6-1", proof=("discovery-writable",))
def test_a_resource_type_cannot_be_changed(
    listed_types: Entries, written: dict[str, Written]
) -> None:
    """A PUT on a resource type changes nothing, and is refused."""
    done = of(written, "ResourceTypes")
    expect(done.reply).holds(lambda: not done.changed, "no change", lambda: "the change is shown")
    expect(done.reply).warn_at_most().refused()


@requirement("RFC7643-6-2", proof=("resource-types-without-schemas",))
def test_a_resource_type_says_that_it_is_one(discovery: Discovery, listed_types: Entries) -> None:
    """Each entry of /ResourceTypes has the schema of resource types."""

    def good(each: Entry) -> bool:
        return TYPE_URN in strings(said(each, "schemas"))

    every(discovery.types, listed_types, good, f"{TYPE_URN} in schemas of each")


@requirement(
    "RFC7643-6-3",
    proof=(
        "resource-types-without-endpoint",
        "resource-types-without-name",
        "resource-types-without-schema",
    ),
)
def test_a_resource_type_has_what_it_needs(discovery: Discovery, listed_types: Entries) -> None:
    """Each entry of /ResourceTypes has a name, an endpoint and a schema."""

    def good(each: Entry) -> bool:
        return all(is_text(said(each, name)) for name in ("name", "endpoint", "schema"))

    every(discovery.types, listed_types, good, "name, endpoint and schema of each")


@requirement("RFC7643-6-4", proof=("resource-type-by-id-differs",))
def test_one_resource_type_is_as_the_list_shows_it(
    listed_types: Entries, single_type: Asked
) -> None:
    """A resource type by its id has the endpoint and schema that it has in the list."""
    listed = [each for each in listed_types if said(each, "name") == single_type.id]
    if not listed or single_type.reply.status != 200:
        raise NotOffered("the type of users is not in the list, or not by itself")
    for name in ("endpoint", "schema"):
        expect(single_type.reply).exactly(name, said(listed[0], name))


@requirement("RFC7643-6-7", proof=("descriptions-by-language",))
def test_the_description_of_a_type_is_a_text(discovery: Discovery, listed_types: Entries) -> None:
    """The description of a resource type, where there is one, is a text."""

    def good(each: Entry) -> bool:
        return isinstance(said(each, "description"), str | None)

    every(discovery.types, listed_types, good, "texts")


@requirement(
    "RFC7643-6-9",
    proof=(
        "entitlement-list-404",
        "resource-types-endpoint-absolute",
        "resource-types-endpoint-with-base",
    ),
)
def test_every_endpoint_is_there(
    discovery: Discovery, definitions: Definitions, experiment: Experiment
) -> None:
    """The endpoint of each resource type answers, below the base URL."""
    if not definitions.types:
        raise NotOffered("the server does not publish its resource types")
    absolute = [
        each.endpoint for each in definitions.types if not others.is_relative(each.endpoint)
    ]
    expect(discovery.types).holds(
        lambda: not absolute, "endpoints relative to the base URL", lambda: ", ".join(absolute)
    )
    for seen in experiment(others.lists).values():
        expect(seen).status(200, *_NO_ACCESS)


@requirement("RFC7643-6-9", proof=("entitlement-list-as-array", "list-as-bare-array"))
def test_every_endpoint_lists(definitions: Definitions, experiment: Experiment) -> None:
    """The endpoint of each resource type that can be read answers with a ListResponse."""
    if not definitions.types:
        raise NotOffered("the server does not publish its resource types")
    for seen in experiment(others.lists).values():
        if seen.status == 200:
            expect(seen).list_response("totalResults")


@requirement("RFC7644-3.4.2.4-13", proof=("entitlement-items-per-page-100",))
def test_every_endpoint_counts_its_page(definitions: Definitions, experiment: Experiment) -> None:
    """The itemsPerPage in the list of each resource type is the number of results in it."""
    if not definitions.types:
        raise NotOffered("the server does not publish its resource types")
    for seen in experiment(others.lists).values():
        told = value_at(seen.object(), "itemsPerPage")
        number = len(items(value_at(seen.object(), "Resources")))
        good = told is None or told == number
        expect(seen).holds(lambda g=good: g, "the number of results", lambda t=told: text(t))  # type: ignore[misc]  # a lambda with a default has no type of its own


@requirement("RFC7643-6-11", proof=("resource-types-extensions-as-object",))
def test_extensions_are_an_array(
    discovery: Discovery, listed_types: Entries, reading: Reading
) -> None:
    """The schemaExtensions of a resource type, where there are any, are an array."""
    # The schema of resource types in section 8.7.2 has one value there.
    found = [said(each, "schemaExtensions") for each in listed_types]
    if any(isinstance(each, dict) for each in found):
        reading("schemaExtensions is one object")
    every(
        discovery.types,
        listed_types,
        lambda each: isinstance(said(each, "schemaExtensions"), list | None),
        "arrays",
    )


@requirement(
    "RFC7643-6-13",
    proof=("resource-types-extension-flag-left-out", "resource-types-extension-flag-as-text"),
)
def test_an_extension_is_required_or_not(discovery: Discovery, listed_types: Entries) -> None:
    """Each of the schemaExtensions says by true or false whether it is required."""

    def good(each: Entry) -> bool:
        extensions = items(said(each, "schemaExtensions"))
        flags = [part.get("required") for part in extensions if isinstance(part, dict)]
        return all(isinstance(flag, bool) for flag in flags)

    every(discovery.types, listed_types, good, "true or false for each extension")
