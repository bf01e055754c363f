"""Many runs on a target in the order of their start: what got better, what broke, and when."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from urllib.parse import urlsplit

from reports import view
from reports.model import IdpSummary
from reports.model import Report
from reports.model import Verdict
from reports.pictures.latency import Operation
from reports.pictures.latency import operations
from reports.pictures.latency import requests
from reports.wording import wording

_SAYS = wording("trend")
_GOOD = (Verdict.PASS, Verdict.WARN)
# A waived failure is known and stays where it is: it neither breaks nor comes back.
_JUDGED = (*_GOOD, Verdict.FAIL)
# What a user selects; two runs that differ in one of these have looked at different things.
_SELECTION = ("idp", "suite", "only", "dialect", "product", "strict", "large")


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """How many features of an IdP's console work in one run."""

    idp: str
    dialect: str
    works: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a trend keeps of one report; the reports of a year do not fit into memory.

    `judged` has the worst verdict of each requirement that the run judged, with its title.
    """

    path: str
    id: str
    started: str
    version: str
    target: str
    selection: tuple[tuple[str, str], ...]
    counts: dict[str, int]
    features: tuple[Features, ...]
    operations: tuple[Operation, ...]
    requests: int
    judged: dict[str, tuple[Verdict, str]]
    is_whole: bool
    simulated: bool

    @property
    def name(self) -> str:
        """What the run is called: when it started, to the minute."""
        return view.one_line(self.started[:16].replace("T", " "), 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A requirement that failed first in a run, after an earlier one had found it kept.

    `repaired` is the run that found it kept again, None while it fails.
    """

    requirement: str
    title: str
    run: str
    started: str
    repaired: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One run in a trend: the facts, why it is no more of the same, and what it changed."""

    facts: RunFacts
    apart: str
    broke: int
    repaired: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The runs on one target, oldest first."""

    target: str
    steps: tuple[Step, ...]
    breaks: tuple[Break, ...]


def facts_of(report: Report, path: str) -> RunFacts:
    """Return what a trend keeps of a report."""
    options = report.run.options
    return RunFacts(
        path=path,
        id=report.run.id,
        started=report.run.started,
        version=report.run.version,
        target=target_of(report),
        selection=tuple((key, _said(options.get(key))) for key in _SELECTION),
        counts=report.summary,
        features=tuple(map(_features, report.idps)),
        operations=operations(report),
        requests=requests(report),
        judged=_judged(report),
        is_whole=not report.run.interrupted and not report.target.trouble,
        simulated=view.is_simulated(report),
    )


def target_of(report: Report) -> str:
    """Return what runs on one target have in common: its address, if that can stay the same.

    A server on this machine has another port each time, so there the software is the name.
    Elsewhere it is not: its version changes, and that is what a trend is to show.
    """
    target = report.target
    if target.url and not _is_of_this_machine(target.url):
        said = view.one_line(target.url)
    else:
        said = view.one_line(target.software, 80) if target.software else _SAYS("target.here")
    return _SAYS("target.simulated", target=said) if view.is_simulated(report) else said


def trends(runs: Iterable[RunFacts]) -> tuple[Trend, ...]:
    """Return the runs by their targets, each run once, in the order of their start."""
    groups: dict[str, dict[tuple[str, str], RunFacts]] = {}
    for each in sorted(runs, key=lambda run: (run.started, run.path)):
        groups.setdefault(each.target, {}).setdefault((each.id, each.started), each)
    return tuple(_trend(target, tuple(each.values())) for target, each in sorted(groups.items()))


def _trend(target: str, runs: Sequence[RunFacts]) -> Trend:
    breaks, changes = _breaks(runs)
    steps = (
        Step(facts=run, apart=_apart(run, runs[n - 1] if n else None), broke=broke, repaired=good)
        for n, (run, (broke, good)) in enumerate(zip(runs, changes, strict=True))
    )
    return Trend(target=target, steps=tuple(steps), breaks=breaks)


def _apart(run: RunFacts, before: RunFacts | None) -> str:
    """Return why a run cannot be compared with the one before it, or nothing."""
    if not run.is_whole:
        return _SAYS("apart.ended_early")
    if before is None:
        return ""
    if not before.is_whole:
        return _SAYS("apart.after_early_end")
    known = dict(before.selection)
    changed = [key for key, said in run.selection if known.get(key) != said]
    if not changed:
        return ""
    return _SAYS("apart.selection", options=", ".join(changed))


def _breaks(runs: Sequence[RunFacts]) -> tuple[tuple[Break, ...], list[tuple[int, int]]]:
    """Return what broke, and of each run how many requirements broke and were repaired in it.

    A run that did not judge a requirement says nothing about it: the last one that did counts.
    """
    last: dict[str, Verdict] = {}
    found: list[Break] = []
    still: dict[str, int] = {}
    changes = []
    for run in runs:
        broke = repaired = 0
        for requirement, (verdict, title) in run.judged.items():
            if verdict is Verdict.FAIL and last.get(requirement) in _GOOD:
                still[requirement] = len(found)
                found.append(_broken(requirement, title, run))
                broke += 1
            elif verdict in _GOOD and requirement in still:
                place = still.pop(requirement)
                found[place] = replace(found[place], repaired=run.name)
                repaired += 1
            last[requirement] = verdict
        changes.append((broke, repaired))
    return tuple(found), changes


def _broken(requirement: str, title: str, run: RunFacts) -> Break:
    return Break(requirement=requirement, title=title, run=run.id, started=run.started)


def _features(summary: IdpSummary) -> Features:
    verdicts = [each.verdict for each in summary.features]
    return Features(
        idp=summary.title,
        dialect=summary.dialect_title,
        works=sum(each in _GOOD for each in verdicts),
        of=len(verdicts),
    )


def _judged(report: Report) -> dict[str, tuple[Verdict, str]]:
    found: dict[str, tuple[Verdict, str]] = {}
    for each in report.results:
        if each.verdict in _JUDGED:
            known = found.get(each.requirement)
            if known is None or each.verdict.badness > known[0].badness:
                found[each.requirement] = (each.verdict, each.title)
    return found


def _said(value: object) -> str:
    """Return a selection so that two can be compared: lists in any order."""
    if isinstance(value, list):
        return ", ".join(sorted(map(str, value)))
    return "" if value is None or value is False else str(value)


def _is_of_this_machine(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def operation_names(trend: Trend) -> Iterator[tuple[str, str]]:
    """Yield the operations that any run of a trend has, with their labels."""
    labels = {each.name: each.label for step in trend.steps for each in step.facts.operations}
    yield from labels.items()
