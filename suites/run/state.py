"""What one process of a run holds: options, journal, redaction and the way to the target."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from idp_profiles.model import Json
from reports import Redactor
from reports import Report
from reports import append_jsonl
from suites.cleanup.claims import Claims
from suites.cleanup.journal import Journal
from suites.cleanup.journal import write_target
from suites.cleanup.tidying import sweep
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.evidence import Unmasked
from suites.making.people import new_run_id
from suites.making.shared import Shared
from suites.manners import commons
from suites.manners.clock import RunClock
from suites.manners.turns import Manners
from suites.preflight.capabilities import Capabilities
from suites.preflight.look import Look
from suites.preflight.look import look
from suites.reach import in_process
from suites.reach.connection import Connection
from suites.reach.lanes import lanes
from suites.target.model import Target
from suites.target.model import TargetError
from suites.verdicts import Blocked

from .run_lock import RunLock

if TYPE_CHECKING:
    from suites.ahead.held import Held
    from suites.bench import Bench
    from suites.reach.embedded import Embedded


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user asked for; empty tuples mean no restriction."""

    idps: tuple[str, ...] = ()
    every_idp: bool = False  # asked for as such, which adds all cases that belong to none
    suites: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    products: tuple[str, ...] = ()  # whose cases run; none means none
    strict: bool = False
    large: bool = False
    allow_inconclusive: bool = False
    proofs: bool = False
    report: Path | None = None
    max_seconds: float = float("inf")  # for a run on the embedded server
    seed: int = field(default_factory=lambda: random.SystemRandom().randrange(2**31))
    run_id: str = field(default_factory=new_run_id)
    asked: Mapping[str, Json] = field(default_factory=dict)  # what else, for the report alone

    @property
    def product_alone(self) -> str:
        """The product whose simulation is the target, where no server is; else empty."""
        return self.products[0] if self.suites == ("product",) and self.products else ""

    def to_json(self) -> dict[str, Json]:
        """Return the options for the report."""
        return {
            "idp": list(self.idps),
            "suite": list(self.suites),
            "only": list(self.only),
            "dialect": list(self.dialects),
            "deviation": list(self.deviations),
            "product": list(self.products),
            "strict": self.strict,
            "large": self.large,
            "allow_inconclusive": self.allow_inconclusive,
            **self.asked,
        }


