"""What is shown is right: in parts or whole, from memory or new, whatever happens meanwhile."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from reference_server import Request
from reference_server.messages import joined
from reference_server.presenter import Presenter
from reference_server.projection import projection
from reference_server.registry import load_registry
from reference_server.rendering import WHOLE
from reference_server.rendering import Renderings
from reference_server.rendering import body
from reference_server.store import Record

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def raw(scim: Scim, path: str, query: str = "") -> bytes | Iterator[bytes]:
    headers = (("Host", scim.host), ("Authorization", scim.authorization))
    found = scim.app.handle(Request("GET", scim.app.base_path + path, query, headers)).body
    return found if isinstance(found, bytes) else iter(found)


@pytest.fixture
def people(scim: Scim) -> list[str]:
    return [scim.user(f"person{number}", displayName="x" * 100) for number in range(2000)]


@pytest.fixture
def crowd(scim: Scim, people: list[str]) -> str:
    return scim.group("Everybody", people)


def test_a_large_group_comes_in_parts_that_are_all_there(
    scim: Scim, crowd: str, people: list[str]
) -> None:
    found = raw(scim, crowd)
    assert not isinstance(found, bytes)
    parts = list(found)
    assert max(map(len, parts)) < 2 * WHOLE
    shown = json.loads(b"".join(parts))
    ids = [path.rpartition("/")[2] for path in people]
    assert sorted(each["value"] for each in shown["members"]) == sorted(ids)
    assert {each["display"] for each in shown["members"]} == {"x" * 100}
    assert (shown["displayName"], shown["meta"]["resourceType"]) == ("Everybody", "Group")


def test_what_changes_while_parts_are_sent_is_not_in_them(
    scim: Scim, crowd: str, people: list[str]
) -> None:
    before = scim.get(crowd).body
    found = raw(scim, crowd)
    assert not isinstance(found, bytes)
    start = next(found)
    scim.patch(crowd, {"op": "remove", "path": "members"})
    scim.patch(people[-1], {"op": "replace", "path": "displayName", "value": "other"})
    assert scim.delete(people[-2]).status == 204
    assert json.loads(start + b"".join(found)) == before


def test_a_long_list_is_of_one_moment_too(scim: Scim, people: list[str]) -> None:
    before = scim.get("/Users", count=1000).body
    found = raw(scim, "/Users", "count=1000")
    assert not isinstance(found, bytes)
    start = next(found)
    for path in people[990:1000]:
        scim.delete(path)
    shown = json.loads(start + b"".join(found))
    assert shown == before
    assert len(shown["Resources"]) == shown["itemsPerPage"] == 1000


def test_memory_does_not_grow_with_what_is_written(scim: Scim, crowd: str) -> None:
    size = sum(map(len, raw(scim, crowd)))  # type: ignore[arg-type]  # parts, see above
    tracemalloc.start()
    for part in raw(scim, crowd):
        assert part
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Of each member a name is kept, a fifth of its text; the rest is one part of the text.
    assert peak < size / 3 + 4 * WHOLE


@pytest.mark.parametrize(
    "query",
    ["", "attributes=displayName", "attributes=members.value", "excludedAttributes=members"],
)
def test_parts_follow_the_projection(scim: Scim, crowd: str, query: str) -> None:
    shown = json.loads(joined(raw(scim, crowd, query)))
    small = scim.group("Few", [scim.user("one", displayName="y")])
    wanted = json.loads(joined(raw(scim, small, query)))
    assert shown.keys() == wanted.keys()
    assert "members" not in wanted or shown["members"][0].keys() == wanted["members"][0].keys()


def shown(scim: Scim, path: str) -> tuple[Json, Json]:
    """Return a resource as GET and as a list show it."""
    listed = scim.get("/Users", filter=f'id eq "{path.rpartition("/")[2]}"')
    return scim.get(path).body, listed.body["Resources"][0]


CHANGES: list[Callable[[Scim, str, str, str], object]] = [
    lambda scim, user, group, boss: scim.patch(
        user, {"op": "replace", "path": "title", "value": "Dr"}
    ),
    lambda scim, user, group, boss: scim.patch(
        group, {"op": "replace", "path": "displayName", "value": "New"}
    ),
    lambda scim, user, group, boss: scim.patch(group, {"op": "remove", "path": "members"}),
    lambda scim, user, group, boss: scim.delete(group),
    lambda scim, user, group, boss: scim.group("Around", [group]),
    lambda scim, user, group, boss: scim.patch(
        boss, {"op": "replace", "path": "displayName", "value": "Chief"}
    ),
    lambda scim, user, group, boss: scim.delete(boss),
    lambda scim, user, group, boss: setattr(scim, "host", "other.example.com"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_text_that_is_kept_is_not_shown_after_a_change(
    scim: Scim, change: Callable[[Scim, str, str, str], object]
) -> None:
    boss = scim.user("boss", displayName="Boss")
    manager = {"value": boss.rpartition("/")[2]}
    user = scim.user("bjensen", **{ENTERPRISE: {"manager": manager}})
    group = scim.group("Old", [user])
    before = shown(scim, user)
    assert before == shown(scim, user)  # kept by now
    change(scim, user, group, boss)
    after = shown(scim, user)
    assert after != before
    assert after[0] == after[1]
    # What a server without a memory of texts would say.
    excluding = scim.get(user, excludedAttributes="nickName").body
    assert excluding == after[0]


def test_texts_of_one_user_for_several_hosts_are_apart(scim: Scim) -> None:
    user = scim.user()
    for host in ("a.example.com", "b.example.com", "a.example.com"):
        scim.host = host
        assert scim.get(user).body["meta"]["location"].startswith(f"http://{host}/")


def test_what_is_kept_has_a_limit() -> None:
    (kind, *_) = load_registry(()).resource_types
    presenter = Presenter(NoGroups(), "http://x")  # type: ignore[arg-type]  # asked for groups only
    renderings = Renderings(kept_bytes=20_000)
    whole = projection(kind, None, None)
    for number in range(1000):
        attributes = {"userName": "u" * 100, "title": str(number)}
        record = Record(id=str(number), kind=kind, attributes=attributes, created="", modified="")
        text = renderings.body(renderings.take(presenter, record, whole))
        assert renderings.take(presenter, record, whole) == text
    kept = [*renderings._younger.values(), *renderings._older.values()]
    assert 10 < len(kept) < 100
    assert sum(len(text) for _, text in kept) < 20_000


class NoGroups:
    def groups_of(self, member: str) -> Iterator[object]:
        return iter(())


def test_a_body_that_is_small_is_whole() -> None:
    assert body(iter([b"a"] * 10)) == b"a" * 10
    assert body(iter([])) == b""
    large = body(iter([b"x" * 1000] * 1000))
    assert not isinstance(large, bytes)
    parts = list(large)
    assert b"".join(parts) == b"x" * 1_000_000
    assert len(parts) < 20
