"""Probes of `deviations/earlier_forms.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk

OLD = "urn:scim:schemas:core:1.0"
MAIL = {"value": "a@b.example"}


def _statuses(t: Talk, odd: dict[str, object]) -> tuple[int, int, int]:
    """Create a user in an odd form, replace one by it, and create a usual one."""
    t.also("carl")
    replaced = t.put("carl", **odd).status
    return t.create("anna", **odd).status, replaced, t.create("ben").status


def _kept(t: Talk, name: str, odd: dict[str, object]) -> tuple[bool, bool]:
    """Tell whether a user in an odd form and a usual one have an attribute."""
    attributes = {"name": {"familyName": "F"}, "emails": [MAIL]}
    t.also("anna", **{**attributes, **odd}).also("ben", **attributes)
    return name in t.get("anna"), name in t.get("ben")


PROBES: dict[str, tuple[Look, object, object]] = {
    "foreign-schemas-refused": (
        lambda t: _statuses(t, {"schemas": [OLD, USER]}),
        (201, 200, 201),
        (400, 400, 201),
    ),
    "former-core-schema-refused": (
        lambda t: (_statuses(t, {"schemas": [OLD]}), t.create("dora", schemas=[OLD, USER]).status),
        ((201, 200, 201), 201),
        ((400, 400, 201), 201),
    ),
    "former-core-name-lost": (
        lambda t: _kept(t, "name", {"schemas": [OLD]}),
        (True, True),
        (False, True),
    ),
    "email-object-refused": (
        lambda t: _statuses(t, {"emails": MAIL}),
        (201, 200, 201),
        (400, 400, 201),
    ),
    "email-object-lost": (
        lambda t: _kept(t, "emails", {"emails": MAIL}),
        (True, True),
        (False, True),
    ),
    "active-digit-refused": (
        lambda t: _statuses(t, {"active": "1"}),
        (201, 200, 201),
        (400, 400, 201),
    ),
    "active-digit-as-false": (
        lambda t: (
            t.also("anna", active="1").get("anna")["active"],
            t.also("ben", active="true").get("ben")["active"],
        ),
        (True, True),
        (False, True),
    ),
}
