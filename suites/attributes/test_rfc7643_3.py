"""RFC 7643 sections 3, 3.3: the schemas of a resource, its type and its extensions."""

from __future__ import annotations

from suites.attributes.conftest import Creates
from suites.attributes.conftest import Specimen
from suites.attributes.creating import Tried
from suites.attributes.showing import shows
from suites.client import ENTERPRISE_URN
from suites.expect import expect
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.values import strings
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import NotOffered

Specimens = tuple[Specimen, ...]


def _schemas(each: Specimen) -> list[str]:
    return strings(value_at({**each.document}, "schemas"))


@requirement("RFC7643-3-1", proof=("meta-resource-type-plural", "resource-types-name-plural"))
def test_the_type_of_a_resource_is_listed(specimens: Specimens, definitions: Definitions) -> None:
    """`meta.resourceType` of each resource is the name of an entry of /ResourceTypes."""
    if not definitions.types:
        raise NotOffered("the server does not publish its resource types")
    for each in specimens:
        named = value_at({**each.document}, "meta.resourceType")
        known = any(kind.name == named for kind in definitions.types)
        shows(each.seen, holds=known, wanted="the name of a resource type", came=named)


@requirement("RFC7643-3-3", proof=("schemas-as-text",))
def test_the_schemas_are_an_array_of_texts(specimens: Specimens) -> None:
    """`schemas` of each resource is an array of URIs."""
    for each in specimens:
        found = value_at({**each.document}, "schemas")
        good = isinstance(found, list) and all(":" in str(urn) for urn in found)
        shows(each.seen, holds=good, wanted="an array of URIs", came=found)


@requirement("RFC7643-3-5", proof=("users-without-schemas", "entitlement-without-schemas"))
def test_every_resource_has_schemas(specimens: Specimens) -> None:
    """`schemas` of each resource is there and not empty."""
    for each in specimens:
        found = value_at({**each.document}, "schemas")
        shows(each.seen, holds=bool(found), wanted="schemas", came=found)


@requirement("RFC7643-3-6", proof=("schemas-list-unknown",))
def test_schemas_are_those_of_the_type(specimens: Specimens, definitions: Definitions) -> None:
    """`schemas` of each resource holds the schema and extensions of its type and no other."""
    if not definitions.types:
        raise NotOffered("the server does not publish its resource types")
    for each in specimens:
        kind = definitions.type(each.type)
        known = {urn.lower() for urn in (kind.schema, *kind.extensions)} if kind else set()
        strange = [urn for urn in _schemas(each) if urn.lower() not in known]
        shows(each.seen, holds=not strange, wanted=f"schemas of a {each.type}", came=[*strange])


@requirement("RFC7643-3-7", proof=("schemas-repeated",))
def test_no_schema_is_listed_twice(specimens: Specimens) -> None:
    """`schemas` of each resource holds no value twice."""
    for each in specimens:
        found = [urn.lower() for urn in _schemas(each)]
        shows(each.seen, holds=len({*found}) == len(found), wanted="each once", came=[*found])


@requirement("RFC7643-3-8", proof=("schemas-order-matters",))
def test_schemas_come_in_any_order(extended: Tried) -> None:
    """A user whose extension is listed before the schema of users is created all the same."""
    expect(extended.unusual().reply).success()
    expect(extended.after).status(200).has("userName", extended.sent["userName"])


@requirement("RFC7643-3-10", proof=("core-attributes-nested",))
def test_core_attributes_stand_at_the_top(creates: Creates) -> None:
    """The attributes of the schema of users stand at the top of the object."""
    made = creates["words"].made()
    expect(made.after).status(200).has("userName", made.sent["userName"])


@requirement("RFC7643-3.3-1", proof=("create-makes-up-user-name",))
def test_an_extension_keeps_the_rules_of_the_core(scim: Scim, extended: Tried) -> None:
    """A user with an extension and without userName is refused."""
    body = {name: value for name, value in extended.sent.items() if name != "userName"}
    expect(scim.post("/Users", body)).scim_error(400)


@requirement("RFC7643-3.3-3", proof=("users-without-schemas",))
def test_the_base_schema_is_listed(specimens: Specimens, definitions: Definitions) -> None:
    """`schemas` of each resource holds the base schema of its type."""
    for each in specimens:
        kind = definitions.type(each.type)
        found = [urn.lower() for urn in _schemas(each)]
        good = kind is None or kind.schema.lower() in found
        shows(each.seen, holds=good, wanted="the base schema", came=[*found])


@requirement("RFC7643-3.3-7", proof=("extension-at-top",))
def test_an_extension_stands_under_its_uri(extended: Tried, definitions: Definitions) -> None:
    """The department of a user stands in an object under the URI of the extension."""
    made = extended.made()
    known = not definitions.known or definitions.attribute(f"{ENTERPRISE_URN}:department")
    if not known:
        raise NotOffered("the server's extension has no department")
    expect(made.after).status(200).has(f"{ENTERPRISE_URN}:department", "Tours")
    expect(made.after).absent("department")
