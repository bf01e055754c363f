"""Small charts as inline SVG, each with a table of the same figures below it."""

from __future__ import annotations

import math
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.wording import wording

from . import drawing
from .latency import Operation
from .latency import ScenarioLoad

_SAYS = wording("latency")
# Units of a picture; on a phone one is about a pixel of the screen.
_WIDTH = 360
_LEFT, _RIGHT = 4, 356
_ROW = 32
_TEXT_Y, _BAR_Y, _BAR = 13, 18, 8
_LABEL_COLUMNS = 34
_MOST_BARS = 30
_LINE_HEIGHT = 110
_TOP, _BOTTOM = 21, 88


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: what it is about, how long it is, and the figure in words."""

    label: str
    value: float
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a curve; value None leaves a gap, as for what cannot be compared.

    `starts` says that nothing before it may be compared with it, so no line leads to it.
    """

    label: str
    value: float | None
    starts: bool = False


def ranges(operations: Sequence[Operation]) -> Markup:
    """Return a bar from p50 to p95 for each operation, on one scale of milliseconds."""
    if not operations:
        return drawing.element("p", _SAYS("none"), class_="quiet")
    scale = _Scale(max(each.p95 for each in operations))
    rows = [_range(each, n * _ROW, scale) for n, each in enumerate(operations)]
    height = len(rows) * _ROW + 18
    svg = drawing.picture(
        *rows,
        *_axis(scale, height - 14),
        kind="chart",
        title=_SAYS("range_title"),
        description="; ".join(map(_range_text, operations)),
        width=_WIDTH,
        height=height,
    )
    return _figure(svg, ranges_table(operations))


def ranges_table(operations: Iterable[Operation]) -> Markup:
    """Return the durations as a table."""
    keys = ("operation", "count", "p50", "p95", "slowest")
    return drawing.table(
        _SAYS("heading"),
        (_SAYS(f"columns.{key}") for key in keys),
        (
            (each.label, f"{each.count:,}", *map(milliseconds, (each.p50, each.p95, each.slowest)))
            for each in operations
        ),
    )


def bars(items: Sequence[Bar], title: str = "") -> Markup:
    """Return a bar for each item, the first ones of a long list; the table has them all."""
    title = title or _SAYS("bars_title")
    if not items:
        return Markup("")
    drawn = items[:_MOST_BARS]
    scale = _Scale(max(each.value for each in items))
    rows = [_bar(each, n * _ROW, scale) for n, each in enumerate(drawn)]
    more = len(items) - len(drawn)
    if more:
        y = len(rows) * _ROW + _TEXT_Y
        rows.append(drawing.words(_LEFT, y, _SAYS("more", count=more), "quiet"))
    svg = drawing.picture(
        *rows,
        kind="chart",
        title=title,
        description="; ".join(
            _SAYS("bars_text", label=each.label, value=_said(each)) for each in drawn
        ),
        width=_WIDTH,
        height=len(rows) * _ROW,
    )
    heads = (_SAYS("columns.name"), _SAYS("columns.value"))
    return _figure(svg, drawing.table(title, heads, ((each.label, _said(each)) for each in items)))


def scenario_bars(
    loads: Iterable[ScenarioLoad], titles: Mapping[str, str] | None = None
) -> tuple[Bar, ...]:
    """Return the requests of a replay of each scenario; `titles` has the names of the IdPs."""
    return tuple(Bar(label=_scenario(each, titles or {}), value=each.per_result) for each in loads)


def line(
    points: Sequence[Point], title: str = "", said: Callable[[float], str] | None = None
) -> Markup:
    """Return a curve through points in their order; a gap where one has no value."""
    say = said or number
    known = [each.value for each in points if each.value is not None]
    if not known:
        return Markup("")
    scale = _Scale(max(known))
    places = [_place(n, each, len(points), scale) for n, each in enumerate(points)]
    rows = [(each.label, _or_gap(each, say)) for each in points]
    svg = drawing.picture(
        *_frame(say(scale.end), _SAYS("last", value=say(known[-1]))),
        drawing.element("path", d=_path(points, places), class_="curve"),
        *map(_dot, points, places),
        *_ends(points),
        kind="chart",
        title=title,
        description="; ".join(_SAYS("line_text", label=one, value=two) for one, two in rows),
        width=_WIDTH,
        height=_LINE_HEIGHT,
    )
    heads = (_SAYS("columns.name"), _SAYS("columns.value"))
    return _figure(svg, drawing.table(title, heads, rows))


def milliseconds(value: float) -> str:
    """Return a duration in milliseconds for a reader."""
    return _SAYS("milliseconds", value=number(value))


def number(value: float) -> str:
    """Return a figure with as many decimals as it deserves."""
    return f"{value:,.0f}" if value >= 100 or float(value).is_integer() else f"{value:.1f}"


