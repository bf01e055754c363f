"""Pieces of SVG: elements, pictures with a text alternative, and text that fits into them.

No picture carries a script, a link, a style of its own or an id: colours come from the CSS
variables of the page (`style()` is the sheet), so that light, dark and print all work.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from importlib import resources

from markupsafe import Markup
from markupsafe import escape

from reports import view

# An East Asian character takes about two columns of the others (Unicode Standard Annex 11).
_WIDE = ("W", "F")
_LONGEST_DESCRIPTION = 12_000
# A figure with its unit, such as `1,234`, `9 of 11` or `0.4 / 1.2 ms`.
_FIGURE = re.compile(r"\d[\d.,:\s-]*(?:(?:of|/) [\d.,]+)?(?: ?ms)?\Z", re.ASCII)
_NO_FIGURE = "\u2013"


def element(name: str, *inside: str, **attributes: object) -> Markup:
    """Return one element; `class_` is its class, and what is no Markup is escaped."""
    said = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _plain(value))
        for key, value in attributes.items()
        if value is not None
    )
    # The name is one of ours, never a text of a target.
    return Markup("<{0}{1}>{2}</{0}>").format(name, said, Markup("").join(inside))


def _plain(value: object) -> str:
    """Return a value for an attribute, a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def picture(
    *inside: str, kind: str, title: str, description: str, width: float, height: float
) -> Markup:
    """Return an SVG that a screen reader reads as one picture with a name and a description."""
    return element(
        "svg",
        element("title", shown(view.one_line(title))),
        element("desc", shown(view.cut(description, _LONGEST_DESCRIPTION))),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        class_=kind,
        viewBox=f"0 0 {_plain(width)} {_plain(height)}",
        role="img",
        aria_label=shown(view.one_line(title)),
    )


def shown(text: str) -> Markup:
    """Return a text of anybody as text of a picture."""
    return escape(view.visible(text))


def words(x: float, y: float, text: str, kind: str) -> Markup:
    """Return a line of text whose start, or what its class makes of it, is at a place."""
    return element("text", shown(text), x=x, y=y, class_=kind)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """Return a straight line."""
    return element("path", d=f"M{_plain(x1)} {_plain(y1)}L{_plain(x2)} {_plain(y2)}", class_=kind)


def columns(text: str) -> int:
    """Return about how many columns a text takes."""
    return sum(1 + (unicodedata.east_asian_width(each) in _WIDE) for each in text)


def fitted(text: str, width: int) -> str:
    """Return a text on one line of at most `width` columns, with an ellipsis if it is cut."""
    clean = " ".join(view.visible(text[: 8 * width]).split())
    if columns(clean) <= width and len(text) <= 8 * width:
        return clean
    return _beginning(clean, width - 1) + "…"


def wrapped(text: str, width: int, lines: int) -> tuple[str, ...]:
    """Return a text on at most so many lines, broken between words where that can be."""
    rest = " ".join(view.visible(text[: 8 * width * lines]).split())
    found: list[str] = []
    while rest and len(found) < lines - 1 and columns(rest) > width:
        beginning = _beginning(rest, width)
        gap = max(beginning.rfind(" "), beginning.rfind("&") + 1)
        if gap > width // 3 and rest[len(beginning) : len(beginning) + 1] != " ":
            beginning = beginning[:gap]
        found.append(beginning)
        rest = rest[len(beginning) :].lstrip()
    return (*found, fitted(rest, width)) if rest else tuple(found)


def _beginning(text: str, width: int) -> str:
    """Return as much of a text as fits, at least one character of it."""
    taken = 0
    for position, each in enumerate(text):
        taken += columns(each)
        if taken > width:
            return text[: max(position, 1)]
    return text


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Markup:
    """Return a plain table whose first column names its rows: the twin of a picture."""
    lines = [tuple(each) for each in rows]
    head = element(
        "tr",
        *(
            element("th", shown(each), scope="col", class_=_kind(line[n] for line in lines))
            for n, each in enumerate(heads)
        ),
    )
    return element(
        "table",
        element("caption", shown(caption)),
        element("thead", head),
        element("tbody", *map(_row, lines)),
        class_="figures",
    )


def _row(cells: tuple[str, ...]) -> Markup:
    first, *others = cells
    return element(
        "tr",
        element("th", shown(first), scope="row", class_=_kind([first])),
        *(element("td", shown(each), class_=_kind([each])) for each in others),
    )


def _kind(texts: Iterable[str]) -> str | None:
    """Return the class of cells that hold figures only: they stand to the right, unbroken."""
    known = [each for each in texts if each != _NO_FIGURE]
    return "n" if known and all(map(_FIGURE.match, known)) else None


def style() -> Markup:
    """Return the style sheet of all pictures, for the `<style>` of a page."""
    source = resources.files("reports").joinpath("templates/pictures.css")
    return Markup(source.read_text("utf-8"))  # noqa: S704 - a file of ours
