"""How far the run looked: a tree of sections, with the reason for whatever was not checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports import view
from reports.model import Report
from reports.model import Verdict
from reports.reading import Json
from reports.sections import Entry
from reports.sections import Section
from reports.sections import State
from reports.sections import coverage_tree
from reports.wording import Wording
from reports.wording import wording

from .entries import Entries
from .phrases import counted

# What the tree shows itself, and what stands in the tables of products.
_SHOWN = ("checked", "shown_by", "skipped", "not_checkable", "needs_setup", "not_selected")
_ELSEWHERE = ("promises",)
_BAD = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.WARN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One requirement: `link` leads to its result; without one it has an id of its own here."""

    name: str
    kind: str
    state: str
    reason: str
    link: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One section of a document with everything below it."""

    title: str
    link: str
    counts: str
    meter: tuple[tuple[str, int], ...]
    results: tuple[Leaf, ...]
    others: tuple[Leaf, ...]
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The trees of all documents, and what else the report says about coverage."""

    totals: tuple[str, ...]
    trees: tuple[Branch, ...]
    rest: tuple[tuple[str, str, tuple[str, ...]], ...]


def coverage(report: Report, entries: Entries) -> Coverage:
    """Return the coverage of a run."""
    tree = coverage_tree(report)
    totals = {state: sum(each.counts.get(state, 0) for each in tree) for state in State}
    return Coverage(
        totals=tuple(
            entries.words("coverage.total", n=f"{n:,}", state=_said(state))
            for state, n in totals.items()
            if n
        ),
        trees=tuple(_branch(each, entries) for each in tree),
        rest=tuple(
            _part(name, value)
            for name, value in report.coverage.items()
            if name not in (*_SHOWN, *_ELSEWHERE) and value not in ({}, [], None)
        ),
    )


def _branch(section: Section, entries: Entries) -> Branch:
    leaves = [_leaf(each, entries) for each in section.entries]
    return Branch(
        title=" ".join(part for part in (section.number, section.title) if part),
        link=section.link,
        counts=_counts(section, entries.words),
        meter=_meter(section),
        results=tuple(leaf for leaf in leaves if leaf.link),
        others=tuple(leaf for leaf in leaves if not leaf.link),
        branches=tuple(_branch(each, entries) for each in section.sections),
    )


def _leaf(entry: Entry, entries: Entries) -> Leaf:
    known = entries.anchors.known(entry.requirement)
    return Leaf(
        name=view.one_line(entry.requirement, 60),
        kind=entry.verdict.value if entry.verdict else "none",
        state=_said(entry.state),
        reason=view.one_line(entry.reason, 400),
        link=f"#{known}" if known else "",
        anchor="" if known else entries.anchors.requirement(entry.requirement),
    )


def _counts(section: Section, words: Wording) -> str:
    """Return how much of a section was checked, and what was found."""
    checked = section.counts.get(State.CHECKED, 0) + section.counts.get(State.SHOWN, 0)
    said = [words("coverage.checked", n=checked, all=section.total)]
    for verdict in _BAD:
        if n := section.verdicts.get(verdict, 0):
            said.append(counted(words, f"coverage.{verdict}", n))
    return ", ".join(said)


def _meter(section: Section) -> tuple[tuple[str, int], ...]:
    """Return the parts of the little bar beside a section, each with its width."""
    bad = sum(section.verdicts.get(each, 0) for each in _BAD if each is not Verdict.WARN)
    warned = section.verdicts.get(Verdict.WARN, 0)
    checked = section.counts.get(State.CHECKED, 0) + section.counts.get(State.SHOWN, 0)
    parts = (
        ("bad", bad),
        ("warned", warned),
        ("good", max(0, checked - bad - warned)),
        ("rest", section.total - checked),
    )
    return tuple((kind, n) for kind, n in parts if n)


def _said(state: State) -> str:
    return wording("coverage")(f"state.{state.value}")


def _part(name: str, value: Json) -> tuple[str, str, tuple[str, ...]]:
    """Return what else there is: its name, its count or value, and what it lists."""
    title = view.one_line(name.replace("_", " "), 80)
    if isinstance(value, Mapping):
        listed = tuple(f"{key}: {_member(member)}" for key, member in value.items())
        return title, str(len(listed)), tuple(view.one_line(each, 400) for each in listed)
    if isinstance(value, list):
        listed = tuple(view.one_line(view.compact(each), 400) for each in value)
        return title, str(len(listed)), listed
    return title, view.one_line(view.compact(value), 400), ()


def _member(value: Json) -> str:
    """Return a member of the coverage in words: a text, or a text for each of several."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {view.compact(member)}" for key, member in value.items())
    return view.compact(value)
