"""Waits in a run by hand: a server's wish is obeyed, an IdP's own schedule is not sat out."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from idp_profiles import by_hand
from idp_profiles import load
from idp_profiles.model import Credential
from idp_profiles.model import Reply
from idp_profiles.model import Request

EMPTY = Reply(200, "OK", (), b'{"totalResults": 0, "Resources": []}')
LATER = Reply(429, "Too Many Requests", (("Retry-After", "7"),), b"{}")


def run(name: str, scenario: str, replies: list[Reply]) -> str:
    """Play a scenario against canned replies; return what was said about it."""
    said = Console(file=io.StringIO(), width=200)
    profile = load(name)

    def send(request: Request) -> Reply:
        del request
        return replies.pop(0) if len(replies) > 1 else replies[0]

    settings = by_hand.Settings(
        dialect=profile.usual_dialect,
        credential=Credential("bearer", "hand-t0ken"),
        auth_mode=None,
        switches={},
        toggles={},
        mapping=None,
    )
    hand = by_hand.Hand(profile, settings, send, as_json=True, out=said, err=said)
    hand.scenario(profile.scenarios[scenario], keep=True)
    assert isinstance(said.file, io.StringIO)
    return said.file.getvalue()


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    # In this module alone: threads of other tests sleep too.
    monkeypatch.setattr("idp_profiles.by_hand.time", SimpleNamespace(sleep=seconds.append))
    return seconds


def test_a_wait_after_429_is_sat_out(slept: list[float]) -> None:
    said = run("okta", "create-user", [LATER, EMPTY])
    assert slept == [7.0]
    assert "Waiting 7 seconds" in said


def test_a_wait_for_a_schedule_is_told_and_passed_over(slept: list[float]) -> None:
    said = run("google", "provision-new", [EMPTY])
    assert slept == []
    assert "Google Workspace waits 3 hours; we go on at once." in said
