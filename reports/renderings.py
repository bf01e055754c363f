"""The files that a run writes beside `report.json`, each rendered from the report alone."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path

from .forms.junit import render_junit
from .forms.markdown import render_markdown
from .model import Report
from .page import render_html
from .reading import ReportError
from .record import replace_file
from .vendors.badge import render_badge
from .vendors.badge import render_endpoint

FILES: Mapping[str, Callable[[Report], str]] = {
    "report.html": render_html,
    "report.md": render_markdown,
    "junit.xml": render_junit,
    "badge.svg": render_badge,
    "badge.json": render_endpoint,
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
