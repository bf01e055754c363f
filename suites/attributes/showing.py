"""One condition on what a reply showed, for the cases that look at many replies in a row."""

from __future__ import annotations

from idp_profiles.model import Json
from suites.client import Seen
from suites.expect import expect
from suites.values import text


def shows(seen: Seen, *, holds: bool, wanted: str, came: Json) -> None:
    """Expect a condition that is known already; `came` is shown where it does not hold."""
    __tracebackhide__ = True
    expect(seen).holds(lambda: holds, wanted, lambda: text(came))
