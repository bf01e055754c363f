"""The default property mapping of users, the one under byte fidelity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry
from idp_profiles.model import Json
from idp_profiles.model import Person

from .names import ENTERPRISE

# The sources that start with "ak_" are made by `source_person`.
MAPPING = AttributeMapping(
    entries=(
        Entry(path="userName", source="user_name"),
        Entry(path="name.formatted", source="display_name"),
        Entry(path="name.familyName", source="ak_after_blank"),
        Entry(path="name.givenName", source="ak_before_blank"),
        Entry(path="displayName", source="display_name"),
        Entry(path="locale", source="locale"),
        Entry(path="active", source="ak_is_active"),
        Entry(path="emails", source="ak_emails"),
        Entry(path="photos", source="ak_photos"),
    ),
)

# Bodies are dumped from a model, so its order is the order on the wire; id comes second.
_ORDER = (
    *("userName", "id", "name", "displayName", "nickName", "profileUrl", "title", "userType"),
    *("preferredLanguage", "locale", "timezone", "active", "password", "emails", "phoneNumbers"),
    *("ims", "photos", "addresses", "groups", "entitlements", "roles", "x509Certificates"),
    *("schemas", "externalId", "meta"),
)


def source_person(person: Person, *, active: bool) -> Person:
    """Return the person with the attributes that the mapping's expression works out."""
    before, _, after = person.display_name.partition(" ")
    avatar = str(person.attributes.get("avatar") or "")
    photos: list[Json] = [{"value": avatar, "type": "photo"}] if "://" in avatar else []
    email: dict[str, Json] = {"value": person.email, "type": "other", "primary": True}
    made: dict[str, Json] = {
        "ak_before_blank": before,
        "ak_after_blank": after,
        "ak_is_active": active,
        "ak_emails": [email] if person.email else [],
        "ak_photos": photos,
    }
    return replace(person, attributes={**person.attributes, **made})


def in_model_order(body: Mapping[str, Json]) -> dict[str, Json]:
    """Return a user's body as the model dumps it: what the model does not know is dropped."""
    return {key: body[key] for key in (*_ORDER, ENTERPRISE) if key in body}
