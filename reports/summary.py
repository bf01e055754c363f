"""From results to the table that a reader sees first: each console feature with its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence

from .model import ChecklistItem
from .model import Feature
from .model import FeatureOutline
from .model import IdpOutline
from .model import IdpSummary
from .model import Result
from .model import Verdict

SIMULATED = "simulated"
_ASSUMED = "inferred"
_LABELS = {
    None: "not checked",
    Verdict.PASS: "works",
    Verdict.WARN: "works with warnings",
    Verdict.FAIL: "stops here",
    Verdict.SKIP: "skipped",
    Verdict.WAIVED: "waived",
    Verdict.INCONCLUSIVE: "inconclusive",
    Verdict.ERROR: "not judged (error in scimproof)",
}
_ASSUMED_LABELS = {
    Verdict.PASS: "works on assumed traffic",
    Verdict.WARN: "works with warnings, on assumed traffic",
}
_GOOD = (Verdict.PASS, Verdict.WARN)


def summarise(results: Iterable[Result]) -> dict[str, int]:
    """Return how many results there are of each verdict."""
    return Verdict.tally(result.verdict for result in results)


def idp_summaries(
    results: Sequence[Result], outlines: Iterable[IdpOutline]
) -> tuple[IdpSummary, ...]:
    """Return one summary for each IdP and dialect, in the order of the outlines."""
    return tuple(
        _summary(outline, dialect, title, results)
        for outline in outlines
        for dialect, title in _dialects(outline, results)
    )


def _dialects(outline: IdpOutline, results: Iterable[Result]) -> tuple[tuple[str, str], ...]:
    """Return the dialects to show; one that only the results know is shown rather than lost."""
    titles = dict(outline.dialects)
    for result in results:
        known = result.idp == outline.idp and result.product is None
        if known and result.dialect is not None:
            titles.setdefault(result.dialect, result.dialect)
    return tuple(titles.items())


def _summary(
    outline: IdpOutline, dialect: str, title: str, results: Iterable[Result]
) -> IdpSummary:
    elsewhere = {
        each.name for each in outline.features if each.dialects and dialect not in each.dialects
    }
    relevant = [
        result
        for result in results
        if result.idp == outline.idp
        and result.product is None
        and (result.dialect == dialect or (result.dialect is None and _here(result, elsewhere)))
    ]
    return IdpSummary(
        idp=outline.idp,
        title=outline.title,
        dialect=dialect,
        dialect_title=title,
        verdict=Verdict.worst(result.verdict for result in relevant),
        features=_features(outline, dialect, relevant),
        checklist=_checklist(outline, dialect, results),
    )


def _here(result: Result, elsewhere: set[str]) -> bool:
    return result.feature is None or result.feature not in elsewhere


def _features(outline: IdpOutline, dialect: str, relevant: Sequence[Result]) -> tuple[Feature, ...]:
    """Return the console's features, then those that only the results name."""
    shown = {
        each.name: each
        for each in outline.features
        if not each.dialects or dialect in each.dialects
    }
    for result in relevant:
        if result.feature is not None:
            shown.setdefault(result.feature, FeatureOutline(name=result.feature))
    return tuple(_feature(each, relevant, outline) for each in shown.values())


def _feature(outline: FeatureOutline, relevant: Iterable[Result], console: IdpOutline) -> Feature:
    mine = [result for result in relevant if result.feature == outline.name]
    verdict = Verdict.worst(result.verdict for result in mine)
    label = _LABELS[verdict]
    if verdict in _ASSUMED_LABELS and _rests_on_assumptions(outline, mine):
        label = _ASSUMED_LABELS[verdict]
    if console.partial and verdict in _GOOD:
        label = f"{label}, as far as checked"
    if console.simulated and verdict not in (None, Verdict.SKIP):
        label = f"{label}, {SIMULATED}"
    return Feature(
        name=outline.name,
        verdict=verdict,
        label=label,
        results=tuple(result.case for result in mine),
    )


def _rests_on_assumptions(outline: FeatureOutline, results: Iterable[Result]) -> bool:
    """Tell whether no decisive traffic that was accepted is better known than by inference.

    A result without certainty replayed nothing, so it cannot vouch for the IdP's traffic.
    """
    known = [
        result.certainty
        for result in results
        if result.verdict in _GOOD
        and result.certainty is not None
        and (not outline.decisive or result.scenario in outline.decisive)
    ]
    return bool(known) and all(certainty == _ASSUMED for certainty in known)


def _checklist(
    outline: IdpOutline, dialect: str, results: Iterable[Result]
) -> tuple[ChecklistItem, ...]:
    """Return the IdP's checklist; a protocol case counts as well as one of this IdP."""
    candidates = [
        result
        for result in results
        if result.idp in (None, outline.idp) and result.dialect in (None, dialect)
    ]
    return tuple(_item(text, wanted, candidates) for text, wanted in outline.checklist)


def _item(text: str, wanted: tuple[str, ...], candidates: Iterable[Result]) -> ChecklistItem:
    behind = [result for result in candidates if result.requirement in wanted]
    return ChecklistItem(
        text=text,
        verdict=Verdict.worst(result.verdict for result in behind),
        results=tuple(result.case for result in behind),
    )
