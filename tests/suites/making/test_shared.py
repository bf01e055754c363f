from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from idp_profiles.model import Reply
from reports import Redactor
from suites.cleanup.journal import Journal
from suites.evidence import CaseLog
from suites.evidence import RawExchange
from suites.making.shared import Shared
from suites.verdicts import Blocked


def log() -> CaseLog:
    return CaseLog("case", Redactor(), lambda line: None)


def exchange(kept: CaseLog) -> None:
    created = RawExchange(method="POST", target="/Users", headers=(), body=None, reply=Reply(201))
    kept.record(created)


@pytest.fixture
def shared() -> Shared:
    return Shared(Journal(None, owner="shared"))


def test_a_thing_is_made_once(shared: Shared) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return 7

    assert [shared.once("x", log(), make), shared.once("x", log(), make)] == [7, 7]
    assert len(made) == 1


def test_things_of_other_names_are_made_apart(shared: Shared) -> None:
    assert (shared.once("x", log(), lambda: 1), shared.once("y", log(), lambda: 2)) == (1, 2)


def test_who_takes_it_over_gets_its_exchanges(shared: Shared) -> None:
    first, second = log(), log()
    exchange(first)  # of the case itself, before it asked
    shared.once("x", first, lambda: exchange(first))
    exchange(second)
    shared.once("x", second, lambda: exchange(second))
    assert [entry.n for entry in first.entries] == [1, 2]
    assert [entry.n for entry in second.entries] == [1, 2]


def test_what_could_not_be_made_blocks_everybody(shared: Shared) -> None:
    def make() -> None:
        raise Blocked("POST answered 500", by="X-1")

    for _ in range(2):
        with pytest.raises(Blocked) as caught:
            shared.once("x", log(), make)
        assert (caught.value.reason, caught.value.by) == ("POST answered 500", "X-1")


def test_two_cases_at_once_make_one_thing(shared: Shared) -> None:
    made: list[int] = []
    both_ask, second_makes = threading.Barrier(2), threading.Event()

    def make() -> int:
        made.append(1)
        if len(made) == 1:
            second_makes.wait(0.2)  # it never does
        else:
            second_makes.set()
        return 7

    def ask() -> int:
        both_ask.wait(10)
        return shared.once("x", log(), make)

    with ThreadPoolExecutor(2) as threads:
        assert [each.result() for each in [threads.submit(ask), threads.submit(ask)]] == [7, 7]
    assert len(made) == 1
