"""Two reports beside each other: what got worse, what got better, and what is no longer known.

Results are matched by the case they come from. A case that moved to another file is found again by
its function, else by what it checks, as long as only one fits. Verdicts alone decide; how long
something took does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reports.findings.causes import cause_key
from reports.model import Report
from reports.model import Result
from reports.model import Verdict

from .scope import Difference
from .scope import differences


class Change(StrEnum):
    """What became of a case from the old report to the new one, the worst first."""

    REGRESSION = "regression"  # it passed or warned, and fails now
    NEW_WARNING = "new-warning"  # it passed, and warns now
    STILL_FAILING = "still-failing"
    NEW_AND_FAILS = "new-and-fails"  # it was not judged before, so nothing is known to be worse
    UNKNOWN = "unknown"  # it was judged, and is not any more
    ACCEPTED = "accepted"  # a waiver took its verdict back since
    STILL_WARNING = "still-warning"
    EASED = "eased"  # it failed, and warns now
    FIXED = "fixed"  # it failed or warned, and passes now
    NEW = "new"  # it was not judged before, and does not fail
    SAME = "same"  # it passed and passes, or was waived and is


_JUDGED = (Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.WAIVED)
_CHANGES = {
    (Verdict.PASS, Verdict.FAIL): Change.REGRESSION,
    (Verdict.WARN, Verdict.FAIL): Change.REGRESSION,
    (Verdict.FAIL, Verdict.FAIL): Change.STILL_FAILING,
    # A waiver says that it failed or warned; without it, the server does what it did before.
    (Verdict.WAIVED, Verdict.FAIL): Change.STILL_FAILING,
    (Verdict.PASS, Verdict.WARN): Change.NEW_WARNING,
    (Verdict.WARN, Verdict.WARN): Change.STILL_WARNING,
    (Verdict.WAIVED, Verdict.WARN): Change.STILL_WARNING,
    (Verdict.FAIL, Verdict.WARN): Change.EASED,
    (Verdict.WARN, Verdict.PASS): Change.FIXED,
    (Verdict.FAIL, Verdict.PASS): Change.FIXED,
    (Verdict.WAIVED, Verdict.PASS): Change.FIXED,
    (Verdict.PASS, Verdict.WAIVED): Change.ACCEPTED,
    (Verdict.WARN, Verdict.WAIVED): Change.ACCEPTED,
    (Verdict.FAIL, Verdict.WAIVED): Change.ACCEPTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One case in both reports; None where a report has no result of it."""

    old: Result | None
    new: Result | None
    change: Change

    @property
    def shown(self) -> Result:
        """The result to show: the new one if there is one."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a pair has at least one of the two results")
        return found

    @property
    def fails_otherwise(self) -> bool:
        """Whether it goes on to fail or to warn, but for another cause than before."""
        keys = [cause_key(each) for each in (self.old, self.new) if each is not None]
        return len(keys) == 2 and all(keys) and keys[0] != keys[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two reports beside each other, and what makes them less comparable."""

    old: Report
    new: Report
    pairs: tuple[Pair, ...]
    differences: tuple[Difference, ...] = ()

    def of(self, *changes: Change) -> tuple[Pair, ...]:
        """Return the cases with one of these changes."""
        return tuple(pair for pair in self.pairs if pair.change in changes)

    def counted(self) -> dict[Change, int]:
        """Return how many cases there are of each change."""
        found = Counter(pair.change for pair in self.pairs)
        return {change: found[change] for change in Change}

    def is_worse(self, *, strict: bool = False) -> bool:
        """Tell whether anything got worse: a regression, and with `strict` a new warning."""
        changes = (Change.REGRESSION, *([Change.NEW_WARNING] if strict else []))
        return bool(self.of(*changes))


def compare(old: Report, new: Report) -> Comparison:
    """Return what changed from one report to another."""
    matched, only_old, only_new = _matched(old.results, new.results)
    pairs = [
        *(_pair(before, after) for before, after in matched),
        *(_pair(None, after) for after in only_new),
        *(_pair(before, None) for before in only_old),
    ]
    ordered = sorted(pairs, key=lambda pair: (pair.shown.requirement, pair.shown.case))
    return Comparison(
        old=old, new=new, pairs=tuple(ordered), differences=differences(old, new, len(matched))
    )


def _pair(old: Result | None, new: Result | None) -> Pair:
    before, after = (each.verdict if each else None for each in (old, new))
    return Pair(old=old, new=new, change=_change(before, after))


def _change(before: Verdict | None, after: Verdict | None) -> Change:
    was_judged, is_judged = before in _JUDGED, after in _JUDGED
    if was_judged and not is_judged:
        return Change.UNKNOWN
    if is_judged and not was_judged:
        return Change.NEW_AND_FAILS if after is Verdict.FAIL else Change.NEW
    if before is None or after is None:
        return Change.SAME
    return _CHANGES.get((before, after), Change.SAME)


# -- which results belong together ---------------------------------------------------------------

Key = Callable[[Result], tuple[str | None, ...]]


def _matched(
    old: Sequence[Result], new: Sequence[Result]
) -> tuple[list[tuple[Result, Result]], list[Result], list[Result]]:
    """Return the results that belong together, and those that stand alone on either side."""
    found: list[tuple[Result, Result]] = []
    left, right = list(old), list(new)
    for key in (_case, _function, _meaning):
        known = _unique(left, key)
        wanted = _unique(right, key)
        both = [each for each in wanted if each in known]
        found += [(known[each], wanted[each]) for each in both]
        used = {id(result) for each in both for result in (known[each], wanted[each])}
        left = [each for each in left if id(each) not in used]
        right = [each for each in right if id(each) not in used]
    return found, left, right


def _unique(results: Iterable[Result], key: Key) -> dict[tuple[str | None, ...], Result]:
    """Return results by a key, without those that share one: which is which would be a guess."""
    listed = list(results)
    counted = Counter(key(each) for each in listed)
    return {key(each): each for each in listed if counted[key(each)] == 1}


def _case(result: Result) -> tuple[str | None, ...]:
    """Return the node id from where the suites begin, wherever they are installed."""
    _, found, rest = result.case.rpartition("/suites/")
    return (rest if found else result.case.removeprefix("suites/"), result.requirement)


def _function(result: Result) -> tuple[str | None, ...]:
    return (result.case.partition("::")[2], result.requirement, result.idp, result.dialect)


def _meaning(result: Result) -> tuple[str | None, ...]:
    return (result.requirement, result.idp, result.dialect, result.title)