class _Scale:
    """From a value to a place; the end of the scale is a round number."""

    def __init__(self, largest: float) -> None:
        safe = largest if math.isfinite(largest) and largest > 0 else 1.0
        step = 10.0 ** math.floor(math.log10(safe))
        self.end = next(step * each for each in (1, 2, 5, 10) if step * each >= safe)

    def share(self, value: float) -> float:
        """Return the share of the scale up to a value, from 0 to 1."""
        return min(1.0, max(0.0, value / self.end))

    def x(self, value: float) -> float:
        """Return how far right a value is."""
        return _LEFT + self.share(value) * (_RIGHT - _LEFT)


def _range(operation: Operation, y: float, scale: _Scale) -> Markup:
    figures = _SAYS("range", p50=number(operation.p50), p95=milliseconds(operation.p95))
    first, last = scale.x(operation.p50), scale.x(operation.p95)
    return drawing.element(
        "g",
        drawing.words(_LEFT, _TEXT_Y, drawing.fitted(operation.label, _LABEL_COLUMNS), "label"),
        drawing.words(_RIGHT, _TEXT_Y, figures, "number end"),
        _rectangle(_LEFT, _RIGHT - _LEFT, "track"),
        _rectangle(first, max(2.0, last - first), "range"),
        _rectangle(first - 1, 3.0, "dot"),
        transform=f"translate(0 {y})",
    )


def _range_text(operation: Operation) -> str:
    return _SAYS(
        "range_text",
        label=operation.label,
        count=operation.count,
        p50=milliseconds(operation.p50),
        p95=milliseconds(operation.p95),
        slowest=milliseconds(operation.slowest),
    )


def _bar(bar: Bar, y: float, scale: _Scale) -> Markup:
    return drawing.element(
        "g",
        drawing.words(_LEFT, _TEXT_Y, drawing.fitted(bar.label, _LABEL_COLUMNS + 12), "label"),
        drawing.words(_RIGHT, _TEXT_Y, drawing.fitted(_said(bar), 16), "number end"),
        _rectangle(_LEFT, _RIGHT - _LEFT, "track"),
        _rectangle(_LEFT, max(1.0, scale.x(bar.value) - _LEFT), "bar"),
        transform=f"translate(0 {y})",
    )


def _rectangle(x: float, width: float, kind: str) -> Markup:
    return drawing.element("rect", x=x, y=_BAR_Y, width=width, height=_BAR, rx=2, class_=kind)


def _axis(scale: _Scale, y: float) -> list[Markup]:
    return [
        drawing.words(_LEFT, y + 11, "0", "quiet"),
        drawing.words(_RIGHT, y + 11, milliseconds(scale.end), "quiet end"),
    ]


def _said(bar: Bar) -> str:
    return bar.text or number(bar.value)


def _scenario(load: ScenarioLoad, titles: Mapping[str, str]) -> str:
    idp = titles.get(load.idp, load.idp)
    key = "scenario_dialect" if load.dialect else "scenario"
    return _SAYS(key, idp=idp, dialect=load.dialect, scenario=load.scenario)


def _place(position: int, point: Point, count: int, scale: _Scale) -> tuple[float, float] | None:
    if point.value is None:
        return None
    across = position / (count - 1) if count > 1 else 0.5
    x = _LEFT + 4 + across * (_RIGHT - _LEFT - 8)
    return x, _BOTTOM - scale.share(point.value) * (_BOTTOM - _TOP)


def _path(points: Sequence[Point], places: Sequence[tuple[float, float] | None]) -> str:
    """Return the curve, which begins anew after a gap and where nothing can be compared."""
    parts, is_new = [], True
    for point, place in zip(points, places, strict=True):
        if place is None:
            is_new = True
            continue
        parts.append(f"{'M' if is_new or point.starts else 'L'}{place[0]:.1f} {place[1]:.1f}")
        is_new = False
    return "".join(parts)


def _dot(point: Point, place: tuple[float, float] | None) -> Markup:
    """Return a dot, hollow where nothing before it may be compared with it."""
    if place is None:
        return Markup("")
    kind = "apart" if point.starts else "dot"
    return drawing.element("circle", cx=place[0], cy=place[1], r=3, class_=kind)


def _frame(end: str, last: str) -> list[Markup]:
    return [
        drawing.line(_LEFT, _TOP, _RIGHT, _TOP, "axis"),
        drawing.line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, "axis"),
        drawing.words(_LEFT, _TOP - 9, end, "quiet number"),
        drawing.words(_RIGHT, _TOP - 9, last, "number end"),
    ]


def _ends(points: Sequence[Point]) -> list[Markup]:
    first, last = (drawing.fitted(each.label, 26) for each in (points[0], points[-1]))
    texts = [drawing.words(_LEFT, _BOTTOM + 15, first, "quiet")]
    if len(points) > 1:
        texts.append(drawing.words(_RIGHT, _BOTTOM + 15, last, "quiet end"))
    return texts


def _or_gap(point: Point, say: Callable[[float], str]) -> str:
    return _SAYS("gap") if point.value is None else say(point.value)


def _figure(svg: Markup, table: Markup) -> Markup:
    """Return a picture with its twin, which is folded: whoever cannot see the one opens it."""
    summary = drawing.element("summary", _SAYS("as_table"))
    scroll = drawing.element("div", table, class_="scroll")
    return drawing.element(
        "figure", svg, drawing.element("details", summary, scroll), class_="picture"
    )
