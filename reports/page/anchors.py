"""The places of the page that a link can lead to.

A requirement's id, a cause's id and an identity provider's name are worth linking to from a ticket,
so they become ids of the page. They come from the report's file, though: whatever does not look
exactly like one of ours gets a number instead.
"""

from __future__ import annotations

import re

_LONGEST = 60
_REQUIREMENT = re.compile(r"[A-Z][A-Z0-9]+(?:-[A-Za-z0-9.]+)+")
_CAUSE = re.compile(r"C-[0-9a-f]+")
_IDP = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# What the templates use for themselves.
_OURS = (
    *("top", "main", "verdicts", "fix-first", "legend", "search", "idp", "verdict", "level"),
    *("area", "shown", "clear", "said", "findings", "failures", "warnings", "errors"),
    *("inconclusive", "waived", "skipped", "passed", "products", "contradictions", "scenarios"),
    *("coverage", "speed", "run", "filters", "waivers"),
)


class Anchors:
    """Hands out ids, each once."""

    def __init__(self) -> None:
        self._taken = set(_OURS)
        self._number = 0

    def requirement(self, name: str) -> str:
        """Return the id of the first place that speaks of a requirement, a number for others."""
        return self._claim(name, _REQUIREMENT)

    def cause(self, name: str) -> str:
        """Return the id of a cause."""
        return self._claim(name, _CAUSE)

    def idp(self, name: str) -> str:
        """Return the id of an identity provider."""
        return self._claim(name, _IDP)

    def known(self, name: str) -> str:
        """Return a requirement's id if there is a place with it, else nothing."""
        return name if name in self._taken and _REQUIREMENT.fullmatch(name) else ""

    def number(self, kind: str = "entry") -> str:
        """Return an id that nothing else has."""
        while True:
            self._number += 1
            name = f"{kind}-{self._number}"
            if name not in self._taken:
                self._taken.add(name)
                return name

    def _claim(self, name: str, pattern: re.Pattern[str]) -> str:
        if len(name) > _LONGEST or name in self._taken or not pattern.fullmatch(name):
            return self.number()
        self._taken.add(name)
        return name
