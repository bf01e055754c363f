"""The matrix as a page, as Markdown and as CSV, and the files that hold it."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from reports import view
from reports.forms.markup import cell as md_cell
from reports.renderings import write_text
from reports.sheet import render_sheet
from reports.wording import wording

from .matrix import Column
from .matrix import Group
from .matrix import Href
from .matrix import Mark
from .matrix import Part
from .matrix import groups
from .matrix import mark_of
from .matrix import rules_in_words

# Where the page of a run speaks of a product's promises.
_PROMISES = "products"
PAGE, TABLE = "matrix.html", "matrix.csv"
FIELDS = (
    *("target", "reservations", "date", "run", "scimproof", "catalogue", "seed"),
    *("idp", "idp_title", "dialect", "dialect_title", "feature"),
    *("verdict", "label", "requirement", "evidence"),
)
# What a spreadsheet takes for the beginning of a formula, also behind blanks.
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One run, with the address of its report, empty when there is none."""

    of: Column
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """One cell of the page."""

    mark: Mark
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """The rows of one IdP in one dialect: what is said of the whole, then feature by feature."""

    group: Group
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[_Cell, ...]], ...]


def evidence_from(start: Path) -> Href:
    """Return what leads from a file in this folder to the evidence in each run's report."""

    def href(column: Column, part: Part, mark: Mark | None) -> str:
        if column.page is None:
            return ""
        whole = _PROMISES if part.counted else part.idp
        anchor = mark.requirement if mark and mark.requirement else whole
        return f"{_address(column.page, start)}#{quote(anchor, safe='-._~')}"

    return href


def _address(page: Path, start: Path) -> str:
    """Return a relative address; `./` in front, since a folder may be called `javascript:`."""
    relative = quote(Path(os.path.relpath(page, start)).as_posix())
    return relative if relative.startswith("../") else f"./{relative}"


def write_matrix(directory: Path, columns: Sequence[Column]) -> None:
    """Write the page and the table into a folder; raises ReportError when that cannot be."""
    href = evidence_from(directory)
    write_text(directory / PAGE, render_page(columns, href, directory))
    write_text(directory / TABLE, render_csv(columns, href))


def render_page(columns: Sequence[Column], href: Href, start: Path) -> str:
    """Return the matrix as one self-contained page that will lie in the folder `start`."""
    return render_sheet(
        "matrix",
        heads=[_run(one, start) for one in columns],
        earlier=[[_run(each, start) for each in one.older] for one in columns],
        blocks=[_block(group, columns, href) for group in groups(columns)],
        rules=[rules_in_words(one) for one in columns],
        simulated=any(one.simulated for one in columns),
    )


def _run(one: Column, start: Path) -> _Run:
    return _Run(of=one, href=_address(one.page, start) if one.page else "")


def _block(group: Group, columns: Sequence[Column], href: Href) -> _Block:
    parts = [one.part(group.idp, group.dialect) for one in columns]
    unchecked = wording("matrix")("cell.unchecked")
    heads = (
        (part.said, href(one, part, None)) if part else (unchecked, "")
        for one, part in zip(columns, parts, strict=True)
    )
    rows = ((feature, tuple(_cells(feature, columns, parts, href))) for feature in group.features)
    return _Block(group=group, heads=tuple(heads), rows=tuple(rows))


def _cells(
    feature: str, columns: Sequence[Column], parts: Sequence[Part | None], href: Href
) -> Iterator[_Cell]:
    for one, part in zip(columns, parts, strict=True):
        mark = mark_of(part, feature)
        leads = part is not None and mark.verdict is not None
        yield _Cell(mark=mark, href=href(one, part, mark) if part and leads else "")


