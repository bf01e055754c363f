"""Figures add up, whoever sends them, and say no more about an endpoint than they show."""

from __future__ import annotations

import json
from itertools import cycle

import pytest

from benchmarks.sync.figures import Figures
from benchmarks.sync.figures import Tally
from benchmarks.sync.figures import best_window
from benchmarks.sync.figures import merged
from benchmarks.sync.places import Place
from benchmarks.sync.plan import Wishes
from benchmarks.sync.plan import tenants_of
from benchmarks.sync.verdicts import Sustained
from benchmarks.sync.verdicts import sustained
from benchmarks.sync.verdicts import worst
from idp_profiles.model import Credential


def measured(
    rate: int, seconds: int, *, took: float = 5.0, wrong: str = "", each: int = 1
) -> Figures:
    """Return figures of a first load in which every so many requests go wrong."""
    now = [1000.0]
    figures = Figures(clock=lambda: now[0])
    errors = cycle([wrong, *[""] * (each - 1)])
    for second in range(seconds):
        now[0] = 1000.0 + second
        for _ in range(rate):
            figures.note("initial", "POST /Users", took, next(errors))
    return figures


def judged(figures: Figures, idp: str = "entra", **wishes: float) -> Sustained:
    asked = Wishes(idps=(idp,), **wishes)  # type: ignore[arg-type] # numbers only
    (tenant,) = tenants_of(asked, [Place("a", "http://127.0.0.1:1", Credential("bearer", "t"))])
    return sustained(tenant, figures, asked)


def test_percentiles_are_right_within_two_percent() -> None:
    tally = Tally()
    for number in range(1, 1001):
        tally.add(number / 10)
    assert tally.percentile(0.5) == pytest.approx(50, rel=0.03)
    assert tally.percentile(0.95) == pytest.approx(95, rel=0.03)
    assert tally.percentile(0.99) == pytest.approx(99, rel=0.03)
    assert tally.mean == pytest.approx(50.05)


def test_the_sum_of_two_tallies_is_that_of_all_their_requests() -> None:
    one, two, both = Tally(), Tally(), Tally()
    for number in range(100):
        (one if number % 3 else two).add(number, "500" if number % 10 == 0 else "")
        both.add(number, "500" if number % 10 == 0 else "")
    assert merged([one, two]) == both


def test_figures_stay_the_same_on_the_way_to_the_master() -> None:
    figures = measured(3, 4, wrong="503", each=2)
    figures.throttled, figures.held_seconds = 2, 1.5
    sent = json.loads(json.dumps(figures.to_json()))
    assert Figures.from_json(sent).to_json() == figures.to_json()


def test_the_first_and_the_last_second_count_for_no_window() -> None:
    seconds = {0: (99, 0), 1: (10, 0), 2: (20, 0), 3: (30, 0), 4: (99, 0)}
    assert best_window(seconds, 2).rate == 25
    assert best_window(seconds, 10).rate == 20
    assert best_window(seconds, 10).seconds == 3
    assert best_window({}, 10).rate == best_window({1: (5, 0)}, 10).rate == 0


def test_a_window_with_a_failure_counts_only_where_that_is_wanted() -> None:
    seconds = {0: (0, 0), 1: (10, 0), 2: (50, 1), 3: (12, 0), 4: (0, 0)}
    assert best_window(seconds, 1).rate == 12
    assert best_window(seconds, 1, spotless=False).rate == 51


def test_a_second_without_requests_is_a_second() -> None:
    assert best_window({0: (1, 0), 1: (10, 0), 3: (10, 0), 4: (1, 0)}, 3).rate == pytest.approx(
        6.67, 0.01
    )


def test_the_wanted_rate_is_met_without_a_failure() -> None:
    verdict = judged(measured(40, 15))
    assert verdict.met is True
    assert verdict.text.startswith("sustains 25 of 25 requests per second per tenant")


def test_failures_at_about_the_wanted_rate_are_the_endpoints() -> None:
    verdict = judged(measured(25, 15, wrong="500 Internal Server Error", each=4))
    assert verdict.met is False
    assert verdict.text.startswith("sustains 19 of 25") or verdict.rate == pytest.approx(18.75, 0.1)


def test_failures_at_many_times_the_rate_say_nothing_about_the_rate() -> None:
    verdict = judged(measured(400, 15, wrong="500 Internal Server Error", each=4))
    assert verdict.met is None
    assert "try --rate 25" in verdict.text


def test_an_endpoint_that_asks_to_wait_far_above_the_rate_meets_it() -> None:
    figures = measured(100, 15, wrong="429 Too Many Requests", each=5)
    figures.throttled = figures.of("initial").failed
    assert judged(figures).met is True


def test_slow_replies_without_a_failure_are_no_miss_but_ask_for_more_at_once() -> None:
    verdict = judged(measured(10, 15, took=800.0))
    assert verdict.met is None
    assert "try --at-once 21" in verdict.text


def test_a_pace_below_the_wanted_rate_shows_no_miss() -> None:
    verdict = judged(measured(10, 15), rate=10.0)
    assert verdict.met is None
    assert "--rate 10" in verdict.text


def test_a_load_of_a_moment_shows_nothing() -> None:
    assert judged(measured(500, 2)).met is None
    assert judged(Figures()).text.endswith("no request was sent")


def test_an_idp_that_names_no_rate_is_measured_only() -> None:
    verdict = judged(measured(40, 15), idp="okta")
    assert (verdict.met, verdict.wanted, verdict.rate) == (None, None, 40)


def test_the_verdict_of_a_run_is_that_of_its_worst_tenant() -> None:
    good, unknown = judged(measured(40, 15)), judged(measured(10, 15))
    miss = judged(measured(25, 15, wrong="500", each=2))
    assert worst([good, miss, unknown]) == miss
    assert worst([good, unknown]) == unknown
    assert worst([judged(measured(9, 9), idp="okta")]) is None
