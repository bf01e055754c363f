"""The closing summary on the terminal: what works, what does not, and where the report is."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from . import view
from .contradictions import Outcome
from .model import Feature
from .model import IdpSummary
from .model import Report
from .model import Result
from .model import Verdict
from .products import ProductTable
from .products import product_tables

_MOST_FAILURES = 20
_MOST_OTHERS = 20
_STYLES: Mapping[Verdict | None, str] = {
    Verdict.PASS: "green",
    Verdict.WARN: "yellow",
    Verdict.FAIL: "bold red",
    Verdict.SKIP: "dim",
    Verdict.WAIVED: "cyan",
    Verdict.INCONCLUSIVE: "magenta",
    Verdict.ERROR: "bold red",
    None: "dim",
}
_LISTS = (
    ((Verdict.FAIL, Verdict.ERROR), _MOST_FAILURES),
    ((Verdict.INCONCLUSIVE,), _MOST_OTHERS),
    ((Verdict.WARN,), _MOST_OTHERS),
)
# For a console that cannot write the signs; everything else it lacks is escaped.
_PLAIN = str.maketrans({"✓": "+", "✗": "x", "·": ".", "…": "..."})


def render_terminal(report: Report, directory: Path, console: Console) -> None:
    """Print the summary of a run; `directory` is where its files are."""
    page = _Terminal(console)
    page.line(f"scimproof {report.run.version}: {view.target_name(report)}", "bold")
    if worth := view.simulation(report):
        page.line(worth, "yellow")
    for trouble in view.troubles(report):
        page.line(trouble, "bold red")
    for title, summaries in view.by_idp(report).items():
        page.features(title, summaries)
    for product in product_tables(report):
        page.product(product)
    for verdicts, most in _LISTS:
        page.findings(view.of_verdict(report, *verdicts), most, brief=bool(report.target.trouble))
    page.contradictions(report)
    page.line("")
    page.line(f"{view.counts(report)} in {view.seconds(report.run.seconds)}", _overall(report))
    page.line(f"report: {directory / view.REPORT_PAGE}")


def _overall(report: Report) -> str:
    return _STYLES[Verdict.worst(result.verdict for result in report.results)]


class _Terminal:
    """Prints lines that the console can write, whatever a target put into them."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._encoding = console.encoding
        self._is_plain = not console.encoding.lower().replace("-", "").startswith("utf8")

    def line(self, text: str, style: str = "") -> None:
        """Print one line; it is not folded, so that a path or a command can be copied."""
        self._console.print(self._text(text, style), soft_wrap=True)

    def features(self, title: str, summaries: Sequence[IdpSummary]) -> None:
        """Print an IdP's features, one column for each dialect."""
        self.line("")
        self.line(view.one_line(title, 60), "bold")
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        table.add_column(Text("  feature"), no_wrap=True)
        for summary in summaries:
            table.add_column(self._text(view.one_line(summary.dialect, 30)))
        for name, features in view.feature_rows(summaries):
            cells = [self._feature(feature) for feature in features]
            table.add_row(self._text(f"  {view.one_line(name, 40)}"), *cells)
        self._console.print(table)

    def product(self, table: ProductTable) -> None:
        """Print how the promises of a product fare, one line for each column."""
        self.line("")
        self.line(view.one_line(table.title, 60), "bold")
        for position, column in enumerate(table.columns):
            self.line(f"  {view.one_line(column, 40)}: {table.in_words(position)}")

    def contradictions(self, report: Report) -> None:
        """Print what the run showed where documents contradict each other, and count the rest."""
        if not report.contradictions:
            return
        self.line("")
        self.line(f"where documents contradict each other: {view.outcomes(report)}")
        for each in report.contradictions:
            if each.outcome is Outcome.SHOWN:
                self.line(f"  {view.one_line(each.id, 60)}  {view.one_line(each.question, 120)}")
                self.line(f"    {view.one_line(each.found)}")

    def findings(self, results: Sequence[Result], most: int, *, brief: bool) -> None:
        """Print the first findings in full and the count of the others.

        `brief` leaves the findings out: when the target could not be reached, one reason has been
        said already, and repeating it for every case would bury it.
        """
        if brief and all(result.verdict is Verdict.INCONCLUSIVE for result in results):
            return
        for result in results[:most]:
            self._finding(result)
        if len(results) > most:
            self.line("")
            self.line(f"... and {len(results) - most} more in {view.REPORT_PAGE}", "dim")

    def _finding(self, result: Result) -> None:
        self.line("")
        head = self._text(f"{result.verdict.value.upper()} ", _STYLES[result.verdict])
        head.append_text(self._text(f"{view.name(result)}  ", "bold"))
        head.append_text(self._text(view.one_line(result.title, 200)))
        self._console.print(head, soft_wrap=True)
        for detail in view.details(result):
            self.line(f"  {detail}")

    def _feature(self, feature: Feature | None) -> Text:
        if feature is None:
            return self._text("")
        sign = view.SIGNS[feature.verdict]
        return self._text(f"{sign} {view.one_line(feature.label, 60)}", _STYLES[feature.verdict])

    def _text(self, text: str, style: str = "") -> Text:
        """Return styled text; a `Text` is never read as markup."""
        if self._is_plain:
            text = text.translate(_PLAIN)
        writable = text.encode(self._encoding, "backslashreplace").decode(self._encoding)
        return Text(writable, style=style)
