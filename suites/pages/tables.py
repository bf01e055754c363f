"""The tables of requirements: an overview, and one page for each document.

They are kept in `docs/requirements/`, where a selftest holds them up to date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cache

from suites.proving.case_list import Case
from suites.proving.case_list import all_cases
from suites.proving.coverage import State
from suites.proving.coverage import states
from suites.requirements import LEVELS

from .books import Book
from .books import book_of
from .books import books
from .books import cell
from .books import place_of
from .books import places

COMMAND = "python -m suites.pages --write docs/requirements"
MADE = f"This page is made from catalogue and cases by `{COMMAND}`; do not edit it."
MEANINGS = {
    "MUST": "an RFC, or what keeps people and data safe, asks for it",
    "SHOULD": "an RFC asks for it and allows good reasons not to",
    "MAY": "an RFC allows it; how a server chose is noted",
    "STATEMENT": "an RFC says that it is so, without a keyword; judged entry by entry",
    "NEEDS": "the identity provider stops without it",
    "WANTS": "the identity provider goes on without it, with less",
    "TEST": "a test that the identity provider itself publishes",
    "PROMISE": "the documents of a product promise it",
}


@cache
def cases() -> tuple[Case, ...]:
    """Return every case; collecting them takes a second or two."""
    return tuple(all_cases())


def tables() -> dict[str, str]:
    """Return the kept pages, by the names of their files."""
    found = states(cases())
    pages = {"index.md": "\n".join(_overview(found)) + "\n"}
    for book in books():
        mine = [state for state in found if book_of(state.requirement) == book]
        pages[f"{book.key}.md"] = "\n".join(_table_of(book, mine)) + "\n"
    return pages


def _overview(found: list[State]) -> Iterator[str]:
    yield from ("# Requirements", "")
    yield "Each requirement is one checkable sentence with an id that is never used for another."
    yield "The tables list all of them with what the suites do about each, also those that nobody can check from outside, with the reason."  # noqa: E501 - one sentence a line
    yield "On the documentation site (`make site`) every id leads to a page of its own: what is checked, how servers fail it, and whom that stops."  # noqa: E501 - one sentence a line
    yield from (MADE, "")
    yield "| Table | Requirements | With cases of their own | Shown by another's case | Not to be seen from outside |"  # noqa: E501 - one sentence a line
    yield "| --- | ---: | ---: | ---: | ---: |"
    for book in books():
        mine = [state for state in found if book_of(state.requirement) == book]
        own = sum(bool(state.cases) for state in mine)
        hidden = sum(not state.cases and not state.counts for state in mine)
        counts = f"{len(mine)} | {own} | {len(mine) - own - hidden} | {hidden}"
        yield f"| [{book.title}]({book.key}.md) | {counts} |"
    yield from ("", "`scimproof list requirements --in RFC7644-3.5` prints a part of them.", "")
    yield from _levels(found)


def _levels(found: list[State]) -> Iterator[str]:
    yield from ("## Levels", "")
    yield "| Level | Means | A server can be seen to keep | Has a case, or is shown by one |"
    yield "| --- | --- | ---: | ---: |"
    for level in LEVELS:
        mine = [state for state in found if state.counts and state.requirement.level == level]
        shown = sum(not state.is_gap for state in mine)
        yield f"| {level} | {MEANINGS[level]} | {len(mine)} | {shown} |"


def _table_of(book: Book, mine: list[State]) -> Iterator[str]:
    yield from (f"# Requirements: {book.title}", "", MADE, "")
    verdicts = Counter(state.requirement.judgement for state in mine)
    told = ", ".join(f"{number} `{name}`" for name, number in verdicts.most_common())
    yield f"{len(mine)} requirements; what is not followed is judged: {told}."
    for place in places(state.requirement for state in mine):
        here = [state for state in mine if place_of(state.requirement) == place]
        yield from ("", f"## {place}", "", *_link(here), *_rows(here))


def _link(here: list[State]) -> Iterator[str]:
    """Yield where the text stands, if all entries of a section stand at one place."""
    links = {state.requirement.link for state in here}
    if len(links) == 1 and (link := links.pop()):
        yield from (f"<{link}>", "")


def _rows(here: Iterable[State]) -> Iterator[str]:
    yield "| Requirement | Level | Judgement | What it says | State |"
    yield "| --- | --- | --- | --- | --- |"
    for state in here:
        entry = state.requirement
        says, text = cell(entry.wording), cell(state.text)
        yield f"| {entry.id} | {entry.level} | {entry.judgement} | {says} | {text} |"
