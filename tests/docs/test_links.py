"""Every link of the repository's pages leads somewhere: to a file, and to a heading in it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from suites.requirements import catalogue
from tests.docs.copies import ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\((<[^>]+>|[^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
_BARE = re.compile(r"<(https?://[^>\s]+)>")
_NAMED = re.compile(r"`(docs/[\w./-]+\.\w+)`")
_RFC = re.compile(r"https://www\.rfc-editor\.org/rfc/rfc(\d+)#section-([\d.]+)")
# Pages that are made when they are wanted: a folder of their own, or the site alone.
_MADE = {"docs/interop/NAME.md", "docs/idps/northwind.md", "docs/requirements/northwind.md"}


def prose(text: str) -> str:
    """Return a page without its blocks and bits of code."""
    return _CODE.sub("", _FENCE.sub("", text))


def links(text: str) -> list[str]:
    found = [(one or other).strip("<>") for one, other in _LINK.findall(prose(text))]
    return [*found, *_BARE.findall(prose(text))]


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings, as code hosts and our site make them."""
    headings = re.findall(r"^#{1,6} (.+)$", _FENCE.sub("", text), re.MULTILINE)
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", each) for each in headings]
    found = [re.sub(r"[^\w -]", "", each.lower()).strip().replace(" ", "-") for each in plain]
    return set(found) | set(re.findall(r"<a id=\"([^\"]+)\"", text))


@cache
def _anchors_of(page: Path) -> set[str]:
    return anchors(page.read_text(encoding="utf-8"))


def broken(page: Path, root: Path) -> list[str]:
    """Return the links of a page that lead nowhere."""
    text = page.read_text(encoding="utf-8")
    found = []
    for link in links(text):
        url = urlsplit(link)
        if url.scheme or url.netloc:
            found += [] if _is_sound(link) else [link]
            continue
        target = (page.parent / url.path).resolve() if url.path else page
        there = target.is_relative_to(root) and target.exists()
        if not there or (url.fragment and url.fragment not in _anchors_of(target)):
            found.append(link)
    return found


def _is_sound(link: str) -> bool:
    url = urlsplit(link)
    return url.scheme in ("https", "http") and bool(
        re.fullmatch(r"[\w.-]+\.\w+(:\d+)?", url.netloc)
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken(page, ROOT) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_page_that_is_named_exists(page: Path) -> None:
    named = set(_NAMED.findall(page.read_text(encoding="utf-8"))) - _MADE
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[a](there.md)", []),
        ("[a](gone.md)", ["gone.md"]),
        ("[a](there.md#a-heading)", []),
        ("[a](there.md#gone)", ["there.md#gone"]),
        ("[a](#nowhere)", ["#nowhere"]),
        ("![a](gone.png)", ["gone.png"]),
        ("[a](../../outside.md)", ["../../outside.md"]),
        ("[a](https://example.com/x)", []),
        ("[a](htps://example.com/x)", ["htps://example.com/x"]),
        ("`[a](gone.md)`", []),
        ("```text\n[a](gone.md)\n```\n", []),
    ],
)
def test_a_broken_link_is_seen(tmp_path: Path, text: str, wanted: list[str]) -> None:
    (tmp_path / "there.md").write_text("# There\n\n## A `heading`\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert broken(page, tmp_path) == wanted


def test_every_section_of_an_rfc_that_is_linked_exists() -> None:
    known = json.loads((ROOT / "reports" / "rfc_sections.json").read_text(encoding="utf-8"))
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    texts += [entry.link or "" for entry in catalogue().values()]
    found = {each for text in texts for each in _RFC.findall(text)}
    ours = [(rfc, section.rstrip(".")) for rfc, section in found if f"RFC{rfc}" in known]
    assert len(ours) > 50
    assert [each for each in ours if each[1] not in known[f"RFC{each[0]}"]["sections"]] == []
