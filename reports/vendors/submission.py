"""How far a run shows what an identity provider's catalogue asks of a vendor.

A run can show that something works, or that it does not. Whether that is enough is for the
identity provider alone to say, and what belongs into its own tools stays to be done there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from enum import StrEnum

from reports import view
from reports.findings.causes import causes
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.wording import wording

from .catalogues import Catalogue
from .catalogues import Item
from .catalogues import Source
from .catalogues import catalogue
from .standing import standing

_UNJUDGED = (Verdict.ERROR, Verdict.INCONCLUSIVE)
_GOOD = (Verdict.PASS, Verdict.WARN, Verdict.WAIVED)


class State(StrEnum):
    """How far a run shows one thing that is asked, the worst first."""

    CONTRADICTED = "contradicted"
    UNJUDGED = "unjudged"
    WARNED = "warned"
    WAIVED = "waived"
    PARTLY = "partly"
    UNCHECKED = "unchecked"
    BY_HAND = "by_hand"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a run has to say by one requirement: its results, none when it was not tried."""

    requirement: str
    results: tuple[Result, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """The worst verdict of the cases."""
        return Verdict.worst(result.verdict for result in self.results)

    @property
    def is_shown(self) -> bool:
        """Tell whether a case was judged and none has anything against it."""
        return self.verdict is Verdict.PASS

    @property
    def counts(self) -> str:
        """How many cases came to what: `pass (1 case)`, or `2 cases: 1 pass, 1 skip`."""
        counted = Counter(result.verdict for result in self.results)
        cases = f"{len(self.results)} {'case' if len(self.results) == 1 else 'cases'}"
        if len(counted) == 1:
            return f"{self.verdict} ({cases})"
        told = ", ".join(f"{counted[each]} {each}" for each in Verdict if counted[each])
        return f"{cases}: {told}"

    @property
    def reason(self) -> str:
        """Why there is no plain verdict, from the first case that has none."""
        wanted = (Verdict.SKIP, *_UNJUDGED, Verdict.WAIVED)
        first = next((each for each in self.results if each.verdict in wanted), None)
        return view.one_line(view.reason(first), 200) if first else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that is asked, where it stands, and why."""

    item: Item
    state: State
    words: str
    evidence: tuple[Evidence, ...]
    causes: tuple[str, ...]
    sources: tuple[Source, ...]
    run: str

    @property
    def tried(self) -> tuple[Evidence, ...]:
        """The requirements that the run has results for."""
        return tuple(each for each in self.evidence if each.results)

    @property
    def missing(self) -> tuple[str, ...]:
        """The requirements that the run has no result for."""
        return tuple(each.requirement for each in self.evidence if not each.results)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a catalogue asks, held against a report."""

    catalogue: Catalogue
    report: Report
    sections: tuple[tuple[str, tuple[Line, ...]], ...]
    notices: tuple[str, ...]

    @property
    def states(self) -> dict[State, int]:
        """How many lines are in each state that occurs."""
        counted = Counter(line.state for _, lines in self.sections for line in lines)
        return {state: counted[state] for state in State if counted[state]}


def submission(name: str, report: Report) -> Submission:
    """Return what the catalogue of one of `catalogues.NAMES` asks, and what a report shows."""
    asked = catalogue(name)
    behind = {result.case: cause.title for cause in causes(report) for result in cause.results}
    sections = tuple(
        (title, tuple(_line(item, asked, report, behind) for item in items))
        for title, items in asked.sections
    )
    return Submission(
        catalogue=asked, report=report, sections=sections, notices=tuple(_notices(report))
    )


def _line(item: Item, asked: Catalogue, report: Report, behind: Mapping[str, str]) -> Line:
    evidence = tuple(
        Evidence(requirement=each, results=_results(each, item, asked, report))
        for each in item.requirements
    )
    state = _state(item, evidence)
    bad = (each for one in evidence for each in one.results if each.case in behind)
    return Line(
        item=item,
        state=state,
        words=_words(state, report, evidence),
        evidence=evidence,
        causes=tuple(dict.fromkeys(behind[each.case] for each in bad)),
        sources=tuple(asked.sources[key] for key in item.sources),
        run=f"scimproof run {item.run or asked.run}",
    )


def _results(requirement: str, item: Item, asked: Catalogue, report: Report) -> tuple[Result, ...]:
    """Return what a run came to; what a product promises is another matter."""
    return tuple(
        result
        for result in report.results
        if result.requirement == requirement
        and result.product is None
        and result.dialect in (None, *(item.dialects or asked.dialects))
    )


def _state(item: Item, evidence: Sequence[Evidence]) -> State:
    if not evidence:
        return State.BY_HAND
    if item.one_is_enough:
        good = [each for each in evidence if each.is_shown]
        # One that holds is all that is asked; what stands against the others is shown beside it.
        evidence = good or evidence
    verdicts = {result.verdict for each in evidence for result in each.results}
    if Verdict.FAIL in verdicts:
        return State.CONTRADICTED
    if verdicts & {*_UNJUDGED}:
        return State.UNJUDGED
    if not verdicts & {*_GOOD}:
        return State.UNCHECKED
    for verdict, state in ((Verdict.WARN, State.WARNED), (Verdict.WAIVED, State.WAIVED)):
        if verdict in verdicts:
            return state
    whole = all(each.results and each.verdict is not Verdict.SKIP for each in evidence)
    return State.SHOWN if whole else State.PARTLY


def _words(state: State, report: Report, evidence: Iterable[Evidence]) -> str:
    """Return a state in words, with what takes away from it."""
    say = wording("submission")
    words = say(f"state.{state}")
    if state in (State.BY_HAND, State.UNCHECKED):
        return words
    if state is not State.CONTRADICTED and is_partial(report):
        words = say("words.so_far", state=words)
    simulated = view.is_simulated(report) or any(
        result.simulated for each in evidence for result in each.results
    )
    return say("words.simulated", state=words) if simulated else words


def is_partial(report: Report) -> bool:
    """Tell whether only some cases ran; one dialect of an IdP is whole for its catalogue."""
    options = {key: value for key, value in report.run.options.items() if key != "dialect"}
    return standing(replace(report, run=replace(report.run, options=options))).partial


def _notices(report: Report) -> Iterable[str]:
    say, options = wording("submission"), report.run.options
    if report.target.trouble:
        yield say("notice.unreached", trouble=view.one_line(report.target.trouble, 300))
    if view.is_simulated(report):
        yield say("notice.simulated")
    elif is_embedded(report):
        yield say("notice.embedded")
    if names := options.get("deviation"):
        told = ", ".join(map(str, names)) if isinstance(names, list) else str(names)
        yield say("notice.deviant", names=view.one_line(told, 300))
    if report.run.interrupted:
        yield say("notice.interrupted")
    elif is_partial(report):
        yield say("notice.partial")


def is_embedded(report: Report) -> bool:
    """Tell whether the target was our own reference server, which proves nothing to anybody."""
    return report.run.options.get("server") == "embedded" or (
        report.target.software == "the embedded reference server"
    )
