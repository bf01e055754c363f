"""The database file: what it refuses, what it keeps, and how threads and processes share it."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import reference_server
from reference_server import database_layout
from reference_server.database import Database
from reference_server.database import DatabaseFileError
from reference_server.errors import ScimError
from reference_server.messages import Json
from reference_server.registry import Registry
from reference_server.registry import load_registry
from reference_server.sqlite_store import SqliteStore
from reference_server.store import MemberChange
from reference_server.store import Record

if TYPE_CHECKING:
    from reference_server.schemas import ResourceType

REGISTRY = load_registry()
ENTITLEMENTS = load_registry([files("reference_server") / "data" / "entitlements.json"])
NOW = "2026-01-01T00:00:00.000000Z"


def kind_of(endpoint: str, registry: Registry = REGISTRY) -> ResourceType:
    found = registry.at(endpoint)
    assert found is not None
    return found


USER, GROUP = kind_of("/Users"), kind_of("/Groups")
Open = Callable[..., SqliteStore]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scim #1?.db"  # a name that an address would need to escape


@pytest.fixture
def open_store(path: Path) -> Iterator[Open]:
    opened: list[Database] = []

    def make(
        tenant: str = "default", registry: Registry = REGISTRY, busy_seconds: float = 5
    ) -> SqliteStore:
        opened.append(Database(path, busy_seconds=busy_seconds))
        return SqliteStore(opened[-1], tenant, registry.resource_types)

    yield make
    for file in opened:
        file.close()


def user(identifier: str, **attributes: str) -> Record:
    given = {"userName": identifier, **attributes}
    return Record(id=identifier, kind=USER, attributes=given, created=NOW, modified=NOW)


def put_in(store: SqliteStore, *records: Record) -> None:
    with store.exclusive():
        for each in records:
            store.insert(each)


# --- the file


def test_what_one_opening_wrote_the_next_one_finds(open_store: Open) -> None:
    first = open_store()
    group = Record(id="g", kind=GROUP, attributes={}, created=NOW, modified=NOW)
    put_in(first, user("u", displayName="Babs"), group)
    with first.exclusive():
        first.change_members("g", MemberChange(add=("u",)))
        first.remember("mark")
    second = open_store()
    assert second.get(USER, "u") == first.get(USER, "u")
    assert list(second.members("g")) == [("u", USER, "Babs")]
    assert [each.id for each in second.lookup(USER, (None, "displayName", None), "babs")] == ["u"]
    assert (second.count(USER), second.count(GROUP)) == (1, 1)
    with second.exclusive():
        assert not second.remember("mark")


def test_an_empty_file_may_become_the_database(path: Path, open_store: Open) -> None:
    path.touch()
    put_in(open_store(), user("u"))
    assert open_store().count(USER) == 1


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")


def marked(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 7")


def newer(path: Path) -> None:
    Database(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {database_layout.LAYOUT + 1}")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (foreign, "the database of another program"),
        (marked, "the database of another program"),
        (newer, f"its layout is {database_layout.LAYOUT + 1}"),
        (lambda path: path.write_bytes(b"no database" * 100), "not a database"),
        (lambda path: path.mkdir(), "cannot be used"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_and_left_alone(
    path: Path, make: Callable[[Path], object], words: str
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(DatabaseFileError, match=words) as refusal:
        Database(path)
    assert str(path) in str(refusal.value)
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_in_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseFileError, match=r"folder .* does not exist"):
        Database(tmp_path / "nowhere" / "scim.db")


def test_a_file_that_was_taken_away_is_not_made_anew(path: Path, open_store: Open) -> None:
    store = open_store()
    store._database.close()
    path.unlink()
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        store.count(USER)
    assert not path.exists()


def test_closing_folds_the_log_into_the_file_and_the_store_goes_on(
    path: Path, open_store: Open
) -> None:
    store = open_store()
    put_in(store, user("u"))
    store._database.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert store.count(USER) == 1


def test_the_log_says_what_is_wrong_with_the_file(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = reference_server.create_app(
        credentials=[reference_server.Credential("bearer", "s")], database=path
    )
    path.unlink()
    request = reference_server.Request(
        "GET", "/scim/v2/Users", "", (("Authorization", "Bearer s"),)
    )
    with caplog.at_level(logging.ERROR):
        response = app.handle(request)
    assert response.status == 500
    assert "OperationalError (unable to open database file)" in caplog.text


# --- schemas that come and go


def test_resources_of_a_type_that_is_no_longer_served_wait_unseen(open_store: Open) -> None:
    kind = kind_of("/Entitlements", ENTITLEMENTS)
    full = open_store(registry=ENTITLEMENTS)
    thing = Record(id="e", kind=kind, attributes={"displayName": "E"}, created=NOW, modified=NOW)
    group = Record(id="g", kind=GROUP, attributes={}, created=NOW, modified=NOW)
    put_in(full, thing, group)
    with full.exclusive():
        full.change_members("g", MemberChange(add=("e",)))
    less = open_store()
    assert less.find("e") is None
    assert list(less.members("g")) == []
    with pytest.raises(ScimError, match="'e' is already in use"):
        put_in(less, user("e"))
    again = open_store(registry=ENTITLEMENTS)
    assert again.find("e") == full.find("e")


def extended(tmp_path: Path) -> Registry:
    """Give users an extension with a unique attribute, as a schema file would."""
    file = tmp_path / "badge.json"
    file.write_text(
        """
        {"schemas": [{"id": "urn:example:Badge", "attributes": [
           {"name": "number", "type": "string", "multiValued": false, "uniqueness": "server"}]}],
         "resourceTypes": [{"name": "User", "endpoint": "/Users",
           "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
           "schemaExtensions": [{"schema": "urn:example:Badge", "required": false}]}]}
        """,
        encoding="utf-8",
    )
    return load_registry([file])


def test_an_attribute_that_becomes_indexed_is_found_at_once(
    tmp_path: Path, open_store: Open
) -> None:
    badge: Json = {"number": "B1"}
    early = replace(user("early"), attributes={"userName": "early", "urn:example:Badge": badge})
    put_in(open_store(), early)
    registry = extended(tmp_path)
    store = open_store(registry=registry)
    kind = kind_of("/Users", registry)
    key = ("urn:example:Badge", "number", None)
    assert [each.id for each in store.lookup(kind, key, "b1")] == ["early"]
    late = replace(early, id="late", kind=kind, attributes={**early.attributes, "userName": "l"})
    with pytest.raises(ScimError, match="urn:example:Badge:number: the value 'b1'"):
        put_in(store, late)


def test_a_process_with_other_schemas_cannot_spoil_the_index(
    tmp_path: Path, open_store: Open
) -> None:
    old = open_store()
    put_in(old, user("u"))
    open_store(registry=extended(tmp_path))
    assert old.count(USER) == 1
    with pytest.raises(DatabaseFileError, match="the same schema files"):
        put_in(old, user("v"))
    with pytest.raises(DatabaseFileError, match="the same schema files"), old.exclusive():
        old.update(user("u", displayName="other"))
    assert old.count(USER) == 1


# --- tenants


def test_tenants_share_nothing_but_the_file(open_store: Open) -> None:
    one, two = open_store("one"), open_store("two")
    group = Record(id="g", kind=GROUP, attributes={}, created=NOW, modified=NOW)
    put_in(one, user("u", externalId="1"), group)
    put_in(two, user("u", externalId="2"), user("v"), group)
    with one.exclusive():
        one.change_members("g", MemberChange(add=("u", "v")))
        assert one.remember("mark")
        one.delete(user("u"), NOW)
    with two.exclusive():
        assert two.remember("mark")
    assert (one.count(USER), two.count(USER)) == (0, 2)
    assert [each.sequence for each in two.scan(USER)] == [1, 2]
    assert one.find("u") is one.find("v") is None
    assert list(two.members("g")) == list(two.groups_of("u")) == []
    assert [each.id for each in two.lookup(USER, (None, "externalId", None), "2")] == ["u"]
    assert list(one.lookup(USER, (None, "externalId", None), "2")) == []


# --- threads and processes


def test_a_read_transaction_shows_one_moment_while_others_write(open_store: Open) -> None:
    store, other = open_store(), open_store()
    put_in(store, user("u"))
    with store.reading():
        assert store.count(USER) == 1
        put_in(other, user("v"))
        assert store.count(USER) == 1
        assert store.find("v") is None
    assert store.count(USER) == 2


def test_a_writer_who_waits_too_long_is_told_to_try_again(open_store: Open) -> None:
    store, other = open_store(), open_store(busy_seconds=0.05)
    put_in(store, user("u"))
    with store.exclusive():
        with pytest.raises(ScimError, match="busy") as refusal, other.exclusive():
            pytest.fail("two wrote at once")
        assert other.count(USER) == 1  # reading needs no turn
    assert (refusal.value.status, dict(refusal.value.headers)["Retry-After"]) == (503, "1")
    put_in(other, user("v"))


def test_a_file_that_another_process_keeps_locked_is_refused(path: Path, open_store: Open) -> None:
    open_store()._database.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseFileError, match=r"cannot be used .* busy with other writes"):
            open_store(busy_seconds=0.05)
        other.execute("ROLLBACK")


def test_a_thread_that_waits_too_long_for_its_turn_is_told_to_try_again(open_store: Open) -> None:
    store = open_store(busy_seconds=0.05)
    seen: list[int] = []

    def write() -> None:
        try:
            put_in(store, user("v"))
        except ScimError as refusal:
            seen.append(refusal.status)

    with store.exclusive():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert seen == [503]


def test_connections_are_used_again_and_not_piled_up(
    open_store: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store()
    made: list[object] = []
    connect = sqlite3.connect

    def counting(*arguments: object, **options: object) -> sqlite3.Connection:
        made.append(arguments)
        return connect(*arguments, **options)  # type: ignore[call-overload,no-any-return]  # passed on as they come

    monkeypatch.setattr(sqlite3, "connect", counting)
    for number in range(30):
        put_in(store, user(str(number)))
        thread = threading.Thread(target=lambda: list(store.scan(USER)))
        thread.start()
        thread.join()
    assert len(made) <= 1


FORKING = """
import os, sqlite3, sys
from pathlib import Path
from reference_server.database import Database

