"""Values inside JSON bodies: found by SCIM attribute paths, compared as SCIM compares them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import UTC
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from idp_profiles.model import Json

EMPTY: tuple[Json, ...] = (None, "", [], {})
# A server may alter the case of a value that has none (RFC 7643 section 7), and of the attributes
# of users and groups nearly all have none (section 8.7.1).
CASE_EXACT = frozenset({"id", "externalid"})
_Part: TypeAlias = tuple[str, tuple[int, ...]]  # a name, and the indexes after it
_PART = re.compile(r"([^.\[\]]+)((?:\[\d+\])*)")
_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?", re.IGNORECASE)


def value_at(body: Json, path: str) -> Json:
    """Return the value at a path such as `emails[0].value`, or None where a part is missing.

    Attribute names compare without regard to case (RFC 7643 section 2.1). An extension attribute
    is addressed as `URN:attribute`.
    """
    value = body
    for name, indexes in _parts(path, body):
        value = member(value, name)
        for index in indexes:
            found = items(value)
            value = found[index] if index < len(found) else None
    return value


def values_at(body: Json, path: str) -> list[Json]:
    """Return every value at a path without indexes: `emails.value` gives one for each address."""
    found: list[Json] = [body]
    for name, _ in _parts(path, body):
        inner = [member(each, name) for each in found]
        found = [one for each in inner for one in (each if isinstance(each, list) else [each])]
    return [each for each in found if not is_empty(each)]


def is_empty(value: Json) -> bool:
    """Return whether a value is none: null and an empty array say no more than absence.

    An empty text and an empty object count too (RFC 7643 section 2.5).
    """
    return value in EMPTY


def _parts(path: str, body: Json) -> tuple[_Part, ...]:
    if not path.lower().startswith("urn:"):
        return _split(path)
    if member(body, path) is not None:  # an extension as a whole
        return ((path, ()),)
    urn, _, path = path.rpartition(":")
    return ((urn, ()), *_split(path))


@lru_cache(maxsize=1_000)
def _split(path: str) -> tuple[_Part, ...]:
    return tuple(
        (match[1], tuple(int(number) for number in re.findall(r"\d+", match[2])))
        for match in _PART.finditer(path)
    )


def member(value: Json, name: str) -> Json:
    """Return a member of an object by its name in any case, or None."""
    if not isinstance(value, dict):
        return None
    wanted = name.lower()
    return next((item for key, item in value.items() if key.lower() == wanted), None)


def items(value: Json) -> list[Json]:
    """Return an array as it is, and anything else as an empty one."""
    return value if isinstance(value, list) else []


def strings(value: Json) -> list[str]:
    """Return the texts of an array."""
    return [item for item in items(value) if isinstance(item, str)]


def same(have: Json, wanted: Json) -> bool:
    """Compare values; a wanted object asks only for its own members."""
    if isinstance(wanted, dict):
        return isinstance(have, dict) and all(same(member(have, k), v) for k, v in wanted.items())
    if isinstance(wanted, list):
        found = items(have)
        return len(found) == len(wanted) and all(map(same, found, wanted))
    return have == wanted and isinstance(have, bool) == isinstance(wanted, bool)


def same_but_for_case(have: Json, wanted: Json) -> bool:
    """Compare values as `same` does, without regard to the case of texts."""
    return same(caseless(have), caseless(wanted))


def alike(have: Json, wanted: Json) -> bool:
    """Compare two representations letter for letter; arrays in any order, unassigned as absent."""
    if isinstance(have, dict) and isinstance(wanted, dict):
        left, right = (
            {key.lower(): value for key, value in side.items() if not is_empty(value)}
            for side in (have, wanted)
        )
        return left.keys() == right.keys() and all(alike(left[key], right[key]) for key in left)
    if isinstance(have, list) and isinstance(wanted, list):
        rest = list(wanted)
        for item in have:
            found = next((index for index, each in enumerate(rest) if alike(item, each)), None)
            if found is None:
                return False
            del rest[found]
        return not rest
    return same(have, wanted) or (is_empty(have) and is_empty(wanted))


def caseless(value: Json) -> Json:
    """Return a value with all its texts folded to one case."""
    if isinstance(value, dict):
        return {key: caseless(item) for key, item in value.items()}
    if isinstance(value, list):
        return [caseless(item) for item in value]
    return value.casefold() if isinstance(value, str) else value


def moment(value: Json) -> datetime | None:
    """Return a dateTime as a point in time, None when it is none (RFC 7643 section 2.3.5).

    Without a zone it is taken as UTC; more than six digits of a second are cut off.
    """
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    zone = (found[3] or "Z").upper().replace("Z", "+00:00")
    try:
        made = datetime.fromisoformat(f"{found[1]}.{(found[2] or '0')[:6]:0<6}{zone}")
    except ValueError:
        return None
    return made.astimezone(UTC)


def text(value: Json) -> str:
    """Return a value as a reader of JSON knows it, cut where it is long."""
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 200 else shown[:200] + "…"


def quoted(value: Json) -> str:
    """Return a value as a filter has it: a JSON text (RFC 7644 section 3.4.2.2)."""
    return json.dumps(str(value), ensure_ascii=False)


def some(ids: Collection[str]) -> str:
    """Return a few of many, and how many more there are."""
    listed = list(ids)
    return f"{listed}" if len(listed) <= 4 else f"{listed[:4]} and {len(listed) - 4} more"


def named_by_server(user: Json) -> bool:
    """Tell whether displayName is the name, as a server may make it (RFC 7644 section 3.3)."""
    given, family = value_at(user, "name.givenName"), value_at(user, "name.familyName")
    return value_at(user, "displayName") == f"{given} {family}"
