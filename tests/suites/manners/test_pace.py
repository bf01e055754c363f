"""How many requests leave in a second, and how many are under way at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Credential
from reports import Redactor
from suites.cleanup.journal import Journal
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.manners import locks
from suites.manners.clock import RunClock
from suites.manners.commons import ROOM
from suites.manners.commons import Commons
from suites.manners.commons import remove
from suites.manners.pace import Throttle
from suites.manners.slots import Slots
from suites.reach.connection import Connection
from suites.target.model import Target
from suites.verdicts import Blocked

# The fixture of the folder: runs the command.
Command: TypeAlias = Any
CRUD = ("--suite", "protocol", "--only", "RFC7644-3.3-7", "--only", "RFC7644-3.6-2")
REPLAYS = ("--idp", "okta", "--only", "OKTA-CREATE-1", "--only", "OKTA-PUSH-2")


def test_processes_of_a_run_take_turns(tmp_path: Path) -> None:
    one, other = Commons(tmp_path / "room"), Commons(tmp_path / "room")
    first, second = Throttle(10, one), Throttle(10, other)
    waits = [throttle.claim() for throttle in (first, second, first, second)]
    assert waits == pytest.approx([0, 0.1, 0.2, 0.3], abs=0.09)
    one.close()
    other.close()
    remove(tmp_path)


def test_without_a_limit_nobody_waits() -> None:
    assert Throttle(None).claim() == 0


@pytest.mark.parametrize("shared", [False, True])
def test_no_more_than_so_many_are_under_way(tmp_path: Path, shared: bool) -> None:
    folder = tmp_path / "room" if shared else None
    # Two as in two processes: where they share a folder, they share its places.
    known = [Slots(2, folder, RunClock()) for _ in range(2 if shared else 1)]
    inside, most, guard = [0], [0], threading.Lock()

    def go(number: int) -> None:
        with known[number % len(known)].one():
            with guard:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            time.sleep(0.01)  # a request takes a while
            with guard:
                inside[0] -= 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(go, range(24)))
    assert most[0] == 2
    for slots in known:
        slots.close()


def test_a_place_of_a_process_that_died_is_free(tmp_path: Path) -> None:
    path = tmp_path / "place"
    with path.open("a+b") as held, path.open("a+b") as other:
        assert locks.take(held)
        assert not locks.take(other)
        held.close()  # as the system does for a process that was killed
        assert locks.take(other)
        locks.release(other)


def test_who_waits_for_a_place_when_the_run_is_over_is_told() -> None:
    slots = Slots(1, None, RunClock(0.05))
    with slots.one(), pytest.raises(Blocked, match="the run's time was over"), slots.one():
        pass


def test_a_run_of_two_workers_keeps_below_its_requests_a_second(
    command: Command, guarded: Callable[..., Any], door_token: str
) -> None:
    server = guarded()
    limit = {"SCIM_REQUESTS_PER_SECOND": "20"}
    done = command.run("--url", server.url, *CRUD, "-n", "2", SCIM_TOKEN=door_token, **limit)
    assert done.status == 0, done.said
    assert len(server.door.requests) > 40
    assert 12 < server.door.most_within(1.0) <= 23
    assert sorted(path.name for path in command.directory.glob(".*")) == []


def test_replays_keep_the_pace_too(
    command: Command, guarded: Callable[..., Any], door_token: str
) -> None:
    server = guarded()
    limit = {"SCIM_REQUESTS_PER_SECOND": "10"}
    done = command.run("--url", server.url, *REPLAYS, SCIM_TOKEN=door_token, **limit)
    assert done.status == 0, done.said
    assert server.door.most_within(1.0) <= 12


@pytest.mark.parametrize("count", [1, 2])
def test_three_workers_have_no_more_under_way_than_they_may(
    command: Command, guarded: Callable[..., Any], door_token: str, count: int
) -> None:
    server = guarded(delay=0.03)
    done = command.run(
        *("--url", server.url, "--suite", "consistency", "-n", "3"),
        *("--concurrency", str(count)),
        SCIM_TOKEN=door_token,
    )
    assert done.status == 0, done.said
    assert server.door.most <= count  # a busy machine may never reach it
    skipped = {r["actual"] for r in done.report["results"] if r["verdict"] == "skip"}
    assert ("the target allows one request at a time" in skipped) is (count == 1)
    assert sorted(path.name for path in command.directory.glob(".*")) == []


def test_the_wait_for_a_turn_is_no_time_of_the_server(
    guarded: Callable[..., Any], door_token: str
) -> None:
    credential = Credential(kind="bearer", secret=door_token)
    target = Target(url=guarded().url, credential=credential, requests_per_second=2)
    connection = Connection(target)
    log = CaseLog("case", Redactor([door_token]), lambda line: None)
    client = ScimClient(connection, log, Journal(None, owner="w"))
    started = time.monotonic()
    took = [client.send("GET", "/Users").seconds for _ in range(2)]
    assert time.monotonic() - started > 0.4
    assert max(took) < 0.4
    connection.close()


def test_what_a_killed_run_shared_counts_for_no_other(
    command: Command, guarded: Callable[..., Any], door_token: str
) -> None:
    server = guarded()
    room = command.directory / ROOM
    room.mkdir(parents=True)
    old = Commons(room)
    with old.changing() as figures:
        figures.next_at = figures.paused_until = time.monotonic() + 1000
    old.close()
    done = command.run("--url", server.url, *CRUD, "--max-seconds", "60", SCIM_TOKEN=door_token)
    assert done.status == 0, done.said
    assert not room.exists()


def test_a_token_endpoint_has_its_pace_and_its_patience(
    answering: Callable[..., str],
) -> None:
    asked: list[tuple[str, float]] = []

    def answer(method: str, path: str, _: bytes) -> tuple[int, dict[str, str], bytes]:
        asked.append((path, time.monotonic()))
        if path != "/token":
            return 200, {}, b"{}"
        if len(asked) == 1:
            return 429, {"Retry-After": "0"}, b""
        return 200, {}, b'{"access_token": "bought", "expires_in": 600}'

    url = answering(answer)
    bought = Credential("oauth2-client-credentials", "s", user="c", token_url=f"{url}/token")
    connection = Connection(
        Target(url=f"{url}/v2", credential=bought, requests_per_second=5, concurrency=1)
    )
    assert connection.request("GET", "/Users", (), None).status_code == 200
    assert connection.target.credential.secret == "bought"  # noqa: S105 - made up
    assert [path for path, _ in asked] == ["/token", "/token", "/v2/Users"]
    assert asked[2][1] - asked[0][1] > 0.35
    connection.close()
