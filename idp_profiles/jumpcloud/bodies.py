"""The bodies that JumpCloud sends: the captured ones as functions of what varies in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.wire import member
from idp_profiles.wire import merge

from .mappings import for_mapping
from .names import ENTERPRISE
from .names import GROUP
from .names import PATCH_OP
from .names import USER
from .org import Org


def new_user(org: Org, person: Person, *, active: bool) -> dict[str, Json]:
    """Return the body of a POST; the enterprise URN is listed whether or not it is used."""
    profile = _profile(org, person, "create")
    return _sorted({**profile, "active": active, "schemas": [USER, ENTERPRISE]})


def whole_user(
    org: Org, person: Person, user_id: str, shown: Mapping[str, Json], *, active: bool
) -> dict[str, Json]:
    """Return the body of a PUT: the whole profile, the id, and the photos that the app showed."""
    body = {**_profile(org, person, "update"), "active": active, "id": user_id}
    photos = member(shown, "photos")
    if photos is not None and org.switches["echo"] == "photos":
        body["photos"] = photos
    # The extension stands first here and last in a POST.
    return _sorted({**body, "schemas": [ENTERPRISE, USER]})


def test_user(email: str, external_id: str) -> dict[str, Json]:
    """Return the captured POST of the test user: every value but three is a placeholder."""
    address: dict[str, Json] = {
        "country": "US",
        "locality": "locality",
        "postalCode": "80027",
        "primary": True,
        "region": "region",
        "streetAddress": "street-address",
        "type": "work",
    }
    return {
        "active": True,
        "addresses": [address],
        "displayName": "displayname",
        "emails": [{"primary": True, "type": "work", "value": email}],
        "externalId": external_id,
        "locale": "en-US",
        "name": {"familyName": "lastname", "givenName": "firstname"},
        "phoneNumbers": [{"primary": True, "type": "work", "value": "tel:+1-555-555-5555"}],
        "preferredLanguage": "en-US",
        "schemas": [USER, ENTERPRISE],
        "userName": email,
    }


def minimal_user(email: str, user_id: str, *, active: bool) -> dict[str, Json]:
    """Return the captured minimal PUT of the test user, e-mails null and most else left out."""
    return {
        "active": active,
        "emails": None,
        "id": user_id,
        "name": {"familyName": "lastname", "givenName": "firstname"},
        "schemas": [USER],
        "userName": email,
    }


def new_group(name: str, members: list[Json]) -> dict[str, Json]:
    """Return the body of a group's POST; members only where there are some to list."""
    body: dict[str, Json] = {"displayName": name, "schemas": [GROUP]}
    return _sorted({**body, "members": members}) if members else body


def whole_group(name: str, group_id: str, members: list[Json]) -> dict[str, Json]:
    """Return the body of a group's PUT."""
    return {"displayName": name, "id": group_id, "members": members, "schemas": [GROUP]}


def patch(operation: dict[str, Json]) -> dict[str, Json]:
    """Return the body of a PATCH with one operation."""
    return {"schemas": [PATCH_OP], "Operations": [operation]}


def _profile(org: Org, person: Person, occasion: str) -> dict[str, Json]:
    profile = org.mapping.body(for_mapping(person), occasion)
    mapped = {entry.path for entry in org.mapping.entries}
    # A list without elements is null, as in the minimal PUT.
    nothing: dict[str, Json] = {"emails": None} if "emails" in mapped else {}
    return merge(nothing, profile)


def _sorted(body: Mapping[str, Json]) -> dict[str, Json]:
    """Return the object with its keys in alphabetical order, at every depth."""
    return {key: _sorted_value(body[key]) for key in sorted(body)}


def _sorted_value(value: Json) -> Json:
    if isinstance(value, dict):
        return cast(Json, _sorted(value))
    return [_sorted_value(item) for item in value] if isinstance(value, list) else value
