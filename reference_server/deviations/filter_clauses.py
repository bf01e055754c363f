"""Deviations of filters with several clauses: one of them is overlooked for its form or place."""

from __future__ import annotations

import re
from collections.abc import Callable

from reference_server.messages import Handler

from .filtering import rewriting
from .registry import deviation

# Outside of what is quoted; a filter with brackets is left as it is.
_BRACKETS = re.compile(r'[()\[\]](?=(?:[^"]*"[^"]*")*[^"]*$)')
_JOINT = re.compile(r'\s+(and|or)\s+(?=(?:[^"]*"[^"]*")*[^"]*$)', re.IGNORECASE)
_WITH_BLANK = re.compile(r'"[^"]*\s[^"]*"')
_READ = 2  # clauses of a filter


@deviation("filter-clauses-with-blanks-ignored", area="searches")
def filter_clauses_with_blanks_ignored(handle: Handler) -> Handler:
    """Overlook a clause whose value has a blank where a filter has several."""
    return _dropping(handle, lambda _place, clause: _WITH_BLANK.search(clause) is not None)


@deviation("filter-third-clause-ignored", area="searches")
def filter_third_clause_ignored(handle: Handler) -> Handler:
    """Overlook what stands behind the second clause of a filter."""
    return _dropping(handle, lambda place, _clause: place >= _READ)


def _dropping(handle: Handler, lost: Callable[[int, str], bool]) -> Handler:
    """Answer a search as if some clauses were missing; one at least is left."""

    def change(text: str) -> str:
        parts = _JOINT.split(text)
        words, clauses = ["", *parts[1::2]], parts[::2]
        kept = [n for n, clause in enumerate(clauses) if not lost(n, clause)]
        if _BRACKETS.search(text) or not kept:
            return text
        return clauses[kept[0]] + "".join(f" {words[n]} {clauses[n]}" for n in kept[1:])

    return rewriting(handle, change)
