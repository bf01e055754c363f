"""The SCIM JSON Template: the body of a user, written by the admin with macros in it.

A template is input. The ones here are those that guides and logs show; a macro makes a text, so
numbers and truth values come from literals of the template only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from idp_profiles import mapping
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import MappingError
from idp_profiles.mapping import load_mapping
from idp_profiles.mapping import nested
from idp_profiles.mapping import steps_of
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.wire import member
from idp_profiles.wire import merge

from .names import ENTERPRISE
from .names import USER

Template = Mapping[str, Json] | AttributeMapping

_LOGIN, _EMAIL = "{$parameters.scimusername}", "{$user.email}"
_FIRST, _LAST = "{$user.firstname}", "{$user.lastname}"

TEMPLATES: Mapping[str, Mapping[str, Json]] = {
    "v2-core": {
        "schemas": [USER],
        "userName": _LOGIN,
        "name": {"givenName": _FIRST, "familyName": _LAST},
        "emails": [{"value": _EMAIL, "primary": True}],
    },
    # URNs that no RFC has, as the log of 2024 shows them.
    "v2-wild-urns": {
        "schemas": ["urn:scim:schemas:core:2.0", "urn:scim:schemas:extension:enterprise:2.0"],
        "userName": _LOGIN,
        "name": {"familyName": _LAST, "givenName": _FIRST},
    },
    # E-mails are one object here, not a list.
    "v1-object-email": {
        "schemas": ["urn:scim:schemas:core:1.0", "urn:scim:schemas:extension:enterprise:1.0"],
        "userName": _LOGIN,
        "name": {"familyName": _LAST, "givenName": _FIRST},
        "emails": {"value": _EMAIL, "type": "work", "primary": True},
        "title": "{$parameters.title}",
    },
    "v2-odd": {
        "schemas": [USER],
        "id": None,
        "userName": _LOGIN,
        "active": "{$user.active}",
        "emails": [{"value": _EMAIL, "type": "work", "primary": True}],
        "meta": {"resourceType": "User"},
        "name": {"familyName": _LAST, "givenName": _FIRST, "formatted": "{$user.display_name}"},
        ENTERPRISE: {
            "department": "{$parameters.department}",
            "manager": {
                "managerId": "{$parameters.external_manager_id}",
                "displayName": "{$user.manager_firstname}",
            },
        },
    },
}

_MACRO = re.compile(r"\{\$(user|parameters)\.(?:custom_fields\.)?(\w+)\}")
_OF_PERSON = {
    "scimusername": "user_name",
    "username": "user_name",
    "firstname": "given_name",
    "lastname": "family_name",
    "email": "email",
    "display_name": "display_name",
    "id": "idp_id",
}


def load_template(given: Template | Path) -> Template:
    """Return a template: an object with macros, a JSON file that holds one, or a mapping.

    A table with an `attribute`, or a TOML file, is a mapping as other IdPs have it.
    """
    if isinstance(given, AttributeMapping):
        return given
    if isinstance(given, Mapping):
        return load_mapping(given) if "attribute" in given else given
    if given.suffix != ".json":
        return load_mapping(given)
    try:
        template = json.loads(given.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(
            f"the template {str(given)!r} cannot be read: {error.strerror}"
        ) from None
    except ValueError as error:
        raise MappingError(f"the template {str(given)!r} is not JSON: {error}") from None
    if not isinstance(template, dict):
        raise MappingError(f"the template {str(given)!r} is no JSON object")
    return template


def carrying(template: Template, wishes: Mapping[str, Json]) -> Template:
    """Return a template with what the app wants of every user, by SCIM path.

    What the template says goes before it, unless that is a parameter of the app, which may be
    empty: there the admin writes the value itself.
    """
    if isinstance(template, AttributeMapping):
        return mapping.carrying(template, wishes)
    made: Mapping[str, Json] = template
    for path, value in wishes.items():
        if not _says(template, steps_of(path)):
            made = merge(made, nested(path, value))
    return made


def _says(template: Mapping[str, Json], steps: tuple[str, ...]) -> bool:
    """Return whether a template has a value at a path that is never empty."""
    said: Json = dict(template)
    for step in steps:
        said = member(said, step) if isinstance(said, dict) else None
    hit = _MACRO.fullmatch(said) if isinstance(said, str) else None
    if hit is not None and hit.group(1) == "parameters":
        return hit.group(2) in _OF_PERSON
    return said is not None


def user_body(template: Template, person: Person, active: str) -> dict[str, Json]:
    """Return the body of a user; `active` is the text that the macro of that name makes."""
    if isinstance(template, AttributeMapping):
        return {"schemas": [USER], **template.body(person, "update")}
    values = {**_values(person), "active": active}
    return {key: _expanded(value, values) for key, value in template.items()}


def with_active(template: Template, body: dict[str, Json], *, active: bool) -> dict[str, Json]:
    """Return the body with the state in it, added as a literal where the template has none."""
    said = isinstance(template, Mapping) and isinstance(template.get("active"), str)
    return body if said else {**body, "active": active}


def _values(person: Person) -> dict[str, str]:
    texts = {name: str(value) for name, value in person.attributes.items() if value is not None}
    return {**texts, **{macro: str(getattr(person, name)) for macro, name in _OF_PERSON.items()}}


def _expanded(value: Json, values: Mapping[str, str]) -> Json:
    if isinstance(value, str):
        # A macro without a value leaves nothing behind.
        return _MACRO.sub(lambda hit: values.get(hit.group(2), ""), value)
    if isinstance(value, list):
        return [_expanded(item, values) for item in value]
    if isinstance(value, dict):
        return {key: _expanded(item, values) for key, item in value.items()}
    return value
