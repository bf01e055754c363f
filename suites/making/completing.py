"""What the server's schema requires inside of what is sent, and what a body lacks of it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping

from idp_profiles.model import Json
from suites.client import Seen
from suites.schemas.definitions import Attribute
from suites.schemas.definitions import Definitions
from suites.values import is_empty
from suites.values import items
from suites.values import member
from suites.verdicts import Blocked

from .bodies import Body

_BY_TYPE: dict[str, Json] = {
    "boolean": True,
    "integer": 1,
    "decimal": 1.5,
    "dateTime": "2030-01-01T00:00:00Z",
    "reference": "https://www.example.com/",
    "binary": "c2NpbXByb29m",
}


def completed(body: Mapping[str, Json], definitions: Definitions, of: str = "User") -> Body:
    """Return a body whose complex values have every sub-attribute that the schema requires.

    What is left out altogether stays out, since only the target file knows a value that fits.
    """
    known = {each.name.lower(): each.parts for each in _of_the_base(definitions, of)}
    known |= {each.urn.lower(): each.attributes for each in definitions.of(of)[1:]}
    return {name: _whole(value, known.get(name.lower(), ())) for name, value in body.items()}


def lacking(body: Mapping[str, Json], definitions: Definitions, of: str = "User") -> list[str]:
    """Return the paths of what the schema requires of this body and it does not have.

    A sub-attribute is required in each value, and one of an extension where that is sent.
    """
    found = [*_lacking({**body}, _of_the_base(definitions, of))]
    for each in definitions.of(of)[1:]:
        found += _lacking(member({**body}, each.urn), each.attributes)
    return found


def check_refusal(reply: Seen, sent: Mapping[str, Json], definitions: Definitions) -> None:
    """Raise Blocked for a refusal of a user who lacks what the server's schema requires."""
    lost = lacking(sent, definitions) if 400 <= reply.status < 500 else []
    if lost:
        raise Blocked(
            f"the server's schema requires {', '.join(lost)} of a user, which was not sent: "
            "required_attributes of the target file may name a value",
            entry=reply.entry,
        )


def _of_the_base(definitions: Definitions, of: str) -> tuple[Attribute, ...]:
    return tuple(each for schema in definitions.of(of)[:1] for each in schema.attributes)


def _needed(attributes: tuple[Attribute, ...], value: Mapping[str, Json]) -> Iterator[Attribute]:
    """Yield what a client has to give and is not there."""
    for each in attributes:
        if each.required and each.writable and is_empty(member({**value}, each.name)):
            yield each


def _lacking(value: Json, attributes: tuple[Attribute, ...]) -> Iterator[str]:
    for whole in items(value) if isinstance(value, list) else [value]:
        if isinstance(whole, dict):
            yield from (each.path for each in _needed(attributes, whole) if each.name != "schemas")
            for each in attributes:
                yield from _lacking(member(whole, each.name), each.parts)


def _whole(value: Json, parts: tuple[Attribute, ...]) -> Json:
    if isinstance(value, list):
        return [_whole(each, parts) for each in value]
    if not isinstance(value, dict):
        return value
    given = {name.lower() for name in value}
    added = [each for each in _needed(parts, value) if each.name.lower() not in given]
    return {**value, **{each.name: _made_up(each, value) for each in added}}


def _made_up(attribute: Attribute, beside: Mapping[str, Json]) -> Json:
    """Return a value that fits an attribute and what stands beside it."""
    told = attribute.name.lower() in ("formatted", "display")
    words = [beside[name] for name in ("givenName", "familyName", "value") if name in beside]
    spoken = " ".join(word for word in words if isinstance(word, str)) if told else ""
    value = _BY_TYPE.get(attribute.type, spoken or "scimproof")
    if attribute.parts:
        value = _whole({}, attribute.parts)
    if attribute.canonical_values:
        value = attribute.canonical_values[0]
    return [value] if attribute.multi_valued else value
