"""What test users and groups are made of: everything that the server's schema has room for."""

from __future__ import annotations

import json
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from idp_profiles.model import Json
from idp_profiles.model import Person
from suites.client import GROUP_URN
from suites.client import USER_URN
from suites.schemas.definitions import Attribute
from suites.schemas.definitions import Definitions
from suites.values import items

Body = dict[str, Json]


def plain_user(person: Person) -> Body:
    """Return a user with what every server keeps."""
    return {
        "schemas": [USER_URN],
        "userName": person.user_name,
        "name": {"givenName": person.given_name, "familyName": person.family_name},
        "displayName": person.display_name,
        "emails": [{"value": person.email, "type": "work", "primary": True}],
        "active": True,
    }


def full_user(person: Person) -> Body:
    """Return a user with every attribute of the core and enterprise schemas that a client sets.

    Left out are `password`, which has cases of its own, and roles, entitlements and certificates,
    whose values mean something only to the server.
    """
    login, _, domain = person.email.rpartition("@")
    words = {
        "email": person.email,
        "login": login,
        "domain": domain,
        "given": person.given_name,
        "family": person.family_name,
    }
    made = filled(template("full_user.json"), words)
    return made if isinstance(made, dict) else {}


@cache
def template(name: str) -> Json:
    """Return what a JSON file of this room holds."""
    made: Json = json.loads(files("suites.making").joinpath(name).read_text(encoding="utf-8"))
    return made


def filled(value: Json, words: Mapping[str, str]) -> Json:
    """Return a copy of a template with `{word}` replaced in every text."""
    if isinstance(value, dict):
        return {key: filled(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, words) for item in value]
    if isinstance(value, str):
        for word, text in words.items():
            value = value.replace(f"{{{word}}}", text)
    return value


def plain_group(name: str, members: Sequence[Json] = ()) -> Body:
    """Return a group with these members."""
    return {"schemas": [GROUP_URN], "displayName": name, "members": [*members]}


def fitted(body: Body, definitions: Definitions, of: str = "User") -> Body:
    """Return a body without what the server's schema has no place for.

    All of it stays where the server does not tell its schemas.
    """
    if not definitions.known:
        return {name: value for name, value in body.items() if not name.startswith("urn:")} | {
            "schemas": items(body["schemas"])[:1]
        }
    known = {each.path.lower(): each for each in definitions.every(of)}
    kept: Body = {}
    for name, value in body.items():
        found = _fitting(name, value, known)
        if found is not None:
            kept[name] = found
    kept["schemas"] = [
        urn for urn in items(body["schemas"]) if urn in kept or urn in (USER_URN, GROUP_URN)
    ]
    return kept


def _fitting(name: str, value: Json, known: Mapping[str, Attribute]) -> Json:
    if name == "schemas":
        return value
    if name.startswith("urn:") and isinstance(value, dict):
        parts = {key: part for key, part in value.items() if f"{name}:{key}".lower() in known}
        return parts or None
    found = known.get(name.lower())
    if found is None or not found.writable:
        return None
    names = {part.name.lower() for part in found.parts if part.writable}
    return _with_parts(value, names) if found.parts else value


def _with_parts(value: Json, names: set[str]) -> Json:
    if isinstance(value, list):
        return [_with_parts(item, names) for item in value]
    if isinstance(value, dict):
        return {key: part for key, part in value.items() if key.lower() in names}
    return value


def single(body: Body, *, but: Collection[str] = ()) -> Body:
    """Return a body with one value at most in each array, `but` for those that are left whole."""
    left = {"schemas", *but}
    return {
        name: value[:1] if isinstance(value, list) and name not in left else value
        for name, value in body.items()
    }


def changed(body: Body, changes: Mapping[str, Json]) -> Body:
    """Return a body with some attributes changed; None takes one out."""
    made = {**body, **changes}
    return {name: value for name, value in made.items() if value is not None}


def listed(body: Body) -> Body:
    """Return a body whose `schemas` name every extension that it has attributes of."""
    known = items(body.get("schemas"))
    urns = [name for name in body if name.lower().startswith("urn:")]
    return {**body, "schemas": [*known, *(urn for urn in urns if urn not in known)]}
