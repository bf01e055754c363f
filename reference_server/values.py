"""Single values: their types, how they compare, and where they are in a resource."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from functools import lru_cache

from .messages import Json
from .schemas import Attribute
from .schemas import Target

# xsd:dateTime (RFC 7643 section 2.3.5); datetime.fromisoformat alone would take "2011-W05".
_DATE_TIME = re.compile(
    r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?P<fraction>\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)?", re.ASCII
)


def fold(text: str) -> str:
    """Return the form in which texts that are not case exact are equal."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def comparable(attribute: Attribute, text: str) -> str:
    """Return the form in which two texts of this attribute are compared."""
    return text if attribute.case_exact else fold(text)


@lru_cache(maxsize=4096)
def instant(text: str) -> datetime | None:
    """Read a date and time; a missing zone is taken as UTC. None when it is no date."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    fraction = match["fraction"] or ""
    try:
        # At most six digits are kept: finer fractions than microseconds are equal to Python.
        moment = datetime.fromisoformat(text.replace(fraction, fraction[:7], 1))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def has_type(attribute: Attribute, value: Json) -> bool:
    """Tell whether a single value fits the attribute's type (RFC 7643 section 2.3)."""
    match attribute.type:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "decimal":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "dateTime":
            return isinstance(value, str) and instant(value) is not None
        case "binary":
            return isinstance(value, str) and _is_base64(value)
        case "complex":
            return isinstance(value, dict)
        case _:
            return isinstance(value, str)


def _is_base64(text: str) -> bool:
    try:
        # RFC 7643 section 2.3.6 allows the URL-safe alphabet beside the ordinary one.
        base64.b64decode(text.translate(_URL_SAFE), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_URL_SAFE = str.maketrans("-_", "+/")


def values_at(resource: Mapping[str, Json], target: Target) -> list[Json]:
    """Return the values at a place, none, one or many; null and absent are no value."""
    if target.extension is None:
        return values_in(resource, target)
    container = resource.get(target.extension)
    return values_in(container, target) if isinstance(container, dict) else []


def values_in(container: Mapping[str, Json], target: Target) -> list[Json]:
    """Return the values at a place whose extension has been opened already."""
    found = container.get(target.attribute.name)
    if found is None:
        return []
    values: list[Json] = found if isinstance(found, list) else [found]
    if target.sub is None:
        return values
    name = target.sub.name
    inner = (each.get(name) for each in values if isinstance(each, dict))
    return [each for each in inner if each is not None]


def same(given: Json, current: Json) -> bool:
    """Tell whether a client's value says nothing else than what is stored.

    Objects are equal when every member given is equal: a client may leave parts out.
    """
    if isinstance(given, dict) and isinstance(current, dict):
        stored = {key.lower(): value for key, value in current.items()}
        return all(same(value, stored.get(key.lower())) for key, value in given.items())
    if isinstance(given, list) and isinstance(current, list):
        pairs = zip(given, current, strict=False)
        return len(given) == len(current) and all(same(*pair) for pair in pairs)
    if given in (None, [], {}) and current in (None, [], {}):
        return True
    # 1 == True in Python, and they are different values in JSON.
    return given == current and isinstance(given, bool) == isinstance(current, bool)
