"""A trend as a page, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

from markupsafe import Markup

from reports.forms import markup
from reports.model import Verdict
from reports.model import as_json
from reports.pictures import charts
from reports.pictures import drawing
from reports.pictures.charts import Point
from reports.reading import Json
from reports.sheet import render_sheet
from reports.wording import wording

from .trend import Features
from .trend import RunFacts
from .trend import Step
from .trend import Trend
from .trend import operation_names

FORMAT = "scimproof-trend/1"
# Curves of durations that are drawn; the table has all operations.
_MOST_CURVES = 6
_SAYS = wording("trend")
_RUN_COLUMNS = (
    *("run", "version", "failed", "warnings", "passed", "other", "requests"),
    *("broke", "repaired", "comparable"),
)
_BREAK_COLUMNS = ("requirement", "title", "since", "now")

Skipped = Sequence[tuple[str, str]]
Table = tuple[str, tuple[str, ...], list[tuple[str, ...]]]


def render_trend_page(found: Sequence[Trend], skipped: Skipped = ()) -> str:
    """Return the trends as one page."""
    return render_sheet(
        "trend",
        title=_title(found),
        introduction=_introduction(found),
        skipped=_skipped(skipped),
        simulated=any(step.facts.simulated for each in found for step in each.steps),
        sections=[
            (each.target, _charts(each), [_as_markup(*table) for table in _tables(each)])
            for each in found
        ],
        style=drawing.style(),
    )


def render_trend_markdown(found: Sequence[Trend], skipped: Skipped = ()) -> str:
    """Return the trends as Markdown: the tables without the charts."""
    parts = [f"# {markup.prose(_title(found))}\n\n{markup.prose(_introduction(found))}\n"]
    for each in found:
        parts.append(f"\n## {markup.prose(each.target)}\n")
        for caption, heads, rows in _tables(each):
            lines = "".join(markup.row(*map(markup.cell, row)) for row in rows)
            parts.append(f"\n### {caption}\n\n{markup.table_head(*heads)}{lines}")
            if not rows:
                parts[-1] = f"\n### {caption}\n\n{_SAYS('nothing_broke')}\n"
    lines = "".join(f"- {markup.prose(each)}\n" for each in _skipped(skipped))
    parts += [f"\n{lines}"] if lines else []
    parts.append(f"\n{markup.prose(_SAYS('footer'))}\n")
    return "".join(parts)


def render_trend_json(found: Sequence[Trend], skipped: Skipped = ()) -> str:
    """Return the trends as JSON."""
    data: dict[str, Json] = {
        "format": FORMAT,
        "targets": [_as_json(each) for each in found],
        "skipped": [{"path": path, "reason": reason} for path, reason in skipped],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _as_markup(caption: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> Markup:
    """Return a table of the page, or a sentence when nothing broke."""
    if rows:
        plain = (tuple(each.replace("`", "") for each in row) for row in rows)
        return drawing.table(caption, heads, plain)
    heading = drawing.element("h3", caption)
    return heading + drawing.element("p", _SAYS("nothing_broke"))


def _as_json(trend: Trend) -> Json:
    runs: list[Json] = []
    for step in trend.steps:
        facts = as_json(step.facts)
        assert isinstance(facts, dict)  # noqa: S101 - a dataclass becomes an object
        for name in ("judged", "selection", "target"):
            del facts[name]
        selection: Json = dict(step.facts.selection)
        changed: dict[str, Json] = {"broke": step.broke, "repaired": step.repaired}
        runs.append({**facts, "selection": selection, "not_comparable": step.apart, **changed})
    return {"target": trend.target, "runs": runs, "breaks": as_json(trend.breaks)}


def _title(found: Sequence[Trend]) -> str:
    count = sum(len(each.steps) for each in found)
    return _SAYS("title_one") if count == 1 else _SAYS("title", count=count)


def _introduction(found: Sequence[Trend]) -> str:
    return _SAYS("introduction", count=sum(len(each.steps) for each in found))


def _skipped(skipped: Skipped) -> list[str]:
    return [_SAYS("skipped", reason=reason) for _, reason in skipped]


def _tables(trend: Trend) -> Iterator[Table]:
    heads = tuple(_SAYS(f"column.{key}") for key in _RUN_COLUMNS)
    yield _SAYS("heading.runs"), heads, [_run(each) for each in trend.steps]
    heads = tuple(_SAYS(f"column.{key}") for key in _BREAK_COLUMNS)
    yield _SAYS("heading.broke"), heads, _broken(trend)
    names = tuple(step.facts.name for step in trend.steps)
    for key, column, rows in (
        ("features", "idp", _feature_rows(trend)),
        ("durations", "operation", _duration_rows(trend)),
    ):
        if rows:
            yield _SAYS(f"heading.{key}"), (_SAYS(f"column.{column}"), *names), rows


def _run(step: Step) -> tuple[str, ...]:
    facts, counts = step.facts, dict(step.facts.counts)
    shown = [counts.pop(each.value, 0) for each in (Verdict.FAIL, Verdict.WARN, Verdict.PASS)]
    apart = _SAYS("apart_word", reason=step.apart) if step.apart else _SAYS("comparable")
    figures = (*shown, sum(counts.values()), facts.requests, step.broke, step.repaired)
    return (facts.name, facts.version, *(f"{each:,}" for each in figures), apart)


def _broken(trend: Trend) -> list[tuple[str, ...]]:
    """Return what broke, what still fails first."""
    names = {(step.facts.id, step.facts.started): step.facts.name for step in trend.steps}
    return [
        (each.requirement, each.title, names[each.run, each.started], _now(each.repaired))
        for each in sorted(trend.breaks, key=lambda each: each.repaired is not None)
    ]


def _now(repaired: str | None) -> str:
    return _SAYS("still_fails") if repaired is None else _SAYS("repaired_in", run=repaired)


def _feature_rows(trend: Trend) -> list[tuple[str, ...]]:
    return [
        (
            _SAYS("features_dialect", idp=idp, dialect=dialect),
            *(_worked(_features_of(step.facts, idp, dialect)) for step in trend.steps),
        )
        for idp, dialect in _consoles(trend)
    ]


def _consoles(trend: Trend) -> list[tuple[str, str]]:
    return list(
        dict.fromkeys((one.idp, one.dialect) for step in trend.steps for one in step.facts.features)
    )


def _features_of(facts: RunFacts, idp: str, dialect: str) -> Features | None:
    known = (each for each in facts.features if (each.idp, each.dialect) == (idp, dialect))
    return next(known, None)


def _worked(features: Features | None) -> str:
    if features is None:
        return _SAYS("none")
    return _SAYS("features_value", works=features.works, of=features.of)


def _duration_rows(trend: Trend) -> list[tuple[str, ...]]:
    return [
        (label, *(_durations(step.facts, name) for step in trend.steps))
        for name, label in operation_names(trend)
    ]


def _durations(facts: RunFacts, name: str) -> str:
    found = next((each for each in facts.operations if each.name == name), None)
    if found is None:
        return _SAYS("none")
    return _SAYS("p50_p95", p50=charts.number(found.p50), p95=charts.number(found.p95))


def _charts(trend: Trend) -> list[tuple[str, Markup]]:
    """Return the curves of a trend; of a single run there is nothing to draw."""
    if len(trend.steps) == 1:
        return []
    found = [
        _curve(trend, _SAYS("counts_failing"), lambda facts: facts.counts.get("fail", 0)),
        _curve(trend, _SAYS("counts_warning"), lambda facts: facts.counts.get("warn", 0)),
        _curve(trend, _SAYS("requests_chart"), lambda facts: facts.requests),
    ]
    found += [_feature_curve(trend, *each) for each in _consoles(trend)]
    for name, label in list(operation_names(trend))[:_MOST_CURVES]:
        title = _SAYS("durations_chart", operation=label)
        found.append(_curve(trend, title, _p50(name), charts.milliseconds))
    return found


def _p50(name: str) -> Callable[[RunFacts], float | None]:
    def typical(facts: RunFacts) -> float | None:
        return next((each.p50 for each in facts.operations if each.name == name), None)

    return typical


def _feature_curve(trend: Trend, idp: str, dialect: str) -> tuple[str, Markup]:
    def works(facts: RunFacts) -> float | None:
        found = _features_of(facts, idp, dialect)
        return None if found is None else found.works

    named = _SAYS("features_dialect", idp=idp, dialect=dialect)
    return _curve(trend, _SAYS("features_chart", idp=named), works)


def _curve(
    trend: Trend,
    title: str,
    value: Callable[[RunFacts], float | None],
    said: Callable[[float], str] | None = None,
) -> tuple[str, Markup]:
    points = [
        Point(label=step.facts.name, value=value(step.facts), starts=bool(step.apart))
        for step in trend.steps
    ]
    return title, charts.line(points, title, said)
