"""RFC 7644 section 4: the three endpoints by which a server tells what it is."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from idp_profiles.model import Json
from suites.attributes.others import is_relative
from suites.bench import Discovery
from suites.client import USER_URN
from suites.discovery.conftest import Asked
from suites.expect import expect
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.schemas.listed import is_bare
from suites.schemas.listed import listing
from suites.values import same_but_for_case
from suites.values import text
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

CONFIG_URN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
LISTS = ("ResourceTypes", "Schemas")
NOWHERE = "urn:ietf:params:scim:schemas:scimproof:1.0:Nothing"


@requirement(
    "RFC7644-4-2",
    proof=(
        "config-without-schemas",
        "config-as-list",
        "config-of-scim-1",
        "service-provider-config-404",
    ),
)
def test_the_configuration_says_that_it_is_one(discovery: Discovery) -> None:
    """GET /ServiceProviderConfig gives one object, with the schema of the configuration."""
    expect(discovery.config).status(200).has("schemas", [CONFIG_URN]).absent("Resources")


@requirement(
    "RFC7644-4-4",
    proof=(
        "schemas-without-enterprise",
        "schemas-empty",
        "schemas-404",
        "resource-types-schema-by-name",
        "resource-types-extension-by-name",
    ),
)
def test_every_schema_of_a_resource_type_is_listed(
    discovery: Discovery, definitions: Definitions
) -> None:
    """/Schemas lists every schema and extension that /ResourceTypes names."""
    named = {urn for each in definitions.types for urn in (each.schema, *each.extensions)}
    expect(discovery.schemas).status(200).holds(
        lambda: all(definitions.schema(urn) for urn in named),
        f"the schemas {sorted(named)}",
        lambda: str(sorted(each.urn for each in definitions.schemas.values())),
    )


@requirement("RFC7644-4-4", proof=("discovery-total-too-small",))
def test_the_number_of_schemas_is_the_one_that_is_told(discovery: Discovery) -> None:
    """/Schemas holds as many schemas as its totalResults says."""
    if is_bare(discovery.schemas):
        raise NotOffered(
            "/Schemas is an array in place of a ListResponse with the number, which RFC7644-4-8 "
            "judges"
        )
    expect(discovery.schemas).status(200).complete()


@requirement("RFC7644-4-5", proof=("schema-by-id-404", "schema-by-id-in-list"))
def test_one_schema_is_an_object_by_its_uri(single_schema: Asked) -> None:
    """GET /Schemas/URI gives that schema by itself."""
    expect(single_schema.reply).status(200).exactly("id", single_schema.id).filled("attributes")


@requirement("RFC7644-4-5", proof=("unknown-schema-200",))
def test_a_schema_that_is_not_there_is_not_found(discovery: Discovery, scim: Scim) -> None:
    """GET /Schemas/URI with an unknown URI gives 404."""
    expect(scim.get(f"/Schemas/{quote(NOWHERE, safe='')}")).scim_error(404)


@requirement(
    "RFC7644-4-6",
    proof=("resource-types-without-schema", "resource-types-404"),
)
def test_users_are_a_resource_type(discovery: Discovery) -> None:
    """/ResourceTypes lists users with their endpoint and their schema."""
    wanted: Json = ["User", USER_URN]

    def known() -> list[Json]:
        return [[value_at(e, "name"), value_at(e, "schema")] for e in listing(discovery.types)]

    expect(discovery.types).status(200).holds(
        lambda: any(same_but_for_case(each, wanted) for each in known()),
        f"the type User with the schema {USER_URN}",
        lambda: text(known()),
    )


@requirement("RFC7644-4-6", proof=("resource-types-endpoint-wrong",))
def test_the_endpoint_of_a_resource_type_is_there(
    discovery: Discovery, definitions: Definitions, scim: Scim
) -> None:
    """The endpoint that /ResourceTypes gives for users answers."""
    listed = definitions.type("User")
    expect(discovery.types).holds(lambda: listed is not None, "a type User", lambda: "none")
    path = listed.endpoint if listed else ""
    if not is_relative(path):
        raise Blocked(f"the endpoint {path} is no relative path", by="RFC7643-6-9")
    expect(scim.get(path if path.startswith("/") else f"/{path}", count=1)).status(200)


@requirement("RFC7644-4-7", proof=("resource-type-by-name-404",))
def test_one_resource_type_is_an_object_by_its_id(single_type: Asked) -> None:
    """GET /ResourceTypes/ID gives that resource type by itself."""
    expect(single_type.reply).status(200).exactly("name", single_type.id)


@requirement("RFC7644-4-7", proof=("unknown-resource-type-200",))
def test_a_resource_type_that_is_not_there_is_not_found(discovery: Discovery, scim: Scim) -> None:
    """GET /ResourceTypes/ID with an unknown id gives 404."""
    expect(scim.get("/ResourceTypes/ScimproofNothing")).status(404)


@pytest.mark.parametrize("endpoint", LISTS)
@requirement(
    "RFC7644-4-8",
    proof=("discovery-list-without-schemas", "schemas-bare-array+resource-types-bare-array"),
)
def test_several_come_as_a_list_response(endpoint: str, discovery: Discovery) -> None:
    """Resource types and schemas come as a ListResponse with their number."""
    reply = discovery.types if endpoint == "ResourceTypes" else discovery.schemas
    expect(reply).list_response("totalResults").filled("Resources")


@pytest.mark.parametrize("endpoint", LISTS)
@requirement("RFC7644-4-9", proof=("discovery-paged",))
def test_paging_is_ignored(endpoint: str, paged: dict[str, Asked]) -> None:
    """A query with startIndex, count and sortBy gives the complete list."""
    asked = paged[endpoint]
    expect(asked.reply).status(200).holds(
        lambda: asked.ids() == asked.all, f"{len(asked.all)} entries", lambda: str(asked.ids())
    )


@pytest.mark.parametrize("endpoint", LISTS)
@requirement("RFC7644-4-10", proof=("discovery-filtered",))
def test_a_filter_is_not_applied(endpoint: str, filtered: dict[str, Asked]) -> None:
    """A filter that one entry matches is refused, or gives the complete list."""
    asked = filtered[endpoint]
    expect(asked.reply).holds(
        lambda: asked.reply.status >= 400 or asked.ids() == asked.all,
        f"a refusal or {len(asked.all)} entries",
        lambda: str(asked.ids()),
    )


@pytest.mark.parametrize("endpoint", LISTS)
@requirement("RFC7644-4-11", proof=("discovery-filter-answered",))
def test_a_filter_is_forbidden(endpoint: str, filtered: dict[str, Asked]) -> None:
    """A filter on types or schemas gives 403, so that nobody takes the list for a filtered one."""
    expect(filtered[endpoint].reply).scim_error(403)


@requirement("RFC7644-4-11", proof=("config-filter-answered",))
def test_a_filter_on_the_configuration_is_forbidden(filtered: dict[str, Asked]) -> None:
    """A filter on /ServiceProviderConfig gives 403."""
    expect(filtered["ServiceProviderConfig"].reply).scim_error(403)
