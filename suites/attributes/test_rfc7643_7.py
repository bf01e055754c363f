"""RFC 7643 section 7: what the server publishes of its attributes against what it does."""

from __future__ import annotations

import pytest

from suites.attributes import creating
from suites.attributes.conftest import Creates
from suites.attributes.conftest import Replaced
from suites.attributes.conftest import Specimen
from suites.attributes.showing import shows
from suites.expect import expect
from suites.making import bodies
from suites.making.lab import Lab
from suites.making.world import World
from suites.requirements import requirement
from suites.schemas.definitions import Attribute
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Reading
from suites.values import alike
from suites.values import is_empty
from suites.values import quoted
from suites.values import strings
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered

Specimens = tuple[Specimen, ...]
Steps = dict[str, Replaced]


@pytest.fixture
def told(definitions: Definitions) -> Definitions:
    """The server's own definitions; skips the case where it publishes none."""
    if not definitions.known:
        raise NotOffered("the server does not publish its schemas")
    return definitions


def _of_users(told: Definitions, *, simple: bool = False) -> tuple[Attribute, ...]:
    """Return the attributes at the top of a user; simple ones hold one text."""
    top = [each for each in told.every("User") if each.path == each.name]
    if simple:
        top = [each for each in top if each.type == "string" and not each.multi_valued]
    return tuple(top)


@requirement("RFC7643-7-1", proof=("schemas-without-groups",))
def test_every_schema_in_use_is_published(specimens: Specimens, told: Definitions) -> None:
    """Each value in `schemas` of a resource is the id of a schema in /Schemas."""
    for each in specimens:
        used = strings(value_at({**each.document}, "schemas"))
        lost = [urn for urn in used if told.schema(urn) is None]
        shows(each.seen, holds=not lost, wanted="published schemas", came=[*lost])


@requirement("RFC7643-7-15", proof=("schemas-title-multi-valued",))
def test_arrays_are_where_schemas_say_so(specimens: Specimens, told: Definitions) -> None:
    """A value is an array where its attribute is multi-valued in /Schemas, and only there."""
    for each in specimens:
        for attribute in told.every(each.type):
            found = value_at({**each.document}, attribute.path)
            if attribute.path == attribute.name and found is not None:
                good = isinstance(found, list) is attribute.multi_valued
                shows(each.seen, holds=good, wanted=f"{attribute.name} as published", came=found)


@requirement("RFC7643-7-17", proof=("schemas-title-required", "create-makes-up-user-name"))
def test_what_is_required_is_asked_for(lab: Lab, told: Definitions) -> None:
    """A user who lacks an attribute that /Schemas calls required is refused."""
    needed = [a.name for a in _of_users(told) if a.required and a.writable and a.name != "schemas"]
    for name in needed:
        body = lab.user_bodies(bodies.full_user(lab.people.person()))[0]
        lacking = {key: value for key, value in body.items() if key.lower() != name.lower()}
        expect(lab.scim.post("/Users", lacking)).scim_error(400)


@requirement("RFC7643-7-20", proof=("filter-case-sensitive", "schemas-case-exact-wrong"))
def test_filters_compare_as_case_exact_says(scim: Scim, world: World, told: Definitions) -> None:
    """An `eq` with the value in other capitals finds as `caseExact` in /Schemas says."""
    for path in ("userName", "displayName", "externalId"):
        attribute = told.attribute(path)
        if attribute is None or not world["ada"].has(path):
            continue
        other = str(world["ada"].value(path)).swapcase()
        exact = [each for each in world.users if each.value(path) == other]
        same = world.equal(path, other)
        wanted = exact if attribute.case_exact else same
        expect(scim.find(f"{path} eq {quoted(other)}")).finds(*wanted, among=world.users)


@requirement("RFC7643-7-21", proof=("external-ids-in-lower-case",))
def test_case_exact_values_keep_their_case(calm_user: Made, told: Definitions) -> None:
    """A value of an attribute that is case exact in /Schemas is shown as it was sent."""
    for each in _of_users(told, simple=True):
        given, shown = value_at({**calm_user.sent}, each.name), calm_user.value(each.name)
        if each.case_exact and isinstance(given, str) and isinstance(shown, str):
            same = shown == given or shown.lower() != given.lower()
            shows(calm_user.reply, holds=same, wanted=f"{each.name} {given}", came=shown)


@requirement("RFC7643-7-22", proof=("create-without-user-name",))
def test_other_values_may_change_their_case(calm_user: Made, reading: Reading) -> None:
    """A userName is shown as it was sent, or in other capitals."""
    same = calm_user.value("userName") == calm_user.sent["userName"]
    reading(f"the case of a userName is {'kept' if same else 'changed'}")
    expect(calm_user.reply).has("userName", calm_user.sent["userName"])


@requirement("RFC7643-7-23", proof=("filter-texts-have-case",))
def test_parts_of_a_value_compare_as_the_whole(scim: Scim, world: World, told: Definitions) -> None:
    """`sw` and `co` overlook capitals where /Schemas says that the attribute has no case."""
    attribute = told.attribute("userName")
    if attribute is None or attribute.case_exact:
        raise NotOffered("userName is case exact")
    name = str(world["ada"].value("userName")).swapcase()
    for operator in ("sw", "co"):
        found = scim.find(f"userName {operator} {quoted(name)}")
        expect(found).finds(world["ada"], among=world.users)


