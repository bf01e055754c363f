"""Lines on a console: only what it can write, whatever a target put into them."""

from __future__ import annotations

import os
import textwrap
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDEST = 120  # columns; a longer line is hard to read
_NARROWEST = 40
# For a console that cannot write the signs; everything else it lacks is escaped.
_PLAIN = str.maketrans({"✓": "+", "✗": "x", "·": ".", "…": "..."})


def console_on(file: TextIO | None = None, width: int | None = None) -> Console:
    """Return a console on a stream, standard output by default.

    Where `NO_COLOR` is set it writes no escape code at all, as pytest does; rich would still print
    in bold.
    """
    is_plain = bool(os.environ.get("NO_COLOR"))
    return Console(file=file, width=width, force_terminal=False if is_plain else None)


class Page:
    """Prints texts on a console, none of them read as markup."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._encoding = console.encoding
        self._is_plain = not console.encoding.lower().replace("-", "").startswith("utf8")
        self._width = min(max(console.width, _NARROWEST), _WIDEST)

    def line(self, text: str = "", style: str = "") -> None:
        """Print one line; it is not folded, so that a path or a command can be copied."""
        self.print(self.text(text, style))

    def prose(self, text: str, style: str = "", *, indent: int = 0, hang: int = 2) -> None:
        """Print text folded at words; lines after the first stand `hang` columns further in."""
        shown = self.text(text).plain
        lines = textwrap.wrap(
            shown,
            self._width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hang),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines:
            self.print(Text(line, style=style))

    def print(self, text: Text) -> None:
        """Print styled text on one line."""
        self._console.print(text, soft_wrap=True)

    def table(self, table: Table) -> None:
        """Print a table."""
        self._console.print(table)

    def text(self, text: str, style: str = "") -> Text:
        """Return styled text that the console can write; a `Text` is never read as markup."""
        if self._is_plain:
            text = text.translate(_PLAIN)
        writable = text.encode(self._encoding, "backslashreplace").decode(self._encoding)
        return Text(writable, style=style)
