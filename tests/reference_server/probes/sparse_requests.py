"""Probes of `deviations/sparse_requests.py`, `gone_resources.py` and of two lone creates."""

from __future__ import annotations

from tests.reference_server.deviation_talk import PATCH
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import members

PHOTO = {"value": "https://example.com/a.png", "type": "photo"}
RENAMED: Json = {"schemas": [PATCH], "Operations": [giving("displayName", "Crew")]}


def _bare(t: Talk) -> tuple[int, int]:
    """Return how a filter without quotation marks is answered, and one that needs none."""
    t.people(1)
    filters = ("userName eq anna@example.com", "active eq true")
    return t.filtered(filters[0]).status, t.filtered(filters[1]).status


def _removed(t: Talk, path: str) -> list[str]:
    """Return who is left in a group when Anna is taken out by a value array."""
    t.people(2).crew("anna", "ben")
    return t.inside_after({"op": "remove", "path": path, "value": members(t.anna)})


def _referring(t: Talk) -> tuple[int, int]:
    """Return how a new group is answered whose member has a relative reference, and an absolute."""
    path = f"Users/{t.people(1).anna}"
    refs = (path, f"https://example.com/{path}")
    made = [t.create_group("G", members=[{"value": t.anna, "$ref": each}]) for each in refs]
    return made[0].status, made[1].status


PROBES: dict[str, tuple[Look, object, object]] = {
    "filter-unquoted-refused": (_bare, (200, 200), (400, 200)),
    "member-remove-overlooks-value": (lambda t: _removed(t, "members"), ["ben"], []),
    "member-ref-relative-refused": (_referring, (201, 201), (400, 201)),
    "member-type-refused": (
        lambda t: t.create_group("G", members=[{"value": t.people(1).anna, "type": "User"}]).status,
        201,
        400,
    ),
    "put-missing-as-500": (
        lambda t: t.send("PUT", "/Users/nobody", {"schemas": [], "userName": "x"}).status,
        404,
        500,
    ),
    "group-write-missing-500": (
        lambda t: t.send("PATCH", "/Groups/none", RENAMED).status,
        404,
        500,
    ),
    "group-delete-missing-500": (lambda t: t.status("DELETE", "/Groups/none"), 404, 500),
    "create-refuses-photos": (lambda t: t.create("anna", photos=[PHOTO]).status, 201, 400),
    "group-names-unique": (
        lambda t: [t.create_group().status, t.create_group("staff").status],
        [201, 201],
        [201, 409],
    ),
}
