"""RFC 7643 section 4.3: the enterprise extension of users."""

from __future__ import annotations

from suites.attributes.showing import shows
from suites.bench import Discovery
from suites.client import ENTERPRISE_URN
from suites.expect import expect
from suites.groups.memberships import Memberships
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.schemas.listed import listing
from suites.scim_fixtures import Reading
from suites.users.staffing import FALSE_NAME
from suites.users.staffing import Employee
from suites.users.staffing import lost
from suites.values import value_at
from suites.verdicts import NotOffered


@requirement("RFC7643-4.3-1", proof=("schemas-without-enterprise",))
def test_the_schema_of_the_extension_is_published(
    discovery: Discovery, definitions: Definitions
) -> None:
    """An extension that /ResourceTypes lists for users is an entry of /Schemas."""
    found = definitions.type("User")
    named = [urn.lower() for urn in found.extensions] if found else []
    if ENTERPRISE_URN.lower() not in named or discovery.schemas.status != 200:
        raise NotOffered("the server does not list the enterprise extension")
    ids = [value_at(each, "id") for each in listing(discovery.schemas)]
    known = ENTERPRISE_URN.lower() in [str(each).lower() for each in ids]
    shows(discovery.schemas, holds=known, wanted=ENTERPRISE_URN, came=[*ids])


@requirement("RFC7643-4.3-1", proof=("resource-types-without-extension",))
def test_the_extension_is_listed_where_users_have_it(
    employee: Employee, discovery: Discovery, definitions: Definitions
) -> None:
    """/ResourceTypes lists the enterprise extension for users who have it."""
    wish = employee.wishes["five"]
    wish.kept(ENTERPRISE_URN)
    found = definitions.type("User")
    if found is None:
        raise NotOffered("the server does not publish its resource types")
    named = [urn.lower() for urn in found.extensions]
    shows(
        discovery.types,
        holds=ENTERPRISE_URN.lower() in named,
        wanted=ENTERPRISE_URN,
        came=[*named],
    )


@requirement("RFC7643-4.3-2", proof=("enterprise-texts-as-numbers", "enterprise-refused-listed"))
def test_enterprise_attributes_are_kept(employee: Employee) -> None:
    """The five single enterprise attributes come back as the texts that were sent."""
    wish = employee.wishes["five"]
    expect(wish.reply).success()
    wrong = lost(wish)
    shows(wish.after, holds=not wrong, wanted="the texts that were sent", came=", ".join(wrong))


@requirement("RFC7643-4.3-2", proof=("enterprise-dropped",))
def test_enterprise_attributes_are_shown(employee: Employee, definitions: Definitions) -> None:
    """A user with a department is shown with it, where the schema has one."""
    if definitions.attribute(f"{ENTERPRISE_URN}:department") is None:
        raise NotOffered("the server's schema has no department")
    after = expect(employee.wishes["five"].after).status(200)
    after.filled(f"{ENTERPRISE_URN}:department")


@requirement("RFC7643-4.3-3", proof=("manager-as-text",))
def test_a_manager_is_kept(employee: Employee) -> None:
    """The manager comes back as an object with the id that was sent."""
    seen = employee.manager("manager")
    found = employee.part("manager", "value")
    if found is None and isinstance(employee.whole("manager"), dict):
        raise NotOffered("the manager is shown without its id")
    shows(seen, holds=found == employee.boss.id, wanted=employee.boss.id, came=found)


@requirement("RFC7643-4.3-4", proof=("manager-without-value",))
def test_a_manager_has_a_value(employee: Employee) -> None:
    """A manager is shown with `value`."""
    seen = employee.manager("manager")
    if not isinstance(employee.whole("manager"), dict):
        raise NotOffered("the manager is no object")
    found = employee.part("manager", "value")
    shows(seen, holds=bool(found), wanted="a value", came=employee.whole("manager"))


@requirement("RFC7643-4.3-5", proof=("manager-without-ref", "manager-ref-broken"))
def test_a_manager_has_a_reference(employee: Employee) -> None:
    """A manager is shown with a `$ref` that is the URI of the manager, absolute or relative."""
    seen = employee.manager("manager")
    told = employee.part("manager", "$ref")
    leads = isinstance(told, str) and Memberships.leads_to(told, employee.boss)
    shows(seen, holds=leads, wanted=f"a URI that ends in {employee.boss.path}", came=told)


@requirement("RFC7643-4.3-6", proof=("manager-needs-display-name",))
def test_a_manager_needs_no_name(employee: Employee, reading: Reading) -> None:
    """A user is taken whose manager is given by the id alone."""
    wish = employee.wishes["manager"]
    expect(wish.reply).success()
    named = employee.part("manager", "displayName") is not None
    reading(f"a manager is shown {'with' if named else 'without'} displayName")


@requirement("RFC7643-4.3-7", proof=("manager-name-of-the-client",))
def test_the_name_of_a_manager_is_read_only(employee: Employee) -> None:
    """A name for the manager that the client makes up is ignored."""
    wish = employee.wishes["false name"]
    expect(wish.reply).success()
    seen = employee.manager("false name")
    found = employee.part("false name", "displayName")
    shows(seen, holds=found != FALSE_NAME, wanted="the manager's own name, or none", came=found)
