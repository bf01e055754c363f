"""The documented behaviour of a product as a table whose cells lead to the case behind them."""

from __future__ import annotations

from dataclasses import dataclass

from reports.model import Report
from reports.products import ProductTable
from reports.products import Promise
from reports.products import product_tables

from .entries import Entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One promise with one identity provider; `kind` is a verdict, or `none`."""

    kind: str
    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product with the table of its promises: requirement, title and cells of each row."""

    table: ProductTable
    rows: tuple[tuple[str, str, tuple[Cell | None, ...]], ...]


def products(report: Report, entries: Entries) -> tuple[Product, ...]:
    """Return the table of each product."""
    return tuple(
        Product(
            table=table,
            rows=tuple(
                (row.requirement, row.title, tuple(_cell(each, entries) for each in row.cells))
                for row in table.rows
            ),
        )
        for table in product_tables(report)
    )


def _cell(promise: Promise | None, entries: Entries) -> Cell | None:
    if promise is None:
        return None
    place = entries.place(promise.case) if promise.case else ""
    return Cell(
        kind=promise.verdict.value if promise.verdict else "none",
        label=promise.label,
        href=f"#{place}" if place else "",
    )
