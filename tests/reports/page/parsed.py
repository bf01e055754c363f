"""A page as a parser that is not ours reads it."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

# Elements that HTML closes by itself.
_VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """What a browser would make of a page: its elements, ids, links and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._texts: list[str] = []
        self.unbalanced: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & {*self._open}:
            self._texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self._texts)

    def values(self, attribute: str) -> list[str]:
        return [str(attrs[attribute]) for _, attrs in self.elements if attribute in attrs]

    def links_of(self, tag: str, **wanted: str) -> list[str]:
        return [
            str(attrs.get("href"))
            for name, attrs in self.elements
            if name == tag and wanted.items() <= attrs.items()
        ]

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    @property
    def left_open(self) -> list[str]:
        return self._open


ReadPage = Callable[..., Page]
OpenPage = Callable[..., str]
