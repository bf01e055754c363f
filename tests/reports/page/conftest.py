from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reports import Report
from reports import render_html
from tests.browser import Browser
from tests.reports.page.parsed import OpenPage
from tests.reports.page.parsed import Page
from tests.reports.page.parsed import ReadPage


@pytest.fixture
def page(report: Callable[..., Report]) -> ReadPage:
    """The page of results, or of a report, as a parser that is not ours reads it."""

    def read(*results: object, **given: object) -> Page:
        one = results[0] if results and isinstance(results[0], Report) else None
        return Page(render_html(one or report(*results, **given)))

    return read


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> OpenPage:
    """Opens the page of a report from disk in a browser; returns its address."""

    def show(report: Report, hash_: str = "") -> str:
        file = tmp_path / "report.html"
        file.write_text(render_html(report), encoding="utf-8")
        browser.open(file.as_uri() + hash_)
        return file.as_uri()

    return show


@pytest.fixture(scope="session")
def broken_page(broken: Report) -> Page:
    """The page of the server with five faults."""
    return Page(render_html(broken))


@pytest.fixture(scope="session")
def broken_url(broken_page: Page, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page of the server with five faults."""
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(broken_page.source, encoding="utf-8")
    return file.as_uri()
