"""A mock IdP inside a case: it arranges, it acts, and every known wire form gets its turn.

What a replay finds is about the IdP ("Okta stops here"); it never accuses a server of breaking
the RFC (design section 4.6).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import TypeAlias

from idp_profiles import MockIdp
from idp_profiles import Profile
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import carrying
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.transport import Trouble
from reports import Verdict

from .cleanup.journal import Journal
from .cleanup.strangers import spare_strangers
from .evidence import CaseLog
from .evidence import Entry
from .manners.patience import RETRIES
from .manners.patience import is_throttled
from .manners.patience import throttled
from .reach.connection import Connection
from .requirements import judge_of
from .verdicts import Blocked
from .verdicts import Mismatch
from .verdicts import NotOffered
from .verdicts import Unanswered

Act: TypeAlias = Callable[..., Outcome]

PACE = 0.2  # seconds between the calls of one job, on a server that shows its writes late


class RecordingSend:
    """The literal transport, with every exchange recorded and every create written down."""

    def __init__(
        self, connection: Connection, log: CaseLog, journal: Journal, *, retries: int = RETRIES
    ) -> None:
        self._connection = connection
        self._retries = retries
        self._free_at = 0.0
        self._send = connection.idp_send
        self._log = log
        self._journal = journal

    def __call__(self, request: Request) -> Reply:
        """Send one request; raises Trouble when no reply comes.

        Raises Stopped in place of changing what the run did not create. A server that is busy for
        the moment and says for how long is asked again: what an IdP's admin would do by hand
        decides nothing about the server.
        """
        self._connection.allow(request.method, request.target, request.headers, request.body)
        spare_strangers(request, self._journal, self._once)
        item = self._journal.intend(request.method, request.target, request.body)
        reply = self._connection.patience.ask(
            lambda: self._once(request), _told, retries=self._retries
        )
        if item is not None:
            self._journal.answered(item, reply.status, reply.body)
        if self._retries and is_throttled(*_told(reply)):
            path = request.target.partition("?")[0]
            raise Unanswered(throttled(request.method, path, reply.status), entry=self._log.last())
        return reply

    def impatient(self) -> RecordingSend:
        """Return the same without repeating, for a case about what the IdP itself repeats."""
        return RecordingSend(self._connection, self._log, self._journal, retries=0)

    def _once(self, request: Request) -> Reply:
        self._journal.check()
        settle = self._connection.target.settle
        if settle:
            # What the IdP reads of its own writes is not judged here: that reads lag is a warning.
            shown_at = self._log.wrote + settle if request.method == "GET" else 0.0
            due = max(self._free_at, shown_at)
            self._connection.manners.clock.sleep(due - time.monotonic())
        try:
            reply = self._send(request)
        except Trouble as trouble:
            passed = self._connection.manners.took
            self._log.record_idp(Exchange(request, None, passed, str(trouble)))
            self._connection.manners.clock.check()
            raise
        self._log.record_idp(Exchange(request, reply, self._connection.manners.took))
        self._free_at = time.monotonic() + PACE
        return reply


def _told(reply: Reply) -> tuple[int, str | None]:
    return reply.status, reply.header("Retry-After")


class SettledMock(MockIdp[Any]):
    """A mock IdP that acts as its admin does: when what was written before can be seen.

    Only what the server asks for is waited for. The IdP's own schedule, such as the hours until its
    next sync, passes at once.
    """

    def __init__(self, idp: Any, send: RecordingSend, connection: Connection, log: CaseLog) -> None:  # noqa: ANN401 - each profile has its own
        super().__init__(idp, send, sleep=self._pause)
        self._settle = connection.target.settle
        self._wait = connection.patience.wait
        self._settle_for = connection.manners.clock.sleep
        self._log = log

    def _pause(self, seconds: float) -> None:
        last = self._log.last()
        if last is not None and last.status in (429, 503):
            self._wait(seconds)

    def run(self, scenario_id: str, script: Script) -> Outcome:
        """Run a script once the settle time of the last write is over."""
        if self._settle:
            self._settle_for(self._log.wrote + self._settle - time.monotonic())
        return super().run(scenario_id, script)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How a profile is started: dialect, credential and its modes."""

    profile: Profile[Any]
    dialect: str
    credential: Credential
    auth_mode: str | None = None
    switches: Mapping[str, str] | None = None
    toggles: Mapping[str, bool] | None = None
    mapping: AttributeMapping | None = None
    wishes: Mapping[str, Json] | None = None  # what this server wants of every user, by SCIM path
    patient: bool = True  # a 429 or 503 with Retry-After is waited for, whatever the IdP does


