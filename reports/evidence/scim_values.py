"""What counts as the same in SCIM: never a difference that a server is free to make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from reports.reading import Json

# What a server assigns, computes or hides (RFC 7643 sections 3.1, 4.1.1, 4.1.2, 4.2 and 7).
FREE = frozenset({"id", "meta", "schemas", "password", "groups", "$ref", "display"})
_NOTHING: tuple[Json, ...] = (None, "", [], {})
_INDEX = re.compile(r"(.+)\[(\d{1,4})\]\Z")


def is_nothing(value: Json) -> bool:
    """Tell whether a value says no more than its absence (RFC 7643 section 2.5)."""
    return value in _NOTHING


def same(sent: Json, shown: Json) -> bool:
    """Tell whether what a server shows is what it was sent, as far as SCIM wants it kept."""
    if isinstance(sent, list):
        return isinstance(shown, list) and all(has(shown, each) for each in sent)
    if isinstance(shown, list) and len(shown) == 1:
        shown = shown[0]
    if isinstance(sent, dict) and isinstance(shown, dict):
        return all(_same_member(key, each, shown) for key, each in sent.items())
    if isinstance(sent, dict):
        return "value" in sent and same(sent["value"], shown)
    if isinstance(shown, dict):
        return "value" in shown and same(sent, shown["value"])
    return _same_text(sent, shown)


def has(shown: list[Json], wanted: Json) -> bool:
    """Tell whether one of several values is the wanted one."""
    return any(same(wanted, each) for each in shown)


def _same_member(key: str, sent: Json, shown: Mapping[str, Json]) -> bool:
    # `primary` false is what an absent one means (RFC 7643 section 2.4).
    if key.lower() in FREE or is_nothing(sent) or (key.lower() == "primary" and sent is False):
        return True
    found = member(shown, key)
    return found is not None and same(sent, shown[found])


def _same_text(sent: Json, shown: Json) -> bool:
    """Compare single values: a text, a number and a truth value may be written as each other."""
    first, second = (str(each).strip().casefold() for each in (sent, shown))
    if first == second:
        return True
    return any(
        read(first) is not None and read(first) == read(second) for read in (_instant, _digits)
    )


def _instant(text: str) -> object:
    try:
        return datetime.fromisoformat(text.upper()).astimezone() if "t" in text else None
    except (ValueError, OverflowError):
        return None


def _digits(text: str) -> object:
    """Return the digits of a telephone number, which a server may write in another way."""
    bare = text.removeprefix("tel:")
    return re.sub(r"\D", "", bare) if re.fullmatch(r"\+?[\d\s().-]{5,30}", bare) else None


def member(value: Mapping[str, Json], name: str) -> str | None:
    """Return the key of a member whatever its case (RFC 7643 section 2.1)."""
    if name in value:
        return name
    return next((key for key in value if key.lower() == name.lower()), None)


def parts_of(path: str) -> tuple[str, ...] | None:
    """Return an attribute path in pieces; None for one with a filter.

    A schema's URN is one piece: it ends at the last colon (RFC 7644 section 3.10).
    """
    if not re.fullmatch(r"[\w:.$-]{1,300}", path, re.ASCII):
        return None
    urn, colon, attribute = path.rpartition(":")
    return (*((urn,) if colon else ()), *(each for each in attribute.split(".") if each))


def located(body: Json, path: str) -> tuple[str | int, ...] | None:
    """Return where a path such as `emails[0].value` is in a body; None when it is not there."""
    at: tuple[str | int, ...] = ()
    urn, colon, rest = path.rpartition(":")
    for piece in ((urn,) if colon else ()) + tuple(rest.split(".")):
        indexed = _INDEX.match(piece)
        key = member(body, indexed[1] if indexed else piece) if isinstance(body, dict) else None
        if key is None or not isinstance(body, dict):
            return None
        at, body = (*at, key), body[key]
        if indexed:
            position = int(indexed[2])
            if not isinstance(body, list) or position >= len(body):
                return None
            at, body = (*at, position), body[position]
    return at


def missing_at(body: Json, path: str) -> tuple[str | int, ...]:
    """Return where an attribute that is missing would be: in the innermost object that is there."""
    parts = parts_of(path) or (path,)
    place: tuple[str | int, ...] = ()
    while parts[1:] and isinstance(body, dict):
        key = member(body, parts[0])
        if key is None or not isinstance(body[key], dict):
            break
        place, body, parts = (*place, key), body[key], parts[1:]
    return (*place, ".".join(parts))


def value_at(body: Json, path: tuple[str | int, ...]) -> Json:
    """Return what is at a place in a body that `located` found."""
    for each in path:
        if isinstance(each, str):
            body = body[each] if isinstance(body, dict) else None
        else:
            body = body[each] if isinstance(body, list) else None
    return body
