"""RFC 9865 section 2: lists page by page by cursor (tables 1 and 2)."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.making.world import World
from suites.querying.cursors import SIZE
from suites.querying.cursors import TIES
from suites.querying.cursors import ByCursor
from suites.querying.cursors import ThereAndBack
from suites.querying.cursors import cursor_of
from suites.querying.cursors import ended
from suites.querying.cursors import expect_all
from suites.querying.cursors import follow
from suites.querying.pages import Page
from suites.querying.pages import Walk
from suites.querying.pages import listed
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import value_at
from suites.verdicts import NotOffered

# Pages shift while others write.
pytestmark = pytest.mark.scim_undisturbed

CURSOR = re.compile(r"[A-Za-z0-9._~-]+")


@pytest.mark.parametrize("spelled", ["cursor", "cursor="])
@requirement("RFC9865-2-1", proof=("cursor-empty-refused", "cursor-empty-ignored"))
def test_an_empty_cursor_begins_the_list(
    spelled: str, alone: str, world: World, experiment: Experiment
) -> None:
    """A cursor without a value, with an equals sign or without, asks for the first page."""
    target = f"/Users?{spelled}&count={SIZE}&filter={quote(alone, safe='')}"
    reply = experiment(lambda lab: lab.scim.get(target), key=f"the first page by {spelled}")
    expect(reply).status(200).holds(
        lambda: cursor_of(reply) is not None or len(listed(reply)) == len(world.users),
        "a nextCursor, or everybody",
        lambda: f"{len(listed(reply))} of {len(world.users)} and no nextCursor",
    )


@requirement(
    "RFC9865-2-2",
    proof=("cursor-with-plus-and-slash", "cursor-empty-on-last-page", "cursor-as-number"),
)
def test_a_cursor_is_made_of_unreserved_characters(there_and_back: ThereAndBack) -> None:
    """A cursor is a text of letters, digits and `-._~`, which need no escapes in a URL."""
    back = there_and_back.back
    for reply in (*there_and_back.there.pages, *(back.pages if back else ())):
        given = [value_at(reply.object(), name) for name in ("nextCursor", "previousCursor")]
        strange = [each for each in given if each is not None and not _is_cursor(each)]
        expect(reply).status(200).holds(
            lambda strange=strange: not strange,  # type: ignore[misc]  # a lambda with a default has no type of its own
            "letters, digits and -._~",
            lambda strange=strange: str(strange),  # type: ignore[misc]  # as above
        )


def _is_cursor(found: object) -> bool:
    return isinstance(found, str) and CURSOR.fullmatch(found) is not None


@requirement("RFC9865-2-3", proof=("count-negative-refused", "count-negative-as-unlimited"))
def test_a_negative_count_with_a_cursor_is_zero(by_count: Page, world: World) -> None:
    """A negative count with a cursor gives no resources and the number of all."""
    reply = by_count(-1)
    if reply.status == 400 and value_at(reply.object(), "scimType") == "invalidCount":
        # Table 3 wants the count between 0 and a maximum, and has this word for any other.
        expect(reply).warn_at_most().status(200)
    _only_the_total(reply, world)


@requirement("RFC9865-2-4", proof=("count-zero-as-default", "cursor-total-of-page"))
def test_a_count_of_zero_with_a_cursor_tells_the_total(by_count: Page, world: World) -> None:
    """A count of 0 with a cursor gives no resources and the number of all."""
    _only_the_total(by_count(0), world)


def _only_the_total(reply: Seen, world: World) -> None:
    """Expect no resources, and the total unless the server leaves it out, as it may."""
    __tracebackhide__ = True
    found = expect(reply).status(200).lacks("Resources")
    if found.at("totalResults") is not None:
        found.exactly("totalResults", len(world.users))


@pytest.fixture
def by_count(alone: str, experiment: Experiment) -> Page:
    """Asks for the first page of a count by cursor, or without one."""

    def ask(count: int | None) -> Seen:
        size = {} if count is None else {"count": count}
        return experiment(
            lambda lab: lab.scim.get("/Users", headers=None, filter=alone, cursor="", **size),
            key=f"the first page by cursor of {count}",
        )

    return ask


@requirement("RFC9865-2-5", proof=("cursor-page-too-long", "count-ignored"))
def test_a_page_by_cursor_is_not_larger_than_asked(
    there_and_back: ThereAndBack, reading: Reading
) -> None:
    """No page by cursor holds more resources than `count` says; fewer are allowed."""
    pages = there_and_back.there.pages
    sizes = [len(listed(each)) for each in pages]
    if min(sizes[:-1], default=SIZE) < SIZE:
        reading("pages by cursor may be shorter than count")
    expect(pages[-1]).holds(
        lambda: max(sizes) <= SIZE, f"{SIZE} resources at most", lambda: f"pages of {sizes}"
    )


@requirement("RFC9865-2-7", proof=("cursor-needs-count",))
def test_without_count_the_server_sets_the_size_of_a_page(by_count: Page, world: World) -> None:
    """A cursor without count gives a page of a size of the server's own."""
    expect(by_count(None)).status(200).filled("Resources")


@requirement("RFC9865-2-8", proof=("cursor-next-left-out-early",))
def test_a_page_that_others_follow_has_a_next_cursor(
    there_and_back: ThereAndBack, world: World
) -> None:
    """The first page of several hands out a nextCursor."""
    reply = there_and_back.first
    if len(listed(reply)) >= len(world.users):
        raise NotOffered("the first page holds everybody")
    expect(reply).status(200).filled("nextCursor")