class Replay:
    """One mock IdP for one case.

    `given.VERB(…)` arranges: when the IdP stops there, the case is inconclusive.
    `act.VERB(…)` is what the case judges: when the IdP stops there, that is the mismatch.
    """

    def __init__(
        self, setup: Setup, connection: Connection, log: CaseLog, send: RecordingSend
    ) -> None:
        self.setup = setup
        self._connection = connection
        self._log = log
        self._send = send
        try:
            self.idp = setup.profile.start(
                dialect=setup.dialect,
                credential=setup.credential,
                auth_mode=setup.auth_mode,
                switches=setup.switches or {},
                toggles=setup.toggles or {},
                mapping=mapping_of(setup, setup.mapping),
            )
        except ValueError as reason:
            raise NotOffered(str(reason)) from None
        # Tokens that it signs itself are known before they are sent.
        self._log.passwords.update(getattr(self.idp, "secrets", ()))
        self.mock = SettledMock(
            self.idp, send if setup.patient else send.impatient(), connection, log
        )
        self.given = Verbs(self, judged=False)
        self.act = Verbs(self, judged=True)

    def again(self, **changes: Any) -> Replay:  # noqa: ANN401 - the fields of Setup
        """Return a fresh mock IdP with some of its setup changed, on the same case."""
        setup = replace(self.setup, **changes)
        return Replay(setup, self._connection, self._log, self._send)

    def on(self, journal: Journal) -> Replay:
        """Return a fresh mock IdP of the same setup whose creations go into another journal."""
        send = RecordingSend(self._connection, self._log, journal)
        return Replay(self.setup, self._connection, self._log, send)

    def note(self, text: str) -> None:
        """Add a remark to the result."""
        if text not in self._log.notes:
            self._log.notes.append(text)

    def last_entry(self) -> Entry | None:
        """Return the latest exchange of the case."""
        return self._log.last()

    def entry_of(self, outcome: Outcome) -> Entry | None:
        """Return the exchange at which the IdP gave up, else the latest one."""
        return entry_of(self._log, outcome.stopped_at) or self._log.last()

    def send(self, request: Request) -> Reply:
        """Send one request that is no script's, as the IdP's own test files do."""
        self._log.certainties.append(request.step.certainty)
        try:
            return self._send(request)
        except Trouble as trouble:
            raise Unanswered(f"transport trouble: {trouble}", entry=self.last_entry()) from trouble
        except Stopped as stopped:
            raise Blocked(stopped.because, entry=self.last_entry()) from stopped

    def watched(self, outcome: Outcome) -> Outcome:
        """Take an outcome as part of what the case is about, whether or not the IdP stopped."""
        self._log.certainties.append(outcome.decisive)
        self._log.scenario = self._log.scenario or outcome.scenario or None
        if outcome.trouble:
            raise Unanswered(f"transport trouble: {outcome.trouble}", entry=self.last_entry())
        return outcome

    def judged(self, outcome: Outcome) -> Outcome:
        """Take an outcome as what the case is about; raises Mismatch or Blocked."""
        __tracebackhide__ = True
        if not self.watched(outcome).ok:
            raise self._mismatch(outcome)
        return outcome

    def worked(self, outcome: Outcome, verb: str) -> Outcome:
        """Take an outcome whose effect is judged, not whether the IdP got through.

        Its certainty counts; when the IdP stopped, the case is blocked by the requirement that
        judges the verb. Raises Blocked.
        """
        return self.arranged(self.watched(outcome), verb)

    def arranged(self, outcome: Outcome, verb: str) -> Outcome:
        """Take an outcome as preparation; raises Blocked."""
        if outcome.trouble:
            raise Unanswered(f"transport trouble: {outcome.trouble}", entry=self.last_entry())
        if not outcome.ok:
            reason = outcome.stopped.because if outcome.stopped else outcome.console
            raise Blocked(
                f"{self.setup.profile.title} stopped while the case was being prepared "
                f"({verb}): {reason}",
                by=judge_of(self.setup.profile.name, verb, self.setup.dialect),
                entry=self.entry_of(outcome),
            )
        return outcome

    def _mismatch(self, outcome: Outcome) -> Mismatch:
        stopped = outcome.stopped
        title = self.setup.profile.title
        scope = "this object" if stopped and stopped.scope == "object" else "the whole job"
        return Mismatch(
            expected=f"{title} reaches the last step of {outcome.scenario or 'the sequence'}",
            actual=stopped.because if stopped else "it stopped",
            entry=self.entry_of(outcome),
            consequence=f"{title} stops for {scope}; its console shows: {outcome.console}",
            scope=stopped.scope if stopped else None,
        )


