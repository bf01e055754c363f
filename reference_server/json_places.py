"""Places in JSON text: where something stands that Python's reader takes and this server refuses.

Python's reader tells the place only of what it refuses itself. This walk is made afterwards, over
a text that is known to hold something of the kind.
"""

from __future__ import annotations

import json
import math
import re
import sys
from dataclasses import dataclass

MAX_DEPTH = 64

# The walk goes token by token in Python: it is not worth the time for what nobody reads.
_LONGEST = 1024 * 1024

_TOKEN = re.compile(r'[ \t\r\n]*(["{}\[\],:]|[^ \t\r\n"{}\[\],:]+)')
_READER = json.JSONDecoder()
_CONSTANTS = frozenset(("NaN", "Infinity", "-Infinity"))


@dataclass(slots=True)
class _Level:
    """An object or an array that has been opened; `keys` is None for an array."""

    keys: set[str] | None
    expects_key: bool


def line_and_column(text: str, at: int) -> str:
    """Say where an offset is; both count from 1."""
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def refused_place(text: str) -> str:
    """Say where the first thing is that this server refuses; empty when it is not found."""
    at = _Walk(text).first_refused() if len(text) <= _LONGEST else None
    return "" if at is None else f" at {line_and_column(text, at)}"


class _Walk:
    """A walk through the tokens of a text that Python's reader has gone through."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._levels: list[_Level] = []

    def first_refused(self) -> int | None:
        """Return the offset of what is refused first."""
        end = 0
        while (match := _TOKEN.match(self._text, end)) is not None:
            start, piece = match.start(1), match[1]
            end = match.end()
            if piece == '"':
                try:
                    word, end = _READER.raw_decode(self._text, start)
                except ValueError:  # the reader would have come to this later
                    return None
                if self._is_refused_string(word):
                    return start
            elif self._is_refused(piece):
                return start
        return None

    def _is_refused_string(self, word: str) -> bool:
        top = self._levels[-1] if self._levels else None
        if top is not None and top.keys is not None and top.expects_key:
            top.expects_key = False
            if word in top.keys:
                return True
            top.keys.add(word)
        return any("\ud800" <= each <= "\udfff" for each in word)

    def _is_refused(self, piece: str) -> bool:
        if piece in "{[":
            self._levels.append(_Level(set() if piece == "{" else None, piece == "{"))
            return len(self._levels) > MAX_DEPTH
        if piece in "}]":
            del self._levels[-1:]
        elif piece == ",":
            for top in self._levels[-1:]:
                top.expects_key = top.keys is not None
        elif piece != ":":
            return piece in _CONSTANTS or _is_too_large(piece)
        return False


def _is_too_large(piece: str) -> bool:
    """Tell whether a number is beyond what Python computes with, or reads."""
    try:
        number = float(piece)
    except ValueError:  # a word, or something broken
        return False
    whole = piece.lstrip("-").isdigit()
    return len(piece) > sys.get_int_max_str_digits() if whole else math.isinf(number)
