"""The default mapping, the one under byte fidelity, and two known variations of it."""

from __future__ import annotations

from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry

from .names import ENTERPRISE

MAPPING = AttributeMapping(
    entries=(
        Entry(path="userName", source="user_name"),
        Entry(path="name.givenName", source="given_name"),
        Entry(path="name.familyName", source="family_name"),
        Entry(path="emails", source="email", type="work", primary=True),
        Entry(path="displayName", source="display_name"),
        Entry(path="locale", constant="en-US"),
        # Sent by nobody who has none: there so that an attribute can be cleared.
        Entry(path="nickName", source="nickName"),
        Entry(path="externalId", source="idp_id"),
        Entry(path="groups", constant=[], when=("create", "link")),
        Entry(path="password", source="password", when=("create",)),
        # A profile push never changes `active` by itself.
        Entry(path="active", constant=True, when=("create", "link")),
    )
)

# What is left when the mappings of displayName, locale and the e-mail's type are deleted.
MINIMUM_MAPPING = AttributeMapping(
    entries=tuple(
        Entry(path="emails", source="email", primary=True) if entry.path == "emails" else entry
        for entry in MAPPING.entries
        if entry.path not in {"displayName", "locale"}
    )
)

ENTERPRISE_MAPPING = AttributeMapping(
    entries=(
        *MAPPING.entries,
        Entry(path=f"{ENTERPRISE}:employeeNumber", source="employeeNumber"),
        Entry(path=f"{ENTERPRISE}:department", source="department"),
    )
)
