"""By hand the server is waited for in real time, within bounds."""

from __future__ import annotations

import pytest

from idp_profiles.living.patience import Patience
from idp_profiles.model import Certainty
from idp_profiles.model import Headers
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step

ASK = Request("GET", "/Users", (), None, Step("ask", Certainty.TEST, ()))


def after(status: int, headers: Headers) -> tuple[list[float], list[str]]:
    """Send twice; the first reply is the given one. Return the waits and what was said."""
    waits: list[float] = []
    said: list[str] = []
    replies = iter([Reply(status, "", headers), Reply(200), Reply(200)])
    patience = Patience(lambda _: next(replies), said.append, waits.append)
    for _ in range(3):
        patience(ASK)
    return waits, said


@pytest.mark.parametrize(
    ("status", "stated", "wait"),
    [
        (429, "7", 7.0),
        (429, "100000", 60.0),
        (429, None, 1.0),
        (429, "Wed, 21 Oct 2026 07:28:00 GMT", 1.0),
        (503, "3", 3.0),
    ],
)
def test_the_next_request_waits_once(status: int, stated: str | None, wait: float) -> None:
    waits, said = after(status, () if stated is None else (("Retry-After", stated),))
    assert waits == [wait]
    assert said == [f"Waiting {wait:g} seconds, as the server asked."]


@pytest.mark.parametrize("status", [200, 404, 500, 503])
def test_nothing_else_is_waited_for(status: int) -> None:
    assert after(status, ()) == ([], [])
