"""Runs the collected cases again and again in one process, each time on a server that misbehaves.

One collection serves all deviations: a plugin takes the place of pytest's loop and gives each
deviation a server, a log and shared resources of its own, as a run against it would have.
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace

import pytest

from reports import Result
from reports import Verdict
from suites.outcome.results import CaseRecord
from suites.reach import embedded
from suites.requirements import by_id
from suites.run.plugin import CASE
from suites.run.plugin import RESULT
from suites.run.plugin import STATE
from suites.run.plugin import is_killed
from suites.run.selection import LARGE
from suites.run.selection import record_of
from suites.run.state import Options
from suites.run.state import RunState

from .case_list import HOME
from .case_list import area_of

IDP = "idp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to run: with `full` every case, else no more than it takes to catch a deviation.

    With `only_own` none but the cases that name it.
    """

    suites: tuple[str, ...]
    full: bool = False
    only_own: bool = False
    limit: float = 60.0  # seconds for one deviation in one kind of suites


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One deviation (several joined by `+`), and what the ledger says that it breaks.

    Of a `legal` one every case is run: none may catch it. Of the replays of the identity providers
    (`replayed`) and the other suites (`plain`) those are run that have to catch it, and the others
    only where these do not. It is caught when each of the identity providers in `stops` notices.
    `without` names tolerances that are switched off; with those alone `deviation` is empty. With
    `requirements` none but the cases of these are run.
    """

    deviation: str = ""
    violates: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    requirements: frozenset[str] | None = None
    legal: bool = False
    plain: bool = True
    replayed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Catch:
    """A case that noticed; `own` where it names the deviation as its proof."""

    case: str
    requirement: str
    area: str
    verdict: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the cases made of one job; `idp` are those of the identity providers."""

    deviation: str
    idp: bool
    caught: tuple[Catch, ...] = ()
    errors: tuple[str, ...] = ()
    trouble: str | None = None
    cases: int = 0
    seconds: float = 0.0
    cut: bool = False


def run_cases(jobs: Iterable[Job], wanted: Wanted, report: Callable[[Seen], None]) -> None:
    """Collect the cases once and report each deviation; raises RuntimeError where pytest fails."""
    loop = _Loop(jobs, wanted, report)
    place = ["-c", str(HOME / "isolated.ini"), f"--rootdir={HOME.parent}", f"--confcutdir={HOME}"]
    quiet = ["-p", "scimproof", "-p", "no:terminal", "--collect-only", "--scim-large"]
    quiet += ["-p", "no:randomly", "-p", "no:random_order", "--capture=no"]
    with contextlib.redirect_stdout(io.StringIO()):
        status = pytest.main([*place, *quiet, str(HOME)], plugins=[loop])
    # That cases fail is what they are run for.
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        why = loop.broken or f"pytest status {int(status)}"
        raise RuntimeError(f"the cases cannot be run: {why}")


class _Loop:
    """Takes the place of pytest's own loop over the collected cases."""

    def __init__(self, jobs: Iterable[Job], wanted: Wanted, report: Callable[[Seen], None]) -> None:
        self._jobs = jobs
        self._wanted = wanted
        self._report = report
        self.broken = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why the cases cannot be collected."""
        if report.failed:
            self.broken = str(report.longrepr)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge one deviation after the other; True tells pytest that its loop is done."""
        if self.broken:
            raise session.Interrupted("the cases cannot be collected")
        runner = _Runner(session)
        for job in self._jobs:
            for seen in self._judge(runner, job):
                self._report(seen)
        return True

    def _judge(self, runner: _Runner, job: Job) -> Iterator[Seen]:
        others = tuple(name for name in self._wanted.suites if name != IDP)
        kinds = [(others, job.plain), ((IDP,) if IDP in self._wanted.suites else (), job.replayed)]
        settled = job.legal
        for suites, needed in sorted(kinds, key=lambda kind: not kind[1]):
            if suites and (needed or self._wanted.full or not settled):
                seen = self._seen(runner, job, suites)
                settled = settled or bool(seen.caught)
                yield seen

    def _seen(self, runner: _Runner, job: Job, suites: tuple[str, ...]) -> Seen:
        job = job if suites == (IDP,) else replace(job, stops=())
        seen = runner.judge(job, suites, self._wanted)
        done = job.legal or not job.deviation or _is_settled(job, seen.caught)
        return seen if done else runner.with_partners(job, suites, seen)


