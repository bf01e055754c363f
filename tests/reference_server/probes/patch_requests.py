"""Probes of `deviations/patch_requests.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import PATCH
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving

CHIEF = giving("title", "Chief")
LISTED: Json = {"op": "add", "path": "schemas", "value": [ENTERPRISE]}
RIDES: Json = {"op": "add", "path": f"{ENTERPRISE}:department", "value": "Rides"}


def _status(t: Talk, *operations: Json) -> int:
    """Return the status of a PATCH on Anna."""
    return t.people(1).patch(*operations).status


def _whole(t: Talk, **body: object) -> int:
    """Return the status of a PATCH on Anna with a body that may be wrong."""
    return t.send("PATCH", f"/Users/{t.anna}", body).status


def _crew(t: Talk) -> Talk:
    """Return a talk about a group of Anna, while Ben is in none."""
    return t.people(2).crew("anna")


def _part(t: Talk, part: str, value: str) -> int:
    """Return the status of a PATCH on a part of the member Anna."""
    path = f'members[value eq "{t.ids["anna"]}"].{part}'
    return t.patch_group(giving(path, value)).status


PROBES: dict[str, tuple[Look, object, object]] = {
    "config-denies-patch": (lambda t: t.config()["patch"]["supported"], True, False),
    "patch-without-schemas-500": (lambda t: _whole(t, Operations=[CHIEF]), 200, 500),
    "patch-without-schemas-refused": (lambda t: _whole(t, Operations=[CHIEF]), 200, 400),
    "patch-operations-object-accepted": (
        lambda t: _whole(t, schemas=[PATCH], Operations=CHIEF),
        400,
        200,
    ),
    "patch-capital-op-ignored": (
        lambda t: t.after_patch({**CHIEF, "op": "Replace"})["title"],
        "Chief",
        "Engineer",
    ),
    "patch-wrong-type-ignored": (lambda t: _status(t, giving("active", {"value": True})), 400, 200),
    "patch-part-path-refused": (lambda t: _status(t, giving("name.familyName", "X")), 200, 400),
    "patch-index-ignored": (lambda t: _status(t, giving("emails[0].value", "x@y.z")), 400, 200),
    "member-value-changed": (
        lambda t: (_part(_crew(t), "value", t.ids["ben"]), t.inside()),
        (400, ["anna"]),
        (204, ["ben"]),
    ),
    "patch-undefined-part-500": (lambda t: _part(_crew(t), "displayName", "X"), 400, 500),
    "patch-ends-at-schemas": (
        lambda t: t.also("anna", **{ENTERPRISE: ...}).after_patch(LISTED, RIDES).get(ENTERPRISE),
        {"department": "Rides"},
        None,
    ),
    "patch-answers-old-state": (
        lambda t: t.people(1).patch(CHIEF).json["title"],
        "Chief",
        "Engineer",
    ),
    "patch-missing-204": (
        lambda t: t.send("PATCH", "/Users/x", {"schemas": [PATCH], "Operations": [CHIEF]}).status,
        404,
        204,
    ),
    "patch-taken-name-ignored": (
        lambda t: t.people(2).patch(giving("userName", "ben@example.com")).status,
        409,
        200,
    ),
}