class RunState:
    """One per process; made when the first case needs it, so that a plain import costs nothing."""

    def __init__(
        self,
        options: Options,
        target: Target | None,
        directory: Path | None,
        *,
        owner: str,
        began: float | None = None,
    ) -> None:
        self.options = options
        self.started = datetime.now(UTC)
        limit = target.run_timeout if target else options.max_seconds
        self.clock = RunClock(limit, began)
        self._target = target
        self.directory = directory
        self.redactor = Redactor(target.secrets if target else ())
        self.owner = owner  # which process this is
        self.features: Capabilities | None = None
        self.ahead: dict[str, Held] = {}  # what began before its turn, by case
        self.late: dict[str, list[str]] = {}  # what deletions beside the cases came to
        self._cases = 0
        self._claims = Claims()
        self._embedded: Embedded | None = None
        self._connection: Connection | None = None
        self._look: Look | None = None
        self._shared: Shared | None = None
        self._latest: CaseLog | None = None
        self.lock: RunLock | None = None
        # What the run is compared with at its end; only where the report is written.
        self.baseline: Report | None = None
        # Whether the named product is a simulation of ours; None before anybody looked.
        self.simulated: bool | None = None

    @property
    def target(self) -> Target | None:
        """The target the user named; None means the embedded server."""
        return self._target

    @property
    def is_read_only(self) -> bool:
        """Whether the run changes nothing on its target."""
        return self._target is not None and self._target.read_only

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.clock.began

    def connection(self) -> Connection:
        """Return the way to the target, starting the embedded server when none is named."""
        if self._connection is None:
            if self._target is not None:
                self._connection = self._to(self._target)
            else:
                from suites.reach import embedded  # only now: it loads the reference server

                self._embedded = embedded.start(deviations=self.options.deviations)
                self._connection = self._embedded.connection
                self._connection.manners.clock = self.clock
                self.redactor = Redactor(self._connection.target.secrets)
        return self._connection

    def _to(self, target: Target) -> Connection:
        manners = Manners(target, directory=self.directory, clock=self.clock)
        try:
            return Connection(target, manners=manners)
        except TargetError as problem:  # an application that starts in one process, not in all
            raise Blocked(str(problem)) from None

    def adopt(self, server: Embedded) -> None:
        """Judge this server of our own in place of one that is started when it is needed."""
        self._embedded, self._connection = server, server.connection
        self.redactor = Unmasked()

    def deviant(self, deviations: Sequence[str], *, tenants: bool) -> Embedded:
        """Return an in-process server that misbehaves, for one proof."""
        self.redactor = Unmasked()
        from suites.reach import embedded  # only now, as above

        return embedded.start(deviations=deviations, sockets=False, tenants=tenants)

    @property
    def is_slow(self) -> bool:
        """Whether the server takes its time, as far as was seen."""
        return self._connection is not None and self._connection.lag.is_slow

    def first_look(self) -> Look:
        """Return what the first look at the target found; it is taken once."""
        if self._look is None:
            self._look = look(self.connection())
        return self._look

    def seen(self) -> Look | None:
        """Return the first look if it was taken."""
        return self._look

    def check_ready(self) -> None:
        """Raise Blocked when nothing can be judged, or when the run's time is over."""
        found = self.first_look()
        if found.trouble:
            raise Blocked(found.trouble)
        self.clock.check()
        self.connection().breaker.check()
        self.check_ids()

    def check_ids(self) -> None:
        """Raise Blocked where the target gives ids of others; our own server may be told to."""
        if self.target is not None:
            self._claims.check()

    def open_case(self, case: str) -> CaseLog:
        """Begin the log of one case; a token that was renewed since is masked from now on."""
        _ = self.connection().target  # where there is none yet, this gets a token
        self.redactor = self.redactor.also(self.connection().secrets)
        # Cookies come and go, so that only those of the moment are looked for.
        mask = self.redactor.also(self.connection().cookies)
        self._latest = CaseLog(case, mask, self._transcribe)
        return self._latest

    def resume(self, case: str) -> Bench:
        """Return what a case works with that began before its turn, which has come."""
        made = self.ahead[case].bench
        self._latest = made.log
        return made

    def masking(self) -> Redactor:
        """Return what knows the secrets of the moment, those that cases have sent included."""
        known = self._latest.redactor if self._latest is not None else self.redactor
        beside = {
            each for held in list(self.ahead.values()) for each in held.bench.log.passwords.copy()
        }
        return known.also(beside) if beside else known

    def open_log(self, case: str) -> CaseLog:
        """Begin the log of a case that has a server of its own, or needs none of ours."""
        return CaseLog(case, self.redactor, self._transcribe)

    def open_journal(self) -> Journal:
        """Begin the journal of one case."""
        self._cases += 1
        path = self.directory / "journal.jsonl" if self.directory else None
        if path is not None and self._cases == 1:
            target = self.connection().target
            asked = self._target.url if self._target else target.url
            write_target(path, target.url, target.app, asked=asked)
        return Journal(path, owner=f"{self.owner}.{self._cases}", claims=self._claims)

    def shared(self) -> Shared:
        """Return what several cases of this process share on the target."""
        if self._shared is None:
            self._shared = Shared(self.open_journal())
        return self._shared

    def _transcribe(self, line: dict[str, Json]) -> None:
        if self.directory is not None:
            append_jsonl(self.directory / "transcript.jsonl", line)

    def close(self) -> None:
        """Stop what this process started."""
        if self._embedded is not None:
            self._embedded.close()
        elif self._connection is not None:
            self._connection.close()
        in_process.close_all()

    def release_folder(self) -> None:
        """Let another run use the report folder."""
        if self.lock is not None:
            if self.directory is not None and self.owner == "main":
                commons.remove(self.directory)
            self.lock.release()

    def delete_shared(self) -> None:
        """Delete what the cases shared."""
        if self._shared is not None and self._connection is not None:
            log = CaseLog("shared", self.redactor, lambda line: None)
            journal = self._shared.journal
            call = ScimClient(self._connection, log, journal).raw
            sweep(journal, call, lanes().each if self.is_slow else None)
