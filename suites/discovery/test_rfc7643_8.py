"""RFC 7643 sections 8.5 to 8.7.2: what is published beside the RFC's own documents."""

from __future__ import annotations

from idp_profiles.model import Json
from suites.bench import Discovery
from suites.client import ENTERPRISE_URN
from suites.client import GROUP_URN
from suites.client import USER_URN
from suites.client import Seen
from suites.discovery.comparing import attribute
from suites.discovery.comparing import by_path
from suites.discovery.comparing import differences
from suites.discovery.comparing import faults
from suites.discovery.comparing import published
from suites.discovery.entries import Entry
from suites.expect import expect
from suites.requirements import requirement
from suites.schemas.definitions import Attribute
from suites.schemas.definitions import Definitions
from suites.schemas.definitions import rfc
from suites.values import text
from suites.verdicts import NotOffered

Entries = tuple[Entry, ...]
_CORE = "urn:ietf:params:scim:schemas:core:2.0:"
_ENDPOINTS = {"User": "/Users", "Group": "/Groups"}
_URNS = {"User": USER_URN, "Group": GROUP_URN}
_TYPED = ("emails.type", "phonenumbers.type", "photos.type", "addresses.type")


def _none(seen: Seen, found: list[Json], wanted: str) -> None:
    __tracebackhide__ = True
    expect(seen).holds(lambda: not found, wanted, lambda: text(found[:6]))


@requirement("RFC7643-8.5-1", proof=("config-booleans-as-text", "config-schemes-as-names"))
def test_the_configuration_has_the_shape_of_the_rfc(config: Seen) -> None:
    """The values of the configuration have the types of section 5."""
    standard = rfc().schema(f"{_CORE}ServiceProviderConfig")
    found = faults(standard, config.object()) if standard else []
    _none(config, found, "a configuration as in the RFC")


@requirement("RFC7643-8.6-1", proof=("resource-types-endpoint-wrong",))
def test_users_and_groups_are_where_they_usually_are(
    discovery: Discovery, definitions: Definitions
) -> None:
    """The types User and Group have the endpoints and schemas of the RFC's example."""
    own = [each for each in definitions.types if each.name in _ENDPOINTS]
    if not own:
        raise NotOffered("the server lists neither users nor groups as a resource type")
    wrong: list[Json] = [
        f"{each.name}: {each.endpoint}, {each.schema}"
        for each in own
        if f"/{each.endpoint.strip('/')}" != _ENDPOINTS[each.name]
        or each.schema != _URNS[each.name]
    ]
    _none(discovery.types, wrong, "User at /Users and Group at /Groups")


@requirement("RFC7643-8.7.1-2", proof=("schemas-emails-singular", "schemas-title-multi-valued"))
def test_users_are_defined_as_in_the_rfc(discovery: Discovery, definitions: Definitions) -> None:
    """What the schema of users has of the RFC's attributes has their types and pluralities."""
    own = published(definitions, USER_URN)
    _none(discovery.schemas, differences(own), "the types of section 8.7.1")


@requirement("RFC7643-8.7.1-3", proof=("schemas-user-name-optional", "schemas-case-exact-wrong"))
def test_user_names_are_defined_as_in_the_rfc(
    discovery: Discovery, definitions: Definitions
) -> None:
    """In the schema of users the userName is required, unique and without case."""
    own = attribute(published(definitions, USER_URN), "userName")
    unique = own.uniqueness.lower() in ("server", "global")
    good = own.required and unique and not own.case_exact
    expect(discovery.schemas).holds(
        lambda: good,
        "userName required, uniqueness server, caseExact false",
        lambda: f"required {own.required}, uniqueness {own.uniqueness}, {own.case_exact}",
    )


@requirement("RFC7643-8.7.1-4", proof=("schemas-show-password",))
def test_passwords_are_defined_as_in_the_rfc(
    discovery: Discovery, definitions: Definitions
) -> None:
    """In the schema of users the password is writeOnly and never returned."""
    own = attribute(published(definitions, USER_URN), "password")
    found = (own.mutability.lower(), own.returned.lower())
    expect(discovery.schemas).holds(
        lambda: found == ("writeonly", "never"), "writeOnly and never", lambda: f"{found}"
    )


def _mutability(discovery: Discovery, own: Attribute, wanted: str) -> None:
    __tracebackhide__ = True
    expect(discovery.schemas).holds(
        lambda: own.mutability.lower() == wanted.lower(),
        f"{own.path} {wanted}",
        lambda: own.mutability,
    )


