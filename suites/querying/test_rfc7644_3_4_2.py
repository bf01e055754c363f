"""RFC 7644 section 3.4.2: what an answer to a query is made of."""

from __future__ import annotations

import pytest

from suites.expect import expect
from suites.expect.lists import LIST_URN
from suites.making.world import World
from suites.querying.pages import Page
from suites.querying.pages import listed
from suites.requirements import requirement
from suites.values import items
from suites.values import strings
from suites.values import value_at
from suites.verbs import Scim

NOBODY = 'userName eq "scimproof nobody has this name"'


@requirement("RFC7644-3.4.2-3", proof=("unknown-parameter-refused",))
def test_an_unknown_parameter_of_a_list_is_ignored(page: Page, world: World) -> None:
    """A query parameter that no text knows changes nothing in a list."""
    expect(page(scimproofUnknown="1")).finds(*world.users, among=world.users)


@requirement("RFC7644-3.4.2-3", proof=("unknown-parameter-refused",))
def test_an_unknown_parameter_of_a_resource_is_ignored(scim: Scim, world: World) -> None:
    """A query parameter that no text knows changes nothing in a resource."""
    expect(scim.get(world["ada"], scimproofUnknown="1")).status(200).exactly("id", world["ada"].id)


@pytest.mark.parametrize("count", [0, 1])
@requirement("RFC7644-3.4.2-4", proof=("list-without-schemas", "list-as-bare-array"))
def test_a_list_says_that_it_is_one(count: int, scim: Scim) -> None:
    """An answer to a query has the schema of a ListResponse, with resources and without."""
    reply = scim.get("/Users", count=count)
    expect(reply).status(200).json_object().holds(
        lambda: LIST_URN in strings(value_at(reply.object(), "schemas")),
        LIST_URN,
        lambda: str(value_at(reply.object(), "schemas")),
    )


@pytest.mark.parametrize("count", [0, 1])
@requirement("RFC7644-3.4.2-5", proof=("list-without-counters", "list-counts-as-strings"))
def test_the_total_is_there(count: int, scim: Scim, world: World) -> None:
    """An answer to a query has an integer totalResults, with resources and without."""
    expect(scim.get("/Users", count=count)).status(200).integer("totalResults")


@requirement("RFC7644-3.4.2-6", proof=("total-is-page-size", "filter-refuses-paging"))
def test_the_total_may_exceed_the_page(page: Page, world: World) -> None:
    """The totalResults of a page of one counts all who match."""
    expect(page(count=1)).status(200).exactly("totalResults", len(world.users))


@requirement("RFC7644-3.4.2-7", proof=("list-without-resources", "list-as-bare-array"))
def test_there_are_resources_where_there_are_results(scim: Scim, world: World) -> None:
    """A list whose totalResults is not zero has Resources, in a page that may hold some."""
    expect(scim.get("/Users", count=min(2, len(world.users)))).status(200).filled("Resources")


@requirement("RFC7644-3.4.2-9", proof=("start-index-left-out",))
def test_a_part_says_where_it_starts(indexed: None, scim: Scim, world: World) -> None:
    """A page that holds a part of the results has an integer startIndex."""
    reply = scim.get("/Users", startIndex=1, count=1)
    expect(reply).status(200).integer("startIndex")


@requirement("RFC7644-3.4.2-10", proof=("items-per-page-left-out", "list-counts-as-strings"))
def test_a_part_says_how_much_it_is(scim: Scim, world: World) -> None:
    """A page that holds a part of the results has an integer itemsPerPage."""
    expect(scim.get("/Users", count=1)).status(200).integer("itemsPerPage")


@requirement("RFC7644-3.4.2-11", proof=("empty-search-404", "empty-search-204"))
def test_no_match_is_a_success(scim: Scim, world: World) -> None:
    """A filter that nobody matches gives 200, totalResults 0 and no resources."""
    everybody = [each for each in world.made.values() if each.kind == "Users"]
    reply = expect(scim.get("/Users", filter=NOBODY)).finds(among=everybody)
    reply.exactly("totalResults", 0).lacks("Resources")


@requirement("RFC7644-3.4.2-12", proof=("attributes-hide-id", "list-without-id"))
def test_the_id_is_shown_unasked(scim: Scim, world: World) -> None:
    """Each user of a list with `attributes=userName` has its id."""
    reply = scim.get("/Users", attributes="userName", count=5)
    shown = len(items(value_at(reply.object(), "Resources")))
    expect(reply).status(200).filled("Resources").holds(
        lambda: "None" not in listed(reply), f"{shown} ids", lambda: str(listed(reply))
    )
