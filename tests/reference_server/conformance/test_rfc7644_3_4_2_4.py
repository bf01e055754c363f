"""RFC 7644 section 3.4.2.4: paging by index (Tables 6 and 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

honours = pytest.mark.honours

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
# Four ways to the same five people: each takes another road through the server.
QUERIES: list[dict[str, Json]] = [
    {},
    {"filter": "userName pr"},
    {"filter": 'userType eq "x"', "sortBy": "userName"},
    {"sortBy": "userName", "sortOrder": "ascending"},
]
ways = pytest.mark.parametrize("query", QUERIES, ids=["all", "filter", "filter-and-sort", "sort"])


@pytest.fixture
def five(scim: Scim) -> list[str]:
    return [scim.user(name, userType="x")[7:] for name in "abcde"]


def page(scim: Scim, query: dict[str, Json], **more: Json) -> Reply:
    reply = scim.get("/Users", **query, **more)
    assert reply.status == 200, reply.body
    assert reply.body["schemas"] == [LIST]
    assert reply.body["totalResults"] == 5
    return reply


@ways
@honours("RFC7644-3.4.2.4-3", "RFC7644-3.4.2.4-4")
def test_a_start_below_one_or_without_a_number_is_one(
    scim: Scim, five: list[str], query: dict[str, Json]
) -> None:
    for start in (1, 0, -1, -5, "-" + "9" * 30):
        reply = page(scim, query, startIndex=start, count=2)
        assert (reply.ids, reply.body["startIndex"]) == (five[:2], 1), start
    reply = page(scim, query, count=2)
    assert (reply.ids, reply.body["startIndex"]) == (five[:2], 1)


@ways
@honours("RFC7644-3.4.2.4-5", "RFC7644-3.4.2.4-15")
def test_the_first_result_has_number_one_and_the_reply_repeats_the_number(
    scim: Scim, five: list[str], query: dict[str, Json]
) -> None:
    for number, identifier in enumerate(five, start=1):
        reply = page(scim, query, startIndex=number, count=1)
        assert (reply.ids, reply.body["startIndex"]) == ([identifier], number)


@ways
@honours("RFC7644-3.4.2.4-6", "RFC7644-3.4.2.4-9", "RFC7644-3.4.2.4-13")
def test_a_page_has_as_many_as_were_asked_for_and_says_how_many(
    scim: Scim, five: list[str], query: dict[str, Json]
) -> None:
    for count in (1, 2, 3, 4, 5, 6, 1000, 10**9, "9" * 40):
        reply = page(scim, query, count=count)
        assert reply.ids == five[: int(count)]
        assert reply.body["itemsPerPage"] == len(reply.ids)


@ways
@honours("RFC7644-3.4.2.4-7", "RFC7644-3.4.2.4-8")
@pytest.mark.usefixtures("five")
def test_a_count_of_none_or_below_gives_the_total_and_nothing_else(
    scim: Scim, query: dict[str, Json]
) -> None:
    for count in (0, -1, -500, "-" + "9" * 30):
        for start in (1, 3):
            reply = page(scim, query, count=count, startIndex=start)
            assert not reply.body.get("Resources"), count
            assert reply.body["itemsPerPage"] == 0


@honours("RFC7644-3.4.2.4-10", "RFC7644-3.4.2.4-11")
def test_there_are_never_more_than_the_server_allows_on_a_page(scim: Scim) -> None:
    most = scim.get("/ServiceProviderConfig").body["filter"]["maxResults"]
    for number in range(most + 3):
        scim.user(str(number))
    for query in ({}, {"filter": "userName pr"}, {"sortBy": "meta.created"}):
        without = scim.get("/Users", **query)
        assert 0 < len(without.ids) <= most
        assert without.body["itemsPerPage"] == len(without.ids)
        beyond = scim.get("/Users", count=most + 3, **query)
        assert len(beyond.ids) == beyond.body["itemsPerPage"] == most
        assert without.body["totalResults"] == beyond.body["totalResults"] == most + 3
        rest = scim.get("/Users", startIndex=most + 1, count=most, **query)
        assert len(rest.ids) == 3
        assert not set(rest.ids) & set(beyond.ids)


@pytest.mark.parametrize("name", ["startIndex", "count"])
@pytest.mark.parametrize("value", ["abc", "1.5", "", "1e3", "0x10", "\u0661", "one", "1 2", "true"])
@honours("RFC7644-3.4.2.4-12")
def test_what_is_no_whole_number_is_refused(scim: Scim, name: str, value: str) -> None:
    reply = scim.get("/Users", **{name: value})
    assert reply.fault == (400, "invalidValue")
    assert name in reply.body["detail"]


@ways
@honours("RFC7644-3.4.2.4-14", "RFC7644-3.4.2.4-16")
def test_going_on_by_what_was_read_gives_everything_once(
    scim: Scim, five: list[str], query: dict[str, Json]
) -> None:
    for count in (1, 2, 3, 5):
        found: list[str] = []
        while len(found) < 5:
            reply = page(scim, query, startIndex=len(found) + 1, count=count)
            assert reply.ids
            found += reply.ids
        assert found == five


@ways
@honours("RFC7644-3.4.2.4-17")
@pytest.mark.usefixtures("five")
def test_beyond_the_end_there_is_an_empty_page(scim: Scim, query: dict[str, Json]) -> None:
    for start in (6, 7, 1000, 2**31, 2**63, "9" * 40):
        reply = page(scim, query, startIndex=start)
        assert not reply.body.get("Resources"), start
        assert reply.body["itemsPerPage"] == 0
