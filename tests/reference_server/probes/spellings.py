"""Probes of `deviations/spellings.py`, and of the one in `views.py` that shows too much."""

from __future__ import annotations

import unicodedata

from tests.reference_server.deviation_talk import ERROR
from tests.reference_server.deviation_talk import LIST
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk

HEAD = "Chef de Café"
DECOMPOSED = unicodedata.normalize("NFD", HEAD)


def _by_title(t: Talk, title: str) -> int:
    return len(t.also("anna", title=HEAD).sought(f'title eq "{title}"'))


def _twins(t: Talk, first: str, second: str) -> tuple[int, list[str], list[str]]:
    """Return the status of a second create, and whom each spelling finds."""
    t.make("anna", userName=first)
    status = t.create("ben", userName=second).status
    return status, t.sought(f'userName eq "{first}"'), t.sought(f'userName eq "{second}"')


def _location(t: Talk) -> str:
    found: str = t.get(t.anna)["meta"]["location"]
    return found


PROBES: dict[str, tuple[Look, object, object]] = {
    "filter-cut-at-ampersand": (
        lambda t: t.also("anna", title="R&D").filtered('title eq "R&D"').status,
        200,
        400,
    ),
    "filter-compares-code-points": (
        lambda t: (_by_title(t, DECOMPOSED), len(t.sought(f'title eq "{HEAD.upper()}"'))),
        (1, 1),
        (0, 1),
    ),
    "filter-folds-ascii-alone": (
        lambda t: (_by_title(t, HEAD.upper()), len(t.sought(f'title eq "{HEAD.swapcase()}"'))),
        (1, 1),
        (0, 0),
    ),
    "user-names-compared-by-code-point": (
        lambda t: (
            _twins(t, "zoë", unicodedata.normalize("NFD", "zoë")),
            t.create("carl", userName="ZOË").status,
        ),
        ((409, ["zoë"], ["zoë"]), 409),
        ((201, ["zoë"], []), 409),
    ),
    "location-with-blanks": (lambda t: " " in _location(t), False, True),
    "location-of-base-with-query": (
        lambda t: (
            _location(t).count("?"),
            (t.create("ben").response.header("Location") or "").count("?"),
        ),
        (0, 0),
        (1, 1),
    ),
    "list-uri-misspelled": (lambda t: t.page()["schemas"], [LIST], [LIST.lower()]),
    "error-uri-of-1-0": (
        lambda t: t.get("nobody")["schemas"],
        [ERROR],
        [ERROR.replace("2.0", "1.0")],
    ),
    "attributes-beyond-schema": (lambda t: "record" in t.get(t.anna), False, True),
}
