"""Probes of `deviations/patch_keys.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import replacing


def _dotted(t: Talk) -> tuple[int, object, object]:
    """Return how a value with a dotted key and a plain one is taken, and what it changes."""
    t.people(1)
    answer = t.patch(replacing(**{"name.givenName": "Other", "title": "Chief"}))
    now = t.get()
    return answer.status, now["name"]["givenName"] == "Other", now.get("title") == "Chief"


def _qualified(t: Talk) -> int:
    return t.people(1).patch(replacing(**{f"{ENTERPRISE}:department": "Other"})).status


PROBES: dict[str, tuple[Look, object, object]] = {
    "patch-dotted-key-refused": (_dotted, (200, True, True), (400, False, False)),
    "patch-dotted-key-ignored": (_dotted, (200, True, True), (200, False, True)),
    "patch-qualified-key-refused": (_qualified, 200, 400),
}
