"""Findings by cause: what a server does once may show in many cases, and is fixed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace

from reports import view
from reports.model import Report
from reports.model import Result
from reports.model import Verdict

from .grouping import Found
from .grouping import blockers
from .grouping import grouped
from .harm import CERTAINTIES
from .harm import TEST
from .harm import Harm
from .harm import certainty
from .harm import harm
from .signatures import signature
from .titles import seen
from .titles import title

_FINDINGS = (Verdict.FAIL, Verdict.WARN)
_SHORT = 8  # exchanges that a reader takes in without losing the thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One thing that a server does, with every finding that comes from it.

    `id` is the same in every run on the same server. `title` is a plain sentence, `seen` the
    technical form of the same. `verdict` is the worst of its results, `certainty` the best of those
    about an IdP; None for the RFC's own. `results` stand with the most telling first, `keys` are
    their `cause_key`, each once, the id first. `blocks` are the cases that could not be judged
    because of it.
    """

    id: str
    title: str
    seen: str
    verdict: Verdict
    certainty: str | None
    harm: Harm
    results: tuple[Result, ...]
    keys: tuple[str, ...]
    blocks: tuple[Result, ...] = ()

    @property
    def said(self) -> str:
        """What the server says is wrong, where its most telling finding shows an error."""
        return view.said(self.results[0])

    @property
    def hints(self) -> tuple[str, ...]:
        """How to mend it, each hint once: what most of its findings say comes first.

        Where the server fails itself, no requirement knows why: then it is its log alone.
        """
        first = self.results[0]
        if (log := view.hint(first)) != (first.hint or ""):
            return (log,)
        hints = Counter(hint for hint in map(view.hint, self.results) if hint)
        return tuple(hint for hint, _ in hints.most_common())


def cause_key(result: Result) -> str:
    """Return the short name of what a finding alone is about; empty for one that is none."""
    return signature(result).key if result.verdict in _FINDINGS else ""


def causes(report: Report) -> tuple[Cause, ...]:
    """Return the causes of all findings, the most harmful first."""
    findings = [Found(each, signature(each)) for each in view.of_verdict(report, *_FINDINGS)]
    found = [_cause(report, group) for group in grouped(findings)]
    return _with_blocked(report, sorted(found, key=lambda cause: (cause.harm.rank, cause.id)))


def _with_blocked(report: Report, found: Sequence[Cause]) -> tuple[Cause, ...]:
    """Return causes with what could not be judged because of them; each case stands once."""
    owner: dict[str, str] = {}
    for cause in found:
        for result in cause.results:
            owner.setdefault(result.requirement, cause.id)
    waiting = view.of_verdict(report, Verdict.INCONCLUSIVE)
    chain = blockers(waiting)
    held: dict[str, list[Result]] = {}
    for result in waiting:
        held.setdefault(owner.get(_last(result.blocked_by, chain), ""), []).append(result)
    return tuple(replace(cause, blocks=tuple(held.get(cause.id, ()))) for cause in found)


def _last(blocker: str | None, chain: Mapping[str, str]) -> str:
    """Return the end of a chain of what blocks what."""
    passed: set[str] = set()
    while blocker and blocker in chain and blocker not in passed:
        passed.add(blocker)
        blocker = chain[blocker]
    return blocker or ""


def _cause(report: Report, group: Sequence[Found]) -> Cause:
    ordered = sorted(group, key=lambda found: _telling(found.result))
    first, results = ordered[0], tuple(found.result for found in ordered)
    others = sorted({found.about.key for found in group} - {first.about.key})
    return Cause(
        id=first.about.key,
        title=title(first.about, first.result),
        seen=seen(first.about),
        verdict=Verdict.worst(result.verdict for result in results) or Verdict.FAIL,
        certainty=certainty(results),
        harm=harm(report, results, first.about),
        results=results,
        keys=(first.about.key, *others),
    )


def _telling(result: Result) -> tuple[object, ...]:
    """Return the sort key of a result: failures of an IdP that are well known come first."""
    known = CERTAINTIES.index(result.certainty) if result.certainty in CERTAINTIES else 9
    return (
        result.verdict is not Verdict.FAIL,
        result.idp is None,
        result.level == TEST,
        "-HIST-" in result.requirement,
        len(result.evidence) > _SHORT,
        known,
        result.requirement,
        result.case,
    )
