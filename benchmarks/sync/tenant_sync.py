"""One tenant from its first load to the deletion of what it created."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from idp_profiles.model import Trouble
from suites.cleanup.journal import Claims
from suites.cleanup.journal import Journal
from suites.cleanup.journal import write_target

from .cleaning import clean
from .counting import Count
from .counting import Counter
from .counting import CountError
from .day import day_of
from .day import of_lane
from .figures import Figures
from .lane import Lane
from .plan import Tenant
from .plan import Wishes
from .plan import delay_of
from .plan import length_of
from .plan import tag_of
from .wire import BrokenOffError
from .wire import Heard
from .wire import Line
from .wire import Polite

INITIAL, DAY = "initial", "day"

Deed = Callable[[], None]
# Runs deeds at once and returns when all have ended.
AtOnce = Callable[[Sequence[Deed]], None]


@dataclass(slots=True)
class Course:
    """How far a tenant has come, and what came of it.

    Times are in seconds; `began` is when the first load did, since 1970.
    """

    state: str = "waiting"
    why: str = ""
    began: float = 0.0
    initial_seconds: float | None = None
    day_seconds: float | None = None
    day_wanted: float = 0.0
    later: int = 0  # how often the IdP had to come again before the first load was complete
    waiting: int = 0  # people and teams that are not in step at the end
    synced: int = 0  # users made by the first load, as the replies say
    counted_first: int | None = None  # as the server counted them then
    users: int = 0  # after the day
    groups: int = 0
    counted: int | None = None  # after the day
    unsure: int = 0  # users whose create nobody answered: they may be there
    counted_how: str = ""
    deleted: int = 0
    left_behind: list[str] = field(default_factory=list)
    cleaning_seconds: float | None = None


class TenantSync:
    """Provisions one tenant, counts, lives through its day, and cleans up whatever comes between.

    `stop` ends the traffic; what was created is then deleted all the same, unless it is kept.
    """

    def __init__(
        self,
        tenant: Tenant,
        wishes: Wishes,
        *,
        folder: Path,
        stop: threading.Event,
        heard: Heard,
        at_once: AtOnce,
    ) -> None:
        self.tenant = tenant
        self.course = Course()
        self.figures = Figures()
        self._wishes = wishes
        self._folder = folder / "tenants" / tenant.name
        self._stop = stop
        self._at_once = at_once
        self._line = Line(self.figures, stop, heard, rate=wishes.rate)
        self._lanes: list[Lane] = []

    def to_json(self) -> dict[str, Any]:
        """Return everything that is known by now, as JSON types and without secrets."""
        return {
            "number": self.tenant.number,
            "course": asdict(self.course),
            "figures": self.figures.to_json(),
        }

    def run(self) -> None:
        """Do everything; nothing is raised but what ends the process."""
        self.course.began = time.time()
        try:
            self._do_all()
        except (BrokenOffError, CountError) as fault:
            self._ended(str(fault))
        except Exception as fault:  # our own mistake: it is shown, and what was made is deleted
            logging.getLogger(__name__).exception("tenant %s", self.tenant.name)
            self._ended(f"an error of this program: {type(fault).__name__}")
        finally:
            self._clean()
            self.course.state = "ended" if self.course.why else "done"

    def _do_all(self) -> None:
        tenant, wishes = self.tenant, self._wishes
        self.course.state = "preparing"
        self._lanes = self._made_lanes()
        send, tag = Polite(self._lanes[0].wire), tag_of(tenant, wishes)
        counter = Counter(send, tenant.place.credential, tag, alone=tenant.alone)
        counter.begin()
        for lane in self._lanes:
            lane.hire()
        self.course.state, self.course.began = "loading", time.time()
        begin = time.perf_counter()
        self._in_lanes(lambda lane: lane.load())
        if not self.course.why:
            self.course.initial_seconds = time.perf_counter() - begin
        self._sum_up(counter.ours())
        self.course.synced, self.course.counted_first = self.course.users, self.course.counted
        if not self.course.why and self.course.users:
            self._live()
            self._sum_up(counter.ours())

    def _made_lanes(self) -> list[Lane]:
        self._folder.mkdir(parents=True, exist_ok=True)
        path, claims = self._folder / "journal.jsonl", Claims()
        write_target(path, self.tenant.place.url)
        return [
            Lane(
                number,
                self.tenant,
                self._wishes,
                self._line,
                # A folder may be used again: the keys of two runs differ.
                Journal(path, owner=f"{self._wishes.run_id}-lane{number}", claims=claims),
            )
            for number in range(self.tenant.lanes)
        ]

    def _in_lanes(self, deed: Callable[[Lane], None]) -> None:
        self._at_once([lambda lane=lane: self._guarded(deed, lane) for lane in self._lanes])  # type: ignore[misc] # mypy does not infer such a lambda

    def _guarded(self, deed: Callable[[Lane], None], lane: Lane) -> None:
        try:
            deed(lane)
        except (BrokenOffError, Trouble) as fault:
            self._ended(str(fault))
        except Exception as fault:  # as above: one lane's mistake does not leave the others alone
            logging.getLogger(__name__).exception("tenant %s", self.tenant.name)
            self._ended(f"an error of this program: {type(fault).__name__}")

    def _ended(self, why: str) -> None:
        self.course.why = self.course.why or why

    def _sum_up(self, count: Count) -> None:
        course, lanes = self.course, self._lanes
        course.later = max(lane.later for lane in lanes)
        course.waiting = sum(lane.waiting for lane in lanes)
        course.users = sum(lane.users for lane in lanes)
        course.unsure = sum(lane.unsure for lane in lanes)
        course.groups = sum(
            item.kind == "Groups" and item.id is not None
            for lane in lanes
            for item in lane.journal.items
        )
        course.counted, course.counted_how = count.found, count.how

    def _live(self) -> None:
        length = length_of(self.tenant.idp, self._wishes.cycles)
        if not length:
            return
        happenings, factor = day_of(self.tenant, self._wishes), self._wishes.day_factor
        delay = delay_of(self.tenant, self._wishes)
        self.course.state, self._line.phase = "living", DAY
        self.course.day_wanted = (length + delay) / factor if factor else 0.0
        begin = time.monotonic()

        def pause(at: float) -> None:
            late = begin + (delay + at) / factor - time.monotonic() if factor else 0.0
            if self._stop.wait(max(0.0, late)):
                raise BrokenOffError("stopped")

        self._in_lanes(
            lambda lane: lane.live(of_lane(happenings, lane.number, self.tenant), length, pause)
        )
        if not self.course.why:
            self.course.day_seconds = time.monotonic() - begin

    def _clean(self) -> None:
        begin = time.perf_counter()
        journals = [lane.journal for lane in self._lanes]
        if not self._wishes.keep and any(journal.items for journal in journals):
            self.course.state = "cleaning"
            done = clean(self._lanes, self.tenant, self._wishes.rate, self._at_once)
            self.course.deleted, self.course.left_behind = done
            self.course.cleaning_seconds = time.perf_counter() - begin
        for lane in self._lanes:
            lane.wire.close()