@requirement("RFC9865-2-8", proof=("cursor-next-on-last-page",))
def test_the_last_page_has_no_next_cursor(there_and_back: ThereAndBack) -> None:
    """A walk by nextCursor comes to a page without one."""
    walk = there_and_back.there
    expect(walk.last).holds(
        lambda: ended(walk), "a last page", lambda: f"{len(walk.pages)} pages, and a nextCursor"
    )


@requirement(
    "RFC9865-2-9",
    proof=(
        *("cursor-skips-one", "cursor-repeats-one", "cursor-next-left-out-early"),
        "cursor-stands-still",
    ),
)
def test_the_pages_by_cursor_hold_everybody_once(
    there_and_back: ThereAndBack, world: World
) -> None:
    """The pages up to the one without nextCursor hold each match once, and nobody else."""
    expect_all(there_and_back.there, world.users)


@requirement("RFC9865-2-9", proof=("filter-after-page", "cursor-forgets-filter"))
def test_pages_by_cursor_pass_over_who_does_not_match(
    by_cursor: ByCursor, alone: str, world: World
) -> None:
    """The pages by cursor of a filter that passes over some hold each match once."""
    expect_all(by_cursor(f"{alone} and title pr", count=TIES), world.having("title"))


@requirement(
    "RFC9865-2-9",
    needs=("cursor", "filter", "sort"),
    proof=("cursor-loses-missing", "cursor-loses-equals"),
)
def test_pages_in_order_lose_nobody_without_a_value(by_cursor: ByCursor, world: World) -> None:
    """Pages sorted by a title that some share and some lack hold each user once."""
    world.having("title")
    expect_all(by_cursor(sortBy="title", count=TIES), world.users)


@requirement(
    "RFC9865-2-9", needs=("cursor", "filter", "sort"), proof=("cursor-descending-ends-early",)
)
def test_pages_in_descending_order_lose_nobody(by_cursor: ByCursor, world: World) -> None:
    """Pages in descending order by cursor hold each user once."""
    expect_all(by_cursor(sortBy="userName", sortOrder="descending", count=SIZE), world.users)


@requirement("RFC9865-2-9", proof=("cursor-loses-last", "cursor-repeats-one"))
def test_an_unfiltered_walk_by_cursor_holds_everybody(world: World, experiment: Experiment) -> None:
    """The pages of the whole list by cursor hold each user of the run exactly once."""
    ours = [each.id for each in world.users]
    walk = experiment(lambda lab: _all_users(lab, ours), key="all users by cursor")
    if not ended(walk) and len(walk.ids()) == len(set(walk.ids())):
        raise NotOffered("the server has more users than twenty pages show")
    expect(walk.last).status(200).holds(
        lambda: _each_once(walk, ours),
        "each of the run's users once",
        lambda: str({each: walk.ids().count(each) for each in ours}),
    )


def _each_once(walk: Walk, ids: list[str]) -> bool:
    return all(walk.ids().count(each) == 1 for each in ids)


def _all_users(lab: Lab, ours: list[str]) -> Walk:
    """Walk through all users in two pages or more; where somebody is missing, twice again.

    Others may write meanwhile, and no text says what becomes of a walk then.
    """
    first = lab.scim.get("/Users", cursor="")
    size = len(listed(first)) // (2 if cursor_of(first) is None else 1)

    def once() -> Walk:
        return follow(lambda cursor: lab.scim.get("/Users", cursor=cursor, count=max(2, size)))

    walk = once()
    for _ in range(2):
        walk = walk if _each_once(walk, ours) else once()
    return walk


@requirement("RFC9865-2-12", proof=("cursor-previous-is-next", "cursor-previous-refused"))
def test_a_previous_cursor_leads_to_the_page_before(
    there_and_back: ThereAndBack, world: World
) -> None:
    """The pages from the last one back by previousCursor hold each user once."""
    back = there_and_back.back
    if back is None:
        raise NotOffered("the server hands out no previousCursor, as it may")
    ids = [*back.ids(), *listed(there_and_back.there.last)]
    wanted = sorted(there_and_back.there.ids())
    expect(back.last).status(200).holds(
        lambda: sorted(ids) == wanted,
        f"{len(wanted)} resources, each once",
        lambda: f"{len(ids)} resources, {len(set(ids))} different ones",
    )


@requirement("RFC9865-2-13", proof=("cursor-previous-on-first-page",))
def test_the_first_page_has_no_previous_cursor(
    there_and_back: ThereAndBack, reading: Reading
) -> None:
    """The page of an empty cursor hands out no previousCursor; later pages may."""
    given = there_and_back.back is not None
    reading(f"pages by cursor have {'a' if given else 'no'} previousCursor")
    expect(there_and_back.first).status(200).lacks("previousCursor")


@requirement("RFC9865-2-17", proof=("cursor-total-of-page", "cursor-total-of-rest"))
def test_the_total_is_that_of_all_pages(
    there_and_back: ThereAndBack, world: World, reading: Reading
) -> None:
    """The totalResults of each page by cursor counts all who match; it may be left out."""
    pages = there_and_back.there.pages
    told = [each for each in pages if value_at(each.object(), "totalResults") is not None]
    if not told:
        reading("pages by cursor have no totalResults")
    for reply in told:
        expect(reply).status(200).exactly("totalResults", len(world.users))
