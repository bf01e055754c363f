"""A server that is killed in mid-load keeps what it acknowledged, whole, and nothing half done.

Each client works on users and a group of its own, so that what it was told can be compared with
what is there after the restart. Only the one request whose reply never came may have happened or
not, and then whole.
"""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable
from contextlib import ExitStack
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.reference_server.live import GROUP
from tests.reference_server.live import USER
from tests.reference_server.live import Client
from tests.reference_server.live import Gone
from tests.reference_server.live import plain_server
from tests.sizes import sized

if TYPE_CHECKING:
    from subprocess import Popen

    from tests.reference_server.live import Json

CLIENTS = 4


@dataclass
class World:
    """What a client believes: its users by name with their number, and who is in its group."""

    users: dict[str, int] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)


Change = Callable[[World], None]


class Worker:
    """One client's requests, and what follows from the replies."""

    def __init__(self, name: str, seed: int) -> None:
        self.name = name
        self.world = World()
        self.pending: Change | None = None
        self._random = random.Random(seed)  # noqa: S311 - a test's choices
        self._made = 0
        self._ids: dict[str, str] = {}
        self._group = ""

    def meet(self, client: Client) -> None:
        """Learn the ids, which a lost reply may have kept from us."""
        groups = client.find("/Groups", f'displayName eq "{self.name}"')
        if not groups:
            body = {"schemas": [GROUP], "displayName": self.name}
            groups = [client.call("POST", "/Groups", body)[1]]
        self._group = groups[0]["id"]
        users = client.find("/Users", f'userName sw "{self.name}-"', count="1000")
        self._ids = {each["userName"]: each["id"] for each in users}

    def work(self, client: Client, acknowledged: Callable[[], None]) -> None:
        """Send requests until the server goes away."""
        try:
            while True:
                self._request(client)
                acknowledged()
        except Gone:
            pass

    def _request(self, client: Client) -> None:
        names = list(self.world.users)
        choices: list[Callable[[Client, list[str]], None]] = [self._create]
        if len(names) > 2:
            choices += [self._number, self._join, self._leave, self._delete, self._replace]
        self._random.choice(choices)(client, names)

    def _sent(self, change: Change, status: int, wanted: int) -> None:
        assert status == wanted
        change(self.world)
        self.pending = None

    def _create(self, client: Client, _: list[str]) -> None:
        self._made += 1
        name = f"{self.name}-{self._made}"

        def change(world: World) -> None:
            world.users[name] = 0

        self.pending = change
        status, made = client.call("POST", "/Users", person(name, 0))
        self._sent(change, status, 201)
        self._ids[name] = made["id"]

    def _number(self, client: Client, names: list[str]) -> None:
        name, number = self._random.choice(names), self._random.randrange(1, 10**6)

        def change(world: World) -> None:
            world.users[name] = number

        self.pending = change
        operations = [
            {"op": "replace", "path": path, "value": str(number)} for path in ("title", "nickName")
        ]
        self._sent(change, client.patch(f"/Users/{self._ids[name]}", *operations), 200)

    def _replace(self, client: Client, names: list[str]) -> None:
        name, number = self._random.choice(names), self._random.randrange(1, 10**6)

        def change(world: World) -> None:
            world.users[name] = number

        self.pending = change
        body = person(name, number)
        self._sent(change, client.call("PUT", f"/Users/{self._ids[name]}", body)[0], 200)

    def _join(self, client: Client, names: list[str]) -> None:
        chosen = self._random.sample(names, 2)

        def change(world: World) -> None:
            world.members.update(chosen)

        self.pending = change
        values = [{"value": self._ids[each]} for each in chosen]
        operation = {"op": "add", "path": "members", "value": values}
        self._sent(change, client.patch(f"/Groups/{self._group}", operation), 204)

    def _leave(self, client: Client, names: list[str]) -> None:
        chosen = self._random.sample(names, 2)

        def change(world: World) -> None:
            world.members.difference_update(chosen)

        self.pending = change
        operations = [
            {"op": "remove", "path": f'members[value eq "{self._ids[each]}"]'} for each in chosen
        ]
        self._sent(change, client.patch(f"/Groups/{self._group}", *operations), 204)

    def _delete(self, client: Client, names: list[str]) -> None:
        name = self._random.choice(names)

        def change(world: World) -> None:
            del world.users[name]
            world.members.discard(name)

        self.pending = change
        self._sent(change, client.call("DELETE", f"/Users/{self._ids[name]}")[0], 204)

    def compare(self, seen: World) -> None:
        """Hold what is there against what was acknowledged, with or without the last request."""
        possible = [self.world]
        if self.pending is not None:
            possible.append(deepcopy(self.world))
            self.pending(possible[-1])
        assert seen in possible
        self.world, self.pending = seen, None


