"""RFC 7644 section 3.4.2.2: filters on what is easily overlooked: false, and who is in a group."""

from __future__ import annotations

from suites.expect import expect
from suites.making.world import World
from suites.querying.conftest import Ask
from suites.requirements import requirement
from suites.values import quoted


@requirement("RFC7644-3.4.2.2-17", proof=("filter-pr-overlooks-false", "filter-finds-nothing"))
def test_pr_finds_a_boolean_that_is_false(ask: Ask, world: World) -> None:
    """`active pr` finds those who are not active too: false is a value."""
    expect(ask("active pr")).finds(*world.having("active"), among=world.users)


@requirement(
    "RFC7644-3.4.2.2-5",
    proof=("filter-by-groups-finds-nobody", "filter-ignored"),
    needs=("filter", "groups"),
)
def test_users_can_be_filtered_by_group(ask: Ask, world: World) -> None:
    """`groups.value eq` finds the users who are shown with that group, and no other."""
    group = world["crew"].id
    wanted = [each for each in world.having("groups.value") if group in each.values("groups.value")]
    reply = ask(f"groups.value eq {quoted(group)}")
    told = expect(reply)
    if reply.status == 400:  # whatever scimType says; groups may be worked out when they are read
        told.warn_at_most()
    told.finds(*wanted, among=world.users)
