"""Many targets side by side: what each IdP's console shows on each of them.

A column is one target, from its newest report; a row is one feature of one dialect of an IdP. A
column is small and comes back from JSON, so that a page can be made again without its reports.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Self

from reports import reading
from reports import view
from reports.model import Feature
from reports.model import IdpSummary
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.model import as_json
from reports.products import product_tables
from reports.reading import Json
from reports.reading import ReportError
from reports.vendors.standing import in_words
from reports.vendors.standing import standing
from reports.wording import wording

_RFC = "RFC"
_WORSE_THAN_GOOD = frozenset(Verdict) - {Verdict.PASS, Verdict.SKIP}
_COUNTED: Mapping[Verdict, str] = {
    Verdict.PASS: "kept",
    Verdict.FAIL: "broken",
    Verdict.WARN: "unfollowed",
    Verdict.WAIVED: "waived",
}
# The parts of the coverage that name what no case of the run was about.
_LEFT_OUT = ("not_selected", "needs_setup")
_ALWAYS_SAID = ("kept", "broken", "unchecked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How one feature fares; `requirement` decided it, empty where everything works."""

    feature: str
    verdict: Verdict | None
    label: str
    requirement: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the mark that was written; raises ReportError for anything else."""
        feature = Feature.from_json({**data, "name": data.get("feature")})
        return cls(
            feature=feature.name,
            verdict=feature.verdict,
            label=feature.label,
            requirement=reading.text(data, "requirement"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one IdP does in one dialect, or what became of a product's promises with it.

    `counted` is said of the whole; empty means the features of a console, counted.
    """

    idp: str
    title: str
    dialect: str
    dialect_title: str
    marks: tuple[Mark, ...]
    counted: str = ""

    @property
    def said(self) -> str:
        """Its features counted, in words."""
        features = (
            Feature(name=each.feature, verdict=each.verdict, label=each.label)
            for each in self.marks
        )
        return self.counted or in_words(tuple(features))

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the part that was written; raises ReportError for anything else."""
        return cls(
            idp=reading.text(data, "idp"),
            title=reading.text(data, "title"),
            dialect=reading.text(data, "dialect"),
            dialect_title=reading.text(data, "dialect_title"),
            marks=tuple(map(Mark.from_json, reading.objects(data, "marks"))),
            counted=reading.maybe_text(data, "counted") or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One target in one run; `page` is the run's report.html, None when there is none.

    `reservations` are what keeps the run from a plain claim, such as `simulated`. `rules` counts
    the RFC's requirements: kept, broken, unfollowed, waived, unchecked and uncheckable; it is
    empty when the run asked for none of them. `older` are the earlier runs on the same target.
    """

    name: str
    run: str
    started: str
    version: str
    seed: int
    catalogue: str = ""
    reservations: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    rules: Mapping[str, Json] = field(default_factory=dict)
    page: Path | None = None
    older: tuple[Column, ...] = ()

    @property
    def date(self) -> str:
        """The day of the run."""
        return view.one_line(self.started[:10], 10)

    @property
    def simulated(self) -> bool:
        """Tell whether the target was a simulation."""
        return wording("standing")("simulated") in self.reservations

    def part(self, idp: str, dialect: str) -> Part | None:
        """Return what an IdP does in a dialect, None when it was not in the run."""
        known = (each for each in self.parts if (each.idp, each.dialect) == (idp, dialect))
        return next(known, None)

    def to_json(self) -> dict[str, Json]:
        """Return the column as JSON types, without its files and the earlier runs."""
        data = as_json(replace(self, page=None, older=()))
        if not isinstance(data, dict):
            raise ReportError("a column is a JSON object")
        return {name: value for name, value in data.items() if name not in ("page", "older")}

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the column that `to_json` wrote; raises ReportError for anything else."""
        return cls(
            name=reading.text(data, "name"),
            run=reading.text(data, "run"),
            started=reading.text(data, "started"),
            version=reading.text(data, "version"),
            catalogue=reading.text(data, "catalogue"),
            seed=reading.integer(data, "seed"),
            reservations=reading.texts(data, "reservations"),
            parts=tuple(map(Part.from_json, reading.objects(data, "parts"))),
            rules=reading.mapping(data, "rules"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The rows of one IdP in one dialect."""

    idp: str
    title: str
    dialect: str
    dialect_title: str
    features: tuple[str, ...]


# Where a cell leads: an address, or nothing. Without a mark it is about the whole of a part.
Href = Callable[[Column, Part, Mark | None], str]


def column(report: Report, name: str, page: Path | None = None) -> Column:
    """Return the column of one report."""
    run = report.run
    cases = {result.case: result for result in reversed(report.results)}
    return Column(
        name=view.one_line(name, 120),
        run=run.id,
        started=run.started,
        version=run.version,
        seed=run.seed,
        catalogue=_catalogue(run.versions.get("catalogue")),
        reservations=standing(report).words,
        parts=(*(_part(summary, cases) for summary in report.idps), *_promises(report)),
        rules=_rules(report),
        page=page,
    )


