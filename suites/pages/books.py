"""Which table a requirement stands in: that of its document, its identity provider, its product."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import idp_profiles
from suites.requirements import Requirement
from suites.requirements import catalogue

_DOCUMENT = re.compile(r"RFC \d+")


@dataclass(frozen=True, slots=True)
class Book:
    """One table of requirements: the name of its file, and its heading."""

    key: str
    title: str


def book_of(entry: Requirement) -> Book:
    """Return the table that a requirement stands in."""
    if entry.idp:
        return Book(entry.idp, idp_profiles.load(entry.idp).title)
    if entry.product:
        return Book(entry.product, f"{entry.product.capitalize()} (product)")
    found = _DOCUMENT.match(entry.document)
    title = found[0] if found else entry.document
    return Book(title.lower().replace(" ", ""), title)


def books() -> list[Book]:
    """Return every table: the RFCs, what is asked beyond them, identity providers, products."""
    found = dict.fromkeys(map(book_of, catalogue().values()))
    order = {each: place for place, each in enumerate(idp_profiles.PROFILES)}
    products = {entry.product for entry in catalogue().values() if entry.product}
    return sorted(
        found,
        key=lambda each: (
            each.key in products,
            order.get(each.key, -1),
            not each.key.startswith("rfc"),
            each.key,
        ),
    )


def entries(book: Book) -> list[Requirement]:
    """Return the requirements of a table, in the order of the catalogue."""
    return [entry for entry in catalogue().values() if book_of(entry) == book]


def place_of(entry: Requirement) -> str:
    """Return the heading within a table: a part of a console, a section of a document."""
    if entry.idp:
        return entry.feature or entry.document
    title = (entry.title or "").partition(":")[0]
    section = _DOCUMENT.sub("", entry.document).strip() if _DOCUMENT.match(entry.document) else ""
    if entry.product:
        return f"{entry.document}: {title}" if title else entry.document
    return ": ".join(part for part in (section.capitalize(), title) if part) or entry.document


def places(found: Iterable[Requirement]) -> list[str]:
    """Return the headings of these requirements, each once."""
    return list(dict.fromkeys(map(place_of, found)))


def anchor(heading: str) -> str:
    """Return what leads to a heading within its page, as the site and code hosts write it."""
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def plain(text: str) -> str:
    """Return a text in which Markdown finds nothing to mark up but bits of code."""
    code = re.split(r"(`[^`]*`)", text)
    return "".join(part if place % 2 else _escaped(part) for place, part in enumerate(code))


def _escaped(text: str) -> str:
    marks = re.sub(r"[*\[\]{}]|(?<!\w)_|_(?!\w)", r"\\\g<0>", text)
    return marks.replace("<", "&lt;")


def cell(text: str) -> str:
    """Return a text that can stand in a table of Markdown."""
    return plain(text).replace("|", "\\|").replace("\n", " ")