class _Runner:
    """Runs cases of one session on the server that is wanted."""

    def __init__(self, session: pytest.Session) -> None:
        self._config = session.config
        self._items = [item for item in session.items if CASE in item.stash]
        self._sound: dict[str, bool] = {}
        self._correct = _Servers(Job())

    def with_partners(self, job: Job, suites: tuple[str, ...], alone: Seen) -> Seen:
        """Return what the cases make of a deviation that shows only together with another."""
        proofs = {name for item in self._items for name in item.stash[CASE].proof}
        caught = alone.caught
        for pair in sorted(name for name in proofs if _is_part(job.deviation, name)):
            seen = self.judge(Job(deviation=pair), suites, Wanted(suites=suites, only_own=True))
            caught += seen.caught
            if _is_settled(job, caught):
                break
        return replace(alone, caught=caught)

    def judge(self, job: Job, suites: tuple[str, ...], wanted: Wanted) -> Seen:
        """Run the cases of these suites against a deviation."""
        begun = time.monotonic()
        servers = _Servers(job)
        caught: list[Catch] = []
        errors: list[str] = []
        count, cut = 0, False
        for item in self._chosen(job, suites, wanted):
            cut = time.monotonic() - begun > wanted.limit
            if cut or (not wanted.full and _is_settled(job, caught)):
                break
            result = self._run(item, servers)
            count += 1
            if result.verdict is Verdict.ERROR:
                errors.append(f"{result.case}: {result.actual}")
            elif is_killed(result, item.stash[CASE]) and self._passes_when_correct(item):
                caught.append(_catch(item, job, result))
        return Seen(
            deviation=job.deviation,
            idp=suites == (IDP,),
            caught=tuple(caught),
            errors=tuple(errors),
            trouble=servers.close(),
            cases=count,
            seconds=time.monotonic() - begun,
            cut=cut,
        )

    def _chosen(self, job: Job, suites: tuple[str, ...], wanted: Wanted) -> list[pytest.Item]:
        """Return the cases: unless all are wanted, the likely ones first."""

        def rank(item: pytest.Item) -> int:
            record = item.stash[CASE]
            if job.deviation in record.proof:
                return 0
            return 1 if record.requirement.id in job.violates else 2

        chosen = [
            item
            for item in self._items
            if item.stash[CASE].suite in suites
            if job.requirements is None or item.stash[CASE].requirement.id in job.requirements
            if rank(item) < 2 or not item.get_closest_marker(LARGE)
        ]
        if wanted.only_own:
            return [item for item in chosen if rank(item) == 0]
        return chosen if wanted.full else sorted(chosen, key=rank)

    def _run(self, item: pytest.Item, servers: _Servers) -> Result:
        """Run one case anew, as the first of its kind."""
        record = record_of(item)
        assert record is not None  # only cases were taken
        item.stash[CASE] = record
        if RESULT in item.stash:
            del item.stash[RESULT]
        self._config.stash[STATE] = servers.state_for(record)
        # None as the next one: whatever is set up is taken down again.
        self._config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return item.stash[RESULT]

    def _passes_when_correct(self, item: pytest.Item) -> bool:
        """Return whether a case lets the correct server pass, so that its word counts."""
        if item.nodeid not in self._sound:
            kept: CaseRecord = item.stash[CASE]
            result = self._run(item, self._correct)
            self._sound[item.nodeid] = not is_killed(result, kept)
        return self._sound[item.nodeid]


class _Servers:
    """The servers with one misbehaviour: one by itself, and for what needs it, one of two tenants.

    Behind two tenants a deviation cannot reach beyond its own base path.
    """

    def __init__(self, job: Job) -> None:
        self._deviations = tuple(filter(None, job.deviation.split("+")))
        self._without = job.without
        self._states: dict[bool, RunState] = {}

    def state_for(self, record: CaseRecord) -> RunState:
        """Return what the run of a case works with, starting the server that it needs."""
        tenants = "tenants" in record.needs
        if tenants not in self._states:
            names = self._deviations
            state = RunState(Options(deviations=names, seed=1), None, None, owner="matrix")
            server = embedded.start(
                deviations=names, without=self._without, sockets=False, tenants=tenants
            )
            state.adopt(server)
            self._states[tenants] = state
        return self._states[tenants]

    def close(self) -> str | None:
        """Stop the servers, and return why nothing could be judged on them, if so."""
        looks = [look for state in self._states.values() if (look := state.seen())]
        for state in self._states.values():
            state.close()
        return next((look.trouble for look in looks if look.trouble), None)


def _is_settled(job: Job, caught: Iterable[Catch]) -> bool:
    """Return whether enough is known: somebody noticed, and each IdP that has to."""
    noticed = {by_id(catch.requirement).idp for catch in caught}
    # A legal one is to be caught by nobody, so that every case has its say.
    return bool(noticed) and not set(job.stops) - noticed and not job.legal


def _catch(item: pytest.Item, job: Job, result: Result) -> Catch:
    record = item.stash[CASE]
    return Catch(
        case=result.case.removeprefix("suites/"),
        requirement=result.requirement,
        area=area_of(result.case.removeprefix("suites/")),
        verdict="note" if result.verdict is Verdict.PASS else result.verdict.value,
        own=job.deviation in record.proof,
    )


def _is_part(deviation: str, proof: str) -> bool:
    return deviation != proof and deviation in proof.split("+")
