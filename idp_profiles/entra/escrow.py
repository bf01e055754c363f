"""What one job could not do and tries again: next cycle, then less and less often (sheet 10)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from typing import Any

from idp_profiles.living.clock import DAY
from idp_profiles.living.clock import MINUTE
from idp_profiles.model import Json

from .limits import LIMITS

CYCLE = LIMITS["cycle"].value * MINUTE
# How fast it becomes less often is published nowhere: doubling up to a day is inferred.
_LONGEST = DAY


@dataclass(slots=True)
class Held:
    """One object or reference that failed: why, how often, and when it is due again.

    Without `due` only an admin's restart helps.
    """

    kind: str
    key: str
    why: str
    attempts: int
    due: float | None

    @property
    def is_reference(self) -> bool:
        """Whether a reference failed, which counts apart (sheet 10)."""
        return self.kind in ("manager", "members")


class Escrow:
    """Everything that a job holds back, by kind and key."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], Held] = {}

    def __iter__(self) -> Iterator[Held]:
        return iter(tuple(self._held.values()))

    def __len__(self) -> int:
        return len(self._held)

    def hold(self, kind: str, key: str, why: str, now: float, *, for_good: bool) -> None:
        """Keep what failed; each failure doubles the time until the next attempt."""
        before = self._held.get((kind, key))
        attempts = 1 if before is None else before.attempts + 1
        pause = min(CYCLE * 2.0 ** (attempts - 1), _LONGEST)
        due = None if for_good else now + pause
        self._held[kind, key] = Held(kind, key, why, attempts, due)

    def release(self, kind: str, key: str) -> None:
        """Forget what worked."""
        self._held.pop((kind, key), None)

    def due(self, now: float) -> list[tuple[str, str]]:
        """Return the kinds and keys that are to be tried again now."""
        return [(h.kind, h.key) for h in self if h.due is not None and h.due <= now]

    def clear(self) -> None:
        """Drop everything, as a restart does and a job that is disabled."""
        self._held.clear()

    def to_json(self) -> list[Json]:
        """Return what is held as JSON types."""
        return [asdict(held) for held in self]

    def load(self, kept: Any) -> None:  # noqa: ANN401 - JSON
        """Take up what `to_json` returned."""
        rows: list[Mapping[str, Any]] = list(kept)
        self._held = {(row["kind"], row["key"]): Held(**row) for row in rows}
