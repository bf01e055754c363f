"""Probes of `deviations/filter_paths.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk

DEPARTMENT = f'{ENTERPRISE}:department eq "Sales"'
# When the conversation takes place, as a clock far in the east shows it.
THERE = "2026-01-02T17:04:04+14:00"


def _parts(t: Talk) -> list[list[str]]:
    """Return whom filters on a part and on an extension find."""
    t.people(1).also("ben", name={"givenName": "Bo"}, **{ENTERPRISE: {"department": "Sales"}})
    return [t.sought('name.givenName sw "A"'), t.sought(DEPARTMENT)]


def _by_title(t: Talk) -> list[str]:
    """Return the names on two pages of a list that is sorted by a title that all have."""
    t.people(3)
    pages = [t.names(f"sortBy=title&count=2&startIndex={start}") for start in (1, 3)]
    return [name for page in pages for name in page]


PROBES: dict[str, tuple[Look, object, object]] = {
    "filter-parts-by-eq-alone": (_parts, [["anna"], ["ben"]], [[], ["ben"]]),
    "filter-parts-overlooked": (_parts, [["anna"], ["ben"]], [["anna", "ben"], ["anna", "ben"]]),
    "filter-zones-overlooked": (
        lambda t: t.people(1).sought(f'meta.created gt "{THERE}"'),
        ["anna"],
        [],
    ),
    "filter-pr-finds-empty-arrays": (
        lambda t: t.people(1).also("ben", emails=[]).sought("emails pr"),
        ["anna"],
        ["anna", "ben"],
    ),
    "sort-ties-differ-by-page": (_by_title, ["anna", "ben", "carl"], ["anna", "ben", "anna"]),
}