@requirement("RFC7643-7-24", proof=("put-takes-meta", "schemas-display-name-read-only"))
def test_read_only_values_are_not_taken(replaced: Steps, told: Definitions) -> None:
    """A PUT changes no attribute that is readOnly in /Schemas."""
    change = replaced["read only"]
    for each in told.every("User"):
        given = value_at({**change.sent}, each.path)
        old = value_at({**change.before}, each.path)
        if each.mutability != "readOnly" or is_empty(given) or alike(given, old):
            continue
        for seen in change.sights:
            found = value_at(seen.object(), each.path)
            taken = alike(found, given)
            shows(seen, holds=not taken, wanted=f"{each.path} of the server's", came=found)


@requirement("RFC7643-7-28", proof=("create-refuses-password",))
def test_a_password_can_be_set(creates: Creates, told: Definitions) -> None:
    """A user with a password is created."""
    if told.attribute("password") is None:
        raise NotOffered("the server's schema of users has no password")
    expect(creates["password"].unusual().reply).success()


def _hidden(specimens: Specimens, told: Definitions, names: set[str]) -> None:
    for each in specimens:
        for attribute in told.every(each.type):
            if {attribute.mutability, attribute.returned} & names:
                found = values_at({**each.document}, attribute.path)
                shows(each.seen, holds=not found, wanted=f"no {attribute.path}", came=found)


@requirement("RFC7643-7-29", proof=("schemas-title-write-only",))
def test_write_only_values_are_not_shown(specimens: Specimens, told: Definitions) -> None:
    """No resource shows an attribute that is writeOnly in /Schemas."""
    _hidden(specimens, told, {"writeOnly"})


@requirement("RFC7643-7-30", proof=("schemas-title-always-returned", "attributes-hide-id"))
def test_what_is_always_returned_is_there(scim: Scim, calm_user: Made, told: Definitions) -> None:
    """An attribute that is always returned is shown whatever `attributes` names or excludes."""
    # Of `schemas` RFC 7643 section 3 speaks; an example of RFC 7644 section 3.4.2 lacks them.
    always = {a.name for a in _of_users(told) if a.returned == "always"} - {"schemas"}
    names = [name for name in sorted(always) if calm_user.has(name)]
    seen = scim.get(calm_user, attributes="userName")
    for name in names:
        expect(seen).status(200).filled(name)
    seen = scim.get(calm_user, excludedAttributes=[*names])
    for name in names:
        expect(seen).status(200).filled(name)


@requirement("RFC7643-7-31", proof=("schemas-title-never-returned",))
def test_what_is_never_returned_is_not_there(
    scim: Scim, calm_user: Made, specimens: Specimens, told: Definitions
) -> None:
    """An attribute that is never returned is not shown, even where `attributes` names it."""
    _hidden(specimens, told, {"never"})
    for each in _of_users(told):
        if each.returned == "never":
            expect(scim.get(calm_user, attributes=each.name)).no_server_error().absent(each.name)


@requirement("RFC7643-7-32", proof=("filter-by-password-500",))
def test_a_filter_on_a_password_gives_nothing_away(scim: Scim, told: Definitions) -> None:
    """A filter on a password is refused or answered, without a server error."""
    if told.attribute("password") is None:
        raise NotOffered("the server's schema of users has no password")
    expect(scim.get("/Users", filter='password eq "scimproof"')).no_server_error()


@requirement("RFC7643-7-33", proof=("attributes-ignored",))
def test_what_is_not_named_is_not_returned(scim: Scim, calm_user: Made, told: Definitions) -> None:
    """With `attributes` no other attribute is shown that is returned by default."""
    seen = scim.get(calm_user, attributes="userName")
    for each in _of_users(told):
        if each.returned == "default" and each.name != "userName":
            expect(seen).status(200).lacks(each.name)


@requirement("RFC7643-7-37", proof=("display-names-unique",))
def test_other_values_need_not_be_unique(lab: Lab, calm_user: Made, told: Definitions) -> None:
    """A second user with a displayName that is taken is created, unless /Schemas forbids it."""
    found = told.attribute("displayName")
    if found is None or found.uniqueness != "none":
        raise NotOffered("the server has no displayName that may occur twice")
    given = calm_user.kept("displayName").value("displayName")
    body = creating.plain(lab, displayName=given)
    expect(creating.tried(lab, body, controlled=True).unusual().reply).success()


@requirement("RFC7643-7-38", proof=("duplicates-allowed", "schemas-display-name-unique"))
def test_unique_values_occur_once(
    lab: Lab, user: Made, told: Definitions, reading: Reading
) -> None:
    """A second user with a value that /Schemas calls unique is refused."""
    for each in _of_users(told, simple=True):
        given = user.value(each.name)
        if each.uniqueness == "none" or not each.writable or is_empty(given):
            continue
        body = lab.user_bodies(creating.plain(lab, **{each.name: given}))[0]
        reply = lab.scim.post("/Users", body)
        reading(f"a second user with the same {each.name} is answered with {reply.status}")
        expect(reply).status(400, 409)
