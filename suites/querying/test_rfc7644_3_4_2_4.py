"""RFC 7644 section 3.4.2.4: pages (tables 6 and 7)."""

from __future__ import annotations

import pytest

from suites.bench import Discovery
from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.making.world import World
from suites.querying.pages import Page
from suites.querying.pages import Start
from suites.querying.pages import Walk
from suites.querying.pages import listed
from suites.querying.pages import walk
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import NotOffered

# Pages shift while others write.
pytestmark = pytest.mark.scim_undisturbed

LARGE = 100_000
SMALLER = 100  # where so many are refused, which RFC7644-3.4.2.4-6 judges


def _begins(reply: Seen, wanted: list[str]) -> None:
    """Expect a page that begins with these resources in this order."""
    expect(reply).status(200).holds(
        lambda: listed(reply)[: len(wanted)] == wanted,
        f"a page that begins with {wanted}",
        lambda: str(listed(reply)),
    )


@pytest.mark.parametrize("below", [0, -5])
@requirement("RFC7644-3.4.2.4-3", proof=("start-index-below-one-refused", "start-index-as-asked"))
def test_a_start_below_one_is_one(below: int, page: Page) -> None:
    """A startIndex below 1 gives the first page, and says that it starts at 1."""
    reply = page(startIndex=below, count=2)
    _begins(reply, listed(page(startIndex=1, count=2)))
    expect(reply).exactly("startIndex", 1)


@requirement("RFC7644-3.4.2.4-4", proof=("start-index-defaults-to-two",))
def test_the_default_start_is_one(page: Page) -> None:
    """A page without startIndex is the page that starts at 1."""
    _begins(page(count=2), listed(page(startIndex=1, count=2)))


@requirement("RFC7644-3.4.2.4-5", proof=("pages-zero-based",))
def test_the_first_result_has_the_index_one(start: Start) -> None:
    """A page from startIndex 1 begins with the first of all."""
    _begins(start.first, listed(start.two)[:1])


@requirement("RFC7644-3.4.2.4-5", proof=("start-index-ignored", "pages-overlap"))
def test_the_second_result_has_the_index_two(indexed: None, start: Start) -> None:
    """A page from startIndex 2 begins with the second of all, and not with the first again."""
    if len(listed(start.two)) < 2:
        raise NotOffered("the server shows one user on a page of two, as it may")
    _begins(start.second, listed(start.two)[1:2])


@requirement("RFC7644-3.4.2.4-6", proof=("count-large-refused",))
def test_a_count_may_be_large(page: Page, world: World) -> None:
    """A count above what the server gives on one page is answered with a page."""
    expect(page(count=LARGE)).status(200).exactly("totalResults", len(world.users)).filled(
        "Resources"
    )


@requirement("RFC7644-3.4.2.4-7", proof=("count-negative-as-unlimited", "count-negative-refused"))
def test_a_negative_count_is_zero(page: Page, world: World) -> None:
    """A negative count gives no resources and the number of all."""
    reply = expect(page(count=-1)).status(200).lacks("Resources")
    reply.exactly("totalResults", len(world.users))


@requirement("RFC7644-3.4.2.4-8", proof=("count-zero-as-default", "search-total-zero"))
def test_a_count_of_zero_tells_the_total(page: Page, world: World) -> None:
    """A count of 0 gives no resources and the number of all."""
    reply = expect(page(count=0)).status(200).lacks("Resources")
    reply.exactly("totalResults", len(world.users))


@pytest.mark.parametrize("count", [1, 2, 5])
@requirement("RFC7644-3.4.2.4-9", proof=("count-ignored",))
def test_a_page_is_not_larger_than_asked(count: int, any_page: Page) -> None:
    """A page holds as many resources as `count` says at most, and one at least."""
    reply = any_page(count=count)
    expect(reply).status(200).holds(
        lambda: 1 <= len(listed(reply)) <= count,
        f"1 to {count} resources",
        lambda: str(len(listed(reply))),
    )


@requirement("RFC7644-3.4.2.4-9", proof=("list-repeats-last", "count-ignored"))
def test_a_page_of_all_is_not_larger_than_asked(start: Start) -> None:
    """A page of two of an unfiltered list holds two resources at most."""
    expect(start.two).status(200).holds(
        lambda: len(listed(start.two)) <= 2,
        "2 resources at most",
        lambda: str(len(listed(start.two))),
    )


@requirement("RFC7644-3.4.2.4-11", proof=("list-without-resources",))
def test_without_count_the_server_sets_the_size(
    scim: Scim, world: World, discovery: Discovery
) -> None:
    """A list without count holds some resources, and no more than the server announces."""
    most = value_at(discovery.config.object(), "filter.maxResults")
    limit = most if isinstance(most, int) and most > 0 else LARGE
    reply = scim.get("/Users")
    expect(reply).status(200).filled("Resources").holds(
        lambda: len(listed(reply)) <= limit,
        f"{limit} resources at most",
        lambda: str(len(listed(reply))),
    )


