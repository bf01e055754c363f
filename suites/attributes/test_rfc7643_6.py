"""RFC 7643 section 6 in resources: extensions that are required, and types beyond users."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from idp_profiles.model import Json
from suites.attributes import creating
from suites.attributes.conftest import Creates
from suites.attributes.conftest import Specimen
from suites.attributes.creating import Tried
from suites.attributes.showing import shows
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.schemas.definitions import ResourceType
from suites.schemas.definitions import rfc
from suites.target.model import Target
from suites.values import member
from suites.values import strings
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import NotOffered

Specimens = tuple[Specimen, ...]


def _required(kind: ResourceType) -> list[str]:
    return [urn for urn, needed in kind.extensions.items() if needed]


def _has(document: Mapping[str, Json], urn: str) -> bool:
    """Return whether a resource has an extension: listed in its schemas, or with values."""
    listed = [each.lower() for each in strings(value_at({**document}, "schemas"))]
    return urn.lower() in listed or member({**document}, urn) is not None


@requirement("RFC7643-6-14", proof=("resource-types-extension-required",))
def test_a_required_extension_is_in_each_resource(
    specimens: Specimens, definitions: Definitions
) -> None:
    """Each resource has the extensions that its type calls required."""
    needing = {kind.name: _required(kind) for kind in definitions.types if _required(kind)}
    if not needing:
        raise NotOffered("no resource type calls an extension required")
    for each in specimens:
        lost: list[Json] = [u for u in needing.get(each.type, ()) if not _has(each.document, u)]
        shows(each.seen, holds=not lost, wanted="the required extensions", came=lost)


@requirement("RFC7643-6-14", proof=("resource-types-extension-required",))
def test_a_required_extension_is_asked_for(lab: Lab, definitions: Definitions) -> None:
    """A user without the extension that its type calls required is refused, or gets it."""
    kind = definitions.type("User")
    urns = _required(kind) if kind else []
    if not urns:
        raise NotOffered("the type of users calls no extension required")
    plain = {name: value for name, value in creating.plain(lab).items() if ":" not in name}
    reply = lab.scim.post("/Users", plain)
    lost: list[Json] = [urn for urn in urns if not _has(reply.object(), urn)]
    refused = 400 <= reply.status < 500
    shows(reply, holds=refused or not lost, wanted="a refusal, or the extensions", came=lost)


@requirement("RFC7643-6-15", proof=("create-requires-extension",))
def test_an_optional_extension_may_be_left_out(creates: Creates, definitions: Definitions) -> None:
    """A user without the extension that its type does not call required is created."""
    kind = definitions.type("User")
    if kind is None or not kind.extensions or _required(kind):
        raise NotOffered("the type of users has no extension that is optional")
    expect(creates["least"].reply).success()


@requirement("RFC7643-3-6", proof=("resource-types-without-extension",))
def test_an_extension_that_is_shown_is_listed(extended: Tried, definitions: Definitions) -> None:
    """A user who was sent an extension shows none that its type does not list."""
    kind = definitions.type("User")
    if kind is None:
        raise NotOffered("the server does not list users as a resource type")
    known = {urn.lower() for urn in (kind.schema, *kind.extensions)}
    for seen in extended.sights:
        listed = strings(value_at(seen.object(), "schemas"))
        strange: list[Json] = [urn for urn in listed if urn.lower() not in known]
        shows(seen, holds=not strange, wanted="schemas of a User", came=strange)


@requirement("RFC7643-3-5", proof=("schemas-without-extension",))
def test_an_extension_with_values_is_in_schemas(extended: Tried) -> None:
    """A user who shows values of an extension names it in `schemas`."""
    for seen in extended.made().sights:
        document = seen.object()
        listed = [each.lower() for each in strings(value_at(document, "schemas"))]
        shown = [name for name, value in document.items() if ":" in name and value]
        lost: list[Json] = [name for name in shown if name.lower() not in listed]
        shows(seen, holds=not lost, wanted="each extension in schemas", came=lost)


@requirement("RFC7643-7-17", proof=("entitlement-without-display-name", "schemas-title-required"))
def test_what_is_required_is_shown(specimens: Specimens, definitions: Definitions) -> None:
    """Each resource shows what its schema calls required, unless it is not returned."""
    if not definitions.known:
        raise NotOffered("the server does not publish its schemas")
    for each in specimens:
        shape, document = definitions.shape(each.type), {**each.document}
        lost: list[Json] = [*{*shape.faults(document, complete=True)} - {*shape.faults(document)}]
        shows(each.seen, holds=not lost, wanted=f"a whole {each.type}", came=lost)


@requirement("RFC7643-7-1", proof=("undefined-attributes-shown",))
def test_what_is_shown_is_defined(specimens: Specimens, definitions: Definitions) -> None:
    """Each attribute of a resource is in a schema of its type, published or of the RFC."""
    if not definitions.known:
        raise NotOffered("the server does not publish its schemas")
    for each in specimens:
        strange = {*definitions.shape(each.type).unknown({**each.document})}
        strange &= {*rfc().shape(each.type).unknown({**each.document})}
        # An extension that is not listed has a case of its own, and so have nested core attributes.
        names: list[Json] = [each for each in sorted(strange) if not each.startswith("urn:")]
        shows(each.seen, holds=not names, wanted="attributes of its schemas", came=names)


@requirement("RFC7643-3.1-34", proof=("entitlement-location-broken",))
def test_the_location_leads_to_a_resource_of_any_type(
    scim: Scim, specimens: Specimens, target: Target
) -> None:
    """GET on the path of `meta.location` of a resource that is no user or group gives it."""
    first = {each.type: each for each in reversed(specimens)}
    others = [each for name, each in first.items() if name not in ("User", "Group")]
    if not others:
        raise NotOffered("the server shows resources of no other type")
    base = urlsplit(target.url).path.rstrip("/")
    for each in others:
        told = value_at({**each.document}, "meta.location")
        if isinstance(told, str):
            seen = scim.get(f"/{urlsplit(told).path.removeprefix(base).lstrip('/')}")
            expect(seen).status(200).exactly("id", value_at({**each.document}, "id"))
