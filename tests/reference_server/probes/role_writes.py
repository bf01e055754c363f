"""Probes of `deviations/role_writes.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving

READER = {"value": "Reader", "type": "app", "primary": True}
WRITER = {"value": "Writer", "type": "app", "primary": False}
CHOSEN = 'roles[primary eq "True"].value'


def adding(path: str, value: object) -> Json:
    """Return an add with a path."""
    return {"op": "add", "path": path, "value": value}


def _values(user: Json) -> list[str]:
    return [each["value"] for each in user.get("roles", [])]


def _made(t: Talk, *roles: Json) -> tuple[int, list[str]]:
    """Return the status of a new user with roles, and which ones it has."""
    reply = t.create("anna", roles=roles)
    return reply.status, _values(reply.json)


def _shown(t: Talk) -> Json:
    """Return the role of a new user."""
    role: Json = t.create("anna", roles=[READER]).json["roles"][0]
    return role


def _changed(t: Talk, *operations: Json, roles: tuple[Json, ...]) -> tuple[int, list[str]]:
    """Return the status of a PATCH of somebody with roles, and which ones there are then."""
    t.make("anna", roles=roles)
    return t.patch(*operations).status, _values(t.get())


def _first(t: Talk) -> bool:
    """Tell whether the first role, which an add selects as primary, is primary."""
    t.make("anna")
    t.patch(adding(CHOSEN, "Reader"))
    return t.get()["roles"][0].get("primary") is True


PROBES: dict[str, tuple[Look, object, object]] = {
    "create-drops-roles": (lambda t: _made(t, READER), (201, ["Reader"]), (201, [])),
    "create-refuses-role-names": (
        lambda t: _made(t, {**READER, "displayName": "Reader"})[0],
        201,
        400,
    ),
    "create-refuses-role-labels": (
        lambda t: _made(t, {**READER, "display": "Reader"})[0],
        201,
        400,
    ),
    "roles-one-per-type": (
        lambda t: _made(t, READER, WRITER),
        (201, ["Reader", "Writer"]),
        (201, ["Writer"]),
    ),
    "roles-without-primary": (lambda t: "primary" in _shown(t), True, False),
    "roles-without-type": (lambda t: "type" in _shown(t), True, False),
    "roles-of-one-word": (lambda t: _made(t, {"value": "Read all"})[0], 201, 400),
    "patch-role-refused": (
        lambda t: _changed(t, adding("roles", [WRITER]), roles=(READER,)),
        (200, ["Reader", "Writer"]),
        (400, ["Reader"]),
    ),
    "patch-role-ignored": (
        lambda t: _changed(t, adding("roles", [WRITER]), roles=(READER,)),
        (200, ["Reader", "Writer"]),
        (200, ["Reader"]),
    ),
    "patch-primary-text-refused": (
        lambda t: _changed(t, giving(CHOSEN, "Owner"), roles=(READER,)),
        (200, ["Owner"]),
        (400, ["Reader"]),
    ),
    "patch-selected-role-appended": (
        lambda t: _changed(t, giving(CHOSEN, "Owner"), roles=(READER,)),
        (200, ["Owner"]),
        (200, ["Reader", "Owner"]),
    ),
    "patch-selected-role-bare": (_first, True, False),
    "patch-add-replaces-roles": (
        lambda t: _changed(t, adding("roles", [WRITER]), roles=(READER,)),
        (200, ["Reader", "Writer"]),
        (200, ["Writer"]),
    ),
    "patch-replace-appends-roles": (
        lambda t: _changed(t, giving("roles", [WRITER]), roles=(READER,)),
        (200, ["Writer"]),
        (200, ["Reader", "Writer"]),
    ),
    "patch-add-refuses-role-again": (
        lambda t: _changed(t, adding("roles", [READER]), roles=(READER,)),
        (200, ["Reader"]),
        (409, ["Reader"]),
    ),
    "patch-add-doubles-role": (
        lambda t: _changed(t, adding("roles", [READER]), roles=(READER,)),
        (200, ["Reader"]),
        (200, ["Reader", "Reader"]),
    ),
}
