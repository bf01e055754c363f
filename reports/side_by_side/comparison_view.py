"""What every form of a comparison says: its sentences, and the cases of a change by their cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports import view
from reports.findings.causes import Cause
from reports.findings.causes import causes
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.wording import wording

from .comparison import Change
from .comparison import Comparison
from .comparison import Pair

# What is shown case by case, and what only by where it is from or why.
BY_CAUSE = (
    Change.REGRESSION,
    Change.NEW_WARNING,
    Change.NEW_AND_FAILS,
    Change.STILL_FAILING,
    Change.EASED,
    Change.FIXED,
    Change.STILL_WARNING,
)
# The order of the sections; what did not change is counted and not listed.
SECTIONS = (
    *(Change.REGRESSION, Change.NEW_WARNING, Change.NEW_AND_FAILS, Change.STILL_FAILING),
    *(Change.UNKNOWN, Change.ACCEPTED, Change.EASED, Change.FIXED, Change.STILL_WARNING),
    Change.NEW,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cases with one change that belong together; `id` is that of their cause, if they have one."""

    title: str
    pairs: tuple[Pair, ...]
    id: str = ""


def words(key: str, **values: object) -> str:
    """Return a text of a comparison."""
    return wording("compare")(key, **values)


def groups(comparison: Comparison, change: Change) -> tuple[Group, ...]:
    """Return the cases with a change by what they have in common, the most telling first.

    Findings stand under their causes: those of the new report, and of what passes now those of the
    old one.
    """
    pairs = comparison.of(change)
    if change not in BY_CAUSE:
        return _by_title([(_why(comparison, pair), pair) for pair in pairs])
    is_fixed = change is Change.FIXED
    known = causes(comparison.old if is_fixed else comparison.new) if pairs else ()
    return _by_cause(pairs, known, is_fixed=is_fixed)


def _by_cause(
    pairs: Sequence[Pair], known: Sequence[Cause], *, is_fixed: bool
) -> tuple[Group, ...]:
    cause_of = {result.case: cause for cause in known for result in cause.results}
    grouped: dict[str, list[Pair]] = {cause.id: [] for cause in known}
    alone: list[tuple[str, Pair]] = []
    for pair in pairs:
        result = (pair.old if is_fixed else pair.new) or pair.shown
        cause = cause_of.get(result.case)
        if cause is None:
            alone.append((result.title, pair))
        else:
            grouped[cause.id].append(pair)
    named = [
        Group(id=cause.id, title=cause.title, pairs=tuple(grouped[cause.id]))
        for cause in known
        if grouped[cause.id]
    ]
    return (*named, *_by_title(alone))


def _by_title(titled: Sequence[tuple[str, Pair]]) -> tuple[Group, ...]:
    """Return cases under what is said of them, most cases first."""
    grouped: dict[str, list[Pair]] = {}
    for title, pair in titled:
        grouped.setdefault(title, []).append(pair)
    found = [Group(title=title, pairs=tuple(pairs)) for title, pairs in grouped.items()]
    return tuple(sorted(found, key=lambda group: -len(group.pairs)))


def _why(comparison: Comparison, pair: Pair) -> str:
    """Return why a case is no longer checked, who accepted it, or where it is from."""
    if pair.change is Change.NEW:
        return pair.shown.idp or pair.shown.suite
    result = pair.new
    if result is None:
        return _why_absent(comparison, pair.shown)
    reason = view.reason(result)
    if result.waiver is not None:
        # Without the notes of each case, so that all cases of one waiver stand together.
        known = (result.waiver.get(key) for key in ("reason", "owner", "expires"))
        reason = ", ".join(str(each) for each in known if each)
    return words(f"why.{result.verdict.value}", reason=view.one_line(reason, 200))


def _why_absent(comparison: Comparison, result: Result) -> str:
    chosen = comparison.new.run.options
    for option, name in (("idp", result.idp), ("suite", result.suite)):
        asked = chosen.get(option)
        if isinstance(asked, list) and asked and name is not None and name not in asked:
            return words(f"why.{option}", name=name)
    return words("why.absent")


# -- its sentences -------------------------------------------------------------------------------


def headline(comparison: Comparison, *, strict: bool = False) -> str:
    """Return what came of it in one sentence."""
    counted = comparison.counted()
    bad = [Change.REGRESSION, *([Change.NEW_WARNING] if strict else [])]
    if found := [count_of(change, counted[change]) for change in bad if counted[change]]:
        return words("worse", counts=", ".join(found))
    unlike = (Change.NEW, Change.NEW_AND_FAILS, Change.UNKNOWN)
    if all(pair.change in unlike or not _is_judged(pair) for pair in comparison.pairs):
        return words("nothing_common")
    return words("not_worse_strict" if strict else "not_worse")


def _is_judged(pair: Pair) -> bool:
    unknown = (None, Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.ERROR)
    return all((each.verdict if each else None) not in unknown for each in (pair.old, pair.new))


def count_of(change: Change, count: int) -> str:
    """Return how many cases have a change."""
    return words(f"counts.{'one' if count == 1 else 'many'}.{change.value}", count=f"{count:,}")


def counts(comparison: Comparison) -> str:
    """Return how many cases there are of each change, the bad ones first."""
    found = comparison.counted()
    return ", ".join(count_of(change, found[change]) for change in Change if found[change])


def about(report: Report) -> str:
    """Return which run a report is of."""
    run = report.run
    return words(
        "run",
        target=view.target_name(report),
        started=view.one_line(run.started[:19].replace("T", " "), 40),
        id=view.one_line(run.id, 40),
        version=view.one_line(run.version, 40),
    )


def notes(comparison: Comparison) -> list[str]:
    """Return what makes the two less comparable, one sentence each."""
    said = [
        words("scope_entry", what=each.what, means=each.means) for each in comparison.differences
    ]
    worth = next(filter(None, map(view.simulation, (comparison.new, comparison.old))), "")
    return [*([words("simulated", worth=worth)] if worth else []), *said]


def was_and_is(pair: Pair) -> str:
    """Return the verdicts of a case in both reports."""
    old, new = (each.verdict.value if each else words("absent") for each in (pair.old, pair.new))
    return words("was_now", old=old, new=new)


def details(pair: Pair) -> list[str]:
    """Return what tells more about a case that fails or warns now, one line each."""
    new = pair.new
    if new is None or new.verdict not in (Verdict.FAIL, Verdict.WARN):
        return []
    said = [view.difference(new)]
    said += [words("otherwise")] if pair.fails_otherwise else []
    said += [words("hint", text=view.one_line(hint))] if (hint := view.hint(new)) else []
    return [line for line in said if line]
