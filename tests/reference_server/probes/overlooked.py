"""Probes of `deviations/overlooked.py` and `filter_clauses.py`, and two of writes."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import listed

BLANK = 'userName co "example" and displayName eq "Anna Example"'
THREE = 'userName co "example" and title pr and userName sw "anna"'


def _by_group(t: Talk) -> list[str]:
    """Return who is found by a group."""
    t.crew("anna")
    return t.sought(f'groups.value eq "{t.ids["Staff"]}"')


def _by_external_id(t: Talk) -> int:
    """Return how many groups are found by externalId."""
    t.create_group(externalId="X")
    return len(listed(t.page('filter=externalId%20eq%20"X"', "Groups")))


def _by_address(t: Talk) -> list[str]:
    """Return the order by address of three, of whom the second has no primary one."""
    t.make("anna")
    t.make("ben", emails=[{"value": "aa@example.com"}, {"value": "z@example.com"}])
    return t.also("carl").names("sortBy=emails.value")


def _parts(t: Talk) -> list[str]:
    """Return which of two parts of a name are shown."""
    return sorted(t.viewed("attributes=name.givenName,name.familyName")["name"])


def _hidden(t: Talk) -> bool:
    """Tell whether a user has the title that a PUT did not show."""
    where = f"/Users/{t.anna}"
    t.send("PUT", where, t.get(), "excludedAttributes=title")
    return "title" in t.get()


def _own(t: Talk) -> int:
    """Return how a user is answered who is to be their own manager."""
    return t.put(**{ENTERPRISE: {"manager": {"value": t.anna}}}).status


PROBES: dict[str, tuple[Look, object, object]] = {
    "filter-clauses-with-blanks-ignored": (
        lambda t: t.people(2).sought(BLANK),
        ["anna"],
        ["anna", "ben"],
    ),
    "filter-third-clause-ignored": (
        lambda t: t.people(2).sought(THREE),
        ["anna"],
        ["anna", "ben"],
    ),
    "filter-pr-overlooks-false": (
        lambda t: t.also("anna", active=False).sought("active pr"),
        ["anna"],
        [],
    ),
    "filter-by-groups-finds-nobody": (_by_group, ["anna"], []),
    "group-filter-by-external-id-finds-none": (_by_external_id, 1, 0),
    "sort-primary-missing-last": (_by_address, ["ben", "anna", "carl"], ["anna", "carl", "ben"]),
    "sort-descending-turns-pages": (
        lambda t: t.people(3).names("sortBy=userName&sortOrder=descending&count=2"),
        ["carl", "ben"],
        ["ben", "anna"],
    ),
    "attributes-last-part-only": (_parts, ["familyName", "givenName"], ["familyName"]),
    "writes-lose-what-is-not-shown": (_hidden, True, False),
    "manager-of-oneself-500": (_own, 200, 500),
    "create-null-refused": (lambda t: t.create("anna", title=None).status, 201, 400),
}
