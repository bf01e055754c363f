"""RFC 9865: paging by cursor."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from string import ascii_letters
from typing import TYPE_CHECKING
from typing import Any

import pytest

from reference_server import Access
from reference_server import Credential
from reference_server import Request
from reference_server.messages import joined

if TYPE_CHECKING:
    from conftest import Clock
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
NAMES = [f"user{number:02}" for number in range(7)]

honours = pytest.mark.honours


@pytest.fixture
def people(scim: Scim) -> Scim:
    return populated(scim)


def populated(scim: Scim) -> Scim:
    for number, name in enumerate(NAMES):
        scim.user(name, title="odd" if number % 2 else "even", nickName=f"n{-number % 7}")
    return scim


def page(scim: Scim, cursor: str = "", endpoint: str = "/Users", **query: Json) -> Reply:
    reply = scim.get(endpoint, cursor=cursor, **query)
    assert reply.status == 200, reply.body
    return reply


def walk(scim: Scim, **query: Json) -> Iterator[Reply]:
    """Go through the pages of a list."""
    reply = page(scim, **query)
    yield reply
    while "nextCursor" in reply.body:
        reply = page(scim, reply.body["nextCursor"], **query)
        yield reply


def names(reply: Reply) -> list[str]:
    return [each["userName"] for each in reply.body["Resources"]]


def everybody(replies: Iterator[Reply]) -> list[str]:
    return [name for reply in replies for name in names(reply)]


@honours("RFC9865-2-1")
def test_the_first_request_has_an_empty_cursor(people: Scim) -> None:
    assert names(page(people, "", count=2)) == NAMES[:2]
    bare = Request(
        method="GET",
        path=f"{people.app.base_path}/Users",
        query="filter=userName%20pr&cursor&count=2",
        headers=(("Authorization", people.authorization),),
    )
    body = json.loads(joined(people.app.handle(bare).body))
    assert [each["userName"] for each in body["Resources"]] == NAMES[:2]
    assert "nextCursor" in body


@honours("RFC9865-2-2")
@pytest.mark.parametrize("sort", [{}, {"sortBy": "userName"}, {"sortBy": "meta.created"}])
def test_cursors_consist_of_unreserved_characters(people: Scim, sort: dict[str, str]) -> None:
    found = [reply.body for reply in walk(people, count=1, **sort)]
    cursors = [body[name] for body in found for name in body if name.endswith("Cursor")]
    assert len(cursors) == 12
    assert all(re.fullmatch("[A-Za-z0-9._~-]+", each) for each in cursors)


@honours("RFC9865-2-3", "RFC9865-2-4")
@pytest.mark.parametrize("count", [-1, -100, 0])
def test_a_count_of_0_or_less_brings_the_total_alone(people: Scim, count: int) -> None:
    body = page(people, count=count).body
    assert (body["totalResults"], body["itemsPerPage"], body["Resources"]) == (7, 0, [])
    assert "nextCursor" not in body


@honours("RFC9865-2-5", "RFC9865-2-8", "RFC9865-2-9")
@pytest.mark.parametrize("count", [1, 2, 3, 6, 7, 8])
@pytest.mark.parametrize("more", [{}, {"filter": "title pr"}, {"sortBy": "userName"}])
def test_pages_hold_so_many_and_together_everything(
    people: Scim, count: int, more: dict[str, str]
) -> None:
    pages = list(walk(people, count=count, **more))
    assert [len(names(each)) for each in pages[:-1]] == [count] * (len(pages) - 1)
    assert 0 < len(names(pages[-1])) <= count
    assert everybody(iter(pages)) == NAMES
    assert all("nextCursor" in each.body for each in pages[:-1])
    assert "nextCursor" not in pages[-1].body
    assert all("startIndex" not in each.body for each in pages)
    assert all(each.body["itemsPerPage"] == len(names(each)) for each in pages)


@honours("RFC9865-2-6", "RFC9865-2-9")
def test_fewer_results_than_asked_for_do_not_end_the_walk(scim: Scim) -> None:
    paths = [scim.user(name) for name in NAMES]
    first = page(scim, count=3)
    for path in paths[3:6]:
        scim.delete(path)
    second = page(scim, first.body["nextCursor"], count=3)
    assert names(second) == [NAMES[6]]
    assert "nextCursor" not in second.body


@honours("RFC9865-2-6")
def test_more_than_the_maximum_is_answered_with_fewer(scim: Scim) -> None:
    most = scim.get("/ServiceProviderConfig").body["pagination"]["maxPageSize"]
    for number in range(most + 1):
        scim.user(f"u{number}")
    first = page(scim, count=most + 500)
    assert len(names(first)) == most
    last = page(scim, first.body["nextCursor"], count=most + 500)
    assert (len(names(last)), "nextCursor" in last.body) == (1, False)


@honours("RFC9865-2-7", "RFC9865-4-6")
def test_without_count_the_server_sets_the_size(scim: Scim) -> None:
    size = scim.get("/ServiceProviderConfig").body["pagination"]["defaultPageSize"]
    for number in range(size + 1):
        scim.user(f"u{number}")
    assert [len(names(each)) for each in walk(scim)] == [size, 1]
    assert len(scim.get("/Users").body["Resources"]) == size


@honours("RFC9865-2-11", "RFC9865-2-12", "RFC9865-2-13")
@pytest.mark.parametrize("more", [{}, {"sortBy": "nickName"}, {"filter": "title pr"}])
def test_there_is_a_way_back_to_the_first_page(people: Scim, more: dict[str, str]) -> None:
    pages = list(walk(people, count=3, **more))
    assert "previousCursor" not in pages[0].body
    reply, back = pages[-1], [names(pages[-1])]
    while "previousCursor" in reply.body:
        reply = page(people, reply.body["previousCursor"], count=3, **more)
        back.append(names(reply))
    assert [name for each in reversed(back) for name in each] == everybody(iter(pages))
    assert "previousCursor" not in reply.body
    assert "nextCursor" in reply.body


@honours("RFC9865-2-17")
@pytest.mark.parametrize(
    ("query", "total"), [({}, 7), ({"filter": 'title eq "odd"'}, 3), ({"filter": "emails pr"}, 0)]
)
def test_every_page_tells_the_total(people: Scim, query: dict[str, str], total: int) -> None:
    found = [reply.body["totalResults"] for reply in walk(people, count=2, **query)]
    assert set(found) == {total}


# --- 2.1 errors


@honours("RFC9865-2.1-1", "RFC9865-2.1-2")
@pytest.mark.parametrize("cursor", ["invented", "0", "x" * 40, "ab+/", "\u00fc", " ", "A" * 9999])
def test_an_invented_cursor_is_refused(people: Scim, cursor: str) -> None:
    reply = people.get("/Users", cursor=cursor, count=2)
    assert reply.fault == (400, "invalidCursor")
    assert (reply.body["schemas"], reply.body["status"]) == ([ERROR], "400")


@honours("RFC9865-2.1-2")
@pytest.mark.parametrize(
    "other",
    [{"filter": 'title eq "odd"'}, {"sortBy": "userName"}, {"endpoint": "/Groups"}],
)
def test_a_cursor_belongs_to_its_query(people: Scim, other: dict[str, str]) -> None:
    cursor = page(people, count=2).body["nextCursor"]
    query = {name: value for name, value in other.items() if name != "endpoint"}
    reply = people.get(other.get("endpoint", "/Users"), cursor=cursor, count=2, **query)
    assert reply.fault == (400, "invalidCursor")


@honours("RFC9865-2.1-4", "RFC9865-4-8")
def test_a_cursor_expires_but_not_too_early(people: Scim, clock: Clock) -> None:
    timeout = people.get("/ServiceProviderConfig").body["pagination"]["cursorTimeout"]
    cursor = page(people, count=2).body["nextCursor"]
    clock.now += timedelta(seconds=timeout - 5)
    assert names(page(people, cursor, count=2)) == NAMES[2:4]
    clock.now += timedelta(seconds=60)
    assert people.get("/Users", cursor=cursor, count=2).fault == (400, "expiredCursor")


@honours("RFC9865-2.1-1", "RFC9865-2.1-5")
@pytest.mark.parametrize("count", [1, 3, 0, "x", "1.5", ""])
def test_the_count_stays_that_of_the_first_request(people: Scim, count: Json) -> None:
    cursor = page(people, count=2).body["nextCursor"]
    reply = people.get("/Users", cursor=cursor, count=count)
    assert reply.fault == (400, "invalidCount")
    assert reply.body["schemas"] == [ERROR]
    assert people.get("/Users", cursor=cursor).fault == (400, "invalidCount")


# --- 2.2 to 4


@honours("RFC9865-2.2-1")
@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_pages_are_sorted_as_a_whole(people: Scim, order: str) -> None:
    people.user("late", nickName="N3")
    people.user("nameless")
    found = everybody(walk(people, count=2, sortBy="nickName", sortOrder=order))
    whole = people.get("/Users", sortBy="nickName", sortOrder=order)
    assert found == names(whole)
    assert len(found) == 9


@honours("RFC9865-2.2-1")
def test_a_sorted_walk_misses_nobody_who_was_there_all_the_time(scim: Scim) -> None:
    paths = [scim.user(f"{letter}") for letter in "bdfhj"]
    first = page(scim, count=2, sortBy="userName")
    scim.user("a")
    scim.user("e")
    scim.delete(paths[1])
    second = page(scim, first.body["nextCursor"], count=2, sortBy="userName")
    third = page(scim, second.body["nextCursor"], count=2, sortBy="userName")
    assert [names(each) for each in (first, second, third)] == [["b", "d"], ["e", "f"], ["h", "j"]]


@honours("RFC9865-2.4-2", "RFC9865-2.4-3", "RFC9865-4-5")
def test_without_paging_parameters_it_goes_by_index(people: Scim) -> None:
    pagination = people.get("/ServiceProviderConfig").body["pagination"]
    assert pagination["defaultPaginationMethod"] == "index"
    for query in ({}, {"filter": "title pr"}, {"count": 2}, {"sortBy": "userName"}):
        body = people.get("/Users", **query).body
        assert body["startIndex"] == 1
        assert not {"nextCursor", "previousCursor"} & body.keys()


def test_only_one_method_of_paging_can_be_asked_for(people: Scim) -> None:
    assert people.get("/Users", cursor="", startIndex=1).fault == (400, "invalidValue")


@honours("RFC9865-3-1")
@pytest.mark.parametrize("endpoint", ["/Users/.search", "/.search"])
def test_a_search_goes_by_cursor_too(people: Scim, endpoint: str) -> None:
    message: dict[str, Any] = {"schemas": [SEARCH], "filter": "userName pr", "count": 3}
    found, cursor = [], ""
    for _ in range(3):
        reply = people.post(endpoint, {**message, "cursor": cursor})
        assert (reply.status, reply.body["totalResults"]) == (200, 7)
        found += names(reply)
        cursor = reply.body.get("nextCursor", "none")
    assert (found, cursor) == (NAMES, "none")
    assert people.post(endpoint, {**message, "cursor": "x"}).fault == (400, "invalidCursor")


@honours("RFC9865-2.4-1", "RFC9865-4-1", "RFC9865-4-3", "RFC9865-4-4")
def test_both_methods_of_paging_are_announced(people: Scim) -> None:
    pagination = people.get("/ServiceProviderConfig").body["pagination"]
    assert (pagination["cursor"], pagination["index"]) == (True, True)
    assert "nextCursor" in page(people, count=2).body
    assert names(people.get("/Users", startIndex=3, count=2)) == NAMES[2:4]


@honours("RFC9865-4-6", "RFC9865-4-7", "RFC9865-4-8")
def test_the_sizes_and_the_timeout_are_positive_integers(scim: Scim) -> None:
    pagination = scim.get("/ServiceProviderConfig").body["pagination"]
    for name in ("defaultPageSize", "maxPageSize", "cursorTimeout"):
        assert type(pagination[name]) is int
        assert pagination[name] > 0
    assert (
        pagination["maxPageSize"] == scim.get("/ServiceProviderConfig").body["filter"]["maxResults"]
    )


# --- 5 security

RESTRICTED = [
    Credential("bearer", "secret"),
    Credential("bearer", "own", account=NAMES[0], access=Access.OWN),
]


@honours("RFC9865-5-1")
def test_a_cursor_of_somebody_else_opens_nothing(make_scim: Callable[..., Scim]) -> None:
    scim = populated(make_scim(credentials=RESTRICTED))
    cursor = page(scim, count=2).body["nextCursor"]
    scim.authorization = "Bearer own"
    reply = scim.get("/Users", cursor=cursor, count=2)
    assert (reply.status, "Resources" in reply.body) == (403, False)
    stranger = make_scim(credentials=[Credential("bearer", "other")])
    stranger.authorization = "Bearer other"
    populated(stranger)
    assert stranger.get("/Users", cursor=cursor, count=2).fault == (400, "invalidCursor")


@honours("RFC9865-5-2")
def test_each_page_asks_for_the_credential_again(
    make_scim: Callable[..., Scim], clock: Clock
) -> None:
    expires = clock.now + timedelta(hours=1)
    scim = populated(make_scim(credentials=[Credential("bearer", "secret", expires=expires)]))
    cursor = page(scim, count=2).body["nextCursor"]
    scim.authorization = ""
    assert scim.get("/Users", cursor=cursor, count=2).status == 401
    scim.authorization = "Bearer secret"
    assert names(page(scim, cursor, count=2)) == NAMES[2:4]
    clock.now = expires
    assert scim.get("/Users", cursor=cursor, count=2).status == 401


@honours("RFC9865-5-3")
def test_a_change_of_credentials_ends_all_cursors(
    make_scim: Callable[..., Scim], tmp_path: Path
) -> None:
    database = tmp_path / "people.db"
    before = populated(make_scim(database=database))
    cursor = page(before, count=2).body["nextCursor"]
    again = make_scim(database=database)
    assert names(page(again, cursor, count=2)) == NAMES[2:4]
    changed = make_scim(database=database, credentials=RESTRICTED)
    assert changed.get("/Users", cursor=cursor, count=2).fault == (400, "invalidCursor")


@honours("RFC9865-5-4")
def test_a_cursor_that_was_altered_is_noticed(people: Scim) -> None:
    cursor = page(people, count=2).body["nextCursor"]
    forged = [
        cursor[:place] + other + cursor[place + 1 :]
        for place, letter in enumerate(cursor)
        for other in {"A", "B", "_", "9"} - {letter}
    ]
    # The last letter of base64 has bits that mean nothing; a change of them counts as well.
    forged += [cursor[:-1] + other for other in set(ascii_letters) - {cursor[-1]}]
    forged += [cursor + "A", cursor[:-1], cursor[1:], cursor + "=", cursor.swapcase()]
    for each in forged:
        reply = people.get("/Users", cursor=each, count=2)
        assert reply.fault == (400, "invalidCursor"), each
    assert "user" not in cursor
    assert not any(name.encode().hex() in cursor for name in NAMES)


@honours("RFC9865-5-5")
def test_one_answer_for_pages_that_are_not_there_and_not_ours(people: Scim) -> None:
    people.group("g")
    people.group("h")
    of_groups = page(people, endpoint="/Groups", count=1).body["nextCursor"]
    of_filter = page(people, count=2, filter='title eq "odd"').body["nextCursor"]
    errors = [
        people.get("/Users", cursor=cursor, count=2).body
        for cursor in ("invented", of_groups, of_filter)
    ]
    assert errors[0]["scimType"] == "invalidCursor"
    assert errors == [errors[0]] * 3
