"""How far reads are behind writes, measured wherever a read had to be made again.

A server may read from a replica, or index in the background. Identity providers stop over it: so it
is measured, warned of, and waited for where the user says for how long (`settle`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from idp_profiles.model import Json
from suites.target.model import Target

JUDGES = "CON-READ-"  # how the ids of the requirements begin that are about lag


@dataclass(slots=True)
class Lag:
    """How late reads of one process showed what was written before them."""

    reads: int = 0
    late: int = 0
    longest: float = 0.0
    is_slow: bool = False  # whether the server took its time over the latest exchange
    _waiting: dict[int, float] = field(default_factory=dict)

    def read(self) -> int:
        """Count a read that did not wait for the settle time, or not enough; return its number."""
        self.reads += 1
        return self.reads

    def waits(self, read: int, seconds: float) -> None:
        """Note that a read is made again, so many seconds after the write."""
        self._waiting[read] = seconds

    def gives_up(self, read: int) -> None:
        """Note that a read never showed what it should: that is for the case to judge."""
        self._waiting.pop(read, None)

    def saw(self, seconds: float) -> None:
        """Note a read that the case itself made again until it showed the write."""
        self.reads += 1
        self.late += 1
        self.longest = max(self.longest, seconds)

    def to_json(self) -> dict[str, Json]:
        """Return the figures, as the processes of a run tell each other."""
        longest = max((self.longest, *self._waiting.values()))
        late = self.late + len(self._waiting)
        return {"reads": self.reads, "late": late, "longest": round(longest, 2)}


def together(told: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the figures of all processes of a run."""
    known = [each for each in told if each]
    return {
        "reads": sum(each["reads"] for each in known),
        "late": sum(each["late"] for each in known),
        "longest": max((each["longest"] for each in known), default=0.0),
    }


def told(looks: Iterable[Mapping[str, Any]], target: Target | None) -> str:
    """Return what the processes of a run have to say of the lag, empty where there is none."""
    figures = together(look["lag"] for look in looks if look)
    return sentence(figures, target.settle if target is not None else 0.0)


def enough(seconds: float) -> str:
    """Return the settle time to give for a lag: half a second at least on top, in half seconds."""
    return f"{math.ceil(seconds * 2 + 0.5) / 2:g}"


def sentence(figures: Mapping[str, Any], settle: float) -> str:
    """Return what a report says of the lag, empty where nothing was late."""
    if not figures or not figures["late"]:
        return ""
    longest = figures["longest"]
    needed = enough(longest) if longest > settle else f"{settle:g}"
    return (
        f"reads lagged up to {longest:.1f} s behind writes ({figures['late']:,} of "
        f"{figures['reads']:,} reads made at once); settle = {needed} is needed"
    )