file = Database(Path(sys.argv[1]))
opened = []
connect = sqlite3.connect
sqlite3.connect = lambda *given, **more: opened.append(1) or connect(*given, **more)


def add(name):
    with file.exclusive():
        file.write("INSERT INTO tenants (name, sequence) VALUES (?, 0)", (name,))


add("parent")
child = os.fork()
if child == 0:
    opened.clear()
    add("child")
    os._exit(0 if opened else 3)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
add("parent again")
print(status, len(opened), file.rows("SELECT name FROM tenants ORDER BY number"))
"""


def test_a_forked_process_opens_its_own_connections(path: Path) -> None:
    # In a process of its own: this one may have threads, and then must not fork.
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", FORKING, str(path)],
        cwd=Path(reference_server.__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    names = [("parent",), ("child",), ("parent again",)]
    assert (done.stdout.strip(), done.stderr) == (f"0 1 {names}", "")


def test_a_full_disk_takes_the_transaction_back_and_no_more(open_store: Open) -> None:
    store = open_store()
    put_in(store, user("u"))
    with store.exclusive():
        pages = store._database.rows("PRAGMA page_count")[0][0]
        # The connection goes back to the pool and is taken out again: the limit stays with it.
        store._database.rows(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(ScimError, match="full") as refused:
        put_in(store, user("v"), user("big", displayName="x" * 100_000))
    assert refused.value.status == 507
    assert [each.id for each in store.scan(USER)] == ["u"]
    with store.exclusive():
        store._database.rows("PRAGMA max_page_count = 1000000")
    put_in(store, user("v"))
    assert store.count(USER) == 2


# --- what things cost


@pytest.fixture
def instructions(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], int]:
    """Count the instructions of SQLite's machine that an action takes: a cost without noise."""
    steps: list[None] = []
    connect = sqlite3.connect

    def counted(*arguments: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)  # type: ignore[call-overload]  # passed on as they come
        connection.set_progress_handler(lambda: steps.append(None), 1)
        return connection

    monkeypatch.setattr(sqlite3, "connect", counted)

    def count(action: Callable[[], object]) -> int:
        steps.clear()
        action()
        return len(steps)

    return count