def _catalogue(version: Json) -> str:
    """Return the version of the requirements: what tells one set of them from another."""
    if isinstance(version, dict):
        version = version.get("sha256")
    return "" if version is None else view.one_line(view.compact(version), 60)


def _part(summary: IdpSummary, cases: Mapping[str, Result]) -> Part:
    return Part(
        idp=summary.idp,
        title=summary.title,
        dialect=summary.dialect,
        dialect_title=summary.dialect_title,
        marks=tuple(
            Mark(
                feature=each.name,
                verdict=each.verdict,
                label=each.label,
                requirement=_deciding(each, cases),
            )
            for each in summary.features
        ),
    )


def _promises(report: Report) -> Iterator[Part]:
    """Return the promises of a product, with each IdP that they were tried with."""
    for table in product_tables(report):
        for position, idp in enumerate(table.columns):
            marks = (
                Mark(
                    feature=f"{row.requirement} {view.one_line(row.title, 90)}",
                    verdict=cell.verdict,
                    label=cell.label,
                    requirement=row.requirement,
                )
                for row in table.rows
                if (cell := row.cells[position])
            )
            yield Part(
                idp=table.product,
                title=table.title,
                dialect=idp,
                dialect_title=wording("matrix")("column.promises", idp=idp),
                marks=tuple(marks),
                counted=table.in_words(position),
            )


def _deciding(feature: Feature, cases: Mapping[str, Result]) -> str:
    """Return the requirement that a feature has its verdict from, where it is not simply good."""
    if feature.verdict not in _WORSE_THAN_GOOD:
        return ""
    behind = (cases[case] for case in feature.results if case in cases)
    return next((each.requirement for each in behind if each.verdict is feature.verdict), "")


def _rules(report: Report) -> dict[str, Json]:
    """Count the RFC's requirements by what became of them; empty when none was asked for."""
    found: dict[str, list[Verdict]] = {}
    for result in report.results:
        if result.requirement.startswith(_RFC):
            found.setdefault(result.requirement, []).append(result.verdict)
    if not found:
        return {}
    counted = dict.fromkeys(("kept", "broken", "unfollowed", "waived", "unchecked"), 0)
    for verdicts in found.values():
        worst = Verdict.worst(verdicts)
        counted[_COUNTED.get(worst, "unchecked") if worst else "unchecked"] += 1
    left = {each for name in _LEFT_OUT for each in _listed(report, name)} - set(found)
    counted["unchecked"] += len(left)
    return {**counted, "uncheckable": len(_listed(report, "not_checkable"))}


def _listed(report: Report, name: str) -> list[str]:
    """Return the RFC's requirements that a part of the coverage names."""
    named = report.coverage.get(name)
    listed = named if isinstance(named, dict | list) else ()
    return [each for each in listed if isinstance(each, str) and each.startswith(_RFC)]


def rules_in_words(one: Column) -> str:
    """Return what became of the RFC's requirements, as one line."""
    texts = wording("matrix")
    if not one.rules:
        return texts("cell.unchecked")
    said = [
        texts(f"rules.{name}", count=count)
        for name, count in one.rules.items()
        if count or name in _ALWAYS_SAID
    ]
    return ", ".join(said)


def newest(columns: Iterable[tuple[str, Column]]) -> tuple[Column, ...]:
    """Return one column for each key: the newest run, with the earlier ones beside it."""
    by_key: dict[str, list[Column]] = {}
    for key, each in columns:
        by_key.setdefault(key, []).append(each)
    found = []
    for several in by_key.values():
        first, *older = sorted(several, key=lambda each: each.started, reverse=True)
        found.append(replace(first, older=tuple(older)))
    return tuple(found)


def groups(columns: Sequence[Column]) -> tuple[Group, ...]:
    """Return the rows: every feature that any of the targets has, IdP by IdP."""
    parts: dict[tuple[str, str], list[Part]] = {}
    for part in sorted(
        (part for one in columns for part in one.parts), key=lambda part: part.title.casefold()
    ):
        parts.setdefault((part.idp, part.dialect), []).append(part)
    return tuple(
        Group(
            idp=same[0].idp,
            title=same[0].title,
            dialect=same[0].dialect,
            dialect_title=same[0].dialect_title,
            features=tuple(dict.fromkeys(mark.feature for part in same for mark in part.marks)),
        )
        for same in parts.values()
    )


def mark_of(part: Part | None, feature: str) -> Mark:
    """Return how a feature fares; one of which the run says nothing is never blank."""
    if part is None:
        return Mark(feature=feature, verdict=None, label=wording("matrix")("cell.unchecked"))
    known = (mark for mark in part.marks if mark.feature == feature)
    return next(known, Mark(feature=feature, verdict=None, label=view.NOT_HERE))
