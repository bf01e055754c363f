"""`scimproof report render`: a report once more, in any form, from its file alone."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from reports.forms.junit import render_junit
from reports.forms.markdown import render_markdown
from reports.forms.printing import console_on
from reports.forms.terminal import render_terminal
from reports.model import Report
from reports.page import render_html
from reports.record import report_at
from reports.renderings import write_text

_TEXTS: dict[str, Callable[[Report], str]] = {
    "html": render_html,
    "md": render_markdown,
    "junit": render_junit,
}


@click.command()
@click.argument("source", metavar="REPORT_JSON", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice([*_TEXTS, "terminal"]),
    default="terminal",
    show_default=True,
    help="The form to render.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file to write; default: print it."
)
@click.option("--full", is_flag=True, help="On the terminal: every feature and every finding.")
def render(source: Path, form: str, output: Path | None, *, full: bool) -> None:
    """Render REPORT_JSON (or its folder) again."""
    if full and form != "terminal":
        raise click.UsageError("--full is for the terminal; every other form has all findings.")
    report, folder = report_at(source), source if source.is_dir() else source.parent
    if form == "terminal" and output is None:
        render_terminal(report, folder, console_on(), full=full)
        return
    as_text = partial(_terminal_text, directory=folder, full=full)
    text = _TEXTS.get(form, as_text)(report)
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    else:
        write_text(output, text)


def _terminal_text(report: Report, directory: Path, *, full: bool) -> str:
    stream = io.StringIO()
    render_terminal(report, directory, console_on(stream, width=100), full=full)
    return stream.getvalue()
