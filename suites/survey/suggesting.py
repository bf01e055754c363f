"""What a look suggests for the target file: attributes of users, and the pace of requests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from idp_profiles.model import Json
from suites.schemas.definitions import Attribute
from suites.schemas.definitions import Definitions

from .looking import Sight

# What every case sets itself.
_ALWAYS = frozenset(
    {"schemas", "id", "meta", "username", "name", "displayname", "emails", "active"}
)
# Of those with parts, what every case sets of them.
_PARTS = {"name": {"familyname", "givenname"}, "emails": {"value", "type", "primary"}}
_BY_TYPE: dict[str, Json] = {
    "boolean": True,
    "integer": 1,
    "decimal": 1.5,
    "dateTime": "2030-01-01T00:00:00Z",
    "reference": "https://www.example.com/",
    "binary": "c2NpbXByb29m",
}
_BY_NAME: dict[str, Json] = {
    "title": "Engineer",
    "department": "Research",
    "employeenumber": "1001",
    "preferredlanguage": "en-US",
    "locale": "en-US",
    "timezone": "Europe/Bratislava",
    "country": "US",
    "formatted": "A Test User",
}


def required(definitions: Definitions) -> dict[str, Json]:
    """Return by path what the schemas require of a user beyond what every case sets, made up."""
    found: dict[str, Json] = {}
    for each in _everybodys(definitions):
        if each.path.lower() in _ALWAYS:
            parts = () if each.multi_valued else _missing(each)
            found |= {part.path: value_of(part) for part in parts}
        elif each.required and each.writable:
            found[each.path] = value_of(each)
    return found


def in_lists(definitions: Definitions) -> list[str]:
    """Return what the schemas require of each entry of a list beyond what every case sets.

    No path of the target file leads there: a list counts as a whole.
    """
    return [
        part.path
        for each in _everybodys(definitions)
        if each.multi_valued
        for part in _missing(each)
    ]


def _everybodys(definitions: Definitions) -> Iterator[Attribute]:
    """Yield the attributes of the schemas that every user has."""
    kind, schemas = definitions.type("User"), definitions.of("User")
    # An extension that nobody has to have requires something of those only who have it.
    needed = {urn.lower() for urn, must in kind.extensions.items() if must} if kind else set()
    for schema in (*schemas[:1], *(each for each in schemas[1:] if each.urn.lower() in needed)):
        yield from schema.attributes


def _missing(attribute: Attribute) -> list[Attribute]:
    """Return the required parts that no case sets, of an attribute that every case sets."""
    sent = _PARTS.get(attribute.path.lower())
    if sent is None:
        return []
    parts = (each for each in attribute.parts if each.required and each.writable)
    return [each for each in parts if each.name.lower() not in sent]


def value_of(attribute: Attribute) -> Json:
    """Return a made-up value that fits an attribute: a canonical one where it names any."""
    if attribute.parts:
        parts = [each for each in attribute.parts if each.required and each.writable]
        usual = [each for each in attribute.parts if each.name == "value"]
        whole: dict[str, Json] = {each.name: value_of(each) for each in parts or usual}
        return [whole] if attribute.multi_valued else whole
    if attribute.canonical_values:
        value: Json = attribute.canonical_values[0]
    else:
        value = _BY_TYPE.get(attribute.type, _BY_NAME.get(attribute.name.lower(), "scimproof"))
    return [value] if attribute.multi_valued else value


def pace(sight: Sight) -> float | None:
    """Return how many requests a second the replies allow, where they say both number and time.

    `RateLimit-Policy` names a window (100;w=60); other headers leave it open.
    """
    said = re.search(r"(?:q=|^)(\d+)\b.*?\bw=(\d+)", sight.header("ratelimit-policy"))
    if said is None or not int(said[2]) or not int(said[1]):
        return None
    return round(int(said[1]) / int(said[2]), 2)


def pace_hints(sight: Sight) -> list[str]:
    """Return the headers about limits that came, as they came."""
    names = (
        *("retry-after", "ratelimit-policy", "ratelimit", "ratelimit-limit"),
        *("ratelimit-remaining", "ratelimit-reset", "x-ratelimit-limit"),
        *("x-ratelimit-remaining", "x-ratelimit-reset", "x-rate-limit-limit"),
        *("x-rate-limit-remaining", "x-rate-limit-reset"),
    )
    return [f"{name}: {value}" for name in names if (value := sight.header(name))]
