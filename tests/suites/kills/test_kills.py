"""A run is killed, `scimproof cleanup` runs, and the server is as it was before."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from suites.cleanup.journal import load_open
from tests.sizes import sized
from tests.suites.kills.struck import Place
from tests.suites.kills.struck import Plan
from tests.suites.kills.struck import creates

Killer: TypeAlias = Any  # the fixture of the folder
KILLS = sized(5, 30)
FIGURES = {"kills of runs": KILLS}
# What creates much in little time (users, groups, bulk, memberships, several at once), and how many
# requests it takes at least.
JOBS = (
    (500, ("--idp", "okta", "--suite", "idp")),
    (500, ("--idp", "entra", "--suite", "idp", "-k", "group or create or hist")),
    (70, ("--suite", "consistency")),
    (120, ("--suite", "protocol", "-k", "bulk or rfc7644_3_7")),
    (180, ("--suite", "protocol", "-k", "crud or groups")),
)
OKTA_USERS = ("--idp", "okta", "-k", "UPD or update")


def kill(killer: Killer, place: Place, *words: str, **plan: Any) -> None:  # noqa: ANN401 - of Plan
    """Run until the plan kills the run and its workers."""
    start = partial(killer.run, place.url, *words)
    killer.struck(place, start, lambda strike: Plan(strike, **plan))


def journal_of(killer: Killer) -> Path:
    path: Path = killer.directory / "journal.jsonl"
    return path


@pytest.mark.parametrize("seed", range(KILLS))
def test_after_a_kill_at_a_random_moment_the_server_is_as_before(
    killer: Killer, place: Place, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's choices
    workers = ("-n", "2") if seed % 2 else ()
    until, job = JOBS[seed % len(JOBS)]
    at, when = chance.randrange(1, until), chance.choice(["before", "after"])
    words = " ".join((*job, *workers))
    print(f"seed {seed}: {words}, killed {when} request {at}")  # noqa: T201 - to repeat a failure
    before = place.app.state()
    kill(killer, place, *job, *workers, "--seed", str(seed), at=at, when=when)
    status, said = killer.cleanup()
    assert place.app.state() == before, said
    assert status == 0, said
    assert load_open(journal_of(killer)) == []


@pytest.mark.parametrize(
    ("kind", "at", "when", "job"),
    [
        pytest.param("Users", 4, "after", OKTA_USERS, id="user"),
        pytest.param("Users", 4, "before", OKTA_USERS, id="user who was never made"),
        pytest.param("Groups", 1, "after", ("--idp", "okta", "-k", "group"), id="group of an IdP"),
        pytest.param("Bulk", 1, "after", ("--suite", "protocol", "-k", "rfc7644_3_7"), id="bulk"),
    ],
)
def test_a_create_whose_answer_is_lost_is_found(
    killer: Killer, place: Place, kind: str, at: int, when: str, job: tuple[str, ...]
) -> None:
    before = place.app.state()
    kill(killer, place, *job, counts=creates(kind), at=at, when=when)
    lost = [each for each in load_open(journal_of(killer)) if each.id is None]
    there = {each.get("userName", each.get("displayName")) for each in place.app.state().values()}
    assert lost
    assert {each.name for each in lost} & there == (
        {each.name for each in lost} if when == "after" else set()
    )
    status, said = killer.cleanup()
    assert (status, place.app.state()) == (0, before), said


def test_a_cleanup_that_is_killed_itself_is_finished_by_the_next(
    killer: Killer, place: Place
) -> None:
    before = place.app.state()
    job = ("--suite", "consistency", "-n", "2")
    kill(killer, place, *job, counts=creates("Users"), at=12, when="after")
    left = len(place.app.state()) - len(before)
    assert left > 3

    def deletes(method: str, path: str) -> bool:
        return method == "DELETE"

    for at, when in ((2, "after"), (1, "before")):
        clean = partial(killer.start, "cleanup", killer.directory)
        plan = partial(Plan, at=at, when=when, counts=deletes)
        killer.struck(place, clean, plan)
    # A write that the kill tore, and a server that was started anew in the meantime.
    with journal_of(killer).open("a", encoding="utf-8") as file:
        file.write('{"event": "deleted", "key": "gw0.1-1", "ty')
    place.stop()
    place.start()
    assert len(place.app.state()) - len(before) == left - 2
    for _ in range(2):
        status, said = killer.cleanup()
        assert (status, place.app.state()) == (0, before), said


def test_a_run_that_was_killed_before_it_created_has_nothing_to_clean(
    killer: Killer, place: Place
) -> None:
    before = place.app.state()
    kill(killer, place, "--only", "OKTA-LINK-1", at=1, when="before")
    status, said = killer.cleanup()
    assert (status, place.app.state()) == (0, before), said


def test_workers_that_outlive_their_controller_are_waited_for(killer: Killer, place: Place) -> None:
    before = place.app.state()
    started: list[Any] = []
    plan = place.app.plan = Plan(
        lambda: os.kill(started[0].pid, signal.SIGKILL),
        at=10,
        when="after",
        counts=creates("Users"),
    )
    started.append(killer.run(place.url, "--suite", "consistency", "-n", "2"))
    assert plan.done.wait(60)
    place.app.plan = None
    started[0].wait(60)  # the controller alone: its workers go on for some seconds
    status, said = killer.cleanup()
    assert (status, place.app.state()) == (0, before), said


def test_a_cleanup_waits_for_a_busy_server_and_says_what_became_of_what(
    killer: Killer, token: str, tmp_path: Path
) -> None:
    place = Place(token, tmp_path / "people.db", ("delete-refused",))
    place.start()
    place.app.settle_in()
    before = place.app.state()
    kill(killer, place, "--suite", "consistency", counts=creates("Users"), at=6, when="after")
    place.app.busy = 2
    status, said = killer.cleanup()
    made = {key: each for key, each in place.app.state().items() if key not in before}
    assert place.app.busy == 0
    assert {key: each for key, each in place.app.state().items() if key in before} == before
    assert {each["active"] for each in made.values()} == {False}
    assert said.count("it is deactivated instead") == len(made) > 0
    assert f"{len(made)} deactivated, 0 left behind" in said
    assert status == 0
    place.stop()


@pytest.mark.parametrize(
    ("how", "at", "counts"),
    [
        pytest.param(signal.SIGINT, 2, lambda method, path: True, id="at the first look"),
        pytest.param(signal.SIGINT, 5, creates("Users"), id="in a create"),
        pytest.param(signal.SIGTERM, 3, lambda method, path: method == "DELETE", id="in a delete"),
    ],
)
def test_a_run_that_is_told_to_end_cleans_up_by_itself(
    killer: Killer, place: Place, how: signal.Signals, at: int, counts: Callable[[str, str], bool]
) -> None:
    before = place.app.state()
    started: list[Any] = []
    plan = place.app.plan = Plan(
        lambda: os.kill(started[0].pid, how), at=at, when="after", counts=counts
    )
    started.append(killer.run(place.url, "--suite", "consistency"))
    said = started[0].communicate(timeout=100)[0]
    place.app.plan = None
    assert plan.done.is_set(), said
    assert place.app.state() == before, said
    assert started[0].returncode == 2, said
    assert (killer.directory / "report.json").exists()
