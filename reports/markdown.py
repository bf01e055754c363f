"""`report.md`: the report as a comment on a pull request, always below 60 kB."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from . import view
from .contradictions import Contradiction
from .dimensions import Dimensions
from .model import Feature
from .model import IdpSummary
from .model import Report
from .model import Result
from .model import Verdict
from .products import NO_CASE
from .products import ProductRow
from .products import ProductTable
from .products import product_tables

# GitHub refuses comments above 65,536 characters. What is left of 60,000 bytes belongs to the
# foot and to the sentences that say what was left out.
_ROOM = 57_000
_FEATURE_ROOM = 25_000
_PRODUCT_ROOM = 35_000
# Kept free by the findings, so that they cannot push the contradictions out.
_CONTRADICTION_ROOM = 9_000
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#]|^[-+=]|(?<=^\d)[.)])")
# What turns into a mention, a reference or a link although no Markdown says so.
_AUTOLINK = re.compile(r"(@|#|://|www\.)(?=\S)")
_WORD_JOINER = "\u2060"

_SECTIONS = (
    ("Failed", (Verdict.FAIL,)),
    ("Errors in scimproof", (Verdict.ERROR,)),
    ("Inconclusive", (Verdict.INCONCLUSIVE,)),
    ("Warnings", (Verdict.WARN,)),
    ("Waived", (Verdict.WAIVED,)),
    ("Skipped", (Verdict.SKIP,)),
)


def render_markdown(report: Report) -> str:
    """Return the report as Markdown: features, then findings, worst first, as far as they fit."""
    page, sides = _Page(), Dimensions(report.results)
    page.add(_head(report))
    _add_features(page, report)
    _add_products(page, report)
    room = _ROOM - _CONTRADICTION_ROOM if report.contradictions else _ROOM
    for heading, verdicts in _SECTIONS:
        results = view.of_verdict(report, *verdicts)
        if results:
            page.add(f"\n## {heading} ({len(results)})\n")
            page.add_what_fits([_entry(each, sides) for each in results], room)
    _add_contradictions(page, report)
    page.add(_foot(report))
    return page.text()


class _Page:
    """Collects text as long as there is room, and says how much it had to leave out."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0

    def add(self, part: str) -> None:
        """Add a part that must be there; each of them is short."""
        self._parts.append(part)
        self._size += _size(part)

    def fits(self, part: str, room: int) -> bool:
        """Tell whether the page stays within `room` bytes with this part."""
        return self._size + _size(part) <= room

    def add_what_fits(self, entries: Sequence[str], room: int) -> None:
        """Add entries up to the first that does not fit, then the count of the others."""
        for position, entry in enumerate(entries):
            if not self.fits(entry, room):
                self.add(_left_out(len(entries) - position))
                return
            self.add(entry)

    def text(self) -> str:
        """Return the page."""
        return "".join(self._parts)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _left_out(count: int) -> str:
    return f"\n_{count} more in `{view.REPORT_PAGE}`._\n"


def _add_features(page: _Page, report: Report) -> None:
    tables = list(view.by_idp(report).items())
    for position, (title, summaries) in enumerate(tables):
        head = _table_head(title, summaries)
        if not page.fits(head, _FEATURE_ROOM):
            page.add(_left_out(len(tables) - position))
            return
        page.add(head)
        page.add_what_fits(list(_table_rows(summaries)), _FEATURE_ROOM)


def _add_products(page: _Page, report: Report) -> None:
    tables = product_tables(report)
    for position, table in enumerate(tables):
        head = _product_head(table)
        if not page.fits(head, _PRODUCT_ROOM):
            page.add(_left_out(len(tables) - position))
            return
        page.add(head)
        page.add_what_fits(list(map(_product_row, table.rows)), _PRODUCT_ROOM)


def _product_head(table: ProductTable) -> str:
    columns = [
        f"{_cell(column)}: {_cell(table.in_words(position))}"
        for position, column in enumerate(table.columns)
    ]
    return (
        f"\n## {_prose(table.title)}\n\n| Documented behaviour | {' | '.join(columns)} |\n"
        f"| --- |{' --- |' * len(columns)}\n"
    )


def _product_row(row: ProductRow) -> str:
    cells = (f"{view.SIGNS[cell.verdict]} {cell.label}" if cell else NO_CASE for cell in row.cells)
    return f"| {_prose(row.requirement, 60)} {_prose(row.title, 250)} | {' | '.join(cells)} |\n"


