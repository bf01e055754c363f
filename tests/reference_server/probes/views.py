"""Probes of `deviations/views.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import replacing

ALWAYS = ["id", "schemas"]


def _shown(t: Talk, query: str) -> list[str]:
    """Return the names of the attributes that a query shows of Anna."""
    return sorted(t.viewed(query))


def _status(t: Talk, query: str) -> int:
    return t.send("GET", f"/Users/{t.anna}", query=query).status


def _patched(t: Talk, query: str) -> bool:
    """Return whether the reply to a PATCH shows the name."""
    t.people(1)
    return "name" in t.patch(replacing(title="Boss"), asking=query).json


PROBES: dict[str, tuple[Look, object, object]] = {
    "attributes-first-only": (
        lambda t: _shown(t, "attributes=title,userName"),
        [*ALWAYS, "title", "userName"],
        [*ALWAYS, "title"],
    ),
    "attributes-paths-unknown": (
        lambda t: _shown(t, "attributes=name.givenName"),
        ["id", "name", "schemas"],
        ALWAYS,
    ),
    "attributes-paths-have-case": (
        lambda t: _shown(t, "attributes=NAME.GIVENNAME"),
        ["id", "name", "schemas"],
        ALWAYS,
    ),
    "attributes-urn-has-case": (
        lambda t: _shown(t, f"attributes={USER.upper()}:title"),
        [*ALWAYS, "title"],
        ALWAYS,
    ),
    "attributes-both-500": (
        lambda t: _status(t, "attributes=title&excludedAttributes=name"),
        400,
        500,
    ),
    "attributes-unknown-500": (lambda t: _status(t, "attributes=someUnknown"), 200, 500),
    "attributes-ignored-in-every-write": (
        lambda t: _patched(t, "attributes=title"),
        False,
        True,
    ),
    "excluded-attributes-drop-whole-complex": (
        lambda t: "name" in t.viewed("excludedAttributes=name.givenName"),
        True,
        False,
    ),
    "excluded-attributes-urn-unknown": (
        lambda t: "title" in t.viewed(f"excludedAttributes={USER}:title"),
        False,
        True,
    ),
    "write-replies-short": (lambda t: _patched(t, ""), True, False),
}
