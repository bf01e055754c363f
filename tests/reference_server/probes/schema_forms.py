"""Probes of `deviations/schema_forms.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk


def _mutability(t: Talk) -> set[str]:
    return {each["mutability"] for schema in t.schemas() for each in schema["attributes"]}


PROBES: dict[str, tuple[Look, object, object]] = {
    "schemas-with-nulls": (
        lambda t: any(
            None in each.values() for schema in t.schemas() for each in schema["attributes"]
        ),
        False,
        True,
    ),
    "schemas-characteristics-in-capitals": (
        lambda t: ("readWrite" in _mutability(t), "ReadWrite" in _mutability(t)),
        (True, False),
        (False, True),
    ),
}
