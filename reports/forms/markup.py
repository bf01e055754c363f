"""Texts for Markdown that do nothing: no markup, mention, reference, link or image of a target."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reports import view

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#$]|^[-+=]|(?<=^\d)[.)]|!(?=\[))")
# What GitHub and GitLab turn into a mention, a reference or a link although no Markdown says so:
# they look for these after the Markdown was read, where a backslash is gone.
_REFERENCE = re.compile(
    r"([@#](?=\S)|://(?=\S)|\bwww\.(?=\S)|[!$%&~^](?=[\w\"{])|\bGH-(?=\d))", re.IGNORECASE
)
_WORD_JOINER = "\u2060"


def prose(text: str, limit: int = 400) -> str:
    """Return text that Markdown shows as it is; only what stands between backticks is code."""
    pieces = view.with_code(view.one_line(text, limit))
    return "".join(code(piece) if is_code else escaped(piece) for is_code, piece in pieces)


def cell(text: str, limit: int = 100) -> str:
    r"""Return text for a cell of a table.

    Parsers differ in how they read `\|` in code in a table, so there such code is plain text.
    """
    shown = view.one_line(text, limit)
    return escaped(shown) if set(shown) & {"|", "\\"} else prose(shown, limit + 1)


def escaped(text: str) -> str:
    """Return text in which nothing is markup, and which no site links by itself."""
    return _REFERENCE.sub(rf"\1{_WORD_JOINER}", _SPECIAL.sub(r"\\\1", text))


def link(words: str, address: str) -> str:
    """Return a link; plain words where there is no address."""
    shown = prose(words)
    return f"[{shown}](<{address}>)" if address else shown


def sources(texts: Sequence[str], most: int = 3) -> list[str]:
    """Return where to read more, one line for each source."""
    return ["".join(link(*piece) for piece in view.links(text)) for text in texts[:most]]


def code(text: str, limit: int = 300) -> str:
    """Return text as a code span, fenced by more backticks than it holds (CommonMark 6.1)."""
    shown = view.one_line(text, limit)
    longest = max(map(len, re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def row(*cells: str) -> str:
    """Return one line of a table out of cells that are Markdown already."""
    return f"| {' | '.join(cells)} |\n"


def table_head(*titles: str) -> str:
    """Return the head of a table."""
    return row(*titles) + f"|{' --- |' * len(titles)}\n"


def size(text: str) -> int:
    """Return how many bytes a text has in a file."""
    return len(text.encode("utf-8", "backslashreplace"))


class Page:
    """Collects text as long as there is room, and says how much it had to leave out."""

    def __init__(self, left_out: str) -> None:
        """Take the sentence, with a place for `{count}`, that says what was left out."""
        self._left_out = left_out
        self._parts: list[str] = []
        self._size = 0

    def add(self, part: str) -> None:
        """Add a part that must be there; each of them is short."""
        self._parts.append(part)
        self._size += size(part)

    def fits(self, part: str, room: int) -> bool:
        """Tell whether the page stays within `room` bytes with this part."""
        return self._size + size(part) <= room

    def leave_out(self, count: int) -> None:
        """Say how many entries are not here."""
        self.add("\n" + self._left_out.format(count=count) + "\n")

    def add_what_fits(self, entries: Sequence[str], room: int) -> int:
        """Add entries up to the first that does not fit, then say how many others there are."""
        for position, entry in enumerate(entries):
            if not self.fits(entry, room):
                self.leave_out(len(entries) - position)
                return position
            self.add(entry)
        return len(entries)

    def text(self) -> str:
        """Return the page."""
        return "".join(self._parts)