@pytest.mark.parametrize("name", ["count", "startIndex"])
@requirement("RFC7644-3.4.2.4-12", proof=("count-no-number-500+start-index-no-number-500",))
def test_no_number_is_no_trouble(name: str, any_page: Page) -> None:
    """A count or startIndex that is no number is refused or ignored, without a server error."""
    expect(any_page(**{name: "abc"})).no_server_error()


@requirement("RFC7644-3.4.2.4-13", proof=("items-per-page-as-asked",))
def test_the_items_of_a_page_are_counted(any_page: Page, world: World) -> None:
    """The itemsPerPage of the last page is the number of resources on it."""
    reply = any_page(startIndex=len(world.users) - 1, count=5)
    expect(reply).status(200).exactly("itemsPerPage", len(listed(reply)))


@requirement("RFC7644-3.4.2.4-14", proof=("total-is-page-size", "search-total-zero"))
def test_the_total_is_the_same_on_every_page(walked: Walk, world: World) -> None:
    """Every page says the number of all who match, not of those on the page."""
    for reply in walked.pages:
        expect(reply).status(200).exactly("totalResults", len(world.users))


@requirement("RFC7644-3.4.2.4-14", proof=("total-is-page-size", "list-without-counters"))
def test_the_total_of_an_unfiltered_list_counts_all(scim: Scim, world: World) -> None:
    """An unfiltered list counts each of the run's users, at the least."""
    reply = scim.get("/Users", count=1)
    number = len(world.users)

    def counted() -> bool:
        total = value_at(reply.object(), "totalResults")
        return isinstance(total, int) and total >= number

    expect(reply).status(200).holds(
        counted, f"{number} or more", lambda: str(value_at(reply.object(), "totalResults"))
    )


@requirement("RFC7644-3.4.2.4-15", proof=("start-index-always-one",))
def test_a_page_says_where_it_starts(any_page: Page) -> None:
    """A page from startIndex 3 says so."""
    expect(any_page(startIndex=3, count=2)).status(200).exactly("startIndex", 3)


@requirement("RFC7644-3.4.2.4-16", proof=("pages-overlap",))
def test_pages_are_complete_and_free_of_duplicates(walked: Walk, world: World) -> None:
    """The pages together hold each match once, though others are created between them."""
    wanted = sorted(each.id for each in world.users)
    expect(walked.complete().last).holds(
        lambda: sorted(walked.ids()) == wanted, f"{wanted}", lambda: f"{sorted(walked.ids())}"
    )


@requirement("RFC7644-3.4.2.4-16", proof=("filter-after-page",))
def test_pages_of_a_filter_hold_what_matches(
    indexed: None, alone: str, world: World, experiment: Experiment
) -> None:
    """The pages of a filter that passes over some hold each match once, and leave none out."""
    wanted = sorted(each.id for each in world.having("title"))
    found = experiment(
        lambda lab: walk(lab, filter=f"{alone} and title pr", count=2), key="walk past some"
    )
    expect(found.complete().last).holds(
        lambda: sorted(found.ids()) == wanted, f"{wanted}", lambda: f"{sorted(found.ids())}"
    )


@requirement(
    "RFC7644-3.4.2.4-16", proof=("list-hides-inactive", "list-loses-newest", "list-repeats-last")
)
def test_an_unfiltered_list_holds_everybody(indexed: None, lab: Lab, world: World) -> None:
    """The pages of the whole list hold a new user, and each user of the run, exactly once."""
    new = lab.plain_user()
    lab.scim.client.settle()
    found = _undisturbed(lab)
    ours = [new.id, *(each.id for each in world.users)]
    expect(found.last).holds(
        lambda: all(found.ids().count(each) == 1 for each in ours),
        "each of the run's users once",
        lambda: str({each: found.ids().count(each) for each in ours}),
    )


def _undisturbed(lab: Lab) -> Walk:
    """Return a walk through all users during which their number did not change."""
    count = LARGE
    for _ in range(3):
        found = walk(lab, count=count)
        if count == LARGE and found.last.status == 400:
            count = SMALLER
            found = walk(lab, count=count)
        found.complete()
        totals = {str(value_at(each.object(), "totalResults")) for each in found.pages}
        if len(found.pages) == 20:
            raise NotOffered("the server has more users than twenty pages show")
        if len(totals) == 1:
            return found
    raise NotOffered("other clients change the list of users all the time")


@requirement("RFC7644-3.4.2.4-17", proof=("start-index-beyond-end-404",))
def test_beyond_the_end_is_nobody(page: Page, world: World) -> None:
    """A startIndex beyond the last result gives 200 and no resources."""
    reply = page(startIndex=len(world.users) + 1, count=2)
    expect(reply).status(200).lacks("Resources")