@requirement("RFC7643-8.7.1-5", proof=("schemas-groups-writable",))
def test_the_groups_of_a_user_are_defined_as_in_the_rfc(
    discovery: Discovery, definitions: Definitions
) -> None:
    """In the schema of users the groups of a user are readOnly."""
    own = attribute(published(definitions, USER_URN), "groups")
    _mutability(discovery, own, "readOnly")


@requirement("RFC7643-8.7.1-6", proof=("schemas-members-as-texts",))
def test_groups_are_defined_as_in_the_rfc(discovery: Discovery, definitions: Definitions) -> None:
    """The schema of groups has displayName and members with the types of the RFC."""
    own = published(definitions, GROUP_URN)
    lost = [f"no {name}" for name in ("displayname", "members") if name not in by_path(own)]
    _none(discovery.schemas, [*lost, *differences(own)], "the types of section 8.7.1")


@requirement("RFC7643-8.7.1-7", proof=("schemas-members-read-only",))
def test_members_can_be_written(discovery: Discovery, definitions: Definitions) -> None:
    """In the schema of groups the members are readWrite."""
    own = attribute(published(definitions, GROUP_URN), "members")
    _mutability(discovery, own, "readWrite")


@requirement("RFC7643-8.7.1-7", proof=("schemas-member-values-editable",))
def test_the_parts_of_a_member_are_immutable(
    discovery: Discovery, definitions: Definitions
) -> None:
    """In the schema of groups value, $ref and type of a member are immutable."""
    known = by_path(published(definitions, GROUP_URN))
    for path in ("members.value", "members.$ref", "members.type"):
        if path in known:
            _mutability(discovery, known[path], "immutable")


@requirement("RFC7643-8.7.1-8", proof=("schemas-manager-as-text",))
def test_the_extension_is_defined_as_in_the_rfc(
    discovery: Discovery, definitions: Definitions
) -> None:
    """What the enterprise schema has of the RFC's attributes has their types and pluralities."""
    own = published(definitions, ENTERPRISE_URN)
    _none(discovery.schemas, differences(own), "the types of section 8.7.1")


@requirement("RFC7643-8.7.1-8", proof=("schemas-manager-name-editable",))
def test_the_name_of_a_manager_is_the_servers(
    discovery: Discovery, definitions: Definitions
) -> None:
    """In the enterprise schema the displayName of a manager is readOnly."""
    own = attribute(published(definitions, ENTERPRISE_URN), "manager.displayName")
    _mutability(discovery, own, "readOnly")


@requirement("RFC7643-8.7.2-1", proof=("schemas-config-of-other-types",))
def test_the_configuration_fits_its_own_schema(config: Seen, definitions: Definitions) -> None:
    """The configuration has the types that the server's schema of it defines."""
    own = published(definitions, f"{_CORE}ServiceProviderConfig")
    _none(config, faults(own, config.object()), "a configuration as defined")


@requirement("RFC7643-8.7.2-2", proof=("schemas-type-of-other-types",))
def test_the_resource_types_fit_their_own_schema(
    discovery: Discovery, definitions: Definitions, listed_types: Entries
) -> None:
    """Each resource type has the types that the server's schema of them defines."""
    own = published(definitions, f"{_CORE}ResourceType")
    # The RFC's own schema has one value where its text has a list.
    but = ("schemaextensions",)
    found = [line for each in listed_types for line in faults(own, {**each}, but)]
    _none(discovery.types, found, "resource types as defined")


@requirement("RFC7643-8.7.2-3", proof=("schemas-schema-of-other-types",))
def test_the_schemas_fit_their_own_schema(
    discovery: Discovery, definitions: Definitions, listed_schemas: Entries
) -> None:
    """Each schema has the types that the server's schema of them defines."""
    own = published(definitions, f"{_CORE}Schema")
    # An erratum (EID 5607) says that referenceTypes is multi-valued.
    but = ("referencetypes",)
    found = [line for each in listed_schemas for line in faults(own, {**each}, but)]
    _none(discovery.schemas, found, "schemas as defined")


@requirement("RFC7643-8.7.2-4", proof=("schemas-without-canonical-values",))
def test_the_kinds_of_values_are_named(discovery: Discovery, definitions: Definitions) -> None:
    """The types of e-mails, telephones, photos and addresses have canonicalValues."""
    known = by_path(published(definitions, USER_URN))
    lacking: list[Json] = [
        path for path in _TYPED if path in known and not known[path].canonical_values
    ]
    _none(discovery.schemas, lacking, "canonicalValues")
