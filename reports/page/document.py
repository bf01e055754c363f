"""The page as a whole: its parts in the order in which they are read."""

from __future__ import annotations

from reports import view
from reports.evidence import differences
from reports.model import Report
from reports.model import Verdict
from reports.products import NO_CASE
from reports.wording import Wording
from reports.wording import wording

from . import lists
from .coverage import coverage
from .entries import Entries
from .environment import render
from .facts import run_facts
from .findings import findings
from .overview import overview
from .promises import products
from .scenarios import scenarios
from .speed import speed


def render_html(report: Report) -> str:
    """Return the report as one self-contained page."""
    return render_page(report, wording("page"))


def render_page(report: Report, words: Wording) -> str:
    """Return the report as a page in the texts that are given."""
    entries = Entries(report, words)
    # In the order of the page: the first entry of a requirement gets the requirement's id.
    parts = _results(report, entries) | _tables(report, entries)
    return render(parts | _facts(report, words), words)


def _results(report: Report, entries: Entries) -> dict[str, object]:
    """Return every result in its place: findings under their cause, the others in lists."""
    causes = findings(report, entries)
    errors = lists.errors(report, entries)
    sections = [
        make(report, entries)
        for make in (lists.inconclusive, lists.waived, lists.skipped, lists.passed)
    ]
    return {
        "failures": [each for each in causes if each.cause.verdict is Verdict.FAIL],
        "warnings": [each for each in causes if each.cause.verdict is not Verdict.FAIL],
        "marks": differences.legend(),
        "errors": errors,
        "sections": [section for section in sections if section.groups],
        "filters": entries.filters,
        "place_of": entries.place_of,
        "first": overview(report, causes, entries),
    }


def _tables(report: Report, entries: Entries) -> dict[str, object]:
    """Return what looks at the results once more, and leads to them."""
    return {
        "products": products(report, entries),
        "coverage": coverage(report, entries),
        "scenarios": scenarios(report, entries),
        "speed": speed(report, entries),
    }


def _facts(report: Report, words: Wording) -> dict[str, object]:
    """Return what the report says about the run, and words that all renderings share."""
    return {
        "report": report,
        "target": view.target_name(report),
        "troubles": view.troubles(report),
        "cautions": view.cautions(report),
        "counts": view.counts(report),
        "started": report.run.started[:16].replace("T", " "),
        "facts": run_facts(report, words),
        "contradictions": report.contradictions,
        "outcomes": view.OUTCOMES,
        "dated": view.dated,
        "address": view.address,
        "certainties": view.CERTAINTY_WORDS,
        "no_case": NO_CASE,
    }
