"""How far a run looked, section by section: a tree for each document, with what was left out.

The titles of the sections are facts of the RFCs and stand in `rfc_sections.json`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from . import view
from .model import Report
from .model import Verdict
from .wording import wording

_RFC = "RFC"
_SECTION = re.compile(r"[A-Z0-9]+-(\d{1,3}(?:\.\d{1,3}){0,5})-.*", re.ASCII | re.DOTALL)
_PAGE = "https://www.rfc-editor.org/rfc/{document}"


class State(StrEnum):
    """What a run did about a requirement."""

    CHECKED = "checked"
    SHOWN = "shown"  # by the result of another requirement, which the reason names
    SKIPPED = "skipped"
    NOT_CHECKABLE = "not_checkable"  # from outside, on any server
    NEEDS_SETUP = "needs_setup"  # a server set up for it
    NOT_SELECTED = "not_selected"


_PARTS = {State.SHOWN: "shown_by"}  # members of the coverage that are called otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One requirement: its state, the verdict where it was checked, and why where it was not."""

    requirement: str
    state: State
    verdict: Verdict | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One document, or one section of it, with everything below.

    `number` is empty for a document, `link` for what is no RFC. `entries` are the requirements of
    this very section; `counts` has the number of each state in it and below, and `verdicts` the
    number of each verdict.
    """

    id: str
    number: str
    title: str
    link: str
    entries: tuple[Entry, ...] = ()
    sections: tuple[Section, ...] = ()
    counts: Mapping[State, int] = field(default_factory=dict)
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return how many requirements there are in it and below."""
        return sum(self.counts.values())

    def everything(self) -> Iterator[Entry]:
        """Return the requirements in it and below, in the order of the document."""
        yield from self.entries
        for section in self.sections:
            yield from section.everything()


def coverage_tree(report: Report) -> tuple[Section, ...]:
    """Return a tree for each document that the report speaks of, RFCs first."""
    by_document: dict[str, list[Entry]] = {}
    for entry in _entries(report):
        by_document.setdefault(entry.requirement.partition("-")[0], []).append(entry)
    return tuple(
        _document(name, by_document[name], _titles(report))
        for name in sorted(by_document, key=lambda name: (not name.startswith(_RFC), name))
    )


def _entries(report: Report) -> Iterator[Entry]:
    """Return what is known about each requirement, once, in the order of their ids."""
    judged: dict[str, list[Verdict]] = {}
    for result in report.results:
        judged.setdefault(result.requirement, []).append(result.verdict)
    found: dict[str, Entry] = {}
    for state in State:
        for requirement, reason in _listed(report.coverage.get(_PARTS.get(state, state.value))):
            verdict = _verdict(judged, requirement) if state is State.CHECKED else None
            entry = Entry(requirement=requirement, state=state, verdict=verdict, reason=reason)
            found.setdefault(requirement, entry)
    yield from sorted(found.values(), key=lambda entry: _order(entry.requirement))


def _listed(given: object) -> Iterator[tuple[str, str]]:
    """Return the requirements of one part of the coverage, each with its reason if it has one."""
    if isinstance(given, Mapping):
        yield from ((str(name), view.one_line(str(reason or ""))) for name, reason in given.items())
    elif isinstance(given, list | tuple):
        yield from ((str(name), "") for name in given)


def _verdict(judged: Mapping[str, Iterable[Verdict]], requirement: str) -> Verdict | None:
    return Verdict.worst(judged.get(requirement, ()))


def _order(requirement: str) -> tuple[object, ...]:
    """Return the sort key of an id: section by section as numbers, not as texts."""
    document, _, rest = requirement.partition("-")
    section, _, number = rest.rpartition("-")
    return document, _numbers(section), section, _numbers(number), number


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isascii() and part.isdigit() else 0 for part in text.split("."))


def _document(name: str, entries: list[Entry], titles: Mapping[str, str]) -> Section:
    known = _facts().get(name)
    if known is None:
        return _section(name, "", titles.get(name, view.one_line(name, 60)), "", tuple(entries), ())
    by_number: dict[str, list[Entry]] = {}
    for entry in entries:
        found = _SECTION.fullmatch(entry.requirement)
        by_number.setdefault(found[1] if found else "", []).append(entry)
    lost = tuple(by_number.pop("", ()))
    link = _PAGE.format(document=name.lower())
    tree = _below("", _with_parents(by_number), by_number, name, known["sections"])
    title = wording("coverage")("document", number=name.removeprefix(_RFC), title=known["title"])
    return _section(name, "", title, link, lost, tree)


def _with_parents(numbers: Iterable[str]) -> list[str]:
    """Return section numbers together with those above them, in the order of the document."""
    every = {
        ".".join(number.split(".")[:depth])
        for number in numbers
        for depth in range(1, number.count(".") + 2)
    }
    return sorted(every, key=lambda number: (_numbers(number), number))


def _below(
    above: str,
    numbers: list[str],
    entries: Mapping[str, list[Entry]],
    document: str,
    titles: Mapping[str, str],
) -> tuple[Section, ...]:
    """Return the sections right below one, each with its own."""
    return tuple(
        _section(
            f"{document}-{number}",
            number,
            titles.get(number, ""),
            f"{_PAGE.format(document=document.lower())}#section-{number}",
            tuple(entries.get(number, ())),
            _below(number, numbers, entries, document, titles),
        )
        for number in numbers
        if number.rpartition(".")[0] == above
    )


def _section(
    name: str,
    number: str,
    title: str,
    link: str,
    entries: tuple[Entry, ...],
    below: tuple[Section, ...],
) -> Section:
    counts, verdicts = Counter(entry.state for entry in entries), Counter(_verdicts(entries))
    for section in below:
        counts.update(section.counts)
        verdicts.update(section.verdicts)
    return Section(
        id=name,
        number=number,
        title=title,
        link=link,
        entries=entries,
        sections=below,
        counts=counts,
        verdicts=verdicts,
    )


def _verdicts(entries: Iterable[Entry]) -> Iterator[Verdict]:
    return (entry.verdict for entry in entries if entry.verdict is not None)


def _titles(report: Report) -> dict[str, str]:
    """Return the titles of documents that are no RFC, by the beginning of their ids."""
    words = wording("coverage")
    titles = {name: words(f"title.{name}") for name in ("SEC", "CON")}
    titles |= {summary.idp.upper(): view.one_line(summary.title, 80) for summary in report.idps}
    for result in report.results:
        if result.product:
            titles.setdefault(result.requirement.partition("-")[0], result.product.capitalize())
    return titles


@cache
def _facts() -> dict[str, Any]:
    source = resources.files("reports").joinpath("rfc_sections.json")
    facts: dict[str, Any] = json.loads(source.read_text("utf-8"))
    return facts