def costs(
    store: SqliteStore, size: int, instructions: Callable[[Callable[[], object]], int]
) -> dict[str, int]:
    group = Record(id="g", kind=GROUP, attributes={"displayName": "g"}, created=NOW, modified=NOW)
    people = [user(str(number), displayName="same") for number in range(size)]
    newcomer = user("new")
    put_in(store, *people, newcomer, group)

    def change(add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> None:
        with store.exclusive():
            store.change_members("g", MemberChange(add, frozenset(remove)))

    def write(action: Callable[[Record], object], record: Record) -> Callable[[], None]:
        def run() -> None:
            with store.exclusive():
                action(record)

        return run

    change(tuple(each.id for each in people))
    name = (None, "userName", None)
    return {
        "add a member": instructions(lambda: change(("new",))),
        "ask for a member": instructions(lambda: store.has_member("g", "new")),
        "groups of a member": instructions(lambda: list(store.groups_of("new"))),
        "remove a member": instructions(lambda: change((), ("new",))),
        "rename a member": instructions(write(store.update, replace(people[5], version=2))),
        "rename the group": instructions(write(store.update, replace(group, version=2))),
        "find by id": instructions(lambda: store.find("3")),
        "find by name": instructions(lambda: store.lookup(USER, name, "3")),
        "find nobody": instructions(lambda: store.lookup(USER, name, "nobody")),
        "count": instructions(lambda: store.count(USER)),
        "create": instructions(write(store.insert, user("last"))),
        "delete": instructions(write(lambda record: store.delete(record, NOW), people[4])),
    }


def test_costs_do_not_grow_with_the_number_of_users_and_members(
    tmp_path: Path, instructions: Callable[[Callable[[], object]], int]
) -> None:
    found = []
    for size in (10, 1000):
        with closing(Database(tmp_path / f"{size}.db")) as file:
            store = SqliteStore(file, "default", REGISTRY.resource_types)
            found.append(costs(store, size, instructions))
    small, large = found
    assert {name: large[name] - small[name] for name in small} == dict.fromkeys(small, 0)
    assert all(small.values())


def test_the_first_page_of_many_costs_as_much_as_the_last(
    open_store: Open, instructions: Callable[[Callable[[], object]], int]
) -> None:
    store = open_store()
    put_in(store, *(user(f"{number:04}") for number in range(600)))
    sequences = [each.sequence for each in store.scan(USER)]

    def page(after: int) -> int:
        return instructions(lambda: list(islice(store.scan(USER, after=after), 50)))

    assert page(sequences[400]) == page(0)
