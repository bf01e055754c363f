"""`scimproof report verify`: whether a report is still what its run wrote."""

from __future__ import annotations

from pathlib import Path

import click

from reports.model import Report
from reports.record import REPORT_NAME
from reports.trust.repeating import repeat_command
from reports.trust.repeating import repeat_notes
from reports.trust.verify import Check
from reports.trust.verify import check_renderings
from reports.trust.verify import check_report
from reports.trust.verify import digest
from reports.trust.witness import check_transcript
from reports.wording import wording

_MARKS = {True: "marks.holds", False: "marks.fails", None: "marks.unknown"}


@click.command()
@click.argument("file", metavar="REPORT_JSON", type=click.Path(path_type=Path))
@click.option("--renderings", is_flag=True, help="Also check report.html and its neighbours.")
@click.option("--without-transcript", is_flag=True, help="Do not miss transcript.jsonl.")
@click.option("--digest", "only_digest", is_flag=True, help="Print the SHA-256 of the file alone.")
def verify(file: Path, *, renderings: bool, without_transcript: bool, only_digest: bool) -> int:
    """Check that REPORT_JSON (or its folder) is what the run wrote."""
    path = file / REPORT_NAME if file.is_dir() else file
    if only_digest:
        # As sha256sum writes it, so that `sha256sum -c` reads it.
        click.echo(f"{digest(path)}  {path.name}")
        return 0
    report, checks = check_report(path)
    found = list(checks)
    if report is not None:
        found += check_transcript(report, path.parent, needed=not without_transcript)
        found += check_renderings(report, path.parent) if renderings else ()
    return _told(report, found)


def _told(report: Report | None, found: list[Check]) -> int:
    say = wording("verify")
    for check in found:
        click.echo(f"{say(_MARKS[check.holds])}  {check.says}")
    failed = sum(check.holds is False for check in found)
    if failed or report is None:
        click.echo(say("end.bad", count=failed, all=len(found)))
        return 1
    click.echo(say("end.good"))
    click.echo(f"  {repeat_command(report)}")
    for note in repeat_notes(report):
        click.echo(f"  {note}")
    return 0