def _add_contradictions(page: _Page, report: Report) -> None:
    if report.contradictions:
        page.add(f"\n## Where documents contradict each other ({len(report.contradictions)})\n")
        page.add_what_fits(list(map(_contradiction, report.contradictions)), _ROOM)


def _contradiction(each: Contradiction) -> str:
    lines = [f"\n- **{_prose(each.id, 60)}** {_prose(each.question)}"]
    lines += [
        f"  - {_prose(claim.says)} ({_prose(view.dated(claim))})" for claim in each.claims[:4]
    ]
    lines.append(f"  - **{view.OUTCOMES[each.outcome]}**: {_prose(each.found, 600)}")
    return "\n".join(lines) + "\n"


def _head(report: Report) -> str:
    lines = [f"# SCIM compatibility: {_code(view.target_name(report), 200)}", ""]
    lines += [f"> {view.simulation(report)}\n"] if view.simulation(report) else []
    lines += [f"> **{_prose(trouble, 500)}**\n" for trouble in view.troubles(report)]
    lines.append(f"**{view.counts(report)}**")
    return "\n".join(lines) + "\n"


def _table_head(title: str, summaries: Iterable[IdpSummary]) -> str:
    columns = [_cell(summary.dialect_title) for summary in summaries]
    return (
        f"\n## {_prose(title)}\n\n| Feature | {' | '.join(columns)} |\n"
        f"| --- |{' --- |' * len(columns)}\n"
    )


def _table_rows(summaries: Iterable[IdpSummary]) -> Iterator[str]:
    for name, features in view.feature_rows(summaries):
        yield f"| {_cell(name)} | {' | '.join(map(_feature, features))} |\n"


def _feature(feature: Feature | None) -> str:
    if feature is None:
        return view.NOT_HERE
    return f"{view.SIGNS[feature.verdict]} {_cell(feature.label)}"


def _entry(result: Result, sides: Dimensions) -> str:
    head = f"\n- **{_prose(view.name(result))}** {_prose(result.level, 20)}: {_prose(result.title)}"
    if result.verdict in (Verdict.SKIP, Verdict.WAIVED):
        return f"{head}  \n  {_prose(view.reason(result))}\n"
    return "\n".join([head, *(f"  - {line}" for line in _facts(result, sides))]) + "\n"


def _facts(result: Result, sides: Dimensions) -> Iterator[str]:
    if result.expected or result.actual:
        yield f"expected {_code(result.expected or '?')}, got {_code(result.actual or '?')}"
    if exchange := view.shown_exchange(result):
        yield _code(view.exchange_line(exchange))
    for note in result.notes[:5]:
        yield _prose(note)
    if result.blocked_by:
        yield f"blocked by {_code(result.blocked_by)}"
    if result.consequence:
        yield _prose(result.consequence)
    if stance := sides.rfc(result):
        yield f"the RFC {_prose(stance)}"
    if broken := sides.idps(result):
        yield f"breaks for identity providers: {_prose(broken)}"
    if result.hint:
        yield f"hint: {_prose(result.hint)}"
    if result.reproduce:
        yield f"reproduce: {_code(result.reproduce, 1200)}"
    for source in result.links[:5]:
        yield "".join(_link(words, address) for words, address in view.links(source))


def _foot(report: Report) -> str:
    run = report.run
    said = f"scimproof {run.version}, {run.started}, {view.seconds(run.seconds)}, seed {run.seed}"
    return f"\n---\n{_prose(said)}. All evidence: `{view.REPORT_PAGE}`.\n"


def _prose(text: str, limit: int = 400) -> str:
    """Return text that Markdown shows as it is: no mention, no link of a target, no markup.

    Only what stands between backticks is set as code, which is inert by itself.
    """
    pieces = view.with_code(view.one_line(text, limit))
    return "".join(_code(piece) if is_code else _escaped(piece) for is_code, piece in pieces)


def _escaped(text: str) -> str:
    return _AUTOLINK.sub(rf"\1{_WORD_JOINER}", _SPECIAL.sub(r"\\\1", text))


def _link(words: str, address: str) -> str:
    shown = _prose(words)
    return f"[{shown}](<{address}>)" if address else shown


def _cell(text: str) -> str:
    return _prose(text, 100)


def _code(text: str, limit: int = 300) -> str:
    """Return text as a code span, fenced by more backticks than it holds (CommonMark 6.1)."""
    shown = view.one_line(text, limit)
    longest = max(map(len, re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"
