"""Adds a page for each requirement to the site; `suites.pages` writes them, git keeps none.

`SCIMPROOF_SITE=sample` takes one requirement of each section only: a selftest builds that in a few
seconds.
"""

from __future__ import annotations

import os
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from suites.pages.books import book_of
from suites.pages.books import place_of
from suites.pages.facts import gather
from suites.pages.requirement import page
from suites.pages.tables import cases
from suites.requirements import Requirement
from suites.requirements import catalogue


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages to what is built."""
    facts = gather(cases(), Path(config.docs_dir) / "interop")
    for entry in wanted():
        place = f"requirements/{entry.id}.md"
        files.append(File.generated(config, place, content=page(entry, facts)))
    return files


def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """Let the pages belong to the part of the navigation that the tables are in."""
    section = _page(files, "index").parent
    for entry in wanted():
        _page(files, entry.id).parent = section
    return nav


def _page(files: Files, name: str) -> Page:
    file = files.get_file_from_path(f"requirements/{name}.md")
    if file is None or file.page is None:
        raise PluginError(f"there is no page requirements/{name}.md")
    return file.page


def wanted() -> list[Requirement]:
    """Return the requirements that get a page."""
    every = list(catalogue().values())
    if os.environ.get("SCIMPROOF_SITE") != "sample":
        return every
    return list({(book_of(entry), place_of(entry)): entry for entry in every}.values())
