"""Lengths of time as people write them: `40m`, `1h30m`, `28d`."""

from __future__ import annotations

import re

from .clock import DAY
from .clock import HOUR
from .clock import MINUTE

_UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": 1.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)([dhms])")


def seconds_in(text: str) -> float:
    """Return how many seconds a text means; raises ValueError with an example."""
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"{text!r} is no length of time; write 40m, 1h30m or 28d")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def said(seconds: float) -> str:
    """Return a length of time in the same form: its two largest units, rounded down."""
    left, words = max(0.0, seconds), list[str]()
    for unit, size in _UNITS.items():
        number = int(left // size)
        if number:
            words.append(f"{number}{unit}")
            left -= number * size
    return "".join(words[:2]) or "0s"
