"""A server that is busy is waited for, and never accused of it."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from reference_server import Request
from reference_server import Response
from suites.manners.clock import RunClock
from suites.manners.commons import Commons
from suites.manners.patience import Patience
from suites.manners.patience import pause_of
from suites.verdicts import Blocked

Answer: TypeAlias = Callable[[int, Request], Response | None]
# The fixtures of the folder.
Command: TypeAlias = Any
Busy: TypeAlias = Callable[..., Response]

SAMPLE = (
    *("--idp", "okta", "--only", "OKTA-CREATE-1", "--only", "OKTA-PUSH-2", "--only", "OKTA-MEM-2"),
    *("--only", "RFC7644-3.3-7", "--only", "RFC7644-3.6-2", "--only", "RFC7644-3.4.2.2-10"),
    *("--only", "SEC-AUTH-1", "--only", "OKTA-HIST-1"),
)


def test_several_who_wait_together_wait_once(tmp_path: Path) -> None:
    rooms = [Commons(tmp_path / "room") for _ in range(2)]
    one, other = (Patience(1.0, commons=room) for room in rooms)
    first = threading.Thread(target=one.wait, args=(0.6,))
    first.start()
    while not other.hold():
        time.sleep(0.01)  # the other process has not begun to wait
    other.wait(0.5)  # two waits of 1.1 s in all, of 0.6 s together
    first.join()
    assert other.commons.paused_until() - time.monotonic() < 0.1
    with pytest.raises(Blocked, match="of the wait budget of 1 s only 0"):
        other.wait(0.9)
    for room in rooms:
        room.close()


def test_while_one_waits_nobody_asks() -> None:
    patience = Patience(60)
    patience.commons = Commons()
    with patience.commons.changing() as shared:
        shared.paused_until = time.monotonic() + 30
    assert 29 < patience.hold() <= 30


def test_a_wait_beyond_the_end_of_the_run_is_none() -> None:
    patience = Patience(3600, clock=RunClock(10))
    with pytest.raises(Blocked, match=r"the run's time was over \(10 s\): .* asks to wait 60 s"):
        patience.wait(60)


@pytest.mark.parametrize("status", [200, 404, 500])
def test_only_who_is_busy_asks_to_wait(status: int) -> None:
    assert pause_of(status, "7") is None


def _every(period: int, *replies: Response) -> Answer:
    """Answer some of so many requests in the server's place."""
    turns = itertools.cycle((*replies, *[None] * (period - len(replies))))
    return lambda number, request: next(turns)


@pytest.mark.parametrize(
    ("period", "status", "count", "headers"),
    [
        pytest.param(7, 429, 1, {"Retry_After": "1"}, id="every seventh is one too many"),
        pytest.param(9, 429, 1, {}, id="and the server does not say for how long"),
        pytest.param(12, 503, 3, {"Retry_After": "0"}, id="bursts of 503"),
    ],
)
def test_a_server_that_throttles_fails_no_case(
    command: Command,
    guarded: Callable[..., Any],
    busy: Busy,
    door_token: str,
    *,
    period: int,
    status: int,
    count: int,
    headers: dict[str, str],
) -> None:
    server = guarded(_every(period, *[busy(status, **headers)] * count))
    wait = {"SCIM_WAIT_BUDGET": "6"}
    done = command.run("--url", server.url, *SAMPLE, SCIM_TOKEN=door_token, **wait)
    verdicts = [result["verdict"] for result in done.report["results"]]
    assert verdicts.count("pass") > 4, done.said
    assert set(verdicts) <= {"pass", "skip", "inconclusive"}, done.said
    blocked = [r["actual"] for r in done.report["results"] if r["verdict"] == "inconclusive"]
    assert all("wait budget" in why or "answers 503 to what" in why for why in blocked), blocked
    assert server.door.users() == 0, done.said


def test_a_server_that_always_throttles_is_told_in_one_sentence(
    command: Command, guarded: Callable[..., Any], busy: Busy, door_token: str
) -> None:
    server = guarded(lambda number, request: busy(429, Retry_After="1"))
    started = time.monotonic()
    done = command.run("--url", server.url, *SAMPLE, SCIM_TOKEN=door_token)
    assert time.monotonic() - started < 20
    assert done.status == 1
    assert {result["verdict"] for result in done.report["results"]} == {"inconclusive"}
    (reason,) = {result["actual"] for result in done.report["results"]}
    assert "was answered 429 again and again: the server throttles the run" in reason
    assert len(server.door.requests) == 4


def test_a_pause_beyond_the_budget_is_not_waited_for(
    command: Command, guarded: Callable[..., Any], busy: Busy, door_token: str
) -> None:
    server = guarded(lambda number, request: busy(503, Retry_After="3600"))
    done = command.run("--url", server.url, *SAMPLE, SCIM_TOKEN=door_token)
    assert done.status == 1
    (reason,) = {result["actual"] for result in done.report["results"]}
    assert "asks to wait 3600 s, and of the wait budget of 60 s only 60 s are left" in reason
    assert len(server.door.requests) == 1
