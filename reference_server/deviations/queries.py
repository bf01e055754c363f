"""Query strings as the deviations need them: raw, so that what is not changed stays as sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from urllib.parse import quote
from urllib.parse import unquote_plus

from reference_server.messages import Json
from reference_server.messages import Request

_EQUALITY = re.compile(r'\s*([\w.$:-]+)\s+eq\s+("(?:[^"\\]|\\.)*")\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Equality:
    """A filter of the one form `attribute eq "value"`."""

    attribute: str
    value: str


def parameter(request: Request, name: str) -> str | None:
    """Return a query parameter, decoded, or None."""
    for key, raw in _pairs(request.query):
        if key == name:
            return unquote_plus(raw)
    return None


def names(request: Request) -> list[str]:
    """Return the names of the query parameters."""
    return [key for key, _ in _pairs(request.query)]


def number(request: Request, name: str, default: int) -> int:
    """Return a query parameter as a number, the default if it is absent or none."""
    text = parameter(request, name) or ""
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,9}", text) else default


def with_parameter(request: Request, name: str, value: str) -> Request:
    """Return the request with a query parameter set."""
    rest = without_parameters(request, name).query
    return replace(request, query=f"{rest}&{name}={quote(value, safe='')}".lstrip("&"))


def without_parameters(request: Request, *names: str) -> Request:
    """Return the request without the named query parameters."""
    kept = [f"{key}={raw}" for key, raw in _pairs(request.query) if key not in names]
    return replace(request, query="&".join(kept))


def change_raw(request: Request, name: str, change: Callable[[str], str]) -> Request:
    """Return the request with the still encoded value of a query parameter changed."""
    pairs = [(key, change(raw) if key == name else raw) for key, raw in _pairs(request.query)]
    return replace(request, query="&".join(f"{key}={raw}" for key, raw in pairs))


def equality(request: Request, attribute: str) -> Equality | None:
    """Return the request's filter if it is a plain `eq` on the attribute, else None."""
    found = _EQUALITY.fullmatch(parameter(request, "filter") or "")
    if not found or found[1].rpartition(":")[2].lower() != attribute.lower():
        return None
    try:
        value: Json = json.loads(found[2])
    except ValueError:
        return None
    return Equality(found[1], value) if isinstance(value, str) else None


def quoted(text: str) -> str:
    """Return a text as it stands in a filter, with its quotation marks."""
    return json.dumps(text, ensure_ascii=False)


def _pairs(query: str) -> list[tuple[str, str]]:
    pieces = [piece.partition("=") for piece in query.split("&") if piece]
    return [(unquote_plus(key), raw) for key, _, raw in pieces]
