from __future__ import annotations

from collections.abc import Callable

import pytest

from reports import Json
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


@pytest.mark.parametrize(
    ("whys", "reason"),
    [
        (("no answer",), " The reason: no answer."),
        (("no answer", "no answer"), " The reason: no answer."),
        (("refused", "no answer", "no answer"), " The reason, of 2 of them: no answer."),
        (("a\x1b[31m\nb" + "x" * 400,), " The reason: a\\x1b[31m b" + "x" * 289),
        ((None,), ""),
    ],
    ids=range(5),
)
def test_why_something_stayed_is_said_once(
    report: Callable[..., Report], whys: tuple[str | None, ...], reason: str
) -> None:
    (said,) = view.troubles(report(left_behind=tuple({"id": "1", "why": why} for why in whys)))
    advice = "; run scimproof cleanup with the report's directory."
    assert said.partition(advice)[2].startswith(reason)
    assert said.endswith(advice) is not bool(reason)


# -- what the server says itself ------------------------------------------------------------------


def answered(status: int, body: Json = None, date: str = "") -> dict[str, Json]:
    headers: list[Json] = [["Date", date]] if date else []
    return {
        "shows": True,
        "request": {"method": "POST", "target": "/Users?x=1", "headers": [], "body": {}},
        "response": {"status": status, "headers": headers, "body": body},
    }


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, {"detail": "Field 'formatted'\nis required"}, "Field 'formatted' is required"),
        (409, {"detail": "\x1b[31m\u202egnp"}, "\\x1b[31m\\u202egnp"),
        (409, {"detail": "x" * 400}, "x" * 300 + "… (100 characters more)"),
        (400, {"detail": ["no text"]}, ""),
        (400, "<h1>Bad</h1>", ""),
        (400, None, ""),
        (200, {"detail": "all is well"}, ""),
    ],
    ids=range(7),
)
def test_the_server_is_quoted_where_it_says_what_is_wrong(
    result: Callable[..., Result], status: int, body: Json, said: str
) -> None:
    failed = result(Verdict.FAIL, evidence=(answered(status, body),), hint="Accept it.")
    assert view.said(failed) == said
    lines = view.details(failed)
    assert ([f"the server said: {said}"] if said else []) == [
        each for each in lines if each.startswith("the server said")
    ]
    assert lines[-1] == "hint: Accept it."


NOON = "Mon, 23 Nov 2026 13:04:05 +0100"


@pytest.mark.parametrize(
    ("status", "date", "hint"),
    [
        (500, NOON, "Look in the server's log at 12:04:05 (UTC) for what POST /Users met"),
        (502, "", "Look in the server's log for what POST /Users met"),
        (500, "<script>", "Look in the server's log for what POST /Users met"),
        (500, "Mon, 23 Nov 99999999 13:04:05 GMT", "Look in the server's log for what POST"),
        (501, NOON, "Keep one record per person."),
        (503, NOON, "Keep one record per person."),
        (400, NOON, "Keep one record per person."),
    ],
    ids=range(7),
)
def test_a_server_that_failed_itself_is_asked_what_it_met(
    result: Callable[..., Result], status: int, date: str, hint: str
) -> None:
    evidence = (answered(status, date=date),)
    failed = result(Verdict.FAIL, evidence=evidence, hint="Keep one record per person.")
    assert view.hint(failed).startswith(hint)


def test_a_failure_that_was_asked_for_is_no_crash(result: Callable[..., Result]) -> None:
    evidence = (answered(500, date=NOON),)
    asked = result(Verdict.FAIL, evidence=evidence, expected="a status of 500", hint="Say why.")
    assert view.hint(asked) == "Say why."
    assert view.hint(result(Verdict.PASS, evidence=evidence)) == ""
    assert view.hint(result(Verdict.WARN, evidence=evidence)).startswith("Look in the server's log")
