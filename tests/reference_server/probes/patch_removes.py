"""Probes of `deviations/patch_removes.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import taking

TWO = [
    {"value": "a@example.com", "type": "work"},
    {"value": "b@home.example", "type": "work"},
]
HOUSE = [{"type": "home", "locality": "Hollywood", "region": "CA"}]


def _left(t: Talk, path: str, **over: object) -> Json:
    """Return what is left of Anna when something is removed."""
    t.make("anna", **over)
    return t.after_patch(taking(path))


PROBES: dict[str, tuple[Look, object, object]] = {
    "patch-remove-ignored": (lambda t: "title" in _left(t, "title"), False, True),
    "patch-remove-keeps-arrays": (lambda t: "emails" in _left(t, "emails"), False, True),
    "patch-remove-first-condition": (
        lambda t: len(
            _left(t, 'emails[type eq "work" and value sw "a"]', emails=TWO).get("emails", [])
        ),
        1,
        0,
    ),
    "patch-remove-takes-whole-entry": (
        lambda t: len(
            _left(t, 'addresses[type eq "home"].region', addresses=HOUSE).get("addresses", [])
        ),
        1,
        0,
    ),
    "patch-remove-keeps-last": (
        lambda t: "emails" in _left(t, 'emails[type eq "work"]'),
        False,
        True,
    ),
    "patch-pathless-remove-clears": (
        lambda t: (t.people(1).patch({"op": "remove"}).status, "title" in t.get()),
        (400, True),
        (400, False),
    ),
    "member-remove-all-ignored": (
        lambda t: t.crew("anna", "ben").inside_after(taking("members")),
        [],
        ["anna", "ben"],
    ),
}
