"""RFC 7644 section 3.4.2.1: queries at the root of the server, over all its resources."""

from __future__ import annotations

from suites.expect import expect
from suites.making.world import World
from suites.requirements import requirement
from suites.values import quoted
from suites.verbs import Scim

ROOT = ("rootQuery", "filter", "groups")


@requirement("RFC7644-3.4.2.1-2", needs=ROOT, proof=("root-query-without-groups",))
def test_the_root_holds_users_and_groups(scim: Scim, world: World) -> None:
    """A query at the root finds users and groups alike."""
    group, user = world["crew"], world["ada"]
    reply = scim.find(f"id eq {quoted(user.id)} or id eq {quoted(group.id)}", "/")
    expect(reply).finds(user, group, among=(*world.users, *world.groups))


@requirement("RFC7644-3.4.2.1-5", needs=ROOT, proof=("root-query-and-ignored",))
def test_a_filter_at_the_root_is_applied(scim: Scim, world: World) -> None:
    """A filter with `and` at the root finds what both of its parts match."""
    crew = world["crew"]
    text = f'displayName co "{world.mark}" and displayName sw "Crew"'
    wanted = [each for each in world.groups if str(each.value("displayName")).startswith("Crew")]
    expect(scim.find(text, "/")).finds(*wanted, crew, among=(*world.users, *world.groups))


@requirement(
    "RFC7644-3.4.2.1-6",
    needs=ROOT,
    proof=("root-query-and-ignored", "root-query-attribute-refused"),
)
def test_an_attribute_that_a_type_lacks_has_no_value(scim: Scim, world: World) -> None:
    """A filter at the root on userName passes over groups, which have none."""
    world.having("displayName")
    wanted = world.whose("displayName", lambda value: world.mark.lower() in value)
    reply = scim.find(f"displayName co {quoted(world.mark)} and userName pr", "/")
    expect(reply).finds(*wanted, among=(*world.users, *world.groups))
