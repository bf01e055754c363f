"""Texts that depend on how many there are of something."""

from __future__ import annotations

from collections.abc import Iterable

from reports.wording import Wording


def counted(words: Wording, key: str, count: int, **values: object) -> str:
    """Return the text for one or for several."""
    return words(f"{key}.{'one' if count == 1 else 'many'}", n=f"{count:,}", **values)


def listed(words: Wording, names: Iterable[str]) -> str:
    """Return names as a sentence says them: `a, b and c`."""
    *first, last = names
    return words("list.and", first=", ".join(first), last=last) if first else last
