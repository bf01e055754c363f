"""RFC 7643 section 10: the URIs of schemas, their form and their spelling."""

from __future__ import annotations

import re

from idp_profiles.model import Json
from suites.attributes import odd
from suites.attributes.conftest import Specimen
from suites.attributes.showing import shows
from suites.bench import Discovery
from suites.client import Seen
from suites.expect import expect
from suites.requirements import requirement
from suites.schemas.listed import listing
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import items
from suites.values import strings
from suites.values import value_at

Specimens = tuple[Specimen, ...]
_SPACE = "urn:ietf:params:scim:"
_FORM = re.compile(r"urn:ietf:params:scim:(schemas|api):[^:]+(:.+)?", re.IGNORECASE)
_CORE = f"{_SPACE}schemas:core:2.0:"
_REGISTERED = (
    *(f"{_CORE}{n}" for n in ("User", "Group", "ServiceProviderConfig", "ResourceType", "Schema")),
    f"{_SPACE}schemas:extension:enterprise:2.0:User",
)
_SPELLED = {urn.lower(): urn for urn in _REGISTERED}


def _named(document: Json) -> list[str]:
    """Return the URIs by which a document and the entries in it name schemas."""
    found = strings(value_at(document, "schemas"))
    for entry in items(value_at(document, "Resources")):
        found += strings([value_at(entry, name) for name in ("id", "schema")])
        found += strings(value_at(entry, "schemas"))
        listed = items(value_at(entry, "schemaExtensions"))
        found += strings([value_at(each, "schema") for each in listed])
    return [urn for urn in found if urn.lower().startswith(_SPACE)]


def _all(discovery: Discovery, specimens: Specimens) -> list[tuple[Seen, list[str]]]:
    replies = (discovery.config, discovery.types, discovery.schemas)
    named = [(seen, _named({**seen.object(), "Resources": listing(seen)})) for seen in replies]
    return [*named, *((each.seen, _named({**each.document})) for each in specimens)]


@requirement("RFC7643-10.2.1-1", proof=("urns-without-kind",))
def test_uris_have_the_form_of_the_registry(discovery: Discovery, specimens: Specimens) -> None:
    """Each URI of the SCIM namespace says whether it is of a schema or of a message."""
    for seen, urns in _all(discovery, specimens):
        wrong: list[Json] = [urn for urn in urns if not _FORM.fullmatch(urn)]
        shows(seen, holds=not wrong, wanted="urn:ietf:params:scim:schemas:… or api:…", came=wrong)


@requirement("RFC7643-10.4-1", proof=("urns-in-lower-case", "schema-ids-in-lower-case"))
def test_registered_uris_are_spelled_as_registered(
    discovery: Discovery, specimens: Specimens
) -> None:
    """Each URI of the registry is spelled as it stands there, capitals included."""
    for seen, urns in _all(discovery, specimens):
        wrong: list[Json] = [urn for urn in urns if _SPELLED.get(urn.lower(), urn) != urn]
        shows(seen, holds=not wrong, wanted="the spelling of the registry", came=wrong)


@requirement("RFC7643-10.2.1-6", proof=("create-urn-in-capitals-500",))
def test_a_uri_may_begin_with_capitals(experiment: Experiment, reading: Reading) -> None:
    """A user whose schemas begin with URN in capitals is taken or refused."""
    made = experiment(odd.in_capitals)
    reading(f"URN in capitals in schemas is answered with {made.reply.status}")
    expect(made.reply).no_server_error()
