"""The first screen: which features of which identity provider work, and what to fix first."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from reports import view
from reports.findings.harm import Place
from reports.model import Feature
from reports.model import IdpSummary
from reports.model import Report
from reports.model import Verdict
from reports.wording import Wording

from .entries import Entries
from .findings import CauseEntry
from .phrases import counted
from .phrases import listed

_GOOD = (Verdict.PASS, Verdict.WARN)
_UNJUDGED = (Verdict.INCONCLUSIVE, Verdict.ERROR)
_FIRST = 3
_MOST_NAMES = 6
# The signs of features; the words beside them say the same, so that neither needs the colour.
_SIGNS: Mapping[Verdict | None, str] = {
    Verdict.PASS: "works",
    Verdict.WARN: "warns",
    Verdict.FAIL: "stops",
    Verdict.SKIP: "skipped",
    Verdict.WAIVED: "waived",
    Verdict.INCONCLUSIVE: "open",
    Verdict.ERROR: "open",
    None: "unchecked",
}
_LEGEND = ("stops", "warns", "open", "assumed", "works", "waived", "skipped", "unchecked")
_ASSUMED = "assumed traffic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One feature of a console; `kind` is one of the signs of the legend."""

    kind: str
    name: str
    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One dialect of an identity provider."""

    title: str
    key: str
    counts: str
    tiles: tuple[Tile, ...]

    def of_kind(self, kind: str) -> tuple[Tile, ...]:
        """Return the features with one sign."""
        return tuple(tile for tile in self.tiles if tile.kind == kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """One identity provider: its dialects, and the table that says every feature in words."""

    anchor: str
    title: str
    rows: tuple[Row, ...]
    table: tuple[tuple[str, tuple[Tile | None, ...]], ...]
    checklists: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A cause as the first screen names it, with the features that it stops or makes warn."""

    anchor: str
    verdict: Verdict
    title: str
    says: str
    where: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The first screen."""

    tone: str
    headline: str
    details: tuple[str, ...]
    consoles: tuple[Console, ...]
    legend: tuple[str, ...]
    fixes: tuple[Fix, ...]
    more: int
    assumed: tuple[tuple[str, str], ...]
    skipped: tuple[tuple[str, str], ...]
    suites: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


def overview(report: Report, causes: Sequence[CauseEntry], entries: Entries) -> Overview:
    """Return the first screen of a report."""
    consoles = _consoles(report, causes, entries)
    tone, headline = _headline(report, entries.words)
    kinds = {tile.kind for each in consoles for row in each.rows for tile in row.tiles}
    return Overview(
        tone=tone,
        headline=headline,
        details=tuple(_details(report, causes, entries.words)),
        consoles=consoles,
        legend=tuple(each for each in _LEGEND if each in kinds),
        fixes=tuple(map(_fix, causes[:_FIRST])),
        more=max(0, len(causes) - _FIRST),
        assumed=_of_kind(consoles, "assumed"),
        skipped=_of_kind(consoles, "skipped"),
        suites=_suites(report),
    )


def _kind(feature: Feature) -> str:
    if feature.verdict is Verdict.PASS and _ASSUMED in feature.label:
        return "assumed"
    return _SIGNS[feature.verdict]


class _Links:
    """Where a feature leads to: the cause that stops it, else the case that decided it."""

    def __init__(self, causes: Iterable[CauseEntry], entries: Entries) -> None:
        self._entries = entries
        self._causes: dict[tuple[str, Verdict], str] = {}
        for cause in causes:
            for result in cause.cause.results:
                self._causes.setdefault((result.case, result.verdict), cause.anchor)

    def maybe_tile(self, feature: Feature | None) -> Tile | None:
        """Return a feature as a tile; None where a dialect lacks it."""
        return self.tile(feature) if feature else None

    def tile(self, feature: Feature) -> Tile:
        """Return a feature as a tile."""
        return Tile(
            kind=_kind(feature),
            name=view.one_line(feature.name, 80),
            label=view.one_line(feature.label, 80),
            href=self._href(feature),
        )

    def _href(self, feature: Feature) -> str:
        if feature.verdict is not None:
            for case in feature.results:
                if anchor := self._causes.get((case, feature.verdict)):
                    return f"#{anchor}"
        places = (self._entries.place(case) for case in feature.results)
        return next((f"#{place}" for place in places if place), "")


def _consoles(
    report: Report, causes: Sequence[CauseEntry], entries: Entries
) -> tuple[Console, ...]:
    links = _Links(causes, entries)
    return tuple(
        Console(
            anchor=entries.anchors.idp(summaries[0].idp),
            title=view.one_line(title, 80),
            rows=tuple(_row(each, links, entries.words) for each in summaries),
            table=tuple(
                (view.one_line(name, 120), tuple(map(links.maybe_tile, features)))
                for name, features in view.feature_rows(summaries)
            ),
            checklists=tuple(
                (view.one_line(each.dialect_title, 80), _checklist(each, entries))
                for each in summaries
                if each.checklist
            ),
        )
        for title, summaries in view.by_idp(report).items()
    )


def _row(summary: IdpSummary, links: _Links, words: Wording) -> Row:
    return Row(
        title=view.one_line(summary.dialect_title, 80),
        key=view.one_line(summary.dialect, 40),
        counts=_counts(summary, words),
        tiles=tuple(map(links.tile, summary.features)),
    )


def _counts(summary: IdpSummary, words: Wording) -> str:
    """Return how a console fares, such as `10 of 12 work, 2 stop`."""
    verdicts = [feature.verdict for feature in summary.features]
    good = sum(verdict in _GOOD for verdict in verdicts)
    said = [counted(words, "row.work", good, all=len(verdicts))]
    for key, wanted in (
        ("row.stop", (Verdict.FAIL,)),
        ("row.open", _UNJUDGED),
        ("row.waived", (Verdict.WAIVED,)),
        ("row.skipped", (Verdict.SKIP,)),
        ("row.unchecked", (None,)),
    ):
        if found := sum(verdict in wanted for verdict in verdicts):
            said.append(counted(words, key, found))
    return ", ".join(said)


def _checklist(summary: IdpSummary, entries: Entries) -> tuple[tuple[str, str, str], ...]:
    """Return each line of a checklist: its sign, its word, its text."""
    return tuple(
        (
            "hand" if item.verdict is None else item.verdict.value,
            entries.words(f"verdict.{item.verdict.value}" if item.verdict else "verdict.hand"),
            item.text,
        )
        for item in summary.checklist
    )


def _headline(report: Report, words: Wording) -> tuple[str, str]:
    """Return the tone of the one sentence that says how it went, and the sentence."""
    if report.target.trouble:
        return "bad", words("headline.trouble")
    if not report.results:
        return "open", words("headline.nothing")
    if not report.idps:
        return _without_idps(report, words)
    bad = [each for each in report.idps if any(f.verdict is Verdict.FAIL for f in each.features)]
    if bad:
        names = listed(words, dict.fromkeys(view.one_line(each.title, 60) for each in bad))
        if len(report.idps) == 1:
            return "bad", words("headline.only", names=names)
        return "bad", counted(words, "headline.stop", len(bad), all=len(report.idps), names=names)
    verdicts = {feature.verdict for each in report.idps for feature in each.features}
    if verdicts & {*_UNJUDGED}:
        return "open", words("headline.open")
    if not verdicts & {*_GOOD}:
        return "open", words("headline.unchecked")
    tone = "warn" if Verdict.WARN in verdicts else "good"
    return tone, counted(words, f"headline.{tone}", len(report.idps))


def _without_idps(report: Report, words: Wording) -> tuple[str, str]:
    summary = report.summary
    if summary[Verdict.FAIL]:
        judged = len(report.results) - summary[Verdict.SKIP]
        return "bad", counted(words, "headline.cases", summary[Verdict.FAIL], all=f"{judged:,}")
    if summary[Verdict.ERROR] or summary[Verdict.INCONCLUSIVE]:
        return "open", words("headline.open")
    if not (summary[Verdict.PASS] or summary[Verdict.WARN]):
        return "open", words("headline.unchecked")
    return "good", words("headline.no_failure")


def _details(report: Report, causes: Sequence[CauseEntry], words: Wording) -> Iterable[str]:
    """Return what the headline leaves out, a sentence each."""
    if report.idps:
        yield words("details.console")
    failures = sum(cause.cause.verdict is Verdict.FAIL for cause in causes)
    if failures:
        yield counted(words, "details.causes", failures)
    features = [feature for each in report.idps for feature in each.features]
    if assumed := sum(_kind(feature) == "assumed" for feature in features):
        yield counted(words, "details.assumed", assumed)
    if waived := report.summary[Verdict.WAIVED]:
        yield counted(words, "details.waived", waived)


def _fix(cause: CauseEntry) -> Fix:
    return Fix(
        anchor=cause.anchor,
        verdict=cause.cause.verdict,
        title=cause.cause.title,
        says=cause.cause.harm.says,
        where=in_brief(cause.cause.harm.stops or cause.cause.harm.warns),
    )


def in_brief(places: Iterable[Place]) -> tuple[tuple[str, str], ...]:
    """Return features under their identity provider, each once, whatever the dialect."""
    grouped: dict[str, dict[str, None]] = {}
    for idp, _, feature in places:
        grouped.setdefault(view.one_line(idp, 60), {})[view.one_line(feature, 60)] = None
    return tuple((idp, _names(tuple(names))) for idp, names in grouped.items())


def _of_kind(consoles: Iterable[Console], kind: str) -> tuple[tuple[str, str], ...]:
    """Return the features with one sign, under their identity provider."""
    return in_brief(
        (console.title, row.title, tile.name)
        for console in consoles
        for row in console.rows
        for tile in row.of_kind(kind)
    )


def _names(names: Sequence[str]) -> str:
    left_out = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" +{left_out}" if left_out > 0 else "")


def _suites(report: Report) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Return how often each verdict occurs in each suite, for a run without identity providers."""
    found: dict[str, list[Verdict]] = {}
    for result in report.results:
        found.setdefault(view.one_line(result.suite, 60), []).append(result.verdict)
    return tuple(
        (name, tuple((key, n) for key, n in Verdict.tally(verdicts).items() if n))
        for name, verdicts in found.items()
    )
