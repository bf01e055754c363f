"""Pictures of card and matrix for the docs: `python -m tests.reports.vendors.card_screenshots`.

What they show is real: the stored report of a server with five faults, the vendor file of
`docs/card.md`, and what was kept of the servers of others.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tempfile
from pathlib import Path

from reports import read_report
from reports.side_by_side.matrix import Column
from reports.side_by_side.matrix_forms import evidence_from
from reports.side_by_side.matrix_forms import render_page
from reports.vendors.card_forms import render_card_page
from reports.vendors.vendor import read_vendor
from tests.browser import Browser
from tests.browser import chromium
from tests.browser import running

HOME = Path(__file__).resolve().parents[3]
SAMPLE = HOME / "tests" / "reports" / "samples" / "broken.json.gz"
COLUMNS = HOME / "tests" / "interop" / "columns"


def main(folder: str = "docs/images") -> int:
    """Take both pictures; return the exit status."""
    if chromium() is None:
        print("scimproof: there is no Chromium on this machine", file=sys.stderr)  # noqa: T201 - a command
        return 1
    with tempfile.TemporaryDirectory() as place, running(Path(place)) as browser:
        _take(browser, _card(Path(place)), Path(folder) / "card.png", scrolled=0)
        _take(browser, _matrix(Path(place)), Path(folder) / "matrix.png", scrolled=950)
    return 0


def _card(place: Path) -> Path:
    source, vendor, page = place / "report.json", place / "acme.toml", place / "card.html"
    source.write_bytes(gzip.decompress(SAMPLE.read_bytes()))
    (example,) = re.findall(
        r"```toml\n(.*?)```", (HOME / "docs" / "card.md").read_text("utf-8"), re.DOTALL
    )
    vendor.write_text(example, "utf-8")
    page.write_text(render_card_page(read_report(source), read_vendor(vendor)), "utf-8")
    return page


def _matrix(place: Path) -> Path:
    columns = [
        Column.from_json(json.loads(each.read_text("utf-8")))
        for each in sorted(COLUMNS.glob("*.json"))
    ]
    page = place / "matrix.html"
    page.write_text(render_page(columns, evidence_from(place), place), "utf-8")
    return page


def _take(browser: Browser, page: Path, picture: Path, *, scrolled: int) -> None:
    browser.size(1100, 1250)
    browser.colours(dark=False)
    browser.open(page.as_uri())
    browser.run(f"document.querySelector('.matrix')?.scrollTo(0, {scrolled})")
    browser.picture(picture)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