def person(name: str, number: int) -> Json:
    return {
        "schemas": [USER],
        "userName": name,
        "externalId": f"x-{name}",
        "title": str(number),
        "nickName": str(number),
        "emails": [{"value": f"{name}@example.com"}, {"value": f"{name}@example.org"}],
    }


def seen_by(client: Client, worker: Worker) -> World:
    """Look at a client's users and group, in every way in which they can be found."""
    world = World()
    users = {each["id"]: each for each in client.everything("/Users")}
    mine = {key: each for key, each in users.items() if each["userName"].startswith(worker.name)}
    groups = client.find("/Groups", f'displayName eq "{worker.name}"')
    assert len(groups) == 1
    inside = {each["value"] for each in groups[0].get("members", [])}
    assert inside <= set(mine)
    for key, user in mine.items():
        name = user["userName"]
        assert user["title"] == user["nickName"]  # both or none
        assert len(user["emails"]) == 2
        assert [each["value"] for each in user.get("groups", [])] == (
            [groups[0]["id"]] if key in inside else []
        )
        wanted = [
            f'userName eq "{name}"',
            f'externalId eq "x-{name}"',
            f'emails.value eq "{name}@example.org"',
        ]
        for text in wanted:
            assert [each["id"] for each in client.find("/Users", text)] == [key]
        world.users[name] = int(user["title"])
    world.members = {mine[key]["userName"] for key in inside}
    return world


def check_uniqueness(client: Client) -> None:
    users = client.everything("/Users")
    names = [each["userName"] for each in users]
    assert len(set(names)) == len(names)
    for name in names[:2]:
        assert client.call("POST", "/Users", person(name.upper(), 0))[0] == 409


def check_file(database: Path) -> None:
    """Look into the file: SQLite's own check, and nothing that hangs in the air."""
    with closing(sqlite3.connect(database)) as connection:
        for statement, wanted in [
            ("PRAGMA integrity_check", "ok"),
            (
                "SELECT count(*) FROM entries WHERE resource NOT IN (SELECT number FROM resources)",
                0,
            ),
            (
                "SELECT count(*) FROM memberships WHERE holder NOT IN (SELECT number FROM "
                "resources) OR member NOT IN (SELECT number FROM resources)",
                0,
            ),
            ("SELECT sum(count) - (SELECT count(*) FROM resources) FROM kinds", 0),
        ]:
            assert connection.execute(statement).fetchone()[0] == wanted


class Load:
    """The clients at work, until a number of acknowledgements."""

    def __init__(self, workers: list[Worker], clients: list[Client]) -> None:
        self._news = threading.Condition()
        self._count = 0
        self._faults: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._run, args=pair)
            for pair in zip(workers, clients, strict=True)
        ]

    def _run(self, worker: Worker, client: Client) -> None:
        try:
            worker.work(client, self._acknowledged)
        except BaseException as fault:
            self._faults.append(fault)
        finally:
            client.close()

    def _acknowledged(self) -> None:
        with self._news:
            self._count += 1
            self._news.notify_all()

    def until(self, count: int, servers: list[Popen[bytes]]) -> None:
        """Let the clients work until so many replies have come, then kill the servers."""
        for thread in self._threads:
            thread.start()
        with self._news:
            assert self._news.wait_for(lambda: self._count >= count or self._faults, timeout=60)
        for each in servers:
            each.kill()
        for thread in self._threads:
            thread.join(timeout=60)
        assert not self._faults, self._faults


# What the soak page says of this module.
FIGURES = {"kills with one server and as many with two": sized(3, 25)}


@pytest.mark.parametrize("servers", [1, 2])
def test_what_was_acknowledged_survives_kill_9(tmp_path: Path, servers: int) -> None:
    database = tmp_path / "scim.db"
    choose = random.Random(servers)  # noqa: S311 - a test's choices
    workers = [Worker(f"client{number}", number) for number in range(CLIENTS)]
    for _ in range(max(FIGURES.values())):
        with ExitStack() as stack:
            running = [
                stack.enter_context(plain_server(database, tmp_path / f"{number}.log"))
                for number in range(servers)
            ]
            clients = [Client(running[number % servers][1]) for number in range(CLIENTS)]
            for worker, client in zip(workers, clients, strict=True):
                worker.meet(client)
            load = Load(workers, clients)
            load.until(choose.randrange(10, 120), [each for each, _ in running])
        with (
            plain_server(database, tmp_path / "again.log") as (_, url),
            closing(Client(url)) as eye,
        ):
            for worker in workers:
                worker.compare(seen_by(eye, worker))
            check_uniqueness(eye)
        check_file(database)
