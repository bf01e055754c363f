"""The provisioning job: initial and incremental cycles, escrow, quarantine, restart, on demand.

Sheet sections 5 and 10. What the sources leave open is decided in one place each and called
inferred there.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from idp_profiles.living.clock import Clock
from idp_profiles.living.directory import Directory
from idp_profiles.living.engine import Engine
from idp_profiles.living.engine import Handled
from idp_profiles.living.engine import Pending
from idp_profiles.living.engine import Turn
from idp_profiles.living.moves import Move
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Json
from idp_profiles.transport import Send

from .behaviour import Entra
from .console import ANCHOR
from .console import DUPLICATES
from .escrow import CYCLE
from .escrow import Escrow
from .job_scope import LookedAt
from .job_state import load_job
from .job_state import save_job
from .provisioning import ALL
from .provisioning import ASSIGNED
from .provisioning import DELETE
from .provisioning import DISABLE
from .provisioning import Planner
from .provisioning import Provisioned
from .quarantine import DELETIONS
from .quarantine import EXCEPTION
from .quarantine import Quarantine
from .quarantine import Tally
from .start import start as start_entra

_FOR_GOOD = (ANCHOR.name, DUPLICATES.name)


class _JobStops(Exception):
    """A reply stops the whole job, not one object."""


class Job(Engine[Entra]):
    """One provisioning job. `scope` is `assigned` or `all`; `threshold` counts deletions.

    With a threshold, a cycle that would disable or delete as many objects only stages that.
    """

    name = "entra"

    def __init__(
        self,
        idp: Entra,
        directory: Directory,
        send: Send,
        clock: Clock,
        *,
        after: Callable[[Exchange], None] | None = None,
        scope: str = ASSIGNED,
        threshold: int | None = None,
    ) -> None:
        super().__init__(idp, directory, send, clock, after=after)
        if scope not in (ALL, ASSIGNED):
            raise ValueError(f"the scope is {ASSIGNED!r} or {ALL!r}, not {scope!r}")
        self.scope = scope
        self.threshold = threshold
        self.app = Provisioned()
        self.escrow = Escrow()
        self.quarantine: Quarantine | None = None
        self.watermark: int | None = None
        self.next_cycle = clock.now
        self.paused = self.disabled = False
        self._staged: list[Move] = []
        self._allowed = False

    # -- what the service does

    def turn(self) -> Turn:
        """Run the cycle that is due by now; nothing is sent before its time."""
        if self.paused or self.disabled or self._due is None or self.clock.now < self._due:
            return self._turn("no cycle", (), self._status())
        return self._cycle()

    def wait(self, seconds: float) -> Turn:
        """Let time pass, with every cycle that is due in it; returns all of them as one turn."""
        until, handled = self.clock.now + seconds, list[Handled]()
        while self._due is not None and self._due <= until and not self.paused:
            self.clock.now = max(self.clock.now, self._due)
            handled += self.turn().handled
        self.clock.now = until
        return self._turn("cycles", handled, self._status(handled))

    def cycle(self) -> Turn:
        """Wait for the next cycle and run it: what was sent, and what the portal shows then."""
        if self._due is None or self.paused:
            return self.turn()
        self.clock.now = max(self.clock.now, self._due)
        return self.turn()

    @property
    def pending(self) -> tuple[Pending, ...]:
        """What is in escrow, and what did not come to pass because the job stands still."""
        held = tuple(
            Pending(
                kind=each.kind,
                key=each.key,
                name=self._name_of(_object(each.kind), each.key),
                why=each.why,
                due=self._later(each.due),
            )
            for each in self.escrow
        )
        behind = self.watermark is None or self.directory.watermark > self.watermark
        if self._staged or behind:
            why = self.quarantine.reason if self.quarantine else "the next cycle is to come"
            held += (Pending(kind="job", key="", name="the job", why=why, due=self._due),)
        return held

    # -- what an admin does

    def retry(self) -> Turn:
        """Restart, with broken links where an account is not found by its id any more."""
        self._allowed = True
        lost = any(ANCHOR.name in each.why for each in self.escrow)
        return self.restart(reset_links=lost)

    def restart(self, *, reset_links: bool = False) -> Turn:
        """Restart provisioning: an initial cycle, without watermark, escrow and quarantine.

        With `reset_links` every object is matched again by its attribute.
        """
        if reset_links:
            self._break_links()
        self.watermark, self.quarantine, self.disabled = None, None, False
        self.escrow.clear()
        self._staged.clear()
        self.next_cycle = self.clock.now
        return self.turn()

    def pause(self) -> None:
        """Stop provisioning; a cycle that runs would end first."""
        self.paused = True

    def resume(self) -> Turn:
        """Start provisioning again, where it was."""
        self.paused = False
        return self.turn()

    def allow_deletions(self) -> Turn:
        """Let the staged deletions pass, and the job go on."""
        self._allowed = True
        self.quarantine = None
        self.next_cycle = self.clock.now
        return self.turn()

    def rotate(self, credential: Credential) -> None:
        """Enter another credential; a job in quarantine is tried again at once."""
        self.idp.sign_with(credential)
        if self.quarantine is not None:
            self.quarantine = None
            self.next_cycle = self.clock.now

    def on_demand(self, key: str) -> Turn:
        """Provision one person now, whatever the cycles do."""
        person = self.directory.person(key)
        self.idp.links.remember(person)
        if not self._planner.wants(key) and self.idp.user_id(person) is None:
            return self._turn("on demand", (), f"{person.user_name} is not in scope: skipped.")
        handled = self._act("person", key, "On demand", self.idp.provision_on_demand(person))
        return self._turn("on demand", [handled], handled.outcome.console)

    def on_demand_group(self, key: str, people: Sequence[str]) -> Turn:
        """Provision one group now with picked members; raises ValueError for more than five."""
        group, members = self.directory.group(key), [self.directory.person(one) for one in people]
        script = self.idp.provision_group_on_demand(group, members)
        handled = self._act("group", key, "On demand", script)
        if handled.ok and self.idp.group_id(group) is not None:
            self.app.names[key] = group.name
            self.app.members.setdefault(key, set()).update(people)
        return self._turn("on demand", [handled], handled.outcome.console)

    # -- keeping

    def save(self) -> dict[str, Json]:
        """Return directory, links, watermark, escrow and quarantine."""
        return save_job(self)

    def load(self, kept: Mapping[str, Json]) -> None:
        """Take up what `save` returned; raises ValueError for anything else."""
        load_job(self, kept)

    # -- one cycle

    @property
    def _due(self) -> float | None:
        """When the next cycle is; in quarantine that is seldom, and None when an admin has to."""
        if self.disabled:
            return None
        return self.next_cycle if self.quarantine is None else self.quarantine.due

    @property
    def _planner(self) -> Planner:
        return Planner(self.idp, self.directory, self.app, self.scope)

    def _cycle(self) -> Turn:
        title = "initial cycle" if self.watermark is None else "incremental cycle"
        reached, handled = self.directory.watermark, list[Handled]()
        try:
            for one in self._passes():
                handled.append(one)
            self.watermark = reached
            self._judge(handled)
        except _JobStops:
            self._quarantined(EXCEPTION)
        self.next_cycle = self.clock.now + CYCLE
        return self._turn(title, handled, self._status(handled))

    def _passes(self) -> Iterator[Handled]:
        """Users, then their managers, then groups, then their members (sheet 5)."""
        planner, looked_at = self._planner, self._looked_at()
        people, groups = looked_at.people(), looked_at.groups()
        moves = [move for key in people if (move := planner.person(key))]
        moves += [move for key in groups if (move := planner.group(key))]
        staged = self._stage(moves)
        for move in moves:
            if move.kind == "person" and move not in staged:
                yield from self._do(move)
        for key in people:
            yield from self._all(filter(None, [planner.manager(key)]))
            self._wait_for("manager", key, lacking=planner.lacks_manager(key))
        for move in moves:
            if move.kind == "group" and move not in staged:
                yield from self._do(move)
        for key in groups:
            yield from self._all(planner.members(key, looked_at.members(key)))
            self._wait_for("members", key, lacking=planner.lacks_members(key))

    def _all(self, moves: Iterable[Move]) -> Iterator[Handled]:
        for move in list(moves):
            yield from self._do(move)

    def _do(self, move: Move) -> Iterator[Handled]:
        handled = self._act(_object(move.kind), move.key, move.action, move.script())
        outcome = handled.outcome
        if handled.ok:
            self.escrow.release(move.kind, move.key)
            move.done()
        elif outcome.stopped is not None and outcome.stopped.scope == "job":
            yield handled
            raise _JobStops
        else:
            for_good = outcome.console.startswith(_FOR_GOOD)
            self.escrow.hold(
                move.kind, move.key, outcome.console, self.clock.now, for_good=for_good
            )
        if outcome.exchanges:
            yield handled

    def _wait_for(self, kind: str, key: str, *, lacking: bool) -> None:
        """Hold a reference back to somebody whose account could not be made.

        That failed references are counted is documented, that they are tried again like objects
        is inferred; who merely came into scope later is not thought of (sheet 5).
        """
        if lacking:
            why = "a reference to somebody without an account"
            self.escrow.hold(kind, key, why, self.clock.now, for_good=False)

    def _looked_at(self) -> LookedAt:
        """Return what this cycle looks at: everything, or what changed and what is due again."""
        changes = None
        if self.watermark is not None:
            changes = self.directory.changes_since(self.watermark)
        again = [*self.escrow.due(self.clock.now), *((one.kind, one.key) for one in self._staged)]
        return LookedAt(self.directory, self.app, changes, again)

    def _stage(self, moves: Iterable[Move]) -> list[Move]:
        """Return the moves that only an admin may let pass, and put the job into quarantine."""
        ends = [move for move in moves if move.action in (DISABLE, DELETE)]
        met = self.threshold is not None and len(ends) >= self.threshold and not self._allowed
        self._allowed = False
        self._staged = ends if met else []
        if met:
            self.quarantine = Quarantine(DELETIONS, self.clock.now, needs_admin=True)
        return self._staged

    # -- how it stands

    def _judge(self, handled: Sequence[Handled]) -> None:
        """End a quarantine after any success, or begin one when too much failed."""
        failed = [each for each in self.escrow if not each.is_reference]
        tally = Tally(len(handled), len(failed), len(self.escrow) - len(failed))
        reason = tally.reason()
        if reason:
            self._quarantined(reason)
        elif self.quarantine is not None and not self.quarantine.needs_admin:
            self.quarantine = None

    def _quarantined(self, reason: str) -> None:
        if self.quarantine is None:
            self.quarantine = Quarantine(reason, self.clock.now)
            return
        self.quarantine.attempts += 1
        if self.quarantine.is_over(self.clock.now):
            self.disabled = True
            self.escrow.clear()

    def _later(self, due: float | None) -> float | None:
        """Return when something due is really tried: with a cycle, and seldom in quarantine."""
        return None if due is None or self._due is None else max(due, self._due)

    def _status(self, handled: Sequence[Handled] = ()) -> str:
        if self.disabled:
            return "Disabled: the job was in quarantine for too long."
        if self.quarantine is not None:
            return f"Quarantine: {self.quarantine.reason}."
        if self.paused:
            return "Paused."
        good = sum(each.ok for each in handled)
        return f"{good} succeeded, {len(handled) - good} failed, {len(self.escrow)} in escrow."

    def _break_links(self) -> None:
        for person in self.directory.people:
            self.idp.forget(person)
        for key in self._planner.linked_groups():
            self.idp.forget_group(self._planner.named(key))
        self.app = Provisioned()


def _object(kind: str) -> str:
    """Return whose reference it is: a manager is a person's, members are a group's."""
    return "group" if kind in ("group", "members") else "person"


def start(
    *,
    directory: Directory,
    send: Send,
    clock: Clock,
    credential: Credential,
    after: Callable[[Exchange], None] | None = None,
    scope: str = ASSIGNED,
    threshold: int | None = None,
    dialect: str = "default",
    **settings: Any,  # noqa: ANN401 - those of the profile's own start
) -> Job:
    """Return a job over a mock Entra; raises ValueError naming the setting that does not fit."""
    idp = start_entra(dialect=dialect, credential=credential, clock=clock, **settings)
    return Job(idp, directory, send, clock, after=after, scope=scope, threshold=threshold)
