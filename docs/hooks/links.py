"""Makes links of what a reader of the site can follow, and plain text of what only the code has.

An id of a requirement leads to its page, and the name of a page such as `docs/ci.md` to that page.
A link to a file outside of `docs/` becomes the file's name: the site has no copy of the code.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((\.\.?/[^)#\s]+)(?:#[^)]*)?\)")
_TAG = re.compile(r"(<[^>]+>)")
_ID = re.compile(r"\b[A-Z][A-Z0-9]+(?:-[A-Z0-9.]*[A-Z0-9])+")
_PAGE = re.compile(r"^docs/([\w./-]+\.md)$")
_URL = re.compile(r"(https?://[^\s<]*[\w/])")
_WITH_SOURCES = ("idps/", "requirements/")  # whose sources are addresses in plain text
_CLOSED = ("a", "pre", "h1", "h2", "h3", "h4", "script", "style")  # nothing in them is linked
_TOO_LONG = ("proofs.md",)  # for the search: what it says stands on the pages of requirements


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Name the files of the code in place of links to them."""
    if page.file.src_uri in _TOO_LONG:
        page.meta["search"] = {"exclude": True}
    root = Path(config.docs_dir).resolve()
    here = (root / page.file.src_uri).parent

    def named(found: re.Match[str]) -> str:
        target = (here / found[2]).resolve()
        if target.is_relative_to(root) or not target.exists():
            return found[0]  # a page, or a mistake that the build reports
        name = target.relative_to(root.parent).as_posix()
        text = found[1].strip("`")
        return f"`{name}`" if text in (name, target.name) else f"{found[1]} (`{name}`)"

    return _LINK.sub(named, markdown)


def on_page_content(text: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Link the ids of requirements and the names of pages."""
    closed: list[str] = []
    parts = []
    for part in _TAG.split(text):
        if part.startswith("<"):
            _follow(part, closed)
        elif not closed:
            part = _linked(part, page, files)
        parts.append(part)
    return "".join(parts)


def _follow(tag: str, closed: list[str]) -> None:
    """Keep count of the elements in which nothing is linked."""
    name = tag.strip("</>").partition(" ")[0].lower()
    if name not in _CLOSED:
        return
    if tag.startswith("</"):
        closed.pop()
    else:
        closed.append(name)


def _linked(text: str, page: Page, files: Files) -> str:
    named = _PAGE.match(text)
    if named:
        return _link(text, named[1], page, files)
    parts = _URL.split(text) if page.file.src_uri.startswith(_WITH_SOURCES) else [text]
    for place, part in enumerate(parts):
        if place % 2:
            parts[place] = f'<a href="{part}">{part}</a>'
        else:
            parts[place] = _ID.sub(lambda each: _of_id(each[0], page, files), part)
    return "".join(parts)


def _of_id(name: str, page: Page, files: Files) -> str:
    return _link(name, f"requirements/{name}.md", page, files)


def _link(text: str, place: str, page: Page, files: Files) -> str:
    file = files.get_file_from_path(place)
    if file is None or file is page.file:
        return text
    return f'<a href="{html.escape(file.url_relative_to(page.file))}">{text}</a>'
