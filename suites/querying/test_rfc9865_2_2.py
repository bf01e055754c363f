"""RFC 9865 section 2.2: the order of what is paged by cursor."""

from __future__ import annotations

import pytest

from suites.expect import expect
from suites.making.world import World
from suites.querying.cursors import SIZE
from suites.querying.cursors import ByCursor
from suites.requirements import requirement

# Pages shift while others write.
pytestmark = pytest.mark.scim_undisturbed


@pytest.mark.parametrize("order", ["ascending", "descending"])
@requirement(
    "RFC9865-2.2-1",
    needs=("cursor", "filter", "sort"),
    proof=("cursor-unsorted", "sort-within-page"),
)
def test_pages_by_cursor_are_in_order(order: str, by_cursor: ByCursor, world: World) -> None:
    """The pages by cursor of a list sorted by userName are in order one behind the other."""
    down = {"sortOrder": "descending"} if order == "descending" else {}
    walk = by_cursor(sortBy="userName", **down, count=SIZE)
    names = {each.id: str(each.value("userName")).casefold() for each in world.users}
    found = [names[each] for each in walk.ids() if each in names]
    wanted = sorted(found, reverse=bool(down))
    expect(walk.last).status(200).holds(lambda: found == wanted, f"{wanted}", lambda: f"{found}")
