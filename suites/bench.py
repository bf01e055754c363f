"""What one case works with: the way to the target, its log and journal, and what is shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field

from .cleanup.journal import Journal
from .client import ScimClient
from .client import Seen
from .evidence import CaseLog
from .making.lab import Lab
from .making.people import Registry
from .making.shared import Shared
from .making.stock import Hand
from .making.stock import Stock
from .making.stock import take
from .outcome.results import CaseRecord
from .preflight.capabilities import Capabilities
from .preflight.capabilities import Probed
from .preflight.lag_probe import Found
from .preflight.lag_probe import probe
from .preflight.look import Look
from .preflight.probes import try_feature
from .reach.connection import Connection
from .schemas import definitions
from .schemas.definitions import Definitions
from .verbs import Scim
from .verdicts import Blocked
from .verdicts import NotOffered


@dataclass(frozen=True, slots=True)
class Discovery:
    """The three discovery documents, as they were read once."""

    config: Seen
    types: Seen
    schemas: Seen


@dataclass(slots=True)
class Bench:
    """What one case works with."""

    connection: Connection
    log: CaseLog
    journal: Journal
    shared: Shared
    record: CaseRecord
    registry: Callable[[str], Registry]  # makes people, by a label
    worker: str  # which process of the run this is
    features: Capabilities = field(init=False)

    def client(self, journal: Journal, log: CaseLog | None = None) -> ScimClient:
        """Return an independent client that writes what it creates into a journal."""
        case_id = self.record.requirement.id
        return ScimClient(self.connection, log or self.log, journal, case_id=case_id)

    def shared_lab(self, label: str, log: CaseLog | None = None) -> Lab:
        """Return where to make what the cases of this worker share."""
        # What an earlier try left behind has its names already.
        again = f" {self.shared.again}" if self.shared.again else ""
        return self.lab(f"{self.worker}: {label}{again}", self.shared.journal, log)

    def lab(self, label: str, journal: Journal, log: CaseLog | None = None) -> Lab:
        """Return where to make resources; `label` tells its people from those of others."""
        return Lab(
            Scim(self.client(journal, log)),
            self.registry(label),
            self.definitions(),
            self.connection.target,
            Hand(self.stock) if self.connection.target.read_only else None,
        )

    def stock(self) -> Stock:
        """Return the resources that are there already, for a run that is read-only."""

        def read(log: CaseLog) -> Stock:
            scim = Scim(self.client(self.shared.journal, log))
            return take(scim, self.connection.target.existing_users)

        return self.shared.quietly("stock", self.log, read)

    def discovery(self) -> Discovery:
        """Return the discovery documents, read once without evidence."""

        def read(log: CaseLog) -> Discovery:
            scim = Scim(self.client(self.shared.journal, log))
            return Discovery(
                scim.get("/ServiceProviderConfig"), scim.get("/ResourceTypes"), scim.get("/Schemas")
            )

        return self.shared.quietly("discovery", self.log, read)

    def definitions(self) -> Definitions:
        """Return what the server's schemas define."""

        def parse(_log: CaseLog) -> Definitions:
            found = self.discovery()
            return definitions.read(found.types.content, found.schemas.content)

        return self.shared.quietly("definitions", self.log, parse)

    def lag(self, *, asked: bool) -> Found:
        """Return how late the target shows a new user, where it was not said how long to wait.

        It is tried before the first case of each process, and only if `asked`: of a server of ours
        it is known, and a run that is read-only makes nobody.
        """
        target = self.connection.target
        if not asked or target.settle or target.read_only:
            return Found()
        filters = self.features.has("filter")

        def try_it(log: CaseLog) -> Found:
            try:
                return probe(self.shared_lab("lag", log), filters=filters)
            except (Blocked, NotOffered):  # no user can be made, which is for other cases to say
                return Found()

        return self.shared.quietly("lag", self.log, try_it)

    def capabilities(self, look: Callable[[], Look]) -> Capabilities:
        """Return which optional features the target has."""
        target = self.connection.target

        def ask_for(feature: str) -> Probed:
            label = f"probe {feature}"

            def ask(log: CaseLog) -> Probed:
                return try_feature(feature, self.shared_lab(label, log))

            return self.shared.quietly(label, self.log, ask)

        return Capabilities(
            look,
            overrides=target.capabilities,
            tenants=target.other_tenant is not None,
            probe=ask_for,
        )
