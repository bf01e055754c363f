"""RFC 7643 sections 4 and 4.1: the schemas that a server has, and that of users."""

from __future__ import annotations

from suites.bench import Discovery
from suites.client import USER_URN
from suites.expect import expect
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.schemas.listed import listing
from suites.scim_fixtures import Reading
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import NotOffered


@requirement("RFC7643-4-1", proof=("resource-types-name-plural",))
def test_users_are_a_resource_type(
    discovery: Discovery, definitions: Definitions, reading: Reading
) -> None:
    """Users are among the resource types of the server."""
    if not definitions.types:
        raise NotOffered("the server does not publish its resource types")
    names = [each.name for each in definitions.types]
    reading(f"the resource types are {', '.join(names)}")
    expect(discovery.types).holds(lambda: "User" in names, "User", lambda: ", ".join(names))


@requirement("RFC7643-4.1-1", proof=("users-of-own-schema",))
def test_a_user_says_which_schema_it_has(calm_user: Made) -> None:
    """`schemas` of a user holds the URI of the schema of users."""
    found = [str(urn).lower() for urn in calm_user.values("schemas")]
    expect(calm_user.reply).holds(lambda: USER_URN.lower() in found, USER_URN, lambda: str(found))


@requirement("RFC7643-4.1-1", proof=("schemas-without-users",))
def test_the_schema_of_users_is_published(discovery: Discovery) -> None:
    """The URI of the schema of users is the id of an entry of /Schemas."""
    if discovery.schemas.status != 200:
        raise NotOffered("the server does not publish its schemas")
    known = [str(value_at(each, "id")).lower() for each in listing(discovery.schemas)]
    expect(discovery.schemas).holds(
        lambda: USER_URN.lower() in known, USER_URN, lambda: ", ".join(known)
    )
