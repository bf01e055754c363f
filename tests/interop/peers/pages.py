"""The pages on servers of others: explained by hand, listed from what is expected.

A page has a section for each thing that is wrong, which says by `Concerns: ID, ID.` what it is
about. Between the two marks stands the list, which is written from the expected findings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .environments import HERE
from .findings import Finding
from .findings import Outcome
from .findings import expected

PAGES = HERE.parent.parent / "docs" / "interop"
BEGIN = "<!-- written by tests/interop/run.py --pages -->"
END = "<!-- end of what is written -->"

JUDGED = ("fail", "warn")
_ID = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9.]*[A-Z0-9])+")
_CONCERNS = re.compile(r"^Concerns: (.*)\.$", re.MULTILINE)
_LIST = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
_VERDICTS = ("pass", "fail", "warn", "inconclusive", "skip")


@dataclass(frozen=True, slots=True)
class Section:
    """A hand-written part of a page, with the requirements that it is about."""

    title: str
    text: str

    @property
    def concerns(self) -> frozenset[str]:
        """Return the ids of the requirements."""
        return frozenset(_ID.findall(" ".join(_CONCERNS.findall(self.text))))

    @property
    def anchor(self) -> str:
        """Return what leads to it within its page."""
        return re.sub(r"[^\w -]", "", self.title.lower()).replace(" ", "-")

    @property
    def link(self) -> str:
        """Return a link to it."""
        return f"[{self.title}](#{self.anchor})"


def page(name: str) -> Path:
    """Return the file of a page."""
    return PAGES / f"{name}.md"


def sections(text: str) -> list[Section]:
    """Return the hand-written sections of a page."""
    parts = re.split(r"^## ", _LIST.sub("", text), flags=re.MULTILINE)[1:]
    return [Section(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


def unexplained(name: str) -> list[str]:
    """Say which findings are not explained, and which explanations explain nothing."""
    told = {each for section in sections(_text(name)) for each in section.concerns}
    found = expected(name).findings
    judged = {each.check for each in found if each.status in JUDGED}
    missing = [each for each in sorted(found) if each.check in judged - told]
    return [
        *(f"{name}: not explained: {each.status} {each.check} {each.about}" for each in missing),
        *(f"{name}: explained, but not found: {each}" for each in sorted(told - judged)),
    ]


def write(name: str) -> list[str]:
    """Write the list in a page again; return what is still to be explained."""
    page(name).write_text(written(name), "utf-8")
    return unexplained(name)


def written(name: str) -> str:
    """Return a page with the list as it should be."""
    text = _text(name)
    lines = _lines(expected(name), sections(text))
    block = "\n".join([BEGIN, *lines, END])
    return _LIST.sub(lambda _: block, text)


def _text(name: str) -> str:
    return page(name).read_text("utf-8")


def _lines(found: Outcome, explained: Iterable[Section]) -> Iterable[str]:
    yield from _counts(found.counts or {})
    yield from _features(found.features or {})
    links = {each: section.link for section in explained for each in section.concerns}
    judged = sorted(
        (each for each in found.findings if each.status in JUDGED),
        key=lambda each: (JUDGED.index(each.status), each),
    )
    if judged:
        yield from ("", "| Verdict | Requirement | Case | Why |", "|---|---|---|---|")
    for each in judged:
        why = links.get(each.check, "**not explained**")
        yield f"| {each.status} | {each.check} | {_cell(each.about)} | {why} |"
    for status, head in _REASONS.items():
        yield from _reasons(head, [each for each in found.findings if each.status == status])


_UNSAID = "for a reason that the report does not give"
_REASONS = {
    "inconclusive": "Not judged, because something else is broken:",
    "skip": "Skipped, because the server does not offer it:",
}


def _features(features: Mapping[str, Mapping[str, str]]) -> Iterable[str]:
    if not features:
        return
    yield from ("", "| Feature of an identity provider | Verdict, by dialect where they differ |")
    yield "|---|---|"
    for feature, labels in features.items():
        by_label: dict[str, list[str]] = defaultdict(list)
        for dialect, label in labels.items():
            by_label[label].append(dialect)
        said = "; ".join(
            label if len(by_label) == 1 else f"{label} ({', '.join(dialects)})"
            for label, dialects in by_label.items()
        )
        yield f"| {_cell(feature)} | {_cell(said)} |"


def _counts(counts: Mapping[str, int]) -> Iterable[str]:
    if not counts:
        return
    yield f"| Suite | {' | '.join(_VERDICTS)} |"
    yield "|---|" + "---:|" * len(_VERDICTS)
    for suite in sorted({key.partition(": ")[0] for key in counts}):
        cells = [str(counts.get(f"{suite}: {verdict}", 0)) for verdict in _VERDICTS]
        yield f"| {suite} | {' | '.join(cells)} |"


def _reasons(head: str, findings: Iterable[Finding]) -> Iterable[str]:
    by_reason: dict[str, set[str]] = defaultdict(set)
    for each in findings:
        by_reason[each.says or _UNSAID].add(each.check)
    if by_reason:
        yield from ("", head, "")
    for reason, checks in sorted(by_reason.items()):
        yield f"- {_cell(reason)}: {', '.join(sorted(checks))}"


def _cell(text: str) -> str:
    """Return a text that breaks no table and is taken literally."""
    return re.sub(r"([\\|*_<>\[\]])", r"\\\1", text)
