"""Reads a log as GitHub's runner does: which lines are commands, and what they say.

https://github.com/actions/runner, `ActionCommand` and `ActionCommandManager`: a command is
`::name key=value,…::data` at the start of a line, blanks left of it aside, or the older
`##[name key=value;…]data` anywhere in a line; after `stop-commands` only the word that it gave.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass

_NEW = re.compile(r"\s*::([\w-]+)(?: ([^\n]*?))?::(.*)")
_OLD = re.compile(r".*?##\[([\w-]+)(?: ([^\]\n]*))?\](.*)")
# In this order: the sign of an escape last.
_CODES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


@dataclass(frozen=True)
class Command:
    """One command of a log."""

    name: str
    title: str
    text: str


def commands(log: str) -> list[Command]:
    """Return what GitHub carries out, in order."""
    return list(_carried_out(log.splitlines()))


def _carried_out(lines: Iterable[str]) -> Iterator[Command]:
    word: str | None = None
    for line in lines:
        if word is not None:
            word = None if re.fullmatch(rf"\s*::{re.escape(word)}::.*", line) else word
            continue
        found = _NEW.fullmatch(line) or _OLD.fullmatch(line)
        if found is None:
            continue
        name, properties, data = found[1], found[2] or "", found[3]
        if name == "stop-commands":
            word = data
            continue
        given = dict(each.partition("=")[::2] for each in properties.split(",") if each)
        yield Command(name, _decoded(given.get("title", "")), _decoded(data))


def _decoded(text: str) -> str:
    for code, sign in _CODES.items():
        text = text.replace(code, sign)
    return text
