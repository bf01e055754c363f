"""The default mapping, the one under byte fidelity: what the captured create holds."""

from __future__ import annotations

from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry

# The primary e-mail address is the user name. The map of another borrowed app looks different.
MAPPING = AttributeMapping(
    entries=(
        Entry(path="userName", source="email"),
        Entry(path="emails", source="email", type="work", primary=True),
        Entry(path="displayName", source="display_name"),
        Entry(path="name.givenName", source="given_name"),
        Entry(path="name.familyName", source="family_name"),
    ),
    match_source="email",
)
