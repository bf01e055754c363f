"""Which optional features the server has, and what follows for the cases about them.

What the server announces counts. A feature that it announces and breaks fails. One that it does
not announce is tried once: refused, its cases are skipped with the reason; working, they run and a
mismatch is a note at most. What no document announces (`/Me`, `/.search`, queries at the root) is
tried too. The target file overrides all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.verdicts import NotOffered

from .look import Look

TITLES = {
    "bulk": "bulk requests",
    "changePassword": "changing of passwords",
    "cursor": "paging by cursor",
    "enterprise": "enterprise extension",
    "etag": "ETags",
    "filter": "filters",
    "groups": "groups",
    "me": "/Me",
    "patch": "PATCH",
    "rootQuery": "queries at the root",
    "search": "/.search of users",
    "sort": "sorting",
    "tenants": "second tenant",
}
_IN_CONFIG = frozenset({"bulk", "changePassword", "etag", "filter", "patch", "sort"})


@dataclass(frozen=True, slots=True)
class Probed:
    """What a cautious try of a feature came to: whether it works, and what was seen."""

    works: bool
    seen: str


@dataclass(frozen=True, slots=True)
class Support:
    """Whether there is a feature, how that is known, and whether it was announced as missing."""

    works: bool
    origin: str  # target, announced or probed
    seen: str = ""
    disclaimed: bool = False

    def to_json(self) -> Json:
        """Return the form that reports hold."""
        origin = "configured" if self.origin == "target" else self.origin
        return {"value": self.works, "origin": origin}


class Capabilities:
    """The features of one target; each is tried once, and only when a case asks."""

    def __init__(
        self,
        look: Callable[[], Look],
        *,
        overrides: Mapping[str, bool],
        tenants: bool,
        probe: Callable[[str], Probed],
    ) -> None:
        self._look = look  # taken when a case asks
        self._overrides = {"tenants": tenants, **overrides}
        self._probe = probe
        self._known: dict[str, Support] = {}

    def has(self, feature: str) -> bool:
        """Return whether the server has a feature, trying it where nothing announces it."""
        return self._support(feature).works

    def check(self, needs: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of these features work without being announced.

        Raises NotOffered for one that the server does not have.
        """
        for feature in needs:
            support = self._support(feature)
            if not support.works:
                raise NotOffered(_reason(feature, support))
        return tuple(feature for feature in needs if self._support(feature).disclaimed)

    def announced(self, feature: str) -> bool | None:
        """Return what discovery says of a feature; None where it says nothing."""
        look = self._look()
        if feature in _IN_CONFIG:
            return _value(look.capabilities.get(feature))
        if feature == "cursor":
            return look.cursor
        if feature == "groups":
            types = _names(look.capabilities.get("resourceTypes"))
            return None if types is None else "Group" in types
        if feature == "enterprise":
            schemas = _names(look.capabilities.get("schemas"))
            known = [*(schemas or ()), *look.extensions]
            return None if schemas is None and not known else ENTERPRISE_URN in known
        return None

    def to_json(self) -> dict[str, Json]:
        """Return what was found out, for the report."""
        return {name: known.to_json() for name, known in sorted(self._known.items())}

    def _support(self, feature: str) -> Support:
        if feature not in self._known:
            self._known[feature] = self._found(feature)
        return self._known[feature]

    def _found(self, feature: str) -> Support:
        if feature in self._overrides:
            return Support(self._overrides[feature], "target")
        announced = self.announced(feature)
        if announced:
            return Support(works=True, origin="announced")
        probed = self._probe(feature)
        return Support(probed.works, "probed", probed.seen, disclaimed=announced is False)


def _reason(feature: str, support: Support) -> str:
    title = TITLES[feature]
    if support.origin == "target":
        return f"the target has no {title}, as its file says"
    said = "announces no" if support.disclaimed else "has no"
    return f"the server {said} {title} ({support.seen})"


def _value(known: Json) -> bool | None:
    value = known.get("value") if isinstance(known, dict) else None
    return value if isinstance(value, bool) else None


def _names(known: Json) -> list[Json] | None:
    value = known.get("value") if isinstance(known, dict) else None
    return value if isinstance(value, list) else None
