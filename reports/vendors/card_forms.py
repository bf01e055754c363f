"""The vendor card as a page and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from reports import view
from reports.forms.markup import cell
from reports.forms.markup import prose
from reports.forms.markup import row
from reports.forms.markup import table_head
from reports.model import Report
from reports.sheet import render_sheet
from reports.wording import wording

from .card import card
from .card_model import Block
from .card_model import Card
from .card_model import Field
from .card_model import IdpRow
from .card_model import Line
from .vendor import Vendor

_LONGEST = 2_000
_BREAK = "<br>"


def render_card_page(report: Report, vendor: Vendor | None = None) -> str:
    """Return the card as one self-contained page."""
    return render_sheet("card", card=card(report, vendor))


def render_card_markdown(report: Report, vendor: Vendor | None = None) -> str:
    """Return the card as Markdown."""
    made = card(report, vendor)
    return "".join((*_head(made), *_block(made.facts), *_idps(made), *_blocks(made), *_foot()))


def _head(made: Card) -> Iterator[str]:
    texts = wording("card")
    title = texts("page.title", product=made.product)
    yield f"# {prose(title, 200)}\n\n{texts('page.kicker')}\n\n"
    yield f"- {texts('page.target')}: {prose(made.target)}\n"
    yield f"- {texts('page.measured')}: {prose(made.run)}\n"
    for notice in made.notices:
        yield f"\n> {prose(notice, _LONGEST)}\n"


def _block(block: Block) -> Iterator[str]:
    yield f"\n## {prose(block.title)}\n\n"
    if block.note:
        yield f"{prose(block.note, _LONGEST)}\n\n"
    yield table_head("", "", "")
    for field in block.fields:
        yield row(cell(field.name), _lines(field), _origin(field))


def _blocks(made: Card) -> Iterator[str]:
    for block in made.blocks:
        yield from _block(block)


def _idps(made: Card) -> Iterator[str]:
    texts = wording("card")
    yield f"\n## {texts('block.idps')}\n\n"
    yield table_head(*(texts(f"page.{name}") for name in ("idp", "sso", "scim", "notes")))
    for one in made.idps:
        yield row(cell(one.title), _with_origin(one.sso), _with_origin(one.scim), _notes(one))


def _notes(one: IdpRow) -> str:
    said = _BREAK.join(map(_with_origin, one.notes))
    return said or wording("card")("page.none")


def _with_origin(field: Field) -> str:
    origin = _origin(field)
    return f"{_lines(field)}{_BREAK}_{origin}_" if origin else _lines(field)


def _lines(field: Field) -> str:
    return _BREAK.join(map(_line, field.lines))


def _line(line: Line) -> str:
    sign = f"{view.SIGNS[line.verdict]} " if line.judged else ""
    linked = "".join(
        f"<{address}>" if address else cell(words, _LONGEST)
        for words, address in _pieces(line.text)
    )
    return f"{sign}{linked}"


def _pieces(text: str) -> list[tuple[str, str]]:
    """Return a text in pieces; an address that a table or a link would break stays text."""
    return [
        (words, address if address == words and not set(address) & set("|<>\\`") else "")
        for words, address in view.links(view.one_line(text, _LONGEST))
    ]


def _origin(field: Field) -> str:
    return cell("; ".join(each for each in (field.origin_words, field.basis) if each), _LONGEST)


def _foot() -> Iterator[str]:
    yield f"\n---\n{wording('card')('page.reading')}\n"
