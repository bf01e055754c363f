"""What was run, so that a reader can run it again: versions, seed, options, and what was left."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass

from reports import view
from reports.model import Report
from reports.reading import Json
from reports.trust.repeating import repeat_command
from reports.trust.repeating import repeat_notes
from reports.wording import Wording

_Rows = tuple[tuple[str, str], ...]
_MOST_LEFT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """The facts of one run, each a name and a value; the name of a fact of ours is in words."""

    run: _Rows
    command: str
    command_notes: tuple[str, ...]
    versions: _Rows
    options: _Rows
    capabilities: tuple[tuple[str, str, str], ...]
    transcript: _Rows
    waivers: tuple[_Rows, ...]
    left_behind: tuple[str, ...]
    left_out: int


def run_facts(report: Report, words: Wording) -> RunFacts:
    """Return what a reader needs to repeat the run."""
    left = [view.one_line(view.compact(each), 500) for each in report.left_behind]
    return RunFacts(
        run=_run(report, words),
        command=repeat_command(report),
        command_notes=tuple(repeat_notes(report)),
        versions=tuple(_flat(report.run.versions)),
        options=tuple(
            (view.one_line(name, 80), _value(value))
            for name, value in report.run.options.items()
            if value not in ([], None, "", False)
        ),
        capabilities=tuple(_capability(*each) for each in report.target.capabilities.items()),
        transcript=tuple(_flat(report.transcript or {})),
        waivers=tuple(tuple(_flat(each)) for each in report.waivers if isinstance(each, dict)),
        left_behind=tuple(left[:_MOST_LEFT]),
        left_out=max(0, len(left) - _MOST_LEFT),
    )


def _run(report: Report, words: Wording) -> _Rows:
    run = report.run
    rows = (
        ("run.id", run.id),
        ("run.started", run.started),
        ("run.took", view.seconds(run.seconds)),
        ("run.version", run.version),
        ("run.seed", str(run.seed)),
        ("run.software", report.target.software or ""),
        ("run.created", str(report.created)),
        ("run.left", str(len(report.left_behind))),
    )
    return tuple((words(key), view.one_line(value, 300)) for key, value in rows if value)


def _flat(values: Mapping[str, Json], prefix: str = "") -> Iterable[tuple[str, str]]:
    """Yield nested members by their joined names."""
    for key, value in values.items():
        name = view.one_line(f"{prefix}{key}", 120)
        if isinstance(value, dict):
            yield from _flat(value, f"{name} ")
        else:
            yield name, _value(value)


def _value(value: Json) -> str:
    """Return a value on one line, a list by its members."""
    if isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        return view.one_line(", ".join(map(view.compact, value)), 500)
    return view.one_line(view.compact(value), 500)


def _capability(name: str, value: Json) -> tuple[str, str, str]:
    """Return a capability's name, value and origin."""
    name = view.one_line(name, 80)
    if not isinstance(value, dict):
        return name, _value(value), ""
    return name, _value(value.get("value")), _value(value.get("origin") or "")
