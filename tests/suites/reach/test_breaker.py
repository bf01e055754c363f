from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field

import pytest

from suites.reach.breaker import FIRST
from suites.reach.breaker import IN_A_ROW
from suites.reach.breaker import Breaker
from suites.reach.breaker import Gone
from suites.verdicts import Unanswered


@dataclass
class Bench:
    """A breaker with a clock of its own, before a server that answers as it is told."""

    status: int | None = 200
    now: float = 0.0
    looks: int = 0
    breaker: Breaker = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = Breaker(lambda: self.now, self.sleep)
        self.breaker.began(200, self.glance)
        self.breaker.answered("GET /Users")

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def glance(self, seconds: float) -> int | None:
        self.looks += 1
        return self.status

    def lose(self, count: int, *, hung: bool = False) -> None:
        for _ in range(count):
            self.breaker.silent("the connection was refused", hung=hung)


def test_a_few_lost_replies_are_bad_luck() -> None:
    bench = Bench(status=None)
    bench.lose(IN_A_ROW - 1)
    bench.breaker.answered("GET /Users")
    bench.lose(IN_A_ROW - 1)
    bench.breaker.check()
    assert bench.looks == 0


def test_a_server_that_dies_is_asked_no_more_and_the_reason_says_since_when() -> None:
    bench = Bench(status=None)
    bench.lose(IN_A_ROW)
    with pytest.raises(Unanswered) as problem:
        bench.breaker.check()
    assert problem.value.reason == (
        "the server stopped answering after request 1 (the last reply was to GET /Users): "
        "the connection was refused"
    )


def test_the_first_request_without_a_reply_is_named() -> None:
    bench = Bench(status=None)
    bench.breaker.silent("the connection broke", "PUT /Users/1")
    bench.breaker.answered("GET /Users")
    bench.breaker.silent("the connection broke", "TRACE /Users")
    for _ in range(IN_A_ROW - 1):
        bench.breaker.silent("the connection was refused", "GET /Users/2")
    with pytest.raises(Unanswered) as problem:
        bench.breaker.check()
    assert problem.value.reason.endswith(
        ": the connection was refused; the first without a reply was TRACE /Users"
    )


def test_a_refusal_is_waited_for_while_the_server_may_return() -> None:
    bench = Bench(status=None)
    assert bench.breaker.may_return
    bench.lose(IN_A_ROW)
    assert not bench.breaker.may_return
    assert not Breaker(lambda: 0.0, bench.sleep).may_return


def test_a_server_that_hangs_is_given_up_sooner_and_looked_at_once() -> None:
    bench = Bench(status=None)
    bench.lose(3, hung=True)
    with pytest.raises(Unanswered):
        bench.breaker.check()
    assert (bench.looks, bench.now) == (1, 0.0)


def test_a_server_that_dies_on_certain_requests_is_not_given_up() -> None:
    bench = Bench(status=200)
    bench.lose(5 * IN_A_ROW)
    bench.breaker.check()
    assert bench.looks == 5


def test_a_server_that_restarts_is_waited_for() -> None:
    bench = Bench(status=None)
    bench.sleep = lambda seconds: setattr(bench, "status", 200)  # type: ignore[method-assign]
    bench.breaker = Breaker(lambda: bench.now, lambda seconds: bench.sleep(seconds))
    bench.breaker.began(200, bench.glance)
    bench.lose(IN_A_ROW)
    bench.breaker.check()


def test_a_server_that_is_back_is_asked_again_but_not_before_its_time() -> None:
    bench = Bench(status=None)
    bench.lose(IN_A_ROW)
    looks = bench.looks
    bench.status = 200
    with pytest.raises(Unanswered):
        bench.breaker.check()
    assert bench.looks == looks
    bench.now += FIRST
    bench.breaker.check()
    assert bench.looks == looks + 1


def test_a_server_that_stays_away_is_looked_at_more_and_more_seldom() -> None:
    bench = Bench(status=None)
    bench.lose(IN_A_ROW)
    before = bench.looks
    for _ in range(1000):
        bench.now += 0.1
        with pytest.raises(Unanswered):
            bench.breaker.check()
    assert 3 <= bench.looks - before <= 6


def test_a_deletion_fails_at_once_as_any_broken_connection_does() -> None:
    bench = Bench(status=None)
    bench.lose(IN_A_ROW)
    with pytest.raises(Gone) as problem:
        bench.breaker.check(tidies=True)
    assert isinstance(problem.value, OSError)


@pytest.mark.parametrize(
    ("status", "now", "part"),
    [
        (401, 401, "refuses the credential that it took before"),
        (502, 503, "answers 503 to what it answered before"),
        (500, None, "stopped answering about request 1"),
    ],
)
def test_what_came_of_a_server_that_is_not_itself_any_more_says_nothing(
    status: int, now: int | None, part: str
) -> None:
    bench = Bench(status=now)
    reason = bench.breaker.doubt(status)
    assert reason is not None
    assert part in reason
    with pytest.raises(Unanswered, match=part):
        bench.breaker.check()


@pytest.mark.parametrize("status", [200, 400, 404, 409])
def test_a_reply_that_a_living_server_gives_is_not_doubted(status: int) -> None:
    bench = Bench(status=None)
    assert bench.breaker.doubt(status) is None
    assert bench.looks == 0


def test_a_server_that_refuses_one_thing_is_judged_for_it() -> None:
    bench = Bench(status=200)
    assert bench.breaker.doubt(500) is None
    assert bench.breaker.doubt(401) is None
    assert bench.looks == 2


def test_a_server_that_drops_a_connection_after_its_500_is_there() -> None:
    bench = Bench(status=None)

    def glance(seconds: float) -> int | None:
        bench.looks += 1
        return None if bench.looks == 1 else 200

    bench.breaker.began(200, glance)
    assert bench.breaker.doubt(500) is None
    bench.breaker.check()


def test_what_is_blocked_makes_do_with_a_look_of_a_moment_ago() -> None:
    bench = Bench(status=200)
    assert bench.breaker.doubt(500) is None
    assert bench.breaker.doubt(500, lately=True) is None
    assert bench.looks == 1


def test_a_server_that_never_answered_well_is_never_given_up() -> None:
    bench = Bench(status=None)
    bench.breaker = Breaker(lambda: bench.now, bench.sleep)
    bench.breaker.began(500, bench.glance)
    bench.lose(10 * IN_A_ROW)
    bench.breaker.check()
    assert bench.breaker.doubt(500) is None
    assert bench.looks == 0
