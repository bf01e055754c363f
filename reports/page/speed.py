"""How long the server took, and how many requests each scenario needs, as small charts."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from markupsafe import Markup

from reports import view
from reports.model import Report
from reports.pictures import charts
from reports.pictures import latency

from .entries import Entries

# A chart of every scenario of every identity provider; more than that nobody reads.
_MOST_SCENARIOS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Two charts, with sentences on what their figures mean; empty when nothing was answered."""

    explanation: tuple[str, ...]
    durations: Markup
    requests: Markup


def speed(report: Report, entries: Entries) -> Speed | None:
    """Return the charts of a run, or None when it shows no request."""
    operations = latency.operations(report)
    if not operations:
        return None
    loads = [_bounded(each, entries) for each in latency.scenarios(report)[:_MOST_SCENARIOS]]
    titles = {each.idp: entries.filters.title(each.idp) for each in loads}
    return Speed(
        explanation=latency.explanation(report),
        durations=charts.ranges(operations),
        requests=charts.bars(charts.scenario_bars(loads, titles)),
    )


def _bounded(load: latency.ScenarioLoad, entries: Entries) -> latency.ScenarioLoad:
    """Return the same with names that are short enough for a chart."""
    dialect = entries.dialect(load.idp, load.dialect) or None
    return replace(load, dialect=dialect, scenario=view.one_line(load.scenario, 80))
