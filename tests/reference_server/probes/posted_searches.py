"""Probes of `deviations/posted_searches.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Reply
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import listed

URN = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


def _post(t: Talk, path: str = "/Users/.search", schema: str = URN, **query: object) -> Reply:
    return t.send("POST", path, {"schemas": [schema], **query})


def _names(t: Talk, **query: object) -> list[str]:
    found = listed(_post(t.people(3), "/Users/.search", URN, **query).json)
    return [each["userName"].partition("@")[0] for each in found]


def _keys(t: Talk, **query: object) -> set[str]:
    return {
        key
        for each in listed(_post(t.people(1), "/Users/.search", URN, **query).json)
        for key in each
    }


PROBES: dict[str, tuple[Look, object, object]] = {
    "search-by-post-201": (lambda t: _post(t, filter="title pr").status, 200, 201),
    "search-by-post-without-urn-500": (lambda t: _post(t, schema=USER).status, 400, 500),
    "search-by-post-ignores-filter": (
        lambda t: _names(t, filter='userName sw "a"'),
        ["anna"],
        ["anna", "ben", "carl"],
    ),
    "search-by-post-ignores-attributes": (
        lambda t: "name" in _keys(t, attributes=["userName"]),
        False,
        True,
    ),
    "search-by-post-ignores-sort": (
        lambda t: _names(t, sortBy="userName", sortOrder="descending"),
        ["carl", "ben", "anna"],
        ["anna", "ben", "carl"],
    ),
    "search-by-post-ignores-page": (
        lambda t: _names(t, startIndex=2, count=1),
        ["ben"],
        ["anna", "ben", "carl"],
    ),
    "search-by-post-urn-unknown": (
        lambda t: "name" in _keys(t, attributes=[f"{USER}:userName"]),
        False,
        True,
    ),
    "search-by-post-hides-id": (
        lambda t: "id" in _keys(t, excludedAttributes=["id"]),
        True,
        False,
    ),
    "search-by-post-broken-filter-ignored": (
        lambda t: _post(t, filter="userName eq").status,
        400,
        200,
    ),
    "root-search-users-only": (
        lambda t: _post(t.crew(), "/.search", filter='displayName eq "Staff"').json["totalResults"],
        1,
        0,
    ),
}
