"""The promises of a product as a table: one row for each, one column for each IdP."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from .model import Report
from .model import Result
from .model import Verdict
from .reading import Json
from .summary import SIMULATED

# What is tried without any identity provider, such as what the product locks.
WITHOUT_IDP = "without an IdP"
NO_CASE = "no case here"
NOT_ACHIEVABLE = "not achievable"
_LABELS: Mapping[Verdict, str] = {
    Verdict.PASS: "kept",
    Verdict.WARN: "kept with warnings",
    Verdict.FAIL: "broken",
    Verdict.SKIP: "not tried",
    Verdict.WAIVED: "waived",
    Verdict.INCONCLUSIVE: "inconclusive",
    Verdict.ERROR: "not judged (error in scimproof)",
}
_ASSUMED = "inferred"
_ASSUMED_LABELS: Mapping[Verdict, str] = {
    Verdict.PASS: "kept on assumed traffic",
    Verdict.WARN: "kept with warnings, on assumed traffic",
}
_ORDER = (
    *(Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE),
    *(Verdict.WAIVED, Verdict.SKIP),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One documented behaviour and how it fared with one IdP; `case` decided that.

    Without a verdict and a case it cannot come true with this IdP, whatever the product does.
    """

    verdict: Verdict | None
    label: str
    case: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """One documented behaviour: a cell for each column, None where no case tried it there."""

    requirement: str
    title: str
    cells: tuple[Promise | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTable:
    """What became of the promises of one product."""

    product: str
    title: str
    simulated: bool
    columns: tuple[str, ...]
    rows: tuple[ProductRow, ...]

    def in_words(self, column: int) -> str:
        """Return how the promises fare in one column, such as `38 kept, 1 broken, simulated`."""
        cells = [cell for row in self.rows if (cell := row.cells[column])]
        verdicts = [cell.verdict for cell in cells if cell.verdict]
        said = [
            f"{verdicts.count(verdict)} {_LABELS[verdict]}"
            for verdict in _ORDER
            if verdict in verdicts
        ]
        if out_of_reach := len(cells) - len(verdicts):
            said.append(f"{out_of_reach} {NOT_ACHIEVABLE}")
        return ", ".join([*said, SIMULATED] if self.simulated else said)


def product_tables(report: Report) -> tuple[ProductTable, ...]:
    """Return a table for each product that the results speak of."""
    names = dict.fromkeys(result.product for result in report.results if result.product)
    return tuple(_table(name, report) for name in names)


def _table(product: str, report: Report) -> ProductTable:
    mine = [result for result in report.results if result.product == product]
    columns = sorted({_column(result) for result in mine}, key=_last_without_idp)
    simulated = any(result.simulated for result in mine)
    title = product.capitalize()
    return ProductTable(
        product=product,
        title=f"{title}, {SIMULATED}" if simulated else title,
        simulated=simulated,
        columns=tuple(columns),
        rows=_rows(mine, columns, report.coverage),
    )


def _last_without_idp(column: str) -> tuple[bool, str]:
    return column == WITHOUT_IDP, column


def _column(result: Result) -> str:
    return result.idp or WITHOUT_IDP


def _rows(
    mine: Sequence[Result], columns: Sequence[str], coverage: Mapping[str, Json]
) -> tuple[ProductRow, ...]:
    titles: dict[str, str] = {}
    cells: dict[tuple[str, str], list[Result]] = {}
    for result in mine:
        titles.setdefault(result.requirement, result.title)
        cells.setdefault((result.requirement, _column(result)), []).append(result)
    return tuple(
        ProductRow(
            requirement=requirement,
            title=_wording(coverage, requirement) or title,
            cells=tuple(
                _out_of_reach(coverage.get("not_achievable"), requirement, column)
                or _promise(cells.get((requirement, column), ()))
                for column in columns
            ),
        )
        for requirement, title in titles.items()
    )


def _wording(coverage: Mapping[str, Json], requirement: str) -> str:
    """Return what is promised, where the report has it; else nothing."""
    promises = coverage.get("promises")
    wording = promises.get(requirement) if isinstance(promises, dict) else None
    return wording if isinstance(wording, str) else ""


def _out_of_reach(not_achievable: Json, requirement: str, column: str) -> Promise | None:
    """Return a cell for a promise that cannot come true with an IdP, as the coverage says."""
    with_idps = not_achievable.get(requirement) if isinstance(not_achievable, dict) else None
    if not isinstance(with_idps, dict) or column not in with_idps:
        return None
    return Promise(verdict=None, label=NOT_ACHIEVABLE, case=None)


def _promise(results: Sequence[Result]) -> Promise | None:
    decisive = max(results, key=lambda result: result.verdict.badness, default=None)
    if decisive is None:
        return None
    label = _LABELS[decisive.verdict]
    if decisive.verdict in _ASSUMED_LABELS and _rest_on_assumptions(results):
        label = _ASSUMED_LABELS[decisive.verdict]
    return Promise(verdict=decisive.verdict, label=label, case=decisive.case)


def _rest_on_assumptions(results: Iterable[Result]) -> bool:
    """Tell whether nothing that an IdP sent is better known than by inference."""
    known = {result.certainty for result in results if result.verdict in _ASSUMED_LABELS}
    return known == {_ASSUMED}
