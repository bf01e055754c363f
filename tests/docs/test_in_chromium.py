"""The site in a real browser: it fits, it asks nobody else for anything, and the search works."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from suites.requirements import by_id
from tests.browser import Browser

# The first page, one of an identity provider, wide tables, a drawing, long programs.
PLACES = ("", "idps/okta/", "requirements/rfc7644/", "interop-matrix/", "architecture/")
PLACES += ("writing-a-profile/",)
_ELSEWHERE = (
    "performance.getEntriesByType('resource').map(each => each.name)"
    ".filter(name => !name.startsWith(location.origin))"
)
_TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
_FOUND = "document.querySelectorAll('.md-search-result__item').length > 0"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def requirement(site: Path) -> str:
    """A requirement of the RFC for PATCH that this site has a page of."""
    pages = sorted(each.name for each in (site / "requirements").glob("RFC7644-3.5.2*-*"))
    return next(name for name in pages if by_id(name).depends_on)


@pytest.mark.parametrize(("width", "phone"), [(1280, False), (360, True)])
def test_every_page_fits_and_asks_nobody_else(
    address: str, browser: Browser, requirement: str, width: int, phone: bool
) -> None:
    browser.size(width, 800, phone=phone)
    for place in (*PLACES, f"requirements/{requirement}/"):
        browser.open(address + place)
        assert not browser.run(_TOO_WIDE), place
        assert browser.run(_ELSEWHERE) == [], place
    assert browser.complaints == []


def test_the_search_finds_a_requirement_by_its_id(
    address: str, browser: Browser, requirement: str
) -> None:
    browser.open(address)
    browser.run("document.querySelector('#__search').click()")
    browser.write(".md-search__input", requirement)
    browser.until(_FOUND)
    first = "document.querySelector('.md-search-result__link').href"
    assert f"/requirements/{requirement}/" in browser.run(first)


def test_a_page_of_a_requirement_shows_where_it_belongs(
    address: str, browser: Browser, requirement: str
) -> None:
    browser.open(f"{address}requirements/{requirement}/")
    tab = "document.querySelector('.md-tabs__item--active').textContent.trim()"
    assert browser.run(tab) == "Requirements"
    browser.click(".md-content a[href^='../rfc7644/#']")
    browser.until("location.pathname.endsWith('/requirements/rfc7644/')")
    browser.until("document.querySelector(':target') !== null")
