"""`python -m reports render REPORT_JSON`: a report once more, in any form, from its file alone."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from .html import render_html
from .junit import render_junit
from .markdown import render_markdown
from .model import Report
from .reading import ReportError
from .record import read_report
from .record import replace_file
from .terminal import render_terminal

# Design of the exit status: 4 is a bad option or file, before anything else happens.
_BAD_INPUT = 4
_TEXTS: dict[str, Callable[[Report], str]] = {
    "html": render_html,
    "md": render_markdown,
    "junit": render_junit,
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Work with reports that earlier runs wrote."""


@command.command()
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
        return
    try:
        replace_file(output, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise ReportError(f"cannot write {str(output)!r}: {error.strerror}") from error


def _terminal_text(report: Report, directory: Path) -> str:
    stream = io.StringIO()
    render_terminal(report, directory, Console(file=stream, width=100))
    return stream.getvalue()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 4 for bad input."""
    try:
        command.main(args=argv, prog_name="scimproof report", standalone_mode=False)
    except click.ClickException as error:
        print(f"scimproof: {error.format_message()}", file=sys.stderr)
        return _BAD_INPUT
    except click.Abort:
        return 130
    except ReportError as error:
        print(f"scimproof: {error}", file=sys.stderr)
        return _BAD_INPUT
    return 0


if __name__ == "__main__":
    sys.exit(main())
