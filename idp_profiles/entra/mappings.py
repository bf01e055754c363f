"""The default mapping, the one under byte fidelity, and known variations of it.

An entry with a type stands for a value-filter path: `addresses.formatted` of type `work` is
`addresses[type eq "work"].formatted`, and `emails` of type `work` is that entry's value. The order
is that of the operations in a PATCH; a POST has an order of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry
from idp_profiles.mapping import source_value
from idp_profiles.mapping import steps_of
from idp_profiles.model import Json
from idp_profiles.model import Person

from .names import ENTERPRISE


def _address(part: str, source: str) -> Entry:
    return Entry(path=f"addresses.{part}", source=source, type="work", primary=True)


MAPPING = AttributeMapping(
    entries=(
        Entry(path="userName", source="user_name"),
        Entry(path="active", constant=True),
        Entry(path="displayName", source="display_name"),
        Entry(path="emails", source="email", type="work", primary=True),
        Entry(path="name.givenName", source="given_name"),
        Entry(path="name.familyName", source="family_name"),
        # Joined from two attributes; no sample of an update carries it.
        Entry(path="name.formatted", source="fullName", when=("create",)),
        Entry(path="externalId", source="mailNickname"),
        Entry(path="title", source="jobTitle"),
        Entry(path="preferredLanguage", source="preferredLanguage"),
        # Sent by nobody who has none: there so that an attribute can get its first value.
        Entry(path="nickName", source="nickName"),
        _address("formatted", "physicalDeliveryOfficeName"),
        _address("streetAddress", "streetAddress"),
        _address("locality", "city"),
        _address("region", "state"),
        _address("postalCode", "postalCode"),
        _address("country", "country"),
        Entry(path="phoneNumbers", source="telephoneNumber", type="work", primary=True),
        Entry(path="phoneNumbers", source="mobile", type="mobile"),
        Entry(path="phoneNumbers", source="facsimileTelephoneNumber", type="fax"),
        Entry(path=f"{ENTERPRISE}:employeeNumber", source="employeeNumber"),
        Entry(path=f"{ENTERPRISE}:department", source="department"),
    )
)

# What an admin leaves who deletes every mapping to the extension.
CORE_MAPPING = AttributeMapping(
    entries=tuple(entry for entry in MAPPING.entries if not entry.path.startswith(ENTERPRISE))
)

OBJECT_ID_MAPPING = AttributeMapping(
    entries=tuple(
        replace(entry, source="idp_id") if entry.path == "externalId" else entry
        for entry in MAPPING.entries
    )
)


@dataclass(frozen=True, slots=True)
class Matching:
    """One matching attribute: the path that a filter names, and where its value comes from."""

    path: str
    source: str


# The values of the switch `matching`: what is tried, one after the other.
MATCHINGS: dict[str, tuple[Matching, ...]] = {
    "email": (Matching('emails[type eq "work"].value', "email"),),
    "externalId": (Matching("externalId", "mailNickname"),),
    "userName-externalId": (
        Matching("userName", "user_name"),
        Matching("externalId", "idp_id"),
    ),
}


def matchings(mapping: AttributeMapping, chosen: str) -> tuple[Matching, ...]:
    """Return what is looked for, in order; `mapping` means the mapping's own attribute."""
    return MATCHINGS.get(chosen, (Matching(mapping.match, mapping.match_source),))


def directory_value(person: Person, source: str) -> Json:
    """Return an attribute of a person as Entra's directory or its expressions give it."""
    if source == "fullName":
        return f"{person.given_name} {person.family_name}".strip() or None
    value = source_value(person, source)
    if value is None and source == "mailNickname":
        return person.user_name.partition("@")[0]
    return value


def in_directory(person: Person) -> Person:
    """Return the person with a mail nickname that a new user name does not change."""
    nickname = directory_value(person, "mailNickname")
    return replace(person, attributes={**person.attributes, "mailNickname": nickname})


def value_for(entry: Entry, person: Person) -> Json:
    """Return what an entry sends for a person, None when there is nothing to send."""
    if entry.source is None:
        return entry.constant
    value = directory_value(person, entry.source)
    return entry.default if value in (None, "") else value


def target_of(entry: Entry) -> str:
    """Return the path that a PATCH operation names for an entry."""
    if entry.type is None:
        return entry.path
    head, part = head_and_part(entry)
    return f'{head}[type eq "{entry.type}"].{part}'


def head_and_part(entry: Entry) -> tuple[str, str]:
    """Return the multi-valued attribute of a typed entry and the sub-attribute it fills."""
    head, *rest = steps_of(entry.path)
    return head, rest[0] if rest else "value"
