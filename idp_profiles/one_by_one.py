"""Scripts after one another, each a task of its own: one that stops does not stop the next."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Script
from .model import Stopped


def one_by_one(scripts: Iterable[Script]) -> Script:
    """Run every script, then stop as the first one did that stopped."""
    first: Stopped | None = None
    for script in scripts:
        try:
            yield from script
        except Stopped as stopped:
            first = first or stopped
    if first is not None:
        raise first
