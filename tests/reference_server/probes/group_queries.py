"""Probes of `deviations/group_queries.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import listed


def _of_anna(t: Talk) -> int:
    t.crew("anna")
    asked = f"filter=members.value%20eq%20%22{t.ids['anna']}%22"
    return len(listed(t.send("GET", "/Groups", query=asked).json))


def _short(t: Talk) -> Json:
    t.crew("anna")
    return listed(t.send("GET", "/Groups", query="excludedAttributes=members").json)[0]


def _types(t: Talk) -> set[str]:
    found = listed(t.crew("anna", "ben").send("GET", "/Users").json)
    return {each["meta"]["resourceType"] for each in found}


PROBES: dict[str, tuple[Look, object, object]] = {
    "group-excluded-attributes-ignored": (
        lambda t: (
            "members"
            in listed(
                t.crew("anna").send("GET", "/Groups", query="excludedAttributes=members").json
            )[0]
        ),
        False,
        True,
    ),
    "group-filter-by-member-finds-nothing": (_of_anna, 1, 0),
    "users-list-shows-groups": (_types, {"User"}, {"Group", "User"}),
}
