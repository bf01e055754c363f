"""Servers that do what the RFC allows: Microsoft's reconstructed tests may accuse none wrongly.

Loaded as a pytest plugin by `test_legal_entra_tool_servers.py`: each case of the SCIM Validator and
of the gallery's tests runs in this process against each variation, registered as a deviation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field

import pytest

from reference_server import deviations
from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import CORE_USER
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import resources
from reference_server.deviations.documents import value_of
from reference_server.messages import Handler
from suites.requirements import MARK
from tests.sizes import sample
from tests.suites import legal_servers

USERS = shaping.on("GET POST PUT PATCH", "Users")
SCHEMAS = shaping.on("GET", "Schemas", one=False)
_TAG = re.compile(r"[a-z]{2}(-[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Legal:
    """One legal server: how it is made, which cases run on it, and which do not simply pass."""

    wrap: registry.Wrap
    about: re.Pattern[str]
    ends: dict[str, str]


@dataclass(slots=True)
class Table:
    """The legal servers by name."""

    entries: dict[str, Legal] = field(default_factory=dict)

    def add(self, about: str, ends: str = "") -> Callable[[registry.Wrap], registry.Wrap]:
        """Register the decorated wrapper; `ends` are verdicts such as `VAL-1:warn`.

        `about` is a pattern of the requirements, without `ENTRA-`, that it could mislead.
        """

        def register(wrap: registry.Wrap) -> registry.Wrap:
            name = f"tools-{wrap.__name__.replace('_', '-')}"
            pairs = (each.split(":") for each in ends.split())
            told = {f"ENTRA-{number}": end for number, end in pairs}
            self.entries[name] = Legal(wrap, re.compile(f"ENTRA-({about})"), told)
            return wrap

        return register


USERS_ALONE = r"VAL-([1-9]|1[0-3]|2[6-9]|3[3-6])|GAL-([1-7]|1[5-8]|2[1-3]|25)"
GROUPS_ALONE = r"VAL-(1[4-9]|2[0-5]|3[0-2])|GAL-([89]|1[0-4]|19|20|24)"
PATCHES = r"VAL-([6-9]|1[0-2]|2[1-47]|30|3[3-6])|GAL-(2|5|9|1[126]|18|20|25)"
LOOKS = r"VAL-([1345]|1[4-9]|2[05])|GAL-([16-8]|15|2[34])"

LEGAL = Table()
legal = LEGAL.add

legal(PATCHES)(legal_servers.patch_answers_204)
legal(LOOKS)(legal_servers.no_resources_when_nothing_matches)
legal(GROUPS_ALONE)(legal_servers.null_for_no_members)
legal(GROUPS_ALONE)(legal_servers.members_of_value_only)
legal(USERS_ALONE)(legal_servers.more_than_okta_knows)
legal(USERS_ALONE)(legal_servers.active_is_shown_when_false)
legal(LOOKS)(legal_servers.keys_in_lower_case)
legal(LOOKS)(legal_servers.values_in_lower_case)
# Its ids are whatever looks like a UUID, and so are the externalIds of groups.
legal(PATCHES, "VAL-21:skip")(legal_servers.ids_with_unusual_characters)
legal(LOOKS)(legal_servers.short_pages)
legal(LOOKS)(legal_servers.busy_now_and_then)


# The job and the gallery's direct tests need what comes with the 201, which the RFC recommends.
@legal(r"VAL-([125-9]|13|2[6-9]|3[346])|GAL-(1|7|17)", "GAL-1:fail GAL-7:warn GAL-17:fail")
def new_users_are_answered_without_a_body(handle: Handler) -> Handler:
    """Answer 201 with nothing but a Location (RFC 7644 section 3.3: SHOULD)."""
    return deviations.get("create-empty-body").wrap(handle)


@legal(USERS_ALONE, "VAL-1:warn")
def values_have_their_form(handle: Handler) -> Handler:
    """Refuse what is no language tag and no URL (RFC 7643 section 4.1.1)."""

    def wrong(user: Document) -> bool:
        tag, page = value_of(user, "locale"), value_of(user, "profileUrl")
        fits = tag is None or _TAG.fullmatch(str(tag))
        return not fits or not (page is None or str(page).startswith("https:"))

    when = shaping.on("POST", "Users", one=False, body=wrong)
    return shaping.refuse(handle, when, 400, "A value has a wrong form.", "invalidValue")


@legal(USERS_ALONE)
def names_are_shown_whole(handle: Handler) -> Handler:
    """Show of a name the full name alone (RFC 7643 section 4.1.1)."""

    def edit(user: Document) -> None:
        name = user.get("name")
        if isinstance(name, dict):
            user["name"] = {"formatted": f"{name.get('givenName')} {name.get('familyName')}"}

    return shaping.edit_resources(handle, USERS, edit)


@legal(USERS_ALONE)
def numbers_are_written_as_uris(handle: Handler) -> Handler:
    """Show phone numbers in their canonical form (RFC 7643 section 4.1.2)."""

    def edit(user: Document) -> None:
        for each in objects(user.get("phoneNumbers", [])):
            each["value"] = f"tel:{each.get('value')}"

    return shaping.edit_resources(handle, USERS, edit)


@legal(USERS_ALONE)
def titles_are_never_returned(handle: Handler) -> Handler:
    """Keep titles to itself, and say so in Schemas (RFC 7643 section 7)."""
    told = deviations.get("schemas-title-never-returned").wrap(handle)
    return shaping.edit_resources(told, USERS, lambda user: drop(user, "title"))


@legal(USERS_ALONE, "VAL-26:skip VAL-36:skip")
def few_attributes_are_there(handle: Handler) -> Handler:
    """Have no more of a user than name, addresses and state, and say so in Schemas."""
    kept = {"username", "name", "displayname", "emails", "active", "phonenumbers"}

    def narrow(found: Document) -> None:
        for schema in resources(found):
            if schema.get("id") == CORE_USER:
                listed = objects(schema.get("attributes"))
                schema["attributes"] = [
                    each for each in listed if str(each.get("name")).lower() in kept
                ]

    others = ("title", "nickName", "userType", "locale", "timezone", "profileUrl", "roles")
    lost = (*others, "preferredLanguage", "addresses")
    shown = shaping.edit_resources(handle, USERS, lambda user: drop(user, *lost))
    return shaping.edit_lists(shown, SCHEMAS, narrow)


@legal(GROUPS_ALONE)
def group_names_are_taken_once(handle: Handler) -> Handler:
    """Refuse a second group of the same displayName with 409, as Microsoft asks for."""
    return deviations.get("group-names-unique").wrap(handle)


@legal(GROUPS_ALONE, "VAL-21:skip")
def groups_have_no_external_id(handle: Handler) -> Handler:
    """Keep no externalId of groups (RFC 7643 section 3.1: it is optional)."""
    return deviations.get("group-external-id-lost").wrap(handle)


@legal(GROUPS_ALONE)
def group_names_have_case(handle: Handler) -> Handler:
    """Compare capitals in the displayName of groups, and say so in Schemas."""

    def told(found: Document) -> None:
        for schema in resources(found):
            for each in objects(schema.get("attributes")):
                if str(schema.get("id")).endswith(":Group") and each.get("name") == "displayName":
                    each["caseExact"] = True

    exact = deviations.get("group-filter-case-sensitive").wrap(handle)
    return shaping.edit_lists(exact, SCHEMAS, told)


@legal(PATCHES, "VAL-6:warn VAL-9:warn")
def keys_are_names(handle: Handler) -> Handler:
    """Refuse keys that are paths in a value without a path: the RFC has names there."""
    return deviations.get("patch-dotted-key-refused").wrap(handle)


@legal(PATCHES, "VAL-35:warn GAL-25:warn GAL-5:fail")
def managers_are_objects(handle: Handler) -> Handler:
    """Refuse a text in place of the manager (RFC 7643 section 4.3); the job stops at that."""
    return deviations.get("manager-text-refused").wrap(handle)


@legal(PATCHES, "VAL-36:warn")
def booleans_are_no_texts_in_paths(handle: Handler) -> Handler:
    """Refuse a path that compares `primary` with a text."""
    return deviations.get("patch-primary-text-refused").wrap(handle)


# -- the plugin


SAMPLE = sample(LEGAL.entries, 3)


def pytest_configure() -> None:
    """Make every variation known to the embedded server."""
    for name, entry in LEGAL.entries.items():
        registry.deviation(name, area="legal")(entry.wrap)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each case against the variations that could mislead it."""
    marker = metafunc.definition.get_closest_marker(MARK)
    if marker is not None:
        known = ((name, LEGAL.entries[name]) for name in SAMPLE)
        names = [name for name, entry in known if entry.about.fullmatch(marker.args[0])]
        metafunc.parametrize("deviation", names)
