"""`scimproof report submission`: what an IdP's catalogue asks, and what a run shows of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import quote

import click

from reports.record import report_at
from reports.renderings import write_text
from reports.vendors.catalogues import NAMES
from reports.vendors.submission import submission as held_against
from reports.vendors.submission_forms import render_submission_markdown
from reports.vendors.submission_forms import render_submission_page


@click.command()
@click.argument("idp", type=click.Choice(NAMES))
@click.argument("source", metavar="REPORT_JSON", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "md"]),
    default="html",
    show_default=True,
    help="The form to render.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file to write; default: print it."
)
def submission(idp: str, source: Path, form: str, output: Path | None) -> None:
    """Hold what the catalogue of IDP asks of a vendor against REPORT_JSON (or its folder)."""
    asked = held_against(idp, report_at(source))
    render = render_submission_page if form == "html" else render_submission_markdown
    text = render(asked, _way(source if source.is_dir() else source.parent, output))
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    else:
        write_text(output, text)


def _way(folder: Path, output: Path | None) -> str:
    """Return the way from the written file to report.html; what is printed lies beside it."""
    if output is None:
        return ""
    try:
        way = Path(os.path.relpath(folder.resolve(), output.resolve().parent)).as_posix()
    except ValueError:  # on another drive
        way = folder.resolve().as_uri()
        return f"{way}/"
    return "" if way == "." else f"{quote(way)}/"
