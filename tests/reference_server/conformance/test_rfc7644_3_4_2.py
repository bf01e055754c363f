"""RFC 7644 section 3.4.2: querying, and the list that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@pytest.fixture
def three(scim: Scim) -> list[str]:
    """Create three people with a mark, and one without; return the ids of the three."""
    scim.user("other")
    return [scim.user(name, userType="marked")[7:] for name in "abc"]


@pytest.mark.parametrize("query", [{"foo": "bar"}, {"Filter": "nonsense"}, {"count ": "x"}])
@honours("RFC7644-3.4.2-3")
def test_unknown_parameters_are_ignored(
    scim: Scim, three: list[str], query: dict[str, Json]
) -> None:
    path = f"/Users/{three[0]}"
    for target in ("/Users", path, "/ServiceProviderConfig", "/Schemas"):
        reply = scim.get(target, **query)
        assert (reply.status, reply.body) == (200, scim.get(target).body), target
    assert scim.put(path, scim.get(path).body, **query).status == 200


@pytest.mark.parametrize("query", [{}, {"count": 1}, {"filter": "userType pr"}, {"count": 0}])
@honours("RFC7644-3.4.2-4", "RFC7644-3.4.2-5")
@pytest.mark.usefixtures("three")
def test_every_list_says_what_it_is_and_how_much_there_is(
    scim: Scim, query: dict[str, Json]
) -> None:
    reply = scim.get("/Users", **query)
    assert (reply.status, reply.body["schemas"]) == (200, [LIST])
    assert reply.body["totalResults"] == (3 if "filter" in query else 4)
    assert type(reply.body["totalResults"]) is int


@honours("RFC7644-3.4.2-5", "RFC7644-3.4.2-11")
@pytest.mark.usefixtures("three")
def test_no_match_is_a_success_with_nothing_in_it(scim: Scim) -> None:
    for query in ({"filter": 'userName eq "nobody"'}, {"filter": "title pr", "sortBy": "title"}):
        reply = scim.get("/Users", **query)
        assert (reply.status, reply.body["totalResults"]) == (200, 0)
        assert reply.body["schemas"] == [LIST]
        assert not reply.body.get("Resources")
    empty = scim.get("/Groups")
    assert (empty.status, empty.body["totalResults"]) == (200, 0)


@honours("RFC7644-3.4.2-6", "RFC7644-3.4.2-8")
def test_a_page_is_a_part_of_the_whole_that_is_counted(scim: Scim, three: list[str]) -> None:
    for filtered in ({"filter": 'userType eq "marked"'}, {"filter": "userType pr"}):
        for size in (1, 2):
            reply = scim.get("/Users", count=size, **filtered)
            assert reply.ids == three[:size]
            assert reply.body["totalResults"] == 3
    reply = scim.get("/Users", count=1)
    assert (len(reply.ids), reply.body["totalResults"]) == (1, 4)


@honours("RFC7644-3.4.2-7")
def test_what_is_found_is_in_resources(scim: Scim, three: list[str]) -> None:
    body = scim.get("/Users", filter='userType eq "marked"').body
    assert isinstance(body["Resources"], list)
    assert [each["id"] for each in body["Resources"]] == three
    assert all(each["userType"] == "marked" for each in body["Resources"])


@honours("RFC7644-3.4.2-9", "RFC7644-3.4.2-10")
@pytest.mark.usefixtures("three")
def test_a_part_says_where_it_begins_and_how_long_it_is(scim: Scim) -> None:
    for start, count, shown in ((1, 1, 1), (2, 2, 2), (4, 3, 1)):
        body = scim.get("/Users", startIndex=start, count=count).body
        assert (body["startIndex"], body["itemsPerPage"]) == (start, shown)
        assert len(body["Resources"]) == shown < body["totalResults"]


@honours("RFC7644-3.4.2-12")
def test_items_show_their_id_whatever_is_asked_for(scim: Scim, three: list[str]) -> None:
    for query in ({"attributes": "userName"}, {"excludedAttributes": "id,userName"}):
        items = scim.get("/Users", filter='userType eq "marked"', **query).body["Resources"]
        assert [each["id"] for each in items] == three
        assert all(("userName" in each) == ("attributes" in query) for each in items)
