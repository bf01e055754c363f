"""Probes of `deviations/list_pages.py`."""

from __future__ import annotations

from urllib.parse import quote

from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import listed


def _mailed(t: Talk) -> Talk:
    """Make two users whose primary addresses stand behind others."""
    first = [{"value": "z@example.com"}, {"value": "a@example.com", "primary": True}]
    second = [{"value": "b@example.com", "primary": True}, {"value": "y@example.com"}]
    return t.also("anna", emails=first).also("ben", emails=second)


def _turned(t: Talk) -> Talk:
    """Make three users whose order of creation is not that of their names."""
    return t.also("carl").also("anna").also("ben")


def _at_root(t: Talk, text: str) -> Json:
    """Return what a filter finds among Anna, her group and two badges."""
    t.crew("anna")
    return t.send("GET", "/", query=f"filter={quote(text, safe='')}").json


PROBES: dict[str, tuple[Look, object, object]] = {
    "list-without-resources": (lambda t: "Resources" in t.people(1).page(), True, False),
    "items-per-page-left-out": (lambda t: "itemsPerPage" in t.people(1).page(), True, False),
    "start-index-as-asked": (lambda t: t.people(1).page("startIndex=-5")["startIndex"], 1, -5),
    "start-index-always-one": (lambda t: t.people(3).page("startIndex=2")["startIndex"], 2, 1),
    "start-index-defaults-to-two": (
        lambda t: t.people(2).names("filter=title%20pr&count=1"),
        ["anna"],
        ["ben"],
    ),
    "start-index-no-number-500": (lambda t: t.queried("startIndex=x"), 400, 500),
    "filter-after-page": (
        lambda t: t.people(3).names("filter=userName%20sw%20%22c%22&count=2"),
        ["carl"],
        [],
    ),
    "sort-fails-500": (lambda t: t.queried("sortBy=userName"), 200, 500),
    "sort-paths-ignored": (
        lambda t: _turned(t).names("sortBy=name.givenName"),
        ["anna", "ben", "carl"],
        ["carl", "anna", "ben"],
    ),
    "sort-urn-unknown": (
        lambda t: _turned(t).names(f"sortBy={USER}:userName"),
        ["anna", "ben", "carl"],
        ["carl", "anna", "ben"],
    ),
    "sort-ascending-unknown": (
        lambda t: t.queried("sortBy=userName&sortOrder=ascending"),
        200,
        400,
    ),
    "sort-by-first-value": (
        lambda t: _mailed(t).names("sortBy=emails.value"),
        ["anna", "ben"],
        ["ben", "anna"],
    ),
    "sort-within-page": (
        lambda t: _turned(t).names("sortBy=userName&count=2"),
        ["anna", "ben"],
        ["anna", "carl"],
    ),
    "root-query-without-groups": (
        lambda t: len(listed(_at_root(t, 'displayName eq "Staff"'))),
        1,
        0,
    ),
    "root-query-and-ignored": (
        lambda t: len(listed(_at_root(t, "displayName pr and userName pr"))),
        1,
        4,
    ),
    "root-query-attribute-refused": (
        lambda t: _at_root(t, "displayName pr and userName pr").get("scimType"),
        None,
        "invalidFilter",
    ),
    "filter-paths-find-nobody": (
        lambda t: t.people(1).sought('name.familyName eq "Example"'),
        ["anna"],
        [],
    ),
}
