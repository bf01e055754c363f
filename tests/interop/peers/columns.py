"""The servers of others side by side: `docs/interop-matrix.md`, made by the matrix of `reports`.

What a page needs of a run is its column, which `columns/NAME.json` keeps: the reports themselves
are large, and nobody reads their evidence without the server. So each cell leads to the section of
`docs/interop/NAME.md` that explains it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reports.model import Report
from reports.side_by_side.matrix import Column
from reports.side_by_side.matrix import Mark
from reports.side_by_side.matrix import Part
from reports.side_by_side.matrix import column
from reports.side_by_side.matrix_forms import render_markdown_matrix

from . import pages
from .environments import HERE
from .environments import version
from .findings import Json

PAGE = HERE.parent.parent / "docs" / "interop-matrix.md"
TITLES = {"scim2-server": "scim2-server", "django-scim2": "django-scim2", "scimmy": "SCIMMY"}
_HEAD = (
    "# Servers of others, side by side",
    "<!-- written by tests/interop/run.py; do not edit -->",
    "What each identity provider can do with three servers that others wrote, each in the version "
    "that is pinned.\n`make interop` judges them again. Each cell leads to `docs/interop/`, which "
    "explains by hand what decided it.\n`scimproof report matrix` makes such a page of your own "
    "runs: see `docs/card.md`.",
)


def column_json(name: str, reports: Sequence[Json]) -> Json:
    """Return the column of a server, of the runs that judged it together."""
    first, *others = map(Report.from_json, reports)
    results = (*first.results, *(each for report in others for each in report.results))
    coverage = {key: value for report in (first, *others) for key, value in report.coverage.items()}
    whole = replace(first, results=results, coverage=coverage)
    return column(whole, f"{TITLES[name]} {version(name)}").to_json()


def write(name: str, made: Json) -> None:
    """Keep the column of a server: one line for each part, so that a difference is easy to read."""
    parts = ",\n    ".join(json.dumps(each, ensure_ascii=False) for each in made["parts"])
    rest = {key: value for key, value in made.items() if key != "parts"}
    head = json.dumps(rest, ensure_ascii=False, indent=2).removesuffix("\n}")
    _file(name).parent.mkdir(exist_ok=True)
    _file(name).write_text(f'{head},\n  "parts": [\n    {parts}\n  ]\n}}\n', "utf-8")


def kept(name: str) -> Column:
    """Return the column that was kept of a server."""
    return Column.from_json(json.loads(_file(name).read_text("utf-8")))


def write_page() -> None:
    """Write the page again, of what is kept."""
    PAGE.write_text(written(), "utf-8")


def written() -> str:
    """Return the page as it should be."""
    columns = {kept(name).name: name for name in TITLES}
    anchors = {name: _anchors(name) for name in TITLES}

    def href(one: Column, _: Part, mark: Mark | None) -> str:
        name = columns[one.name]
        anchor = anchors[name].get(mark.requirement if mark else "", "")
        return f"interop/{name}.md#{anchor}" if anchor else f"interop/{name}.md"

    return "\n\n".join((*_HEAD, "")) + render_markdown_matrix([kept(name) for name in TITLES], href)


def _anchors(name: str) -> dict[str, str]:
    """Return where the page of a server speaks of each requirement."""
    text = pages.page(name).read_text("utf-8")
    return {each: section.anchor for section in pages.sections(text) for each in section.concerns}


def _file(name: str) -> Path:
    return HERE / "columns" / f"{name}.json"
