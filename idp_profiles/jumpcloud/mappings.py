"""The default mapping, the one under byte fidelity, and the directory's attributes behind it."""

from __future__ import annotations

from dataclasses import replace

from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry
from idp_profiles.model import Json
from idp_profiles.model import Person

from .names import ENTERPRISE

MAPPING = AttributeMapping(
    entries=(
        Entry(path="userName", source="user_name"),
        Entry(path="name.givenName", source="given_name"),
        Entry(path="name.familyName", source="family_name"),
        Entry(path="displayName", source="display_name"),
        Entry(path="emails", source="email", type="work", primary=True),
        Entry(path="externalId", source="idp_id"),
        Entry(path="locale", constant="en-US"),
        Entry(path="preferredLanguage", constant="en-US"),
        # Lists that are made from the directory's plain attributes, see `for_mapping`.
        Entry(path="addresses", source="addresses"),
        Entry(path="phoneNumbers", source="phoneNumbers"),
        Entry(path="title", source="title"),
        Entry(path=f"{ENTERPRISE}:department", source="department"),
    )
)

# Connectors of small apps send no more than this.
SMALL_MAPPING = AttributeMapping(
    entries=tuple(
        entry
        for entry in MAPPING.entries
        if entry.path in {"userName", "name.givenName", "name.familyName", "emails", "externalId"}
    )
)

_ADDRESS = ("country", "locality", "postalCode", "region", "streetAddress")


def for_mapping(person: Person) -> Person:
    """Return the person with the lists that a mapping can name: addresses, phoneNumbers.

    A person without address or telephone has empty lists, as one captured PUT shows.
    """
    lists: dict[str, Json] = {"addresses": _addresses(person), "phoneNumbers": _phones(person)}
    return replace(person, attributes={**lists, **person.attributes})


def _addresses(person: Person) -> list[Json]:
    parts = {name: person.attributes[name] for name in _ADDRESS if person.attributes.get(name)}
    return [{**parts, "primary": True, "type": "work"}] if parts else []


def _phones(person: Person) -> list[Json]:
    number = person.attributes.get("phone")
    # The number travels as a URI (RFC 3966).
    return [{"primary": True, "type": "work", "value": f"tel:{number}"}] if number else []
