"""An earlier report to hold a run against: then regressions alone fail it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

import reports
from reports import Verdict
from reports.forms.printing import Page
from reports.record import report_at
from reports.renderings import write_text
from reports.side_by_side.comparison import Change
from reports.side_by_side.comparison import Comparison
from reports.side_by_side.comparison import Pair
from reports.side_by_side.comparison import compare
from reports.side_by_side.comparison_page import render_html
from reports.side_by_side.comparison_text import print_comparison
from reports.side_by_side.comparison_text import render_markdown
from reports.wording import wording
from suites.run.state import Options
from suites.target.model import TargetError

PAGE = "compare.html"
_FORMS = {PAGE: render_html, "compare.md": render_markdown}
_UNJUDGED = (Verdict.INCONCLUSIVE, Verdict.ERROR)


def read(config: pytest.Config) -> reports.Report | None:
    """Return the report to compare with, if one is named; raises TargetError.

    Workers of xdist judge cases and compare nothing.
    """
    option = config.option
    idle = option.collectonly or option.scim_proofs or hasattr(config, "workerinput")
    if option.scim_baseline is None or idle:
        return None
    try:
        return report_at(Path(option.scim_baseline))
    except reports.ReportError as problem:
        raise TargetError(f"--scim-baseline: {problem}") from None


def held_against(
    old: reports.Report | None, new: reports.Report, directory: Path, options: Options
) -> Comparison | None:
    """Compare a run with its baseline and write the comparison beside its report."""
    if old is None:
        for name in _FORMS:
            # Of an earlier run in the same folder: it would speak of another report.
            (directory / name).unlink(missing_ok=True)
        return None
    comparison = compare(old, new)
    for name, render in _FORMS.items():
        write_text(directory / name, render(comparison, strict=options.strict))
    return comparison


def excused(comparison: Comparison | None) -> frozenset[str]:
    """Return the cases that do not fail a run, because they are no worse than in the baseline.

    What the baseline judged and this run could not stays bad: that is trouble with the target, or a
    fault of ours, behind which a regression may hide.
    """
    pairs = comparison.pairs if comparison is not None else ()
    return frozenset(pair.new.case for pair in pairs if pair.new and not _is_worse(pair))


def _is_worse(pair: Pair) -> bool:
    if pair.change is Change.UNKNOWN:
        return pair.new is not None and pair.new.verdict in _UNJUDGED
    return pair.change in (Change.REGRESSION, Change.NEW_WARNING)


def show(comparison: Comparison, directory: Path, console: Console) -> None:
    """Print the short form of a comparison at the end of a run."""
    words, page = wording("compare"), Page(console)
    page.line()
    page.line(words("baseline"), "bold")
    strict = bool(comparison.new.run.options.get("strict"))
    print_comparison(comparison, console, strict=strict, brief=True)
    page.line(words("page_written", path=directory / PAGE))
