"""The long form of the closing summary: every feature in a table, and every finding in full."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from reports import view
from reports.findings.blockers import Blocker
from reports.findings.blockers import blocked
from reports.model import Feature
from reports.model import IdpSummary
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.wording import wording

from .printing import Page

_say = wording("terminal")

STYLES: Mapping[Verdict | None, str] = {
    Verdict.PASS: "green",
    Verdict.WARN: "yellow",
    Verdict.FAIL: "bold red",
    Verdict.SKIP: "dim",
    Verdict.WAIVED: "cyan",
    Verdict.INCONCLUSIVE: "magenta",
    Verdict.ERROR: "bold red",
    None: "dim",
}
_IN_TURN = ((Verdict.FAIL, Verdict.ERROR), (Verdict.INCONCLUSIVE,), (Verdict.WARN,))


def print_features(page: Page, report: Report) -> None:
    """Print the features of each IdP, one column for each of its dialects."""
    for title, summaries in view.by_idp(report).items():
        page.line()
        page.line(view.one_line(title, 60), "bold")
        page.table(_features(page, summaries))


def _features(page: Page, summaries: Sequence[IdpSummary]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(Text("  feature"), no_wrap=True)
    for summary in summaries:
        table.add_column(page.text(view.one_line(summary.dialect, 30)))
    for name, features in view.feature_rows(summaries):
        cells = [_feature(page, feature) for feature in features]
        table.add_row(page.text(f"  {view.one_line(name, 40)}"), *cells)
    return table


def _feature(page: Page, feature: Feature | None) -> Text:
    if feature is None:
        return page.text("")
    sign = view.SIGNS[feature.verdict]
    return page.text(f"{sign} {view.one_line(feature.label, 60)}", STYLES[feature.verdict])


def print_findings(page: Page, report: Report) -> None:
    """Print every finding with all that a reader needs to act on it, the bad ones first.

    When the target could not be reached, one reason has been said already, and repeating it for
    every case would bury it.
    """
    for verdicts in _IN_TURN:
        if report.target.trouble and verdicts == (Verdict.INCONCLUSIVE,):
            continue
        if verdicts == (Verdict.INCONCLUSIVE,):
            for blocker in blocked(report):
                _blocker(page, blocker)
            continue
        for result in view.of_verdict(report, *verdicts):
            _finding(page, result)


def _blocker(page: Page, blocker: Blocker) -> None:
    """Print what stood in the way once, with the first case in full and the others by name."""
    _finding(page, blocker.results[0])
    others = dict.fromkeys(view.name(each) for each in blocker.results[1:])
    if others:
        page.prose(_say("blocked.others", count=len(blocker.results) - 1, names=", ".join(others)))


def _finding(page: Page, result: Result) -> None:
    page.line()
    head = page.text(f"{result.verdict.value.upper()} ", STYLES[result.verdict])
    head.append_text(page.text(f"{view.name(result)}  ", "bold"))
    head.append_text(page.text(view.one_line(result.title, 200)))
    page.print(head)
    for detail in view.details(result):
        page.line(f"  {detail}")
