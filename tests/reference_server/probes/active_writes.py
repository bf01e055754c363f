"""Probes of `deviations/active_writes.py`, and of the second deletion of `users_delete.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving


def _switched(t: Talk, value: object) -> tuple[int, object]:
    """Return the status of a replace of `active`, and what Anna has then."""
    status = t.people(1).patch(giving("active", value)).status
    return status, t.get().get("active")


def _added(t: Talk) -> int:
    return t.people(1).patch({"op": "add", "path": "active", "value": False}).status


def _again(t: Talk) -> int:
    """Return the status of a second deletion."""
    where = f"/Users/{t.anna}"
    t.status("DELETE", where)
    return t.status("DELETE", where)


PROBES: dict[str, tuple[Look, object, object]] = {
    "active-text-refused": (lambda t: _switched(t, "False"), (200, False), (400, True)),
    "active-text-as-true": (lambda t: _switched(t, "False"), (200, False), (200, True)),
    "active-add-refused": (_added, 200, 400),
    "delete-twice-500": (_again, 404, 500),
}
