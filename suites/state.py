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

from idp_profiles.model import Json
from reports import Redactor
from reports import Report
from reports import append_jsonl

from . import embedded
from .capabilities import Capabilities
from .client import ScimClient
from .connection import Connection
from .evidence import CaseLog
from .evidence import Unmasked
from .journal import Claims
from .journal import Journal
from .journal import sweep
from .journal import write_target
from .people import new_run_id
from .preflight import Look
from .preflight import look
from .run_lock import RunLock
from .shared import Shared
from .target import Target
from .verdicts import Blocked


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
        self, options: Options, target: Target | None, directory: Path | None, *, owner: str
    ) -> None:
        self.options = options
        self.started = datetime.now(UTC)
        self._clock = time.monotonic()
        self._target = target
        self.directory = directory
        self.redactor = Redactor(target.secrets if target else ())
        self.owner = owner  # which process this is
        self.features: Capabilities | None = None
        self._cases = 0
        self._claims = Claims()
        self._embedded: embedded.Embedded | None = None
        self._connection: Connection | None = None
        self._look: Look | None = None
        self._shared: Shared | None = None
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
    def elapsed(self) -> float:
        """Seconds since this process began."""
        return time.monotonic() - self._clock

    def connection(self) -> Connection:
        """Return the way to the target, starting the embedded server when none is named."""
        if self._connection is None:
            if self._target is not None:
                self._connection = Connection(self._target)
            else:
                self._embedded = embedded.start(deviations=self.options.deviations)
                self._connection = self._embedded.connection
                self.redactor = Redactor(self._connection.target.secrets)
        return self._connection

    def adopt(self, server: embedded.Embedded) -> None:
        """Judge this server of our own in place of one that is started when it is needed."""
        self._embedded, self._connection = server, server.connection
        self.redactor = Unmasked()

    def deviant(self, deviations: Sequence[str], *, tenants: bool) -> embedded.Embedded:
        """Return an in-process server that misbehaves, for one proof."""
        self.redactor = Unmasked()
        return embedded.start(deviations=deviations, sockets=False, tenants=tenants)

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
        limit = self.connection().target.run_timeout
        if self.elapsed > limit:
            raise Blocked(f"the run took longer than its time-out of {limit:g} s")

    def open_case(self, case: str) -> CaseLog:
        """Begin the log of one case; a token that was renewed since is masked from now on."""
        self.redactor = self.redactor.also(self.connection().secrets)
        return CaseLog(case, self.redactor, self._transcribe)

    def open_log(self, case: str) -> CaseLog:
        """Begin the log of a case that has a server of its own, or needs none of ours."""
        return CaseLog(case, self.redactor, self._transcribe)

    def open_journal(self) -> Journal:
        """Begin the journal of one case."""
        self._cases += 1
        path = self.directory / "journal.jsonl" if self.directory else None
        if path is not None and self._cases == 1:
            write_target(path, self.connection().target.url)
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

    def release_folder(self) -> None:
        """Let another run use the report folder."""
        if self.lock is not None:
            self.lock.release()

    def delete_shared(self) -> None:
        """Delete what the cases shared."""
        if self._shared is not None and self._connection is not None:
            log = CaseLog("shared", self.redactor, lambda line: None)
            journal = self._shared.journal
            sweep(journal, ScimClient(self._connection, log, journal).raw)
