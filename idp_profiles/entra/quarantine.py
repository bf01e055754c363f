"""When a job is put into quarantine, when it is tried again, and when it is given up (sheet 10)."""

from __future__ import annotations

from dataclasses import dataclass

from idp_profiles.living.clock import DAY
from idp_profiles.living.clock import HOUR

from .limits import LIMITS

EXCEPTION = "EncounteredQuarantineException"
PROPORTION = "EncounteredEscrowProportionThreshold"
# The portal's own word for it is not documented.
DELETIONS = "the accidental deletion threshold was met"
_PAUSES = (6 * HOUR, 12 * HOUR, 24 * HOUR)
_MOST = LIMITS["quarantine_days"].value * DAY


@dataclass(slots=True)
class Quarantine:
    """Why and since when a job is in quarantine, and how often it was tried since."""

    reason: str
    since: float
    attempts: int = 0
    needs_admin: bool = False  # staged deletions wait for an admin's word

    @property
    def due(self) -> float | None:
        """When it is tried again: 6, 12 and 24 hours after the first failure, then daily."""
        if self.needs_admin:
            return None
        if self.attempts < len(_PAUSES):
            return self.since + _PAUSES[self.attempts]
        return self.since + _PAUSES[-1] + (self.attempts - len(_PAUSES) + 1) * DAY

    def is_over(self, now: float) -> bool:
        """Tell whether the job is disabled now."""
        return now - self.since >= _MOST


@dataclass(frozen=True, slots=True)
class Tally:
    """How many objects one cycle handled, and how many objects and references failed."""

    handled: int
    failed: int
    references: int

    def reason(self) -> str:
        """Return why the job is to be put into quarantine, nothing when it is not."""
        if self.failed + self.references >= LIMITS["quarantine_references"].value:
            return PROPORTION
        if self.failed < LIMITS["quarantine_from"].value:
            return ""
        share = 100 * self.failed / max(1, self.handled)
        many = self.failed > LIMITS["quarantine_failures"].value
        return PROPORTION if many or share > LIMITS["quarantine_share"].value else ""
