"""RFC 9865 section 3: paging by cursor in searches by POST."""

from __future__ import annotations

from suites.expect import expect
from suites.making.world import World
from suites.querying.cursors import SIZE
from suites.querying.cursors import expect_all
from suites.querying.pages import Walk
from suites.querying.pages import listed
from suites.requirements import requirement
from suites.verdicts import NotOffered


@requirement("RFC9865-3-1", proof=("search-by-post-ignores-cursor",))
def test_a_search_by_post_hands_out_cursors(posted_walk: Walk, world: World) -> None:
    """A search by POST with an empty cursor hands out a nextCursor where more follow."""
    first = posted_walk.pages[0]
    if len(listed(first)) >= len(world.users):
        raise NotOffered("the first page holds everybody")
    expect(first).status(200).filled("nextCursor")


@requirement("RFC9865-3-1", proof=("search-by-post-stands-still", "search-by-post-ignores-cursor"))
def test_a_search_by_post_is_paged_by_cursor(posted_walk: Walk, world: World) -> None:
    """The pages of a search by POST hold each match once."""
    expect_all(posted_walk, world.users)


@requirement("RFC9865-3-1", proof=("search-by-post-ignores-page",))
def test_a_search_by_post_keeps_to_the_count(posted_walk: Walk) -> None:
    """No page of a search by POST with a cursor holds more resources than `count` says."""
    sizes = [len(listed(each)) for each in posted_walk.pages]
    expect(posted_walk.last).status(200).holds(
        lambda: max(sizes) <= SIZE, f"{SIZE} resources at most", lambda: f"pages of {sizes}"
    )
