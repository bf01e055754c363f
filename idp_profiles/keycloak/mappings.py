"""The bodies that the extension sends; its mapping is fixed in the code, ours is data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry
from idp_profiles.model import Json
from idp_profiles.model import Person

from .names import PATCH_OP

# The sources that start with "kc_" are made by `source_person`.
MAPPING = AttributeMapping(
    entries=(
        Entry(path="userName", source="user_name"),
        Entry(path="id", source="kc_remote_id"),
        Entry(path="displayName", source="kc_display_name"),
        Entry(path="name.givenName", source="kc_given_name"),
        Entry(path="name.familyName", source="kc_family_name"),
        Entry(path="emails", source="kc_emails"),
        Entry(path="active", source="kc_active"),
        Entry(path="roles", source="kc_roles"),
    ),
)


def source_person(person: Person, *, remote_id: str, active: bool) -> Person:
    """Return the person with the attributes that the code works out."""
    name = f"{person.given_name} {person.family_name}".strip() or person.user_name
    roles = person.attributes.get("roles")
    made: dict[str, Json] = {
        "kc_remote_id": remote_id or None,
        "kc_display_name": name,
        "kc_given_name": person.given_name or None,
        "kc_family_name": person.family_name or None,
        "kc_emails": [{"value": person.email}] if person.email else None,
        "kc_active": active,
        "kc_roles": [{"value": role} for role in roles] if isinstance(roles, list) else None,
    }
    return replace(person, attributes={**person.attributes, **made})


def replaced(values: Iterable[tuple[str, Json]]) -> dict[str, Json]:
    """Return a PATCH that replaces each path; null for members stands for their removal."""
    operations: list[Json] = [
        {"path": path, "op": "remove" if value is None else "replace", "value": value}
        for path, value in values
    ]
    return {"schemas": [PATCH_OP], "Operations": operations}
