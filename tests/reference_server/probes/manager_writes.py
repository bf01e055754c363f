"""Probes of `deviations/manager_writes.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import taking

MANAGER = f"{ENTERPRISE}:manager"


def _boss(t: Talk) -> str | None:
    """Return who Anna's manager is, by name."""
    names = {identifier: name for name, identifier in t.ids.items()}
    shown: Json = t.get().get(ENTERPRISE, {}).get("manager", {})
    return names.get(shown.get("value", ""))


def _after(t: Talk, *operations: Json) -> tuple[int, str | None]:
    """Return the status of a PATCH of Anna, and who her manager is then."""
    return t.patch(*operations).status, _boss(t)


def _given(t: Talk, form: type) -> tuple[int, str | None]:
    """Let Ben be Anna's manager, in a form that is made of his id."""
    ben = t.people(2).ids["ben"]
    forms: dict[type, object] = {str: ben, dict: {"value": ben}, list: [{"value": ben}]}
    return _after(t, giving(MANAGER, forms[form]))


def _managed(t: Talk) -> Talk:
    """Let Ben be Anna's manager."""
    t.people(3).patch(giving(MANAGER, {"value": t.ids["ben"]}))
    return t


def _removed(t: Talk) -> tuple[int, str | None]:
    return _after(_managed(t), taking(f'{MANAGER}[value eq "{t.ids["ben"]}"]'))


def _changed(t: Talk) -> tuple[int, str | None]:
    return _after(_managed(t), giving(MANAGER, {"value": t.ids["carl"]}))


def _sought(t: Talk) -> tuple[int, int | None]:
    """Return what a filter by Anna's manager finds."""
    reply = _managed(t).filtered(f'manager eq "{t.ids["ben"]}"')
    return reply.status, reply.json.get("totalResults")


def _where(t: Talk) -> tuple[bool, bool]:
    """Tell whether Anna's manager is shown in the extension, and beside it."""
    shown = _managed(t).get()
    return "manager" in shown.get(ENTERPRISE, {}), "manager" in shown


PROBES: dict[str, tuple[Look, object, object]] = {
    "manager-text-refused": (lambda t: _given(t, str), (200, "ben"), (400, None)),
    "manager-text-ignored": (lambda t: _given(t, str), (200, "ben"), (200, None)),
    "manager-array-refused": (lambda t: _given(t, list), (200, "ben"), (400, None)),
    "manager-object-refused": (lambda t: _given(t, dict), (200, "ben"), (400, None)),
    "manager-empty-refused": (
        lambda t: _after(_managed(t), giving(MANAGER, "")),
        (200, None),
        (400, "ben"),
    ),
    "manager-selected-remove-refused": (_removed, (200, None), (400, "ben")),
    "manager-selected-remove-ignored": (_removed, (200, None), (200, "ben")),
    "manager-first-kept": (_changed, (200, "carl"), (200, "ben")),
    "manager-filter-refused": (_sought, (200, 1), (400, None)),
    "manager-filter-finds-nobody": (_sought, (200, 1), (200, 0)),
    "manager-beside-extension": (_where, (True, False), (False, True)),
}
