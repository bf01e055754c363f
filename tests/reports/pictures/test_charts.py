from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from reports.pictures import charts
from reports.pictures.charts import Bar
from reports.pictures.charts import Point
from reports.pictures.drawing import columns
from reports.pictures.drawing import fitted
from reports.pictures.drawing import style
from reports.pictures.drawing import wrapped
from reports.pictures.latency import Operation
from reports.pictures.latency import ScenarioLoad
from tests.reports.picture_rules import HOSTILE
from tests.reports.picture_rules import description
from tests.reports.picture_rules import picture_in
from tests.reports.picture_rules import texts

SVG = "{http://www.w3.org/2000/svg}"


def operation(p50: float, p95: float, label: str = "read a user") -> Operation:
    return Operation(name="read-user", label=label, count=9, p50=p50, p95=p95, slowest=p95 * 2)


class Table(HTMLParser):
    """Reads the cells of a table, and every tag."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self._in_cell = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data


def box(svg: ElementTree.Element, kind: str) -> list[tuple[float, float]]:
    """Return where the rectangles of a class start and end."""
    found = [each for each in svg.iter(f"{SVG}rect") if each.get("class") == kind]
    return [
        (float(each.get("x", "")), float(each.get("x", "")) + float(each.get("width", "")))
        for each in found
    ]


def test_a_range_goes_from_p50_to_p95_on_a_round_scale() -> None:
    svg = picture_in(charts.ranges([operation(1, 2), operation(2, 4, "delete a user")]))

    (track, _), ((first, last), (second, end)) = box(svg, "track"), box(svg, "range")
    share = (track[1] - track[0]) / 5
    assert first == pytest.approx(track[0] + 1 * share, abs=0.1)
    assert last == second == pytest.approx(track[0] + 2 * share, abs=0.1)
    assert end == pytest.approx(track[0] + 4 * share, abs=0.1)
    assert texts(svg, "number") == ["1 \N{EN DASH} 2 ms", "2 \N{EN DASH} 4 ms"]
    assert texts(svg, "quiet") == ["0", "5 ms"]
    assert "delete a user: 9 requests, p50 2 ms, p95 4 ms, longest 8 ms" in description(svg)


def test_every_chart_has_the_same_figures_as_a_table() -> None:
    ranges = Table(charts.ranges([operation(1, 2.25), operation(1_000, 2_000)]))
    bars = Table(charts.bars([Bar(label="a", value=3), Bar(label="b", value=1, text="one")]))
    line = Table(charts.line([Point(label="x", value=1.5), Point(label="y", value=None)], "T"))

    assert ranges.rows == [
        ["Operation", "Requests", "p50", "p95", "Longest"],
        ["read a user", "9", "1 ms", "2.2 ms", "4.5 ms"],
        ["read a user", "9", "1,000 ms", "2,000 ms", "4,000 ms"],
    ]
    assert bars.rows == [["Name", "Value"], ["a", "3"], ["b", "one"]]
    assert line.rows == [["Name", "Value"], ["x", "1.5"], ["y", "no value"]]


def test_a_long_list_of_bars_is_cut_in_the_picture_and_whole_in_the_table() -> None:
    chart = charts.bars([Bar(label=f"bar {n}", value=n) for n in range(100)])

    svg = picture_in(chart)

    assert len(box(svg, "bar")) == 30
    assert texts(svg, "quiet") == ["70 more"]
    assert len(Table(chart).rows) == 101


def test_bars_of_scenarios_are_named_after_their_idp() -> None:
    load = ScenarioLoad(idp="okta", dialect="oin", scenario="create", requests=9, results=4)
    plain = ScenarioLoad(idp="x", dialect=None, scenario="create", requests=9, results=0)

    first, second = charts.scenario_bars([load, plain], {"okta": "Okta"})

    assert (first.label, first.value) == ("create, Okta (oin)", 2.25)
    assert (second.label, second.value) == ("create, x", 0)


def curve(svg: ElementTree.Element) -> str:
    return next(
        each.get("d", "") for each in svg.iter(f"{SVG}path") if each.get("class") == "curve"
    )


def test_a_curve_breaks_at_a_gap_and_where_runs_cannot_be_compared() -> None:
    points = [
        Point(label="1", value=1),
        Point(label="2", value=2),
        Point(label="3", value=None),
        Point(label="4", value=2),
        Point(label="5", value=0, starts=True),
        Point(label="6", value=1),
    ]

    svg = picture_in(charts.line(points, "Failed"))

    assert re.sub(r"[\d. ]+", "", curve(svg)) == "MLMML"
    dots = list(svg.iter(f"{SVG}circle"))
    assert [each.get("class") for each in dots] == ["dot", "dot", "dot", "apart", "dot"]
    assert float(dots[3].get("cy", "0")) > float(dots[0].get("cy", "0"))
    assert texts(svg) == ["2", "last: 1", "1", "6"]
    assert "3: no value" in description(svg)


def test_a_curve_of_one_point_is_a_dot_and_of_none_is_nothing() -> None:
    svg = picture_in(charts.line([Point(label="1", value=0)], "T"))

    assert len(list(svg.iter(f"{SVG}circle"))) == 1
    assert charts.line([Point(label="1", value=None)]) == ""
    assert charts.line([]) == ""
    assert charts.bars([]) == ""
    assert "No request was answered." in charts.ranges([])


@pytest.mark.parametrize("value", [0, 1e-9, 1e12, float("inf"), float("nan"), -3])
def test_no_figure_breaks_a_chart(value: float) -> None:
    picture_in(charts.ranges([operation(0, 0), operation(value, max(value, 0))]))
    picture_in(charts.bars([Bar(label="a", value=value), Bar(label="b", value=1)]))
    picture_in(charts.line([Point(label="a", value=value), Point(label="b", value=1)], "T"))


def test_hostile_labels_stay_text() -> None:
    for chart in (
        charts.ranges([operation(1, 2, HOSTILE)]),
        charts.bars([Bar(label=HOSTILE, value=1, text=HOSTILE)], HOSTILE),
        charts.line([Point(label=HOSTILE, value=1)], HOSTILE, lambda _: HOSTILE),
    ):
        picture_in(chart)
        assert "script" not in Table(chart).tags
        assert "\x1b" not in chart


@pytest.mark.parametrize(
    ("text", "width", "lines", "expected"),
    [
        ("one two three", 7, 3, ("one two", "three")),
        ("one two three", 5, 2, ("one", "two …")),
        ("abcdefghij", 4, 3, ("abcd", "efgh", "ij")),
        ("a=1&bcd=2&e=3", 8, 2, ("a=1&", "bcd=2&e…")),
        ("日本語日本語", 4, 2, ("日本", "語…")),
        ("  ", 4, 2, ()),
        ("", 4, 2, ()),
    ],
)
def test_text_is_wrapped_by_columns(
    text: str, width: int, lines: int, expected: tuple[str, ...]
) -> None:
    found = wrapped(text, width, lines)

    assert found == expected
    assert all(columns(each) <= width for each in found)


def test_a_text_that_fits_is_left_as_it_is() -> None:
    assert fitted("a  b", 3) == "a b"
    assert fitted("abcd", 3) == "ab…"
    assert fitted("x" * 1_000_000, 10) == "x" * 9 + "…"


def test_the_style_sheet_uses_the_colours_of_the_page_only() -> None:
    sheet = style()

    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|url\(|@import", sheet)
    assert {"--text", "--quiet", "--line", "--bad", "--warn", "--link"} <= set(
        re.findall(r"var\((--\w+)\)", sheet)
    )
