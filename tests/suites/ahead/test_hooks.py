"""Runs against a server that takes its time: the verdicts of a quick one, with much at once."""

from __future__ import annotations

import re
from functools import partial
from types import SimpleNamespace
from typing import Any
from typing import TypeAlias

import pytest

from suites.ahead.hooks import Ahead
from suites.ahead.hooks import _registry as apart
from suites.ahead.order import UNDISTURBED
from suites.making.people import Registry
from suites.outcome.results import CaseRecord
from suites.run.state import Options
from suites.run.state import RunState
from tests.suites.ahead.cases import item
from tests.suites.ahead.slow import TOKEN
from tests.suites.ahead.slow import serving

# The fixture of the folder above, and what it returns.
Command: TypeAlias = Any
Done: TypeAlias = Any

REPLAYS = ("--idp", "google", "--suite", "idp", "-k", "suspend or update or delete")
LINE = 0.03  # seconds: a server is slow from 0.02 on


def verdicts(done: Done) -> dict[str, str]:
    return {each["case"]: each["verdict"] for each in done.report["results"]}


@pytest.mark.parametrize(
    ("deviation", "workers"),
    [("deactivate-ignored", ()), ("", ("-n", "2"))],
    ids=["one process", "two workers"],
)
def test_a_slow_server_is_judged_like_a_quick_one(
    command: Command, deviation: str, workers: tuple[str, ...]
) -> None:
    found, most = [], []
    for delay in (0.0, LINE):
        with serving(delay, *filter(None, [deviation])) as server:
            done = command.run(*REPLAYS, "--url", server.url, *workers, SCIM_TOKEN=TOKEN)
            assert server.users() == 0
        assert done.status == (1 if deviation else 0), done.said
        assert done.report["left_behind"] == []
        found.append(verdicts(done))
        most.append(server.most)
    assert found[0] == found[1]
    assert ("fail" in found[1].values()) is bool(deviation)
    assert most[1] > most[0] + 1


def test_what_began_early_is_deleted_where_its_turn_never_comes(command: Command) -> None:
    with serving(LINE, "deactivate-ignored") as server:
        done = command.run(*REPLAYS, "--url", server.url, "-x", SCIM_TOKEN=TOKEN)
        assert server.users() == 0
    assert done.status == 1
    assert done.report["left_behind"] == []
    assert server.most > 1


def test_another_worker_that_takes_a_case_over_meets_none_of_its_people() -> None:
    made = partial(Registry, seed=1, run_id="0a1b2c", domain="example.com")

    def usual(case: str) -> Registry:
        return made(case=case)

    tags = {apart(usual, worker, "a case").tag for worker in ("gw0", "gw1")}
    assert len({*tags, usual("a case").tag}) == 3


def test_what_cases_beside_have_sent_is_masked_as_well() -> None:
    state = RunState(Options(), None, None, owner="main")
    log = state.open_log("beside")
    log.passwords.add("s3cret-of-a-case-beside")
    state.ahead["beside"] = SimpleNamespace(bench=SimpleNamespace(log=log))  # type: ignore[assignment]  # a stand-in
    assert "s3cret" not in state.masking().text("it sent s3cret-of-a-case-beside just now")


@pytest.mark.parametrize(("marks", "waits"), [((UNDISTURBED,), True), ((), False)])
def test_who_is_to_have_the_server_alone_waits_for_what_began(
    marks: tuple[str, ...], waits: bool
) -> None:
    state, waited = RunState(Options(), None, None, owner="main"), list[str]()
    state.ahead["beside"] = SimpleNamespace(wait=lambda: waited.append("beside"))  # type: ignore[assignment]  # a stand-in
    case = item("alone", marks=marks)
    case.stash = pytest.Stash()
    turn = Ahead(state, pytest.StashKey[CaseRecord]()).pytest_runtest_protocol(case)
    next(turn)
    assert bool(waited) is waits
    turn.close()


def test_no_case_needs_a_fixture_that_pytest_would_not_make_for_it(command: Command) -> None:
    done = command("run", "--idp", "all", "--collect-only", "-p", "tests.suites.ahead.collected")
    looked = re.search(r"LOOKED AT (\d+)", done.out)
    assert looked is not None, done.said
    assert int(looked[1]) > 1000
    assert "LACKING" not in done.out
