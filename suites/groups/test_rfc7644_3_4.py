"""RFC 7644 section 3.4 on groups: they are listed, found by name, and shown as when read."""

from __future__ import annotations

from suites.attributes.showing import shows
from suites.expect import expect
from suites.making.lab import Lab
from suites.making.world import World
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.values import items
from suites.values import quoted
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered

GROUPS = ("groups", "filter")
Staff = tuple[Made, ...]


@requirement("RFC7644-3.2-10", proof=("groups-list-501", "groups-list-404"))
def test_groups_are_listed(scim: Scim, world: World) -> None:
    """GET on /Groups gives a list."""
    expect(scim.get("/Groups", count=1)).status(200).list_response("totalResults")


@requirement(
    "RFC7644-3.4.2.2-12",
    proof=("group-filter-finds-nothing", "group-filter-unsupported"),
    needs=GROUPS,
)
def test_a_group_is_found_by_its_name(scim: Scim, world: World) -> None:
    """A filter on displayName finds the group of that name."""
    found = scim.find(f"displayName eq {quoted(world['crew'].value('displayName'))}", "/Groups")
    expect(found).finds(world["crew"], among=world.groups)


@requirement(
    "RFC7644-3.4.2.2-4", proof=("group-filter-ignored", "group-filter-prefix"), needs=GROUPS
)
def test_no_other_group_is_found(scim: Scim, world: World) -> None:
    """A filter on the beginning of a displayName finds no group of that name."""
    found = scim.find(
        f"displayName eq {quoted(str(world['crew'].value('displayName'))[:-1])}", "/Groups"
    )
    expect(found).finds(among=world.groups)


@requirement("RFC7643-3.1-23", proof=("group-filter-by-external-id-finds-none",), needs=GROUPS)
def test_a_group_is_found_by_the_id_of_the_client(lab: Lab, world: World, staff: Staff) -> None:
    """A filter on externalId finds the group that was created with it, and no other."""
    made = lab.reread(lab.group(staff[0], externalId=lab.people.unique("X")))
    found = lab.scim.find(
        f"externalId eq {quoted(made.kept('externalId').value('externalId'))}", "/Groups"
    )
    expect(found).finds(made, among=(made, *world.groups))


@requirement("RFC7644-3.4-3", proof=("list-hides-group-names", "list-hides-members"), needs=GROUPS)
def test_a_list_shows_of_a_group_what_a_read_shows(
    scim: Scim, world: World, definitions: Definitions
) -> None:
    """A group in a list has displayName and members, if these are returned by default."""
    crew = world["crew"]
    found = scim.find(f"displayName eq {quoted(crew.value('displayName'))}", "/Groups")
    every = items(value_at(found.object(), "Resources"))
    listed = next((each for each in every if value_at(each, "id") == crew.id), None)
    if listed is None:
        raise NotOffered("the group is not found by its displayName")
    name = value_at(listed, "displayName")
    shows(found, holds=name == crew.value("displayName"), wanted="the displayName", came=name)
    told = definitions.attribute("members", "Group")
    if told is not None and told.returned in ("always", "default"):
        missing = set(map(str, crew.values("members.value"))) - set(
            map(str, values_at(listed, "members.value"))
        )
        expect(found).warn_at_most().holds(
            lambda: not missing, "the members", lambda: f"{len(missing)} left out"
        )
