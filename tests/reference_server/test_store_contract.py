"""The contract of the store, held against both stores, and the one that products watch."""

from __future__ import annotations

import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import nullcontext
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from reference_server.database import Database
from reference_server.errors import ScimError
from reference_server.memory_store import MemoryStore
from reference_server.products.watched_store import WatchedStore
from reference_server.registry import load_registry
from reference_server.sqlite_store import SqliteStore
from reference_server.store import MemberChange
from reference_server.store import Record
from reference_server.store import Store
from tests.sizes import sized

if TYPE_CHECKING:
    from reference_server.schemas import ResourceType

# Attributes as a test writes them, and what is only compared.
Json: TypeAlias = Any

REGISTRY = load_registry()
NOW = "2026-01-01T00:00:00.000000Z"
LATER = "2026-01-02T00:00:00.000000Z"


def kind_of(endpoint: str) -> ResourceType:
    found = REGISTRY.at(endpoint)
    assert found is not None
    return found


USER, GROUP = kind_of("/Users"), kind_of("/Groups")


class StepBackError(Exception):
    """Raised to leave a transaction."""


def record(kind: ResourceType, identifier: str, **attributes: Json) -> Record:
    return Record(id=identifier, kind=kind, attributes=attributes, created=NOW, modified=NOW)


@dataclass
class Desk:
    """Short words for writing to a store."""

    store: Store

    def user(self, identifier: str, **attributes: Json) -> Record:
        return self.put_in(record(USER, identifier, userName=identifier, **attributes))

    def group(self, identifier: str, *members: str) -> Record:
        made = self.put_in(record(GROUP, identifier, displayName=identifier))
        self.join(identifier, *members)
        return made

    def put_in(self, new: Record) -> Record:
        with self.store.exclusive():
            return self.store.insert(new)

    def change(self, old: Record, **attributes: Json) -> Record:
        new = replace(
            old,
            attributes={**old.attributes, **attributes},
            version=old.version + 1,
            modified=LATER,
        )
        with self.store.exclusive():
            self.store.update(new)
        return new

    def delete(self, old: Record) -> None:
        with self.store.exclusive():
            self.store.delete(old, LATER)

    def join(self, group: str, *members: str) -> None:
        with self.store.exclusive():
            self.store.change_members(group, MemberChange(add=members))

    def leave(self, group: str, *members: str) -> None:
        with self.store.exclusive():
            self.store.change_members(group, MemberChange(remove=frozenset(members)))

    def ids(self, kind: ResourceType = USER, start: int = 0, after: int = 0) -> list[str]:
        with self.store.reading():
            return [each.id for each in self.store.scan(kind, start, after)]

    def found(self, name: str, value: str, sub: str | None = None) -> list[str]:
        return sorted(each.id for each in self.store.lookup(USER, (None, name, sub), value))

    def version(self, kind: ResourceType, identifier: str) -> tuple[int, str]:
        found = self.store.get(kind, identifier)
        assert found is not None
        return found.version, found.modified

    def everything(self) -> Json:
        """Return all that a store tells."""
        with self.store.reading():
            return [
                (
                    kind.name,
                    self.store.count(kind),
                    [
                        (
                            each,
                            sorted(map(repr, self.store.members(each.id))),
                            sorted(map(repr, self.store.groups_of(each.id))),
                            self.entries(each),
                        )
                        for each in self.store.scan(kind)
                    ],
                )
                for kind in REGISTRY.resource_types
            ]

    def entries(self, each: Record) -> list[list[str]]:
        names = [("userName", None), ("displayName", None), ("emails", "value")]
        return [
            sorted(other.id for other in self.store.lookup(each.kind, key, word))
            for key in ((None, *name) for name in names)
            if key in each.kind.indexed
            for word in ("a", "b", "c", each.id)
        ]


