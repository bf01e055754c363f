"""What servers that others wrote make of a requirement, read from the pages about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\| (fail|warn) \| (\S+) \| .* \| \[(.+)\]\(#([\w-]+)\) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """What one page says of one requirement: how often, and the section that explains it."""

    server: str
    page: str
    verdict: str
    why: str
    anchor: str
    cases: int


def read(folder: Path | None) -> dict[str, tuple[Found, ...]]:
    """Return what the pages of a folder say, by requirement; nothing without a folder."""
    if folder is None:
        return {}
    found: dict[str, list[Found]] = {}
    for file in sorted(folder.glob("*.md")):
        for requirement, each in _of_page(file.stem, file.read_text(encoding="utf-8")):
            found.setdefault(requirement, []).append(each)
    return {requirement: tuple(each) for requirement, each in found.items()}


def _of_page(name: str, text: str) -> Iterable[tuple[str, Found]]:
    title = _TITLE.search(text)
    counted = Counter(_ROW.findall(text))
    for (verdict, requirement, why, anchor), cases in counted.items():
        yield requirement, Found(title[1] if title else name, name, verdict, why, anchor, cases)
