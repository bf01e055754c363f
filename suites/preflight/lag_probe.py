"""One look at the beginning: whether the server shows at once what was written.

Where reads lag and nobody said how long to wait, this tells it in one sentence, in place of
hundreds of cases that fail one by one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from suites.client import Seen
from suites.client import search
from suites.making.lab import Lab
from suites.reach.lag import JUDGES
from suites.reach.lag import enough
from suites.values import values_at
from suites.verdicts import Blocked

PATIENCE = 5.0  # seconds that a probe waits; what shows later than that is taken for lost
PAUSE = 0.1
TWICE = 2  # probes that must lag: one slow read is no lag


@dataclass(frozen=True, slots=True)
class Found:
    """What the probe found: how late a new user showed, None where it showed at once or never."""

    by_id: float | None = None
    by_name: float | None = None

    @property
    def seconds(self) -> float:
        """The longest lag; 0 where there is none."""
        return max(self.by_id or 0.0, self.by_name or 0.0)

    def check(self, requirement: str) -> None:
        """Raise Blocked for a case that would only tell the lag in other words."""
        if self.seconds and not requirement.startswith(JUDGES):
            raise Blocked(
                f"the server shows a new user {self._where()} only {self.seconds:.1f} s after the "
                f"create: run with --scim-settle {enough(self.seconds)} (settle in the target "
                "file), or let it read where it writes",
                by=f"{JUDGES}{1 if self.by_id else 2}",
            )

    def _where(self) -> str:
        if self.by_id and self.by_name:
            return "by id and in searches"
        return "by id" if self.by_id else "in searches"


def probe(lab: Lab, *, filters: bool) -> Found:
    """Create a user and look at once; what shows late is tried once more, with another user."""
    found = [_one(lab, 0, filters=filters)]
    while found[-1].seconds and len(found) < TWICE:
        found.append(_one(lab, len(found), filters=filters))
    if not found[-1].seconds:
        return Found()
    return max(found, key=lambda each: each.seconds)


def _one(lab: Lab, number: int, *, filters: bool) -> Found:
    made = lab.plain_user(key=f"lag {number}")
    client, wrote = lab.scim.client, time.monotonic()
    name = str(made.value("userName"))
    by_id = _late(lambda: client.send("GET", made.path, settle=False), _is_there, wrote)
    if not filters:
        return Found(by_id)
    by_name = _late(
        lambda: client.send("GET", search("/Users", "userName", name), settle=False),
        lambda seen: made.id in values_at(seen.object(), "Resources.id"),
        wrote,
    )
    return Found(by_id, by_name)


def _is_there(seen: Seen) -> bool:
    return seen.status == 200


def _late(ask: Callable[[], Seen], shows: Callable[[Seen], bool], wrote: float) -> float | None:
    """Return how late something showed, None where it did at once, or not at all."""
    if shows(ask()):
        return None
    while time.monotonic() < wrote + PATIENCE:
        time.sleep(PAUSE)
        if shows(ask()):
            return time.monotonic() - wrote
    return None
