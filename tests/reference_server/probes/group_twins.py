"""Probes of `deviations/group_twins.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import GROUP
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import listed

NAMED = {"schemas": [GROUP], "displayName": "Ring"}


def _second(t: Talk) -> tuple[int, bool]:
    """Return how a second group of one name is answered, and whether it is the first."""
    first = t.send("POST", "/Groups", NAMED).json["id"]
    answer = t.send("POST", "/Groups", NAMED)
    return answer.status, answer.json.get("id") == first


def _in_capitals(t: Talk) -> int:
    t.send("POST", "/Groups", NAMED)
    asked = "filter=displayName%20eq%20%22RING%22"
    return len(listed(t.send("GET", "/Groups", query=asked).json))


PROBES: dict[str, tuple[Look, object, object]] = {
    "group-twin-500": (_second, (201, False), (500, False)),
    "group-twin-as-200": (_second, (201, False), (200, True)),
    "group-filter-case-sensitive": (_in_capitals, 1, 0),
}
