"""Paging by cursor: RFC 9865."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from reference_server import Credential
from reference_server.cursors import TIMEOUT
from reference_server.memory_store import MemoryStore
from reference_server.pages import CursorPaging
from reference_server.presenter import Presenter
from reference_server.query import read_query
from reference_server.registry import load_registry
from reference_server.searches import Search
from reference_server.store import Record
from reference_server.tolerances import Tolerances

if TYPE_CHECKING:
    from conftest import Clock
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")


def names(reply: Reply) -> list[str]:
    return [each["userName"] for each in reply.body["Resources"]]


def pages(scim: Scim, path: str = "/Users", **query: Json) -> Iterator[Reply]:
    """Walk a list from the first page to the last."""
    cursor = ""
    for _ in range(100):
        reply = scim.get(path, cursor=cursor, **query)
        assert reply.status == 200, reply.body
        yield reply
        if "nextCursor" not in reply.body:
            return
        cursor = reply.body["nextCursor"]
    pytest.fail("the list has no end")


@pytest.fixture
def seven(scim: Scim) -> list[str]:
    """Users whose creation order is not their order by title; two have none."""
    titles = ["g", "c", None, "a", "c", None, "b"]
    return [scim.user(f"u{n}", title=title) for n, title in enumerate(titles)]


@pytest.mark.parametrize(("count", "sizes"), [(3, [3, 3, 1]), (7, [7]), (6, [6, 1]), (10, [7])])
def test_pages_follow_each_other_to_the_end(
    scim: Scim, seven: list[str], count: int, sizes: list[int]
) -> None:
    walked = list(pages(scim, count=count))
    assert [len(each.ids) for each in walked] == sizes
    assert [f"/Users/{id_}" for each in walked for id_ in each.ids] == seven
    for number, each in enumerate(walked):
        assert each.body["totalResults"] == 7
        assert each.body["itemsPerPage"] == len(each.ids)
        assert "startIndex" not in each.body
        assert ("previousCursor" in each.body) is (number > 0)
        assert ("nextCursor" in each.body) is (number < len(walked) - 1)


def test_cursors_have_unreserved_characters_only(scim: Scim, seven: list[str]) -> None:
    long = [scim.user(f"v{n}", title="\U0001f600" * 300 + str(n)) for n in range(3)]
    for reply in pages(scim, count=1, sortBy="title"):
        for name in ("nextCursor", "previousCursor"):
            cursor = reply.body.get(name, "a")
            assert UNRESERVED.fullmatch(cursor)
            assert len(cursor) < 1500
    walked = [id_ for each in pages(scim, count=2, sortBy="title") for id_ in each.ids]
    assert len(walked) == len(set(walked)) == len(seven) + len(long)


def test_previous_cursors_lead_back_the_same_way(scim: Scim, seven: list[str]) -> None:
    for query in ({}, {"sortBy": "title"}, {"filter": "userName pr"}):
        walked = list(pages(scim, count=3, **query))
        second = scim.get("/Users", cursor=walked[2].body["previousCursor"], count=3, **query)
        first = scim.get("/Users", cursor=second.body["previousCursor"], count=3, **query)
        assert (second.ids, first.ids) == (walked[1].ids, walked[0].ids)
        assert "previousCursor" not in first.body
        again = scim.get("/Users", cursor=first.body["nextCursor"], count=3, **query)
        assert again.ids == walked[1].ids


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("ascending", ["u3", "u6", "u1", "u4", "u0", "u2", "u5"]),
        ("descending", ["u2", "u5", "u0", "u1", "u4", "u6", "u3"]),
    ],
)
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.usefixtures("seven")
def test_sorted_lists_are_walked_in_order(
    scim: Scim, order: str, expected: list[str], count: int
) -> None:
    query = {"sortBy": "title", "sortOrder": order}
    assert names(scim.get("/Users", **query)) == expected
    walked = list(pages(scim, count=count, **query))
    assert [name for each in walked for name in names(each)] == expected


@pytest.mark.parametrize("sort", ["meta.created", "active", "emails", "name.familyName", "id"])
def test_every_kind_of_sort_key_survives_in_a_cursor(scim: Scim, sort: str) -> None:
    for n in range(5):
        mails = [{"value": f"{9 - n}@example.com"}] if n % 2 else None
        scim.user(f"u{n}", active=bool(n % 3), emails=mails, name={"familyName": "\u00c4" * n})
    walked = [id_ for each in pages(scim, count=2, sortBy=sort) for id_ in each.ids]
    assert walked == scim.get("/Users", sortBy=sort).ids


@pytest.mark.parametrize("query", [{}, {"filter": "userName pr"}, {"sortBy": "userName"}])
def test_what_comes_and_goes_between_pages_moves_nothing_else(
    scim: Scim, seven: list[str], query: dict[str, str]
) -> None:
    first = scim.get("/Users", cursor="", count=3, **query)
    for gone in (seven[0], seven[2], seven[4]):
        scim.delete(gone)
    scim.user("u9")
    rest = scim.get("/Users", cursor=first.body["nextCursor"], count=3, **query)
    assert names(rest) == ["u3", "u5", "u6"]
    last = scim.get("/Users", cursor=rest.body["nextCursor"], count=3, **query)
    assert (names(last), "nextCursor" in last.body) == (["u9"], False)
    back = scim.get("/Users", cursor=rest.body["previousCursor"], count=3, **query)
    assert names(back) == ["u1"]


def test_a_page_whose_records_have_all_gone_is_empty_and_knows_the_way(
    scim: Scim, seven: list[str]
) -> None:
    first = scim.get("/Users", cursor="", count=3)
    for path in seven[3:]:
        scim.delete(path)
    rest = scim.get("/Users", cursor=first.body["nextCursor"], count=3)
    assert (rest.ids, "nextCursor" in rest.body) == ([], False)
    back = scim.get("/Users", cursor=rest.body["previousCursor"], count=3)
    assert back.ids == first.ids
    for path in seven[:3]:
        scim.delete(path)
    scim.user("later")
    gone = scim.get("/Users", cursor=rest.body["previousCursor"], count=3)
    assert (gone.ids, "previousCursor" in gone.body) == ([], False)
    later = scim.get("/Users", cursor=gone.body["nextCursor"], count=3)
    assert names(later) == ["later"]


@pytest.mark.parametrize("query", [{}, {"sortBy": "userName"}])
def test_what_has_become_the_first_page_has_none_before_it(
    scim: Scim, seven: list[str], query: dict[str, str]
) -> None:
    cursor = scim.get("/Users", cursor="", count=3, **query).body["nextCursor"]
    for path in seven[:2]:
        scim.delete(path)
    assert "previousCursor" in scim.get("/Users", cursor=cursor, count=3, **query).body
    scim.delete(seven[2])
    assert "previousCursor" not in scim.get("/Users", cursor=cursor, count=3, **query).body


@pytest.mark.parametrize("count", [0, -1])
@pytest.mark.usefixtures("seven")
def test_no_count_means_no_resources_and_no_pages(scim: Scim, count: int) -> None:
    reply = scim.get("/Users", cursor="", count=count)
    assert (reply.body["totalResults"], reply.ids) == (7, [])
    assert not {"nextCursor", "previousCursor"} & reply.body.keys()


@pytest.mark.parametrize(
    "change",
    [
        {"filter": 'userName sw "U"'},
        {"filter": None},
        {"sortBy": "title"},
        {"sortOrder": "descending"},
        {"path": ""},
    ],
)
@pytest.mark.usefixtures("seven")
def test_a_cursor_is_good_for_its_own_query_only(scim: Scim, change: dict[str, str]) -> None:
    query: Json = {"path": "/Users", "filter": 'userName sw "u"', "sortBy": "id", "count": 2}
    first = scim.get(cursor="", **query)
    other = {name: value for name, value in (query | change).items() if value is not None}
    reply = scim.get(cursor=first.body["nextCursor"], **other)
    assert reply.fault == (400, "invalidCursor")
    right = scim.get(cursor=first.body["nextCursor"], attributes="id", **query)
    assert list(right.body["Resources"][0]) == ["schemas", "id"]


@pytest.mark.parametrize(
    "cursor", ["x", "1", "AAAA", "%%%", "\u00e4", "a" * 40, "a" * 5000, " ", "next"]
)
def test_a_made_up_cursor_is_refused(scim: Scim, cursor: str) -> None:
    reply = scim.get("/Users", cursor=cursor)
    assert reply.fault == (400, "invalidCursor")
    assert reply.body["detail"].startswith("cursor:")


@pytest.mark.usefixtures("seven")
def test_no_cursor_can_be_changed_into_another(scim: Scim) -> None:
    cursor = scim.get("/Users", cursor="", count=2).body["nextCursor"]
    for at in range(len(cursor) - 1):
        forged = cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]
        assert scim.get("/Users", cursor=forged, count=2).fault == (400, "invalidCursor")


@pytest.mark.usefixtures("seven")
def test_cursors_are_opaque(scim: Scim) -> None:
    scim.user("m0", title="findme")
    for reply in pages(scim, count=1, sortBy="title"):
        cursor = reply.body.get("nextCursor", "")
        assert b"findme" not in urlsafe_b64decode(cursor + "==="[: -len(cursor) % 4])


@pytest.mark.parametrize("waited", [TIMEOUT - 60, TIMEOUT + 60])
@pytest.mark.usefixtures("seven")
def test_a_cursor_lives_as_long_as_announced(scim: Scim, clock: Clock, waited: int) -> None:
    assert scim.get("/ServiceProviderConfig").body["pagination"]["cursorTimeout"] == TIMEOUT
    cursor = scim.get("/Users", cursor="", count=2).body["nextCursor"]
    clock.now += timedelta(seconds=waited)
    reply = scim.get("/Users", cursor=cursor, count=2)
    assert reply.fault == ((200, None) if waited < TIMEOUT else (400, "expiredCursor"))


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"count": 3}, (400, "invalidCount")),
        ({}, (400, "invalidCount")),
        ({"count": "x"}, (400, "invalidCount")),
        ({"count": 2, "startIndex": 1}, (400, "invalidValue")),
        ({"count": 2}, (200, None)),
    ],
)
@pytest.mark.usefixtures("seven")
def test_the_count_stays_that_of_the_first_request(
    scim: Scim, query: Json, fault: tuple[int, str | None]
) -> None:
    cursor = scim.get("/Users", cursor="", count=2).body["nextCursor"]
    assert scim.get("/Users", cursor=cursor, **query).fault == fault


def test_index_paging_is_the_default(scim: Scim, seven: list[str]) -> None:
    announced = scim.get("/ServiceProviderConfig").body["pagination"]
    assert announced == {
        "cursor": True,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": 100,
        "maxPageSize": 1000,
        "cursorTimeout": TIMEOUT,
    }
    reply = scim.get("/Users", count=2)
    assert (reply.body["startIndex"], len(reply.ids)) == (1, 2)
    assert not {"nextCursor", "previousCursor"} & reply.body.keys()
    assert len(seven) == reply.body["totalResults"]


def test_a_search_request_pages_by_cursor_too(scim: Scim, seven: list[str]) -> None:
    body: Json = {"schemas": [SEARCH], "cursor": "", "count": 4, "sortBy": "userName"}
    first = scim.post("/Users/.search", body)
    last = scim.post("/Users/.search", {**body, "cursor": first.body["nextCursor"]})
    assert [f"/Users/{each}" for each in first.ids + last.ids] == seven
    assert "nextCursor" not in last.body
    assert scim.get("/Users", cursor=first.body["nextCursor"], count=4, sortBy="userName").ids
    assert scim.post("/Users/.search", {**body, "startIndex": 1}).fault == (400, "invalidValue")


def test_the_root_pages_by_cursor_in_creation_order(scim: Scim) -> None:
    made = [scim.group(f"n{n}") if n % 2 else scim.user(f"n{n}") for n in range(7)]
    kinds = 'meta.resourceType eq "User" or meta.resourceType eq "Group"'
    walked = [id_ for each in pages(scim, "", count=2, filter=kinds) for id_ in each.ids]
    assert walked == [path.rpartition("/")[2] for path in made]
    everything = [id_ for each in pages(scim, "", count=2) for id_ in each.ids]
    assert everything == scim.get("").ids
    back = scim.get("", cursor=list(pages(scim, "", count=3))[1].body["previousCursor"], count=3)
    assert back.ids == everything[:3]


@pytest.mark.parametrize("changed", [False, True])
def test_processes_with_the_same_credentials_share_cursors(
    make_scim: Callable[..., Scim], tmp_path: Path, changed: bool
) -> None:
    file = tmp_path / "shared.db"
    one = make_scim(database=file)
    other = make_scim(
        database=file, credentials=[Credential("bearer", "new" if changed else "secret")]
    )
    other.authorization = "Bearer new" if changed else "Bearer secret"
    made = [one.user(f"u{n}") for n in range(4)]
    cursor = one.get("/Users", cursor="", count=2).body["nextCursor"]
    reply = other.get("/Users", cursor=cursor, count=2)
    if changed:
        assert reply.fault == (400, "invalidCursor")
    else:
        assert [f"/Users/{each}" for each in reply.ids] == made[2:]


@pytest.mark.parametrize("options", [{"base_path": "/other/v2"}, {"tenant": "b"}])
def test_other_servers_cannot_read_a_cursor(
    make_scim: Callable[..., Scim], tmp_path: Path, options: Json
) -> None:
    file = tmp_path / "shared.db"
    one, other = make_scim(database=file), make_scim(database=file, **options)
    for n in range(8):
        (one if n % 2 else other).user(f"u{n}")
    cursor = one.get("/Users", cursor="", count=2).body["nextCursor"]
    assert other.get("/Users", cursor=cursor, count=2).fault == (400, "invalidCursor")


KIND = next(each for each in load_registry().resource_types if each.name == "User")


class _Plain:
    """Cursors in the open, for a test of places alone."""

    def __init__(self) -> None:
        self.places: list[Json] = []

    def write(self, place: Json, _query: str) -> str:
        self.places.append(place)
        return str(len(self.places))

    def read(self, cursor: str, _query: str) -> Json:
        return self.places[int(cursor) - 1]


class _Shelf:
    """A store in which users come and go."""

    def __init__(self) -> None:
        self.store = MemoryStore([KIND])
        self.alive: dict[str, Record] = {}
        self.steady: set[str] = set()
        self.made = 0

    def add(self, number: int) -> None:
        self.made += 1
        name = f"u{self.made}"
        title = {} if number > 7 else {"title": str(number)}
        attributes = {"userName": name, **title}
        record = Record(id=name, kind=KIND, attributes=attributes, created="", modified="")
        with self.store.exclusive():
            self.alive[name] = self.store.insert(record)

    def remove(self, number: int) -> None:
        if self.alive:
            gone = sorted(self.alive)[number % len(self.alive)]
            self.steady.discard(gone)
            with self.store.exclusive():
                self.store.delete(self.alive.pop(gone), "")


steps = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "page"]), st.integers(0, 9)), max_size=30
)


@given(steps, st.integers(1, 4), st.sampled_from([None, "title"]), st.booleans())
@settings(deadline=None, max_examples=150)
def test_a_walk_loses_and_doubles_nothing_that_was_there_all_the_time(
    history: list[tuple[str, int]], count: int, sort_by: str | None, descending: bool
) -> None:
    shelf, plain = _Shelf(), _Plain()
    for number in range(6):
        shelf.add(number)
    shelf.steady = set(shelf.alive)
    search = Search(count=count, cursor="", sort_by=sort_by, descending=descending)
    query = read_query(search, (KIND,), Tolerances())
    seen: list[str] = []
    for step, number in [*history, *[("page", 0)] * 60]:
        if step != "page":
            shelf.add(number) if step == "add" else shelf.remove(number)
        elif search.cursor is not None:
            paging = CursorPaging(plain, search, query, "")  # type: ignore[arg-type]  # enough of it
            page = paging.page(Presenter(shelf.store, ""))
            seen += [each.id for each in page.records]
            search = replace(search, cursor=page.next)
    assert search.cursor is None
    assert len(seen) == len(set(seen))
    assert shelf.steady <= set(seen)