@pytest.fixture(params=["memory", "sqlite", "watched"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    files: list[Database] = []

    def make() -> Store:
        if request.param == "memory":
            return MemoryStore(REGISTRY.resource_types)
        if request.param == "watched":
            inner = MemoryStore(REGISTRY.resource_types)
            return WatchedStore(inner, nullcontext, lambda _changes: None)
        files.append(Database(tmp_path / f"{len(files)}.db"))
        return SqliteStore(files[-1], "default", REGISTRY.resource_types)

    yield make
    for file in files:
        file.close()


@pytest.fixture
def store(make_store: Callable[[], Store]) -> Store:
    return make_store()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


# --- resources


def test_what_was_put_in_is_found_by_type_and_by_id_alone(desk: Desk) -> None:
    made = desk.user("u", name={"givenName": "Zo\u00eb", "x": [1, 2.5, True, {"y": "\u0000"}]})
    assert desk.store.get(USER, "u") == desk.store.find("u") == made
    assert made.sequence > 0
    assert desk.store.get(GROUP, "u") is None
    assert desk.store.find("v") is None


def test_an_id_is_used_once_whatever_the_type(desk: Desk) -> None:
    desk.user("same")
    with pytest.raises(ScimError, match="'same' is already in use") as refusal:
        desk.group("same")
    assert (refusal.value.status, refusal.value.scim_type) == (409, "uniqueness")
    assert desk.store.count(GROUP) == 0


def test_a_unique_value_has_one_holder_at_a_time(desk: Desk) -> None:
    first = desk.user("a")
    second = desk.user("b")
    with pytest.raises(ScimError, match="userName: the value 'a' is already in use"):
        desk.put_in(record(USER, "c", userName="A"))
    with pytest.raises(ScimError, match="'a'"):
        desk.change(second, userName="A")
    first = desk.change(first, userName="x")
    second = desk.change(second, userName="a")
    with pytest.raises(ScimError, match="'x'"):
        desk.change(second, userName="X")
    desk.delete(first)
    desk.change(second, userName="X")
    assert desk.found("userName", "x") == ["b"]


def test_a_resource_may_keep_its_own_unique_value(desk: Desk) -> None:
    made = desk.user("a")
    assert desk.change(made, userName="A", title="t") == desk.store.get(USER, "a")


def test_a_sequence_is_never_used_again(desk: Desk) -> None:
    desk.user("a")
    last = desk.user("b")
    desk.delete(last)
    assert desk.user("c").sequence > last.sequence


def test_counts_follow(desk: Desk) -> None:
    made = [desk.user(each) for each in "abc"]
    desk.group("g")
    desk.delete(made[1])
    assert (desk.store.count(USER), desk.store.count(GROUP)) == (2, 1)


# --- order


def test_a_scan_goes_in_creation_order_from_where_it_is_told(desk: Desk) -> None:
    made = {each: desk.user(each) for each in "dbeac"}
    desk.group("g")
    desk.change(made["d"], title="still first")
    desk.delete(made["e"])
    assert desk.ids() == ["d", "b", "a", "c"]
    assert desk.ids(start=2) == ["a", "c"]
    assert desk.ids(after=made["b"].sequence) == ["a", "c"]
    assert desk.ids(after=made["e"].sequence, start=1) == ["c"]
    assert desk.ids(after=made["c"].sequence) == desk.ids(start=9) == []


def test_a_long_scan_and_a_large_group_are_whole(desk: Desk) -> None:
    with desk.store.exclusive():
        for number in range(2500):
            desk.store.insert(record(USER, f"{number:04}", userName=f"{number:04}"))
    everybody = [f"{number:04}" for number in range(2500)]
    desk.group("g", *everybody)
    assert desk.ids() == everybody
    assert desk.ids(start=1151) == everybody[1151:]
    assert sorted(each.id for each in desk.store.members("g")) == everybody


# --- look-ups


def test_look_ups_know_how_an_attribute_compares(desk: Desk) -> None:
    work = [{"value": "A@x.example"}, {"value": "b@x.example", "type": "home"}]
    made = desk.user("a", externalId="E1", displayName="Babs", emails=work)
    desk.user("b", externalId="e1", displayName="BABS")
    assert desk.found("externalId", "E1") == ["a"]
    assert desk.found("displayName", "babs") == ["a", "b"]
    assert desk.found("emails", "a@x.example", "value") == ["a"]
    assert desk.found("emails", "b@x.example", "value") == ["a"]
    assert desk.found("id", "a") == ["a"]
    assert desk.found("id", "A") == desk.found("userName", "nobody") == []
    desk.change(made, emails=[{"value": "c@x.example"}], displayName="Zed")
    assert desk.found("emails", "a@x.example", "value") == []
    assert desk.found("emails", "c@x.example", "value") == ["a"]
    assert desk.found("displayName", "babs") == ["b"]


def test_groups_are_found_by_a_member(desk: Desk) -> None:
    desk.user("u")
    desk.group("g", "u")
    desk.group("h", "g", "u")
    key = (None, "members", "value")
    assert sorted(each.id for each in desk.store.lookup(GROUP, key, "u")) == ["g", "h"]
    assert [each.id for each in desk.store.lookup(GROUP, key, "g")] == ["h"]
    assert list(desk.store.lookup(GROUP, key, "nobody")) == []


# --- memberships


def test_members_and_groups_are_told_with_type_and_name(desk: Desk) -> None:
    desk.user("u")
    desk.user("v", displayName="Vera")
    desk.group("g", "u", "v")
    desk.group("h", "g")
    assert sorted(desk.store.members("g")) == [("u", USER, "u"), ("v", USER, "Vera")]
    assert list(desk.store.members("h")) == [("g", GROUP, "g")]
    assert list(desk.store.groups_of("v")) == [("g", GROUP, "g")]
    assert list(desk.store.groups_of("g")) == [("h", GROUP, "h")]
    assert list(desk.store.groups_of("h")) == list(desk.store.members("u")) == []
    assert desk.store.has_member("g", "u")
    assert not desk.store.has_member("u", "g")


def test_who_comes_or_goes_twice_does_so_once(desk: Desk) -> None:
    desk.user("u")
    desk.group("g", "u", "u")
    desk.join("g", "u")
    assert [each.id for each in desk.store.members("g")] == ["u"]
    desk.leave("g", "u", "stranger")
    desk.leave("g", "u")
    assert list(desk.store.members("g")) == list(desk.store.groups_of("u")) == []


def test_a_new_name_is_news_to_the_groups_around_but_no_write_to_them(desk: Desk) -> None:
    user = desk.user("u")
    for name in ("g", "h", "k"):
        desk.group(name)
    desk.join("g", "u")
    desk.join("h", "g")
    user = desk.change(user, title="no name")
    assert desk.version(GROUP, "g") == (1, NOW)
    user = desk.change(user, displayName="Ursula")
    assert desk.version(GROUP, "g") == (2, NOW)
    assert desk.version(GROUP, "h") == desk.version(GROUP, "k") == (1, NOW)
    desk.change(user, userName="other")  # the display name hides it
    assert desk.version(GROUP, "g") == (2, NOW)
    assert [each.display for each in desk.store.members("g")] == ["Ursula"]


def test_a_group_within_itself_gets_one_new_version(desk: Desk) -> None:
    group = desk.group("g")
    desk.join("g", "g")
    desk.change(group, displayName="new")
    assert desk.version(GROUP, "g") == (2, LATER)
    assert [each.display for each in desk.store.members("g")] == ["new"]


def test_who_is_deleted_leaves_the_groups_and_they_have_changed(desk: Desk) -> None:
    user = desk.user("u")
    group = desk.group("g", "u")
    desk.group("h", "g")
    desk.group("k")
    desk.delete(user)
    assert list(desk.store.members("g")) == []
    assert desk.version(GROUP, "g") == (2, LATER)
    assert desk.version(GROUP, "h") == desk.version(GROUP, "k") == (1, NOW)
    desk.delete(group)
    assert list(desk.store.members("h")) == []
    assert desk.version(GROUP, "h") == (2, LATER)


def test_a_group_that_is_deleted_is_no_longer_around_its_members(desk: Desk) -> None:
    desk.user("u")
    group = desk.group("g", "u")
    desk.delete(group)
    assert list(desk.store.groups_of("u")) == []
    desk.group("g")
    assert list(desk.store.members("g")) == []


# --- transactions


def populated(desk: Desk) -> dict[str, Record]:
    made = {each: desk.user(each, emails=[{"value": each}]) for each in "abc"}
    made["g"] = desk.group("g", "a", "b")
    made["h"] = desk.group("h", "g", "b")
    return made


def test_an_exception_takes_every_kind_of_write_back(desk: Desk) -> None:
    made = populated(desk)
    before = desk.everything()
    with suppress(StepBackError), desk.store.exclusive():
        desk.user("new")
        desk.change(made["a"], userName="c2", displayName="new", emails=[{"value": "z"}])
        desk.delete(made["b"])
        desk.delete(made["g"])
        desk.join("h", "a", "c")
        assert desk.store.remember("mark")
        assert desk.everything() != before
        raise StepBackError
    assert desk.everything() == before
    with desk.store.exclusive():
        assert desk.store.remember("mark")


def test_a_refusal_inside_a_transaction_takes_back_what_came_before_it(desk: Desk) -> None:
    made = populated(desk)
    before = desk.everything()
    with suppress(ScimError), desk.store.exclusive():
        desk.store.insert(record(USER, "new", userName="new"))
        desk.store.change_members("g", MemberChange(add=("new",)))
        desk.store.update(replace(made["a"], attributes={"userName": "B"}))
        pytest.fail("the second userName was taken")
    assert desk.everything() == before


def test_a_part_fails_alone(desk: Desk) -> None:
    made = populated(desk)
    with desk.store.exclusive():
        desk.user("kept")
        with suppress(StepBackError), desk.store.exclusive():
            desk.user("lost")
            desk.delete(made["a"])
            raise StepBackError
        desk.join("h", "kept")
    assert desk.ids() == ["a", "b", "c", "kept"]
    assert desk.store.has_member("g", "a")
    assert desk.store.has_member("h", "kept")


def test_a_transaction_sees_its_own_writes(desk: Desk) -> None:
    with desk.store.exclusive():
        made = desk.user("a")
        assert desk.store.get(USER, "a") == made
        with desk.store.reading():
            assert desk.ids() == ["a"]


def test_nothing_is_written_outside_a_transaction(desk: Desk) -> None:
    made = populated(desk)
    before = desk.everything()
    store = desk.store
    writes: list[Callable[[], object]] = [
        lambda: store.insert(record(USER, "x", userName="x")),
        lambda: store.update(replace(made["a"], version=7)),
        lambda: store.delete(made["a"], LATER),
        lambda: store.change_members("g", MemberChange(add=("c",))),
        lambda: store.remember("mark"),
    ]
    for write in writes:
        with pytest.raises(RuntimeError, match="exclusive"):
            write()
        with store.reading(), pytest.raises(RuntimeError, match="exclusive"):
            write()
    assert desk.everything() == before


def test_a_write_transaction_does_not_begin_within_a_read_transaction(desk: Desk) -> None:
    def begin() -> None:
        with desk.store.exclusive():
            pytest.fail("it began")

    with desk.store.reading(), pytest.raises(RuntimeError, match="read transaction"):
        begin()
    desk.user("afterwards")
    assert desk.ids() == ["afterwards"]


def test_a_mark_is_new_once(desk: Desk) -> None:
    with desk.store.exclusive():
        assert [desk.store.remember(each) for each in ("a", "b", "a")] == [True, True, False]


def test_threads_lose_no_update(desk: Desk) -> None:
    desk.user("u", title="")

    def count() -> None:
        for _ in range(25):
            with desk.store.exclusive():
                old = desk.store.get(USER, "u")
                assert old is not None
                desk.change(old, title=f"{old.attributes['title']}+")

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = desk.store.get(USER, "u")
    assert found is not None
    assert (found.attributes["title"], found.version) == ("+" * 150, 151)


# --- both stores tell the same after the same history

WORD = st.sampled_from(["a", "b", "c"])
IDS = st.sampled_from(["u1", "u2", "u3", "g1", "g2"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("user"), IDS, WORD, WORD),
        st.tuples(st.just("group"), IDS, WORD),
        st.tuples(st.just("change"), IDS, WORD, WORD),
        st.tuples(st.just("delete"), IDS),
        st.tuples(st.just("join"), IDS, st.lists(IDS, max_size=3)),
        st.tuples(st.just("leave"), IDS, st.lists(IDS, max_size=3)),
    ),
    max_size=6,
)
HISTORIES = st.lists(st.tuples(STEPS, st.booleans()), max_size=8)


def step(desk: Desk, what: tuple[Any, ...]) -> None:
    match what:
        case ("user", identifier, name, mail):
            emails = [{"value": mail}, {"value": name}]
            desk.put_in(record(USER, identifier, userName=name, emails=emails))
        case ("group", identifier, name):
            desk.put_in(record(GROUP, identifier, displayName=name))
        case ("change", identifier, name, mail):
            old = desk.store.find(identifier)
            if old is not None:
                desk.change(old, displayName=name, emails=[{"value": mail}])
        case ("delete", identifier):
            old = desk.store.find(identifier)
            if old is not None:
                desk.delete(old)
        case (("join" | "leave") as verb, identifier, others):
            there = [each for each in (identifier, *others) if desk.store.find(each)]
            if there[:1] == [identifier]:
                (desk.join if verb == "join" else desk.leave)(*there)


def live(desk: Desk, history: list[tuple[list[tuple[Any, ...]], bool]]) -> list[object]:
    """Live through transactions, some of which fail at their end; return what was seen."""
    seen: list[object] = []
    for steps, fails in history:
        with suppress(StepBackError), desk.store.exclusive():
            for each in steps:
                try:
                    step(desk, each)
                except ScimError as refusal:
                    seen.append(refusal.detail)
            if fails:
                raise StepBackError
        seen.append(desk.everything())
    return seen


# What the soak page says of this module.
FIGURES = {"histories": sized(60, 600)}


@settings(
    max_examples=FIGURES["histories"],
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(HISTORIES)
def test_both_stores_tell_the_same(
    tmp_path: Path, history: list[tuple[list[tuple[Any, ...]], bool]]
) -> None:
    path = tmp_path / "history.db"
    path.unlink(missing_ok=True)
    file = Database(path)
    kept = Desk(SqliteStore(file, "default", REGISTRY.resource_types))
    fleeting = Desk(MemoryStore(REGISTRY.resource_types))
    assert live(kept, history) == live(fleeting, history)
    file.close()
