"""The documentation site: it builds without a warning, fetches nothing, and has every page."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from suites.pages.books import books
from suites.requirements import by_id
from suites.requirements import catalogue
from tests.docs.conftest import mkdocs
from tests.docs.copies import ROOT

_FETCHED = re.compile(
    r"<(?:link|script|img|iframe|source)\b[^>]*?(?:href|src)=[\"']?((?:https?:)?//[^\"'\s>]+)"
)
_NAMED = re.compile(r"^ +- (?:[^\n]+: )?\"?([\w/.-]+\.md)\"?$", re.MULTILINE)


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def requirement_pages(site: Path) -> list[str]:
    found = (each.name for each in (site / "requirements").iterdir() if each.is_dir())
    return [name for name in found if name in catalogue()]


def test_no_page_fetches_anything(site: Path) -> None:
    fetched = [
        (page.relative_to(site), url)
        for page in pages(site)
        for url in _FETCHED.findall(page.read_text(encoding="utf-8"))
    ]
    assert fetched == []
    assert len(pages(site)) > 100


def test_no_style_fetches_anything(site: Path) -> None:
    for sheet in site.rglob("*.css"):
        assert (
            re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", sheet.read_text("utf-8")) == []
        )


def test_what_would_be_fetched_is_seen() -> None:
    assert _FETCHED.findall('<script async src="https://cdn.example.com/a.js">')
    assert _FETCHED.findall("<link rel=stylesheet href=//fonts.example.com/css>")
    assert not _FETCHED.findall('<a href="https://www.rfc-editor.org/">')


def test_every_document_has_a_page(site: Path) -> None:
    documents = [each.relative_to(ROOT / "docs") for each in (ROOT / "docs").rglob("*.md")]
    missing = [
        str(each)
        for each in documents
        if not (
            site / (each.parent if each.stem == "index" else each.with_suffix("")) / "index.html"
        ).exists()
    ]
    assert missing == []


def test_every_document_is_in_the_navigation() -> None:
    named = _NAMED.findall((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    written = {each.relative_to(ROOT / "docs").as_posix() for each in (ROOT / "docs").rglob("*.md")}
    assert set(named) == written
    assert len(named) == len(set(named))


def test_the_id_of_a_requirement_leads_to_its_page(site: Path) -> None:
    some = requirement_pages(site)
    assert len(some) > 150
    for book in books():
        text = (site / "requirements" / book.key / "index.html").read_text(encoding="utf-8")
        mine = set(re.findall(r'href="\.\./([\w.-]+)/"', text)) & set(some)
        assert mine, book.key


def test_a_page_shows_what_the_catalogue_says(site: Path) -> None:
    """Whatever marks the texts hold: brackets, stars, tags."""
    for name in requirement_pages(site):
        text = (site / "requirements" / name / "index.html").read_text(encoding="utf-8")
        shown = html.unescape(re.sub(r"<[^>]+>", "", text))
        entry = by_id(name)
        for said in filter(None, (entry.wording, entry.how, entry.reason, entry.hint)):
            assert said.replace("`", "") in shown, name


def test_a_page_of_a_server_leads_to_requirements(site: Path) -> None:
    text = (site / "interop" / "scimmy" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<a href="\.\./\.\./requirements/[A-Z][\w.-]+/">[A-Z]', text)


def test_the_address_of_a_source_can_be_followed(site: Path) -> None:
    text = (site / "idps" / "okta" / "index.html").read_text(encoding="utf-8")
    assert '<a href="https://developer.okta.com/docs/concepts/scim/">https://dev' in text


def test_the_name_of_a_page_leads_to_it(site: Path) -> None:
    text = (site / "products" / "index.html").read_text(encoding="utf-8")
    assert '<a href="../product-promises/">docs/product-promises.md</a>' in text


def test_no_link_leads_out_of_the_site(site: Path) -> None:
    """A link to a file of the code would; the build makes its name of it."""
    text = (site / "writing-a-case" / "index.html").read_text(encoding="utf-8")
    assert "<code>README.md</code>" in text
    for page in pages(site):
        depth = len(page.relative_to(site).parts) - 1
        ups = re.findall(r'href="((?:\.\./)+)', page.read_text(encoding="utf-8"))
        assert all(each.count("..") <= depth for each in ups), page


def test_the_search_knows_requirements_and_pages(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    places = {each["location"].partition("#")[0] for each in index["docs"]}
    assert {f"requirements/{name}/" for name in requirement_pages(site)} <= places
    assert "waivers/" in places
    assert "proofs/" not in places  # what it says stands on the pages of requirements


def test_what_builds_the_site_is_not_on_it(site: Path) -> None:
    assert not (site / "hooks").exists()
    assert list(site.rglob("*.py")) == []


def test_a_broken_link_fails_the_build(tmp_path: Path) -> None:
    """The settings of our site, on a page with a link and an anchor that lead nowhere."""
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nvalidation:")[2]
    kept = settings.partition("\nnot_in_nav:")[0].rpartition("#")[0]
    (tmp_path / "docs").mkdir()
    page = "# A\n\n[one](gone.md) [two](index.md#gone)\n"
    (tmp_path / "docs" / "index.md").write_text(page, encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        f"site_name: x\nstrict: true\nplugins: []\nvalidation:{kept}\n", encoding="utf-8"
    )
    done = mkdocs(tmp_path, tmp_path / "site")
    assert done.returncode == 1
    assert "'gone.md'" in done.stderr
    assert "there is no such anchor" in done.stderr
