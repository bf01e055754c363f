"""Searches: what a client asks of a list, by the query string or by a SearchRequest message.

Both forms have the same parameters (RFC 7644 sections 3.4.2 and 3.4.3, RFC 9865 section 2) and
become the same value; what it means for a resource type is found out in `query`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from .errors import ScimError
from .errors import invalid_value
from .json_text import kind_of
from .messages import Json
from .tolerances import Tolerances
from .tolerant_reading import check_message

SEARCH_URN = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
DEFAULT_COUNT = 100
MAX_COUNT = 1000

# As many digits as anybody may mean; Python would not read more than 4,300.
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,1000}\s*")
_MOST_FIELDS = 50
_LARGEST = 2**62  # no store has so many resources, and every store can count so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The parameters of a list; `cursor` is None when paging goes by index."""

    filter: str | None = None
    sort_by: str | None = None
    descending: bool = False
    start: int = 1
    count: int = DEFAULT_COUNT
    cursor: str | None = None
    attributes: str | None = None
    excluded: str | None = None


def parse_parameters(query: str) -> dict[str, str]:
    """Read a query string; `+` and `%20` are blanks, bytes are UTF-8."""
    if not query:
        return {}
    fields = [field for field in query.split("&") if field]
    if len(fields) > _MOST_FIELDS:
        raise invalid_value(f"The query string has more than {_MOST_FIELDS} parameters.")
    pairs = [_pair(field) for field in fields]
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise invalid_value(f"The query parameter {doubled!r:.100} is given twice.")
    return result


def _pair(field: str) -> tuple[str, str]:
    """Read one parameter; urllib's reader does the same in three times the time."""
    name, _, value = field.replace("+", " ").partition("=")
    if "%" not in field:
        return name, value
    try:
        # Names hardly ever have escapes, and looking for them takes less than undoing them.
        name = unquote_to_bytes(name).decode() if "%" in name else name
        return name, unquote_to_bytes(value).decode()
    except UnicodeError as fault:
        raise invalid_value(f"The query parameter {name!r:.100} is not UTF-8.") from fault


def search_of_parameters(parameters: Mapping[str, str]) -> Search:
    """Read the parameters of a query string."""
    cursor = parameters.get("cursor")
    _check_method("startIndex" in parameters, cursor)
    return Search(
        filter=parameters.get("filter"),
        sort_by=parameters.get("sortBy") or None,
        descending=_descending(parameters.get("sortOrder")),
        start=max(1, _whole(parameters.get("startIndex"), "startIndex", 1, cursor)),
        count=_count(_whole(parameters.get("count"), "count", DEFAULT_COUNT, cursor)),
        cursor=cursor,
        attributes=parameters.get("attributes"),
        excluded=parameters.get("excludedAttributes"),
    )


def search_of_message(body: Mapping[str, Json], tolerances: Tolerances) -> Search:
    """Read a SearchRequest; null stands for a parameter that is not given."""
    message = {key.lower(): value for key, value in body.items()}
    check_message(message, SEARCH_URN, tolerances)
    cursor = _text(message, "cursor")
    start = _integer(message, "startIndex", cursor)
    _check_method(start is not None, cursor)
    count = _integer(message, "count", cursor)
    return Search(
        filter=_text(message, "filter"),
        sort_by=_text(message, "sortBy") or None,
        descending=_descending(_text(message, "sortOrder")),
        start=max(1, min(start, _LARGEST)) if start is not None else 1,
        count=_count(count) if count is not None else DEFAULT_COUNT,
        cursor=cursor,
        attributes=_names(message, "attributes"),
        excluded=_names(message, "excludedAttributes"),
    )


def _check_method(indexed: bool, cursor: str | None) -> None:
    if indexed and cursor is not None:
        # RFC 9865 section 2.4: each chooses a method of paging, and there can be one only.
        raise invalid_value("startIndex and cursor exclude each other.")


def _count(given: int) -> int:
    return min(MAX_COUNT, max(0, given))


def _whole(text: str | None, name: str, default: int, cursor: str | None) -> int:
    if text is None:
        return default
    if not _WHOLE.fullmatch(text):
        raise _bad_number(name, f"{text!r:.60}", cursor)
    return min(int(text), _LARGEST)


def _integer(message: Mapping[str, Json], name: str, cursor: str | None) -> int | None:
    value = message.get(name.lower())
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise _bad_number(name, f"{value!r:.60}", cursor)
    return value


def _bad_number(name: str, shown: str, cursor: str | None) -> ScimError:
    """Build the error for what is no number; RFC 9865 section 2.1 has a word for a wrong count."""
    scim_type = "invalidCount" if name == "count" and cursor is not None else "invalidValue"
    return ScimError(400, f"{name} must be a whole number, not {shown}.", scim_type)


def _text(message: Mapping[str, Json], name: str) -> str | None:
    value = message.get(name.lower())
    if value is not None and not isinstance(value, str):
        raise invalid_value(f"{name} must be a string, not {kind_of(value)}.")
    return value


def _names(message: Mapping[str, Json], name: str) -> str | None:
    """Read an array of attribute names into the form that a query string has."""
    value = message.get(name.lower())
    if value is None:
        return None
    if not isinstance(value, list):
        raise invalid_value(f"{name} must be an array of strings, not {kind_of(value)}.")
    for number, each in enumerate(value):
        if not isinstance(each, str):
            raise invalid_value(f"{name}[{number}] must be a string, not {kind_of(each)}.")
    return ",".join(str(each) for each in value)


def _descending(order: str | None) -> bool:
    if order is None or order.lower() == "ascending":
        return False
    if order.lower() == "descending":
        return True
    raise invalid_value(f"sortOrder must be ascending or descending, not {order!r:.60}.")
