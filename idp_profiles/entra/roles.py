"""The three expressions that map app roles, and what each one sends."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass

from idp_profiles.model import Json
from idp_profiles.wire import encode
from idp_profiles.wire import member

from .operations import Shape
from .operations import as_boolean

_TYPE = "WindowsAzureActiveDirectoryRole"
# A boolean is compared with a text here; that is how the mapping's target is spelled.
_PRIMARY_ROLE = 'roles[primary eq "True"].value'

FORMS = ("none", "single", "complex", "assertive")


@dataclass(frozen=True, slots=True)
class Role:
    """One app role of the directory: its name, and the id that only one form sends."""

    value: str
    role_id: str = ""


def roles_on_create(form: str, roles: Iterable[Role]) -> list[Json]:
    """Return the value of `roles` in a POST; an empty list when nothing is mapped or granted."""
    granted = list(roles)
    if form == "none" or not granted:
        return []
    if form == "single":
        return [{"primary": True, "type": _TYPE, "value": granted[0].value}]
    label = "displayName" if form == "complex" else "display"
    return [
        {"primary": False, "type": _TYPE, label: role.value, "value": role.value}
        for role in granted
    ]


def role_operations(
    form: str, roles: Iterable[Role], current: Mapping[str, Json], shape: Shape
) -> list[Json]:
    """Return the operations that bring the roles about, none when the server has them."""
    granted, present = list(roles), _present(current)
    if form == "none" or not granted:
        return []
    if form == "single":
        held = [item for item in present if as_boolean(member(item, "primary"))]
        if any(member(item, "value") == granted[0].value for item in held):
            return []
        return [shape.operation("Replace" if held else "Add", _PRIMARY_ROLE, granted[0].value)]
    if form == "complex":
        packed: list[Json] = [{"value": _packed(role)} for role in granted]
        return [shape.operation("Add", "roles", packed)]
    if [member(item, "value") for item in present] == [role.value for role in granted]:
        return []
    # Lower case in every job: this expression's sample is written so.
    return [{"op": "replace", "path": "roles", "value": roles_on_create(form, granted)}]


def _packed(role: Role) -> str:
    """Return a JSON document in a text, which is what this expression puts into `value`."""
    document: Json = {"id": role.role_id, "value": role.value, "displayName": role.value}
    return encode(document).decode("utf-8")


def _present(current: Mapping[str, Json]) -> list[dict[str, Json]]:
    listed = member(current, "roles")
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
