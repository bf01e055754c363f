"""Probes of `deviations/patch_replaces.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import HOME
from tests.reference_server.deviation_talk import WORK
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import replacing

NEW = {"value": "new@example.com", "type": "work"}
HOUSES = [
    {"type": "work", "streetAddress": "1 Elm", "primary": True},
    {"type": "home", "streetAddress": "2 Elm"},
]


def _addresses(t: Talk, operation: Json) -> list[str]:
    """Return the e-mail addresses of Anna, who had two at work, after an operation."""
    t.also("anna", emails=[WORK, {**HOME, "type": "work"}]).patch(operation)
    return sorted(t.addresses())


def _primaries(t: Talk) -> int:
    """Return how many addresses are primary once the second is made so."""
    t.also("anna", addresses=HOUSES)
    user = t.after_patch(giving('addresses[type eq "home"].primary', True))
    return sum(each.get("primary") is True for each in user["addresses"])


PROBES: dict[str, tuple[Look, object, object]] = {
    "patch-replace-ignored": (
        lambda t: t.after_patch(giving("title", "Chief"))["title"],
        "Chief",
        "Engineer",
    ),
    "patch-replace-appends-values": (
        lambda t: len(_addresses(t, giving("emails", [NEW]))),
        1,
        3,
    ),
    "patch-selected-replace-appends": (
        lambda t: len(_addresses(t, giving('emails[type eq "work"]', NEW))),
        1,
        3,
    ),
    "patch-filter-first-only": (
        lambda t: len(_addresses(t, giving('emails[type eq "work"]', NEW))),
        1,
        2,
    ),
    "patch-pathless-replace-drops-others": (
        lambda t: "title" in t.after_patch(replacing(displayName="A")),
        True,
        False,
    ),
    "patch-pathless-text-ignored": (
        lambda t: t.people(1).patch({"op": "replace", "value": "A"}).status,
        400,
        200,
    ),
    "patch-two-primary-addresses": (_primaries, 1, 2),
}
