"""Lengths of time as people write them."""

from __future__ import annotations

import pytest

from idp_profiles.living.lengths import said
from idp_profiles.living.lengths import seconds_in


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("40m", 2400), ("1h30m", 5400), ("28d", 28 * 86400), ("90s", 90), ("0.5h", 1800), ("0m", 0)],
)
def test_a_length_is_read(text: str, seconds: float) -> None:
    assert seconds_in(text) == seconds


@pytest.mark.parametrize("text", ["", "40", "m", "40 m", "40x", "-1h", "1h later", "40M"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write 40m, 1h30m or 28d"):
        seconds_in(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(2400, "40m"), (5400, "1h30m"), (86400, "1d"), (90061, "1d1h"), (0.4, "0s"), (-5, "0s")],
)
def test_a_length_is_said_by_its_two_largest_units(seconds: float, text: str) -> None:
    assert said(seconds) == text
