"""What pytest says of a broken test is masked, whatever form it has."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from reports import Redactor
from suites.reach.telltale import secrets_in
from suites.run.discretion import Discretion
from suites.run.discretion import masked_in_place

SECRET = "s3cr3t/of+a=run.9Kd2"  # noqa: S105 - made up


@pytest.fixture
def discretion() -> Discretion:
    return Discretion(lambda: Redactor([SECRET]))


@pytest.mark.parametrize("length", [4, 9, len(SECRET) - 1])
def test_the_pieces_beside_a_cut_are_masked(discretion: Discretion, length: int) -> None:
    told = discretion.text(f"value = 'abc {SECRET[:length]}...{SECRET[-length:]} xyz'")
    assert told == "value = 'abc [redacted]...[redacted] xyz'"


def test_three_dots_beside_harmless_text_stay_as_they_are(discretion: Discretion) -> None:
    told = "collecting ... 12 items; s3c...Kd2"
    assert discretion.text(told) == told


@pytest.mark.parametrize(
    ("shown", "masked"),
    [
        ("{'password': 'Ab\\'c', 'n': 'x'}", "{'password': '[redacted]', 'n': 'x'}"),
        ("Login(password='Abc', n='x')", "Login(password='[redacted]', n='x')"),
        ("client_secret = b'Abc'", "client_secret = '[redacted]'"),
        ('new_password   = "it\'s"', "new_password   = '[redacted]'"),
        ("passwords = 3", "passwords = 3"),
        ("{'userName': 'ann'}", "{'userName': 'ann'}"),
    ],
)
def test_what_python_calls_a_secret_is_masked_by_its_name(
    discretion: Discretion, shown: str, masked: str
) -> None:
    assert discretion.text(shown) == masked


def test_a_traceback_is_masked_at_any_depth(discretion: Discretion) -> None:
    entry = SimpleNamespace(lines=[f"E {SECRET}"], reprlocals=SimpleNamespace(lines=[SECRET]))
    whole: Any = SimpleNamespace(
        chain=[(SimpleNamespace(reprentries=[entry]), None, None)],
        reprcrash=SimpleNamespace(path=f"/{SECRET}.py", lineno=3, message=f"it is {SECRET}"),
    )
    told = masked_in_place(whole, discretion.text)
    assert told is whole
    assert entry.lines == ["E [redacted]"]
    assert entry.reprlocals.lines == ["[redacted]"]
    assert (whole.reprcrash.message, whole.reprcrash.lineno) == ("it is [redacted]", 3)
    assert masked_in_place(("file.py", 3, f"Skipped: {SECRET}"), discretion.text) == (
        *("file.py", 3, "Skipped: [redacted]"),
    )


def test_a_log_record_is_masked_before_any_handler_has_it(discretion: Discretion) -> None:
    record = discretion._record("lib", logging.DEBUG, "f.py", 1, "GET /Users?t=%s", (SECRET,), None)
    assert record.getMessage() == "GET /Users?t=[redacted]"
    plain = discretion._record("lib", logging.DEBUG, "f.py", 1, "GET %s", ("/Users",), None)
    assert (plain.msg, plain.args) == ("GET %s", ("/Users",))
    odd = discretion._record("lib", logging.DEBUG, "f.py", 1, "%d", ("no number",), None)
    assert odd.args == ("no number",)


def test_the_traceback_of_a_log_record_is_masked(discretion: Discretion) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as problem:
        found = (type(problem), problem, problem.__traceback__)
    record = discretion._record("lib", logging.ERROR, "f.py", 1, "broken", (), found)
    assert "ValueError: [redacted]" in logging.Formatter().format(record)


def test_a_token_is_learned_from_the_request_that_carries_it() -> None:
    assert secrets_in((("authorization", f"Bearer {SECRET}"),), None, None) == {SECRET}
    assert secrets_in((("Authorization", "Bearer wrong"),), None, None) == set()


def test_a_session_is_learned_from_its_cookie() -> None:
    headers = (("Cookie", "a=1; sid=%61bcdefgh"), ("Accept", "text/html"))
    assert secrets_in(headers, None, None) == {"%61bcdefgh", "abcdefgh"}
