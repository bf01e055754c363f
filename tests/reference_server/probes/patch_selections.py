"""Probes of `deviations/patch_selections.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import taking

HOUSE = [{"type": "home", "locality": "Hollywood", "region": "CA"}]
JOB = {"department": "Tours", "costCenter": "4130"}
CAPITALS = giving('addresses[type eq "HOME"].region', "NY")
ADDING: Json = {"op": "add", "path": 'addresses[type eq "home"].region', "value": "NY"}


def _job(t: Talk, operation: Json) -> bool:
    """Tell whether Anna's cost centre is there after a change of her department."""
    t.make("anna", **{ENTERPRISE: JOB})
    return "costCenter" in t.after_patch(operation).get(ENTERPRISE, {})


def _houses(t: Talk) -> int:
    t.make("anna", addresses=HOUSE)
    return len(t.after_patch(ADDING)["addresses"])


PROBES: dict[str, tuple[Look, object, object]] = {
    "patch-extension-replaced-whole": (
        lambda t: _job(t, giving(f"{ENTERPRISE}:department", "Rides")),
        True,
        False,
    ),
    "patch-extension-removed-whole": (
        lambda t: _job(t, taking(f"{ENTERPRISE}:department")),
        True,
        False,
    ),
    "patch-selection-has-case": (
        lambda t: t.also("anna", addresses=HOUSE).patch(CAPITALS).status,
        200,
        400,
    ),
    "patch-selected-add-appends": (_houses, 1, 2),
}
