"""`scimproof report trend`: the runs of a folder in the order of their start."""

from __future__ import annotations

import sys
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path

import click

from reports.reading import ReportError
from reports.record import REPORT_NAME
from reports.record import read_report
from reports.renderings import write_text
from reports.side_by_side.trend import RunFacts
from reports.side_by_side.trend import facts_of
from reports.side_by_side.trend import trends
from reports.side_by_side.trend_forms import render_trend_json
from reports.side_by_side.trend_forms import render_trend_markdown
from reports.side_by_side.trend_forms import render_trend_page
from reports.wording import wording

_SAYS = wording("trend")
_FORMS: dict[str, Callable[..., str]] = {
    "html": render_trend_page,
    "md": render_trend_markdown,
    "json": render_trend_json,
}


@click.command()
@click.argument(
    "places", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--format",
    "form",
    type=click.Choice([*_FORMS]),
    default="html",
    show_default=True,
    help="The form to render.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file to write; default: print it."
)
def trend(places: tuple[Path, ...], form: str, output: Path | None) -> None:
    """Show how runs compare: verdicts, features, durations, and which run broke what.

    DIR is a folder with report.json in it or somewhere below. A file that is no report is named
    and left out.
    """
    skipped: list[tuple[str, str]] = []
    runs = list(_runs(places, skipped))
    for _, reason in skipped:
        click.echo(f"scimproof: {_SAYS('skipped', reason=reason)}", err=True)
    if not runs:
        key = "none_readable" if skipped else "none_found"
        raise ReportError(_SAYS(key, places=", ".join(repr(str(each)) for each in places)))
    text = _FORMS[form](trends(runs), skipped)
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    else:
        write_text(output, text)


def _runs(places: Iterable[Path], skipped: list[tuple[str, str]]) -> Iterator[RunFacts]:
    """Yield what is kept of each report, one report in memory at a time."""
    for file in _files(places):
        try:
            report = read_report(file)
        except ReportError as error:
            skipped.append((str(file), str(error)))
        else:
            yield facts_of(report, str(file))


def _files(places: Iterable[Path]) -> Iterator[Path]:
    """Yield each report file once, although links may lead to it as well."""
    seen: set[Path] = set()
    for place in places:
        if not place.exists():
            raise ReportError(_SAYS("no_folder", path=repr(str(place))))
        for file in [place] if place.is_file() else sorted(place.rglob(REPORT_NAME)):
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file
