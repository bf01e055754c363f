"""`scimproof report render`: a report once more, in any form, from its file alone."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console

from reports.html import render_html
from reports.junit import render_junit
from reports.markdown import render_markdown
from reports.model import Report
from reports.record import read_report
from reports.renderings import write_text
from reports.terminal import render_terminal

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
def render(source: Path, form: str, output: Path | None) -> None:
    """Render REPORT_JSON again."""
    report = read_report(source)
    if form == "terminal" and output is None:
        render_terminal(report, source.parent, Console())
        return
    text = _TEXTS[form](report) if form in _TEXTS else _terminal_text(report, source.parent)
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    else:
        write_text(output, text)


def _terminal_text(report: Report, directory: Path) -> str:
    stream = io.StringIO()
    render_terminal(report, directory, Console(file=stream, width=100))
    return stream.getvalue()
