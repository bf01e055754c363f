"""Probes of `deviations/patch_parts.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import HOME
from tests.reference_server.deviation_talk import WORK
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving

AT_WORK = "work@example.com"
ADDING: Json = {"op": "add", "path": 'emails[type eq "work"].value', "value": AT_WORK}
HOUSE = [{"type": "work", "locality": "Trnava", "country": "SK"}]
MOVING = giving('addresses[type eq "work"].locality', "Nitra")
RENAMING = giving("name.familyName", "Other")
LEAVING: Json = {"op": "remove", "path": 'emails[type eq "home"].value', "value": HOME["value"]}


def _added(t: Talk) -> tuple[int, object]:
    """Return how an add without a match is taken, and the type of the address it makes."""
    t.make("anna", emails=[HOME])
    answer = t.patch(ADDING)
    made = [each for each in t.get()["emails"] if each["value"] == AT_WORK]
    return answer.status, made and made[0].get("type", "none")


def _moved(t: Talk) -> tuple[object, object]:
    """Return the town and the country of an address whose town was replaced."""
    t.make("anna", addresses=HOUSE)
    (address,) = t.after_patch(MOVING)["addresses"]
    return address.get("locality"), address.get("country")


def _renamed(t: Talk) -> tuple[object, bool]:
    """Return the family name that a PATCH gives, and whether the given name stays."""
    t.make("anna")
    names = t.after_patch(RENAMING)["name"]
    return names["familyName"], "givenName" in names


def _still_members(t: Talk) -> int:
    """Return how many members a group has after a PATCH of its one member."""
    t.people(1).crew("anna").patch(giving("title", "Boss"))
    return len(t.group().get("members", []))


PROBES: dict[str, tuple[Look, object, object]] = {
    "patch-add-no-match-refused": (_added, (200, "work"), (400, [])),
    "patch-add-no-match-ignored": (_added, (200, "work"), (200, [])),
    "patch-add-no-match-untyped": (_added, (200, "work"), (200, "none")),
    "patch-value-paths-refused": (
        lambda t: t.also("anna", addresses=HOUSE).patch(MOVING).status,
        200,
        400,
    ),
    "patch-part-replaces-selected": (_moved, ("Nitra", "SK"), ("Nitra", None)),
    "patch-part-path-clears-others": (_renamed, ("Other", True), ("Other", False)),
    "patch-remove-value-refused": (
        lambda t: t.also("anna", emails=[HOME]).patch(LEAVING).status,
        200,
        400,
    ),
    "patch-selected-remove-takes-all": (
        lambda t: t.also("anna", emails=[HOME, WORK]).after_patch(LEAVING).get("emails", []) != [],
        True,
        False,
    ),
    "patch-clears-memberships": (_still_members, 1, 0),
}
