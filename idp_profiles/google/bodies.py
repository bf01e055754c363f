"""The bodies that Google sends; the create is the captured one, the others take its shape over."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping

from idp_profiles.mapping import AttributeMapping
from idp_profiles.model import Json
from idp_profiles.model import Person

from .names import OLD_USER
from .names import PATCH_OP
from .names import USER


def profile_of(mapping: AttributeMapping, person: Person) -> dict[str, Json]:
    """Return the mapped attributes of a user."""
    return mapping.body(person, "update")


def whole_user(profile: Mapping[str, Json], *, active: bool, user_id: str = "") -> dict[str, Json]:
    """Return the body of a POST, or with an id that of a PUT; active stands after the profile."""
    body: dict[str, Json] = {"schemas": [OLD_USER, USER], **profile, "active": active}
    return {**body, "id": user_id} if user_id else body


def replaced(changes: Mapping[str, Json]) -> dict[str, Json]:
    """Return the body of a PATCH that replaces each path with its value, or removes it."""
    operations: list[Json] = [
        {"op": "remove", "path": path}
        if value is None
        else {"op": "replace", "path": path, "value": value}
        for path, value in changes.items()
    ]
    return {"schemas": [PATCH_OP], "Operations": operations}


def differences(before: Mapping[str, Json], after: Mapping[str, Json]) -> dict[str, Json]:
    """Return what differs as paths and new values; null stands for what is gone."""
    old, new = dict(_paths(before)), dict(_paths(after))
    changed = {path: value for path, value in new.items() if old.get(path) != value}
    return {**changed, **{path: None for path in old if path not in new}}


def _paths(value: Mapping[str, Json], above: str = "") -> Iterator[tuple[str, Json]]:
    for key, item in value.items():
        if isinstance(item, dict):
            # An extension's attributes follow its URN after a colon, others after a dot.
            yield from _paths(item, f"{above}{key}{':' if key.startswith('urn:') else '.'}")
        else:
            yield f"{above}{key}", item
