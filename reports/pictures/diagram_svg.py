"""Draws the rows of a sequence diagram: two lifelines, an arrow for each request and reply."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence

from markupsafe import Markup

from reports.wording import wording

from . import drawing
from .diagram_rows import Kind
from .diagram_rows import Row

_SAYS = wording("diagrams")
# Units of the picture; on a phone one is about a pixel of the screen.
_WIDTH = 360
_LEFT, _RIGHT = 10, 350
_INSIDE = 20  # where text starts
_HEAD = 30
_LINE = 14  # from one line of text to the next
_GAP = 10
_ARROW = 7
# Columns that fit between the lifelines, in the fonts of the sheet.
_MONO_COLUMNS = 50
_TEXT_COLUMNS = 54
_NAME_COLUMNS = 26
_REMARK_LINES = 5
_ONE_LINE = (Kind.FOLDED, Kind.UNREACHED)


def drawn(rows: Sequence[Row], *, client: str, title: str) -> Markup:
    """Return the diagram of some rows; `client` is whose requests they are."""
    bodies, y = [], float(_HEAD)
    for row in rows:
        lines, height = _row(row)
        place = f"translate(0 {y:.0f})"
        bodies.append(drawing.element("g", *lines, class_=_class(row), transform=place))
        y += height
    if not rows:
        bodies.append(drawing.words(_INSIDE, y + _LINE, _SAYS("no_requests"), "quiet"))
        y += 2 * _LINE
    return drawing.picture(
        *_lifelines(client, y),
        *bodies,
        kind="diagram",
        title=title,
        description=in_words(rows, title),
        width=_WIDTH,
        height=y + _GAP,
    )


def in_words(rows: Iterable[Row], title: str) -> str:
    """Return the same as text, for those who do not see the picture."""
    lines = list(map(_in_words, rows))
    return _SAYS("text.end", title=title, lines="; ".join(lines) or _SAYS("no_requests"))


def _in_words(row: Row) -> str:
    if row.kind in _ONE_LINE:
        return _one_line(row)
    key = "text.sent" if _step(row) else "text.sent_without_step"
    line = _SAYS(key, number=row.number, step=_step(row), request=row.request, reply=row.reply)
    if not row.mark:
        return line
    mark = _SAYS(f"marks.{row.mark}")
    return _SAYS("text.marked", line=line, mark=mark, details=row.remark)


def _step(row: Row) -> str:
    """Return who does what in a row: the IdP's step, or what scimproof does for itself."""
    return row.step if row.kind is Kind.OWN else _SAYS(row.kind)


def _one_line(row: Row) -> str:
    if row.kind is Kind.UNREACHED:
        return _SAYS("not_reached", step=row.step)
    return row.step


def _class(row: Row) -> str:
    return f"row {row.kind}" + (f" marked {row.mark}" if row.mark else "")


def _lifelines(client: str, end: float) -> list[Markup]:
    names = [
        drawing.words(_LEFT - 6, 13, drawing.fitted(client, _NAME_COLUMNS), "who"),
        drawing.words(_RIGHT + 6, 13, _SAYS("server"), "who end"),
    ]
    return [*names, *(drawing.line(x, 20, x, end, "life") for x in (_LEFT, _RIGHT))]


def _row(row: Row) -> tuple[list[Markup], float]:
    """Return what a row consists of, and how high it is."""
    if row.kind in _ONE_LINE:
        text = drawing.fitted(_one_line(row), _TEXT_COLUMNS)
        return [drawing.words(_INSIDE, _LINE, text, "name")], _LINE + _GAP
    parts: list[Markup] = []
    y = float(_LINE)
    if step := _step(row):
        numbered = drawing.fitted(f"{row.number}. {step}", _TEXT_COLUMNS)
        parts.append(drawing.words(_INSIDE, y, numbered, "name"))
        y += _LINE
    lines = drawing.wrapped(row.request, _MONO_COLUMNS, 2)
    details = drawing.wrapped(row.detail, _MONO_COLUMNS, 2)
    for text, kind in [*((each, "wire") for each in lines), *((each, "body") for each in details)]:
        parts.append(drawing.words(_INSIDE, y, text, kind))
        y += _LINE
    parts += _arrows(row, y - 8)
    y += _LINE + 6
    remarks, y = _remarks(row, y)
    frame = [_frame(y)] if row.mark else []
    return [*frame, *parts, *remarks], y + (_GAP if row.mark else 2)


def _arrows(row: Row, y: float) -> list[Markup]:
    """Return the arrow there, and below it the arrow back with what was answered."""
    back = y + 17
    answer = drawing.fitted(row.reply, _MONO_COLUMNS)
    sign = "✗ " if row.refused and not row.mark else ""
    return [
        drawing.line(_LEFT, y, _RIGHT, y, "arrow"),
        _tip(_RIGHT, y, -_ARROW),
        drawing.words(_RIGHT - 10, back - 4, sign + answer, "reply end"),
        drawing.line(_RIGHT, back, _LEFT, back, "arrow back"),
        _tip(_LEFT, back, _ARROW),
    ]


def _tip(x: float, y: float, back: float) -> Markup:
    return drawing.element("path", d=f"M{x} {y:.0f}l{back} -3v6z", class_="tip")


def _remarks(row: Row, y: float) -> tuple[list[Markup], float]:
    """Return the sign and the words of a marked row, and where they end."""
    if not row.mark:
        return [], y
    parts = [drawing.words(_INSIDE, y + 6, _SAYS(f"marks.{row.mark}"), "mark")]
    y += 6 + _LINE
    for text in drawing.wrapped(row.remark, _TEXT_COLUMNS, _REMARK_LINES):
        parts.append(drawing.words(_INSIDE, y, text, "remark"))
        y += _LINE
    return parts, y


def _frame(height: float) -> Markup:
    return drawing.element(
        "rect", x=_LEFT + 3, y=0, width=_RIGHT - _LEFT - 6, height=height - 4, rx=4, class_="frame"
    )