def render_csv(columns: Sequence[Column], href: Href) -> str:
    """Return one line for each target, dialect and feature, and one for the RFC's requirements."""
    written = io.StringIO()
    table = csv.DictWriter(written, FIELDS, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    table.writeheader()
    for one in columns:
        for line in _lines(one, groups(columns), href):
            told = {**_facts(one), **line}
            table.writerow({name: _harmless(told[name]) for name in FIELDS})
    return written.getvalue()


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula: an apostrophe in front marks a text."""
    shown = view.one_line(text, 500)
    return f"'{shown}" if _FORMULA.match(text) or _FORMULA.match(shown) else shown


def _facts(one: Column) -> dict[str, str]:
    return {
        "target": one.name,
        "reservations": "; ".join(one.reservations),
        "date": one.date,
        "run": one.run,
        "scimproof": one.version,
        "catalogue": one.catalogue,
        "seed": str(one.seed),
    }


def _lines(one: Column, rows: Sequence[Group], href: Href) -> Iterator[dict[str, str]]:
    nothing = dict.fromkeys(FIELDS, "")
    texts = wording("matrix")
    yield {**nothing, **_facts(one), "feature": texts("rules.row"), "label": rules_in_words(one)}
    for group in rows:
        part = one.part(group.idp, group.dialect)
        for feature in group.features:
            mark = mark_of(part, feature)
            yield {
                **_facts(one),
                "idp": group.idp,
                "idp_title": group.title,
                "dialect": group.dialect,
                "dialect_title": group.dialect_title,
                "feature": feature,
                "verdict": mark.verdict or "",
                "label": mark.label,
                "requirement": mark.requirement,
                "evidence": href(one, part, mark) if part and mark.verdict else "",
            }


def render_markdown_matrix(columns: Sequence[Column], href: Href) -> str:
    """Return the matrix as Markdown: the RFC's requirements, then a table for each IdP."""
    lines = [*_md_head(columns), *_md_rules(columns)]
    for group in groups(columns):
        lines += _md_group(_block(group, columns, href), columns)
    return "\n".join(lines) + "\n"


def _md_head(columns: Sequence[Column]) -> Iterator[str]:
    texts = wording("matrix")
    yield from (texts("page.reading"), "")
    if any(one.simulated for one in columns):
        yield from (f"> {texts('page.simulated')}", "")
    yield from ("| Target | Date | Run | |", "|---|---|---|---|")
    for one in columns:
        facts = [
            texts("column.version", version=one.version),
            texts("column.catalogue", catalogue=one.catalogue) if one.catalogue else "",
            texts("column.seed", seed=one.seed),
        ]
        told = md_cell(", ".join(fact for fact in facts if fact))
        reserved = md_cell(", ".join(one.reservations))
        yield f"| {md_cell(one.name)} | {md_cell(one.date)} | {told} | {reserved} |"


def _md_rules(columns: Sequence[Column]) -> Iterator[str]:
    row = wording("matrix")("rules.row")
    yield from ("", f"## {row}", "", "| Target | |", "|---|---|")
    for one in columns:
        yield f"| {md_cell(one.name)} | {md_cell(rules_in_words(one))} |"


def _md_group(block: _Block, columns: Sequence[Column]) -> Iterator[str]:
    group = block.group
    title = f"{md_cell(group.title)}: {md_cell(group.dialect_title)}"
    yield from ("", f"## {title}", "")
    yield f"| {wording('matrix')('page.feature')} | {_joined(md_cell(one.name) for one in columns)}"
    yield "|---|" + "---|" * len(columns)
    yield f"| | {_joined(_md_link(md_cell(said), href) for said, href in block.heads)}"
    for feature, cells in block.rows:
        yield f"| {md_cell(feature)} | {_joined(_md_mark(cell) for cell in cells)}"


def _joined(cells: Iterator[str]) -> str:
    return f"{' | '.join(cells)} |"


def _md_mark(cell: _Cell) -> str:
    said = f"{view.SIGNS[cell.mark.verdict]} {md_cell(cell.mark.label)}"
    return _md_link(said, cell.href)


def _md_link(said: str, href: str) -> str:
    return f"[{said}](<{href}>)" if href else said
