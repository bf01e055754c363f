"""`scimproof report badge`: one line about a run, as a picture or for a badge service."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reports.record import report_at
from reports.renderings import write_text
from reports.vendors.badge import render_badge
from reports.vendors.badge import render_endpoint


@click.command()
@click.argument("source", metavar="REPORT_JSON", type=click.Path(path_type=Path))
@click.option("--idp", help="Only this identity provider, such as the name that --idp runs.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["svg", "json"]),
    default="svg",
    show_default=True,
    help="The picture, or what badge services read.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file to write; default: print it."
)
def badge(source: Path, idp: str | None, form: str, output: Path | None) -> None:
    """Say in one line what REPORT_JSON shows, and no more than that."""
    render = render_badge if form == "svg" else render_endpoint
    text = render(report_at(source), idp)
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    else:
        write_text(output, text)
