"""The files that a run writes beside `report.json`, each rendered from the report alone."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path

from .html import render_html
from .junit import render_junit
from .markdown import render_markdown
from .model import Report
from .reading import ReportError
from .record import replace_file

FILES: Mapping[str, Callable[[Report], str]] = {
    "report.html": render_html,
    "report.md": render_markdown,
    "junit.xml": render_junit,
}


def write_renderings(directory: Path, report: Report) -> None:
    """Write every form of a report into its folder; raises ReportError when that cannot be."""
    for name, render in FILES.items():
        write_text(directory / name, render(report))


def write_text(path: Path, text: str) -> None:
    """Write a rendering, whole or not at all; raises ReportError when it cannot be written."""
    try:
        replace_file(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise ReportError(f"cannot write {str(path)!r}: {error.strerror}") from error