def entry_of(log: CaseLog, exchange: Exchange | None) -> Entry | None:
    """Return an exchange of a mock IdP as the case has written it down; None where it has not.

    Of two that are alike to the last letter it is the later one.
    """
    if exchange is None:
        return None
    wanted = log.blank().record_idp(exchange)
    told = ("method", "status", "step", "target", "request_body", "reply_body")
    return next(
        (
            entry
            for entry in reversed(log.entries)
            if all(getattr(entry, name) == getattr(wanted, name) for name in told)
        ),
        None,
    )


class Verbs:
    """The verbs of the mock IdP, each taken as preparation or as what is judged."""

    def __init__(self, replay: Replay, *, judged: bool) -> None:
        self._replay = replay
        self._judged = judged

    def __getattr__(self, verb: str) -> Act:
        """Return the verb of the mock IdP, wrapped."""
        if verb.startswith("_"):
            raise AttributeError(verb)
        replay, judged = self._replay, self._judged
        act = getattr(replay.mock, verb)

        def run(*args: Any, **kwargs: Any) -> Outcome:  # noqa: ANN401 - the verb's own parameters
            __tracebackhide__ = True
            outcome = act(*args, **kwargs)
            return replay.judged(outcome) if judged else replay.arranged(outcome, verb)

        return run


def mapping_of(setup: Setup, given: Any) -> Any:  # noqa: ANN401 - a mapping as the profile has it
    """Return a mapping, None for the usual one, with what the server wants of every user.

    An admin whose app wants more than the usual mapping sends maps a default or a constant to it.
    """
    if not setup.wishes:
        return given
    idp = setup.profile.start(
        dialect=setup.dialect,
        credential=setup.credential,
        auth_mode=setup.auth_mode,
        switches=setup.switches or {},
        mapping=given,
    )
    own = getattr(idp, "carrying", None)
    return carrying(idp.mapping, setup.wishes) if own is None else own(setup.wishes)


def every_form(
    replay: Replay,
    scenario: str,
    check: Callable[[Replay], None],
    *,
    only: Callable[[str], bool] = lambda name: True,
) -> None:
    """Run a check once per known wire form of a scenario (design section 4.6).

    `only` narrows the forms by name.

    All forms refused: the mismatch of the first. Some refused: a mismatch that warns at most and
    names them. All accepted: nothing is raised. The forms tried become a note.
    """
    setup = replay.setup
    known = setup.profile.variants(scenario, setup.dialect)
    variants = [variant for variant in known if only(variant.name)]
    refused: dict[str, Mismatch] = {}
    blocked: list[Blocked] = []
    for variant in variants:
        switches = {**(setup.switches or {}), **variant.switches}
        mapping = setup.mapping if variant.mapping is None else variant.mapping
        try:
            check(replay.again(switches=switches, mapping=mapping))
        except Mismatch as mismatch:
            refused[variant.name] = mismatch
        except Blocked as problem:
            blocked.append(problem)
    names = [variant.name for variant in variants]
    replay.note(f"wire forms tried: {', '.join(names)}")
    _conclude(setup.profile.title, scenario, names, refused, blocked)


def _conclude(
    title: str,
    scenario: str,
    names: list[str],
    refused: dict[str, Mismatch],
    blocked: list[Blocked],
) -> None:
    if not refused:
        if blocked:
            raise blocked[0]
        return
    first = next(iter(refused.values()))
    if len(refused) == len(names):
        if len(names) > 1:
            every = f"(no known form of {scenario} works)"
            first.consequence = " ".join(filter(None, [first.consequence, every]))
            first.every_form = True
        raise first
    seen = [f"{name}: {mismatch.actual}" for name, mismatch in refused.items()]
    seen += [f"{len(blocked)} form(s) could not be tried: {blocked[0].reason}"] if blocked else []
    raise Mismatch(
        expected=f"every known form of {scenario} accepted ({', '.join(names)})",
        actual="; ".join(seen),
        entry=first.entry,
        consequence=f"which of these forms {title} sends is not settled",
        at_most=Verdict.WARN,
    )
