from __future__ import annotations

from collections.abc import Callable

import pytest

from reports import Report
from reports import Result
from reports import Target
from reports import Verdict
from reports import view


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("a\x00b\x7f", "a\\x00b\\x7f"),
        ("\u202egnp", "\\u202egnp"),
        ("שלום ✓ \U0001f600", "שלום ✓ \U0001f600"),
        ("x" * 10, "x" * 10),
        ("x" * 11, "x" * 10 + "… (1 characters more)"),
        ("x" * 1_000_000, "x" * 10 + "… (999,990 characters more)"),
    ],
    ids=range(8),
)
def test_a_text_becomes_one_line_that_hides_nothing(text: str, shown: str) -> None:
    limit = 10 if set(text) == {"x"} else 100
    assert view.one_line(text, limit) == shown


def test_the_counts_name_the_bad_ones_first_and_leave_out_what_never_came(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    results = [result(verdict) for verdict in Verdict] + [result(Verdict.WARN)]
    assert view.counts(report(*results)) == (
        "1 failed, 1 error in scimproof, 1 inconclusive, 2 warnings, 1 waived, 1 passed, 1 skipped"
    )
    assert view.counts(report()) == "no case ran"


@pytest.mark.parametrize(
    ("shows", "position"), [((False, True, False), 1), ((False, False, False), 2)]
)
def test_the_exchange_that_shows_a_finding_is_the_marked_one_else_the_last(
    result: Callable[..., Result], shows: tuple[bool, ...], position: int
) -> None:
    exchanges = tuple({"n": n, "shows": each} for n, each in enumerate(shows))
    assert view.shown_exchange(result(evidence=exchanges)) == exchanges[position]


def test_a_result_without_exchanges_shows_none(result: Callable[..., Result]) -> None:
    assert view.shown_exchange(result()) is None


def test_a_reply_that_never_came_is_said_in_the_line() -> None:
    exchange = view.exchange_line(
        {
            "n": 1,
            "of": 1,
            "request": {"method": "GET", "target": "/Users"},
            "response": None,
            "error": "connection reset",
        }
    )
    assert exchange == "exchange 1 of 1: GET /Users -> connection reset"


def test_troubles_name_the_target_the_interruption_and_what_stayed(
    report: Callable[..., Report],
) -> None:
    said = view.troubles(
        report(target=Target(url=None, trouble="refused"), left_behind=({"id": "1"}, {"id": "2"}))
    )
    assert said == [
        "The target could not be tested: refused",
        "2 resources could not be deleted; run scimproof cleanup with the report's directory.",
    ]
