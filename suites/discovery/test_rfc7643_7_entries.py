"""RFC 7643 sections 3.1 and 7: the entries of /Schemas as resources of their own."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote
from urllib.parse import urlsplit

import pytest

from suites.bench import Discovery
from suites.client import Seen
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
from suites.schemas.listed import listing
from suites.target.model import Target
from suites.values import items
from suites.values import strings
from suites.values import value_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered

Entries = tuple[Entry, ...]
NOBODY = "urn:ietf:params:scim:schemas:scimproof:1.0:Nothing"
SCHEMA_URN = "urn:ietf:params:scim:schemas:core:2.0:Schema"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@requirement("RFC7643-7-2", proof=("discovery-writable",))
def test_a_schema_cannot_be_changed(listed_schemas: Entries, written: dict[str, Written]) -> None:
    """A PUT on a schema changes nothing, and is refused."""
    done = of(written, "Schemas")
    expect(done.reply).holds(lambda: not done.changed, "no change", lambda: "the change is shown")
    expect(done.reply).warn_at_most().refused()


@pytest.mark.parametrize("kind", ["ResourceTypes", "Schemas"])
@requirement("RFC7643-7-2", proof=("discovery-deletable", "discovery-writable"))
def test_an_entry_cannot_be_deleted(kind: str, discovery: Discovery, scim: Scim) -> None:
    """A DELETE of a resource type or schema, here one that is not there, is refused."""
    expect(scim.delete(f"/{kind}/{NOBODY}")).refused()


@requirement("RFC7643-7-4", proof=("schemas-without-schemas",))
def test_a_schema_says_that_it_is_one(discovery: Discovery, listed_schemas: Entries) -> None:
    """Each entry of /Schemas has the schema of schemas."""

    def good(each: Entry) -> bool:
        return SCHEMA_URN in strings(said(each, "schemas"))

    every(discovery.schemas, listed_schemas, good, f"{SCHEMA_URN} in schemas of each")


def _attributes(entry: Entry) -> Iterator[Entry]:
    for name in ("attributes", "subAttributes"):
        for each in items(said(entry, name)):
            if isinstance(each, dict):
                yield each
                yield from _attributes(each)


def _names(entry: Entry) -> list[str]:
    return sorted(str(said(each, "name")) for each in _attributes(entry))


@requirement("RFC7643-7-3", proof=("schema-by-id-shorter",))
def test_one_schema_is_as_the_list_shows_it(
    discovery: Discovery, listed_schemas: Entries, single_schema: Asked
) -> None:
    """A schema by its URI has the attributes that it has in the list."""
    listed = [each for each in listed_schemas if said(each, "id") == single_schema.id]
    if not listed or single_schema.reply.status != 200:
        raise NotOffered("the schema of users is not in the list, or not by itself")
    there, here = _names(listed[0]), _names(single_schema.reply.object())
    lost = sorted({*there} - {*here})
    expect(single_schema.reply).holds(
        lambda: there == here, f"{len(there)} attributes", lambda: f"{len(here)}, without {lost}"
    )


@requirement("RFC7643-7-8", proof=("schemas-listed-twice",))
def test_no_schema_has_two_entries(discovery: Discovery, listed_schemas: Entries) -> None:
    """Each schema stands in /Schemas once, by its id."""
    ids = [str(said(each, "id")).lower() for each in listed_schemas]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    expect(discovery.schemas).holds(lambda: not twice, "each schema once", lambda: f"{twice}")


@requirement("RFC7643-6-12", proof=("extension-by-id-404",))
def test_an_extension_is_a_schema(
    discovery: Discovery, listed_schemas: Entries, definitions: Definitions, scim: Scim
) -> None:
    """GET /Schemas/URI with the URI of an extension of users gives its schema."""
    kind = definitions.type("User")
    if kind is None or not kind.extensions:
        raise NotOffered("the type of users has no extension")
    urn = next(iter(kind.extensions))
    expect(scim.get(f"/Schemas/{quote(urn, safe=':')}")).status(200).exactly("id", urn)


@requirement("RFC7643-7-9", proof=("schemas-name-as-array",))
def test_the_name_of_a_schema_is_a_text(discovery: Discovery, listed_schemas: Entries) -> None:
    """Each schema has a name that is a text."""
    every(discovery.schemas, listed_schemas, lambda each: is_text(said(each, "name")), "names")


@requirement("RFC7643-7-10", proof=("descriptions-by-language",))
def test_the_description_of_a_schema_is_a_text(
    discovery: Discovery, listed_schemas: Entries
) -> None:
    """The description of a schema, where there is one, is a text."""

    def good(each: Entry) -> bool:
        return isinstance(said(each, "description"), str | None)

    every(discovery.schemas, listed_schemas, good, "texts")


@requirement("RFC7643-7-16", proof=("descriptions-by-language",))
def test_the_description_of_an_attribute_is_a_text(
    discovery: Discovery, listed_schemas: Entries
) -> None:
    """The description of an attribute in /Schemas, where there is one, is a text."""

    def good(schema: Entry) -> bool:
        return all(isinstance(said(e, "description"), str | None) for e in _attributes(schema))

    every(discovery.schemas, listed_schemas, good, "texts")


def _below(told: str, target: Target) -> str:
    """Return the path of a location below the base URL, the location being absolute or not."""
    base = urlsplit(target.url).path.rstrip("/")
    return f"/{urlsplit(told).path.removeprefix(base).lstrip('/')}"


@pytest.mark.parametrize("kind", ["ResourceTypes", "Schemas"])
@requirement(
    "RFC7643-3.1-34",
    proof=("schemas-location-broken+discovery-locations-of-another-path",),
)
def test_the_location_of_an_entry_leads_to_it(
    kind: str, discovery: Discovery, scim: Scim, target: Target
) -> None:
    """GET on the path of `meta.location` of a resource type or schema gives that one."""
    seen: Seen = discovery.types if kind == "ResourceTypes" else discovery.schemas
    first = next(iter(listing(seen)), None)
    told = value_at(first, "meta.location")
    # No example of a schema in the RFC has what section 3.1 asks of every resource.
    if not isinstance(told, str) or not told:
        raise NotOffered(f"the entries of /{kind} have no location")
    found = scim.get(_below(told, target))
    expect(found).status(200).exactly("id", value_at(first, "id"))


@requirement("RFC7643-3.1-34", proof=("location-of-another-host",))
def test_the_location_is_on_the_host_that_was_asked(calm_user: Made, target: Target) -> None:
    """`meta.location` of a user is on the host that was asked, or relative to it."""
    told = str(calm_user.kept("meta.location").value("meta.location"))
    hosts = [urlsplit(each).hostname for each in (told, target.url)]
    same = hosts[0] in (None, hosts[1]) or all(each in _LOOPBACK for each in hosts)
    # A host may have more than one name.
    expect(calm_user.reply).warn_at_most().holds(lambda: same, f"{hosts[1]}", lambda: told)
