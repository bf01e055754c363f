"""Reads Markdown back with another tool than the one that wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

# What GitHub and GitLab make of plain text by themselves, once the Markdown was read.
AUTOMATIC = re.compile(
    r"[@#](?=\w)|\w://\w|\bwww\.\w|[!$%&~^](?=[\w\"{])|\bGH-\d", re.IGNORECASE | re.ASCII
)
# A report whose every text is hostile: markup of every kind, mentions, references, commands.
HOSTILE = (
    "`<script>alert(1)</script>` | **bold** [x](javascript:alert(1)) ![i](https://evil.example/i)"
    " <img src=x> <https://evil.example> https://evil.example www.evil.example @octocat #1 !2 $3"
    " %4 &5 ~6 GH-7 me@evil.example ``` ~~~ \n# head\n\n<b>\n::error::x\n| a | b |\n\x1b[31m\u202e"
)


def tokens(text: str) -> Iterator[Token]:
    """Yield every token of a text, those within lines included."""
    reader = MarkdownIt("commonmark").enable("table").enable("strikethrough")
    for token in reader.parse(text):
        yield token
        yield from token.children or ()


def rendered(text: str) -> str:
    """Return a text as HTML."""
    return str(MarkdownIt("commonmark").enable("table").enable("strikethrough").render(text))


def kinds(text: str) -> set[str]:
    """Return what a text is made of."""
    return {token.type for token in tokens(text)}


def addresses(text: str) -> set[str]:
    """Return what a text leads to."""
    return {str(token.attrs["href"]) for token in tokens(text) if token.type == "link_open"}


def automatic(text: str) -> list[str]:
    """Return what sites would turn into a mention, a reference or a link by themselves."""
    found: list[str] = []
    depth = 0
    for token in tokens(text):
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not depth:
            found += AUTOMATIC.findall(token.content)
    return found


def tables(text: str) -> list[list[int]]:
    """Return of each table how many cells each of its rows has."""
    found: list[list[int]] = []
    for token in tokens(text):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append(0)
        elif token.type in ("td_open", "th_open"):
            found[-1][-1] += 1
    return found


def headings(text: str) -> list[str]:
    """Return the headings of a text, each with its level before it."""
    read = list(tokens(text))
    return [
        f"{token.tag} {read[position + 1].content}"
        for position, token in enumerate(read)
        if token.type == "heading_open"
    ]
