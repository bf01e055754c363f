"""Request builders and reply views: what every profile's scripts need to speak JSON over HTTP."""

from __future__ import annotations

import json
from collections.abc import Generator
from collections.abc import Mapping
from typing import TypeAlias
from typing import TypeVar
from urllib.parse import quote
from urllib.parse import quote_plus

from .model import Json
from .model import Reply
from .model import Request
from .model import Wait

T = TypeVar("T")

# A piece of a script that hands a value back to the script that runs it with `yield from`.
Part: TypeAlias = Generator[Request | Wait, Reply, T]


class NotJson(ValueError):
    """A body that had to be a JSON object is none; the message says what it is instead."""


def encode(body: Json) -> bytes:
    """Return compact UTF-8 JSON with the keys in the order given."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except (
        UnicodeEncodeError
    ):  # half a surrogate pair, echoed from a reply: only an escape holds it
        return json.dumps(body, separators=(",", ":")).encode("ascii")


def equals(attribute: str, value: str) -> str:
    """Return the filter `attribute eq "value"`; quotes and backslashes are escaped as in JSON."""
    return f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"


def query(parameters: Mapping[str, str], *, plus_for_blanks: bool = False) -> str:
    """Return a query string with every value percent-encoded, in the order given."""
    encoder = quote_plus if plus_for_blanks else quote
    return "&".join(
        f"{name}={encoder(value, safe='', errors='surrogatepass')}"
        for name, value in parameters.items()
    )


def segment(value: str) -> str:
    """Return a value encoded as one path segment, so that an id cannot change the path."""
    return quote(value, safe="-._~!$&'()*+,;=:@", errors="surrogatepass")


def path(value: str) -> str:
    """Return a path that a server gave, with whatever HTTP cannot carry encoded."""
    return quote(value, safe="/?%-._~!$&'()*+,;=:@", errors="surrogatepass")


def merge(base: Mapping[str, Json], overlay: Mapping[str, Json]) -> dict[str, Json]:
    """Return `base` with `overlay` on top: objects merge deeply, arrays are replaced whole.

    The keys keep the order of `base`; new ones follow in the order of `overlay`.
    """
    merged = dict(base)
    spelled = {key.lower(): key for key in merged}
    for name, value in overlay.items():
        key = spelled.get(name.lower(), name)
        below = merged.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        merged[key] = merge(below, value) if both else value  # type: ignore[arg-type] # `both` proves it
    return merged


def json_object(reply: Reply) -> dict[str, Json]:
    """Return the body as a JSON object, or raise NotJson."""
    try:
        body = reply.json()
    except (ValueError, RecursionError) as error:
        raise NotJson(f"the body is not JSON ({error})") from None
    if not isinstance(body, dict):
        raise NotJson(f"the body is JSON but no object: {str(body)[:60]!r}")
    return body


def member(body: Mapping[str, Json], name: str) -> Json:
    """Return a member by its exact name, else by a name that differs in case only, else None."""
    if name in body:
        return body[name]
    wanted = name.lower()
    return next((value for key, value in body.items() if key.lower() == wanted), None)


def is_integer(value: Json) -> bool:
    """Tell whether a JSON value is a whole number (true and false are none)."""
    return isinstance(value, int) and not isinstance(value, bool)
