"""`scimproof report compare`: what changed from one report to another."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click
from rich.console import Console

from reports.record import report_at
from reports.renderings import write_text
from reports.side_by_side.comparison import Comparison
from reports.side_by_side.comparison import compare as compared
from reports.side_by_side.comparison_page import render_html
from reports.side_by_side.comparison_text import print_comparison
from reports.side_by_side.comparison_text import render_markdown
from reports.wording import wording

_FORMS = {"md": render_markdown, "html": render_html}
_WORSE = 1


@click.command(help=wording("compare")("help"))
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", *_FORMS]),
    default="terminal",
    show_default=True,
    help="The form to write.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file to write; default: print it."
)
@click.option("--strict", is_flag=True, help="A new warning counts as a regression.")
def compare(old: Path, new: Path, form: str, output: Path | None, *, strict: bool) -> int:
    """Compare, and tell by the exit status whether anything got worse."""
    comparison = compared(report_at(old), report_at(new))
    if form == "terminal" and output is None:
        print_comparison(comparison, Console(), strict=strict)
    else:
        text = _text(comparison, form, strict=strict)
        if output is None:
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        else:
            write_text(output, text)
    return _WORSE if comparison.is_worse(strict=strict) else 0


def _text(comparison: Comparison, form: str, *, strict: bool) -> str:
    if form in _FORMS:
        return _FORMS[form](comparison, strict=strict)
    stream = io.StringIO()
    print_comparison(comparison, Console(file=stream, width=100), strict=strict)
    return stream.getvalue()
