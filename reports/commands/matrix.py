"""`scimproof report matrix`: many targets, identity providers and features side by side."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click

from reports.model import Report
from reports.reading import ReportError
from reports.record import REPORT_NAME
from reports.record import read_report
from reports.renderings import write_text
from reports.side_by_side.matrix import Column
from reports.side_by_side.matrix import column
from reports.side_by_side.matrix import newest
from reports.side_by_side.matrix_forms import PAGE
from reports.side_by_side.matrix_forms import evidence_from
from reports.side_by_side.matrix_forms import render_csv
from reports.side_by_side.matrix_forms import render_markdown_matrix
from reports.side_by_side.matrix_forms import render_page
from reports.side_by_side.matrix_forms import write_matrix
from reports.view import REPORT_PAGE
from reports.wording import wording

_FOLDER = Path(".scim-reports") / "matrix"


@click.command()
@click.argument("places", metavar="DIR...", nargs=-1, required=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "md", "csv"]),
    help="Only this form; default: a folder with the page and the table.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help=f"The folder, or with --format the file; default: {_FOLDER}, or print it.",
)
def matrix(places: tuple[str, ...], form: str | None, output: Path | None) -> None:
    """Put many targets side by side: each feature of each identity provider, with its evidence.

    DIR is a folder with report.json in it or somewhere below, or such a file; NAME=DIR gives the
    target its name. Of several reports on one target the newest counts.
    """
    columns = newest(found for place in places for found in _columns(place))
    if form is None:
        folder = output or _FOLDER
        _make(folder)
        write_matrix(folder, columns)
        click.echo(folder / PAGE)
        return
    start = output.parent if output else Path()
    text = _rendered(form, columns, start)
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    else:
        write_text(output, text)


def _rendered(form: str, columns: tuple[Column, ...], start: Path) -> str:
    href = evidence_from(start)
    if form == "html":
        return render_page(columns, href, start)
    return render_csv(columns, href) if form == "csv" else render_markdown_matrix(columns, href)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise ReportError(wording("matrix")("trouble.folder", path=repr(str(folder)))) from None
    except OSError as error:
        raise ReportError(f"cannot write {str(folder)!r}: {error.strerror}") from error


def _columns(place: str) -> Iterator[tuple[str, Column]]:
    """Return the columns of a place, each under what its target is known by."""
    name, path = _named(place)
    for file, report in _reports(path):
        page = file.with_name(REPORT_PAGE)
        called = name or _called(report, file)
        yield (
            name or _identity(report, file),
            column(report, called, page if page.is_file() else None),
        )


def _named(place: str) -> tuple[str, Path]:
    name, equals, path = place.partition("=")
    if equals and not Path(place).exists():
        return name, Path(path)
    return "", Path(place)


def _reports(path: Path) -> Iterator[tuple[Path, Report]]:
    """Return the reports of a place; one that was not named itself may be unreadable."""
    named = path if path.is_file() else path / REPORT_NAME
    if named.is_file():
        yield named, read_report(named)
        return
    found = 0
    for file in _below(path):
        try:
            report = read_report(file)
        except ReportError as error:
            click.echo(f"scimproof: {wording('matrix')('trouble.left-out', why=error)}", err=True)
        else:
            found += 1
            yield file, report
    if not found:
        raise ReportError(wording("matrix")("trouble.none", path=repr(str(path))))


def _below(path: Path) -> list[Path]:
    """Return the files of a folder, each once: `latest` is a link to one of its runs."""
    found = {each.resolve(): each for each in sorted(path.rglob(REPORT_NAME), reverse=True)}
    return sorted(found.values())


def _identity(report: Report, file: Path) -> str:
    """Return what two reports on one target have in common: its address, if that can stay."""
    url = report.target.url
    if url and not _is_local(url):
        return url
    return report.target.software or str(file.parent.resolve())


def _called(report: Report, file: Path) -> str:
    target, url = report.target, report.target.url
    where = url if url and not _is_local(url) else ""
    if target.software and where:
        return f"{target.software} ({where})"
    return target.software or where or file.parent.resolve().name


def _is_local(url: str) -> bool:
    """Tell whether an address is of this machine, where a port means nothing tomorrow."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
