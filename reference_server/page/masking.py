"""Masking: what of a request or a reply may be shown, and what is a secret.

It happens when an exchange is recorded, not when it is shown, so that no password waits in memory;
every request pays for it, so whatever has no word of a secret in it is passed over quickly.
What cannot be read for certain (no JSON, no UTF-8, too long) is not shown at all once it holds a
word that may introduce a secret.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote
from urllib.parse import quote_plus
from urllib.parse import unquote_plus

from reference_server.messages import Headers
from reference_server.messages import Json

HIDDEN = "[hidden]"
_AGAIN = " (again)"  # after a key that an object has twice
# Of a text that is longer, the first so many characters are kept.
SHOWN = 64 * 1024
_LOOKED_AT = 1024 * 1024  # bytes: a longer body is not even looked at
_READ = 256 * 1024  # bytes: a body with secrets is read up to this size, else not shown
_MOST_HEADERS = 60
_LONGEST_NAME = 200
_LONGEST_HEADER = 1_000
_LONGEST_TARGET = 2_000
_SHORTEST_QUOTED = 4  # characters: a shorter secret is not searched for in what else is said

# Names as such; `tokenType`, `keyboard` and `passwordPolicy` are none of them.
_SECRET_NAME = re.compile(
    r".*(?:passwords?|passwd|passphrase|secrets?|tokens?|assertion|authorization|credentials?|"
    r"cookie|apikey|privatekey|accesskey)|key|pwd",
    re.DOTALL,
)
_NO_LETTER = re.compile(r"[^a-z]+")
_ASKS = re.compile(r"(?i)(?:passw|secret|token)\w*\s+(?:eq|ne|co|sw|ew|gt|ge|lt|le)\b")
_SCHEMES = re.compile(r"(?i)((?:(?:bearer|basic|digest|negotiate)(?:\s+|$))+)(.*)", re.DOTALL)


def is_secret(name: str) -> bool:
    """Tell whether a header, a parameter or a key of this name holds a secret."""
    return len(name) > _LONGEST_NAME or _is_secret(name)


@lru_cache(maxsize=512)
def _is_secret(name: str) -> bool:
    return _SECRET_NAME.fullmatch(_NO_LETTER.sub("", name.lower())) is not None


def masked_headers(headers: Headers) -> Headers:
    """Return headers without secrets; of credentials the scheme stays, as it was spelt."""
    shown = [
        (name[:_LONGEST_NAME], shortened(value, _LONGEST_HEADER))
        if not is_secret(name)
        else (name[:_LONGEST_NAME], _masked_value(value))
        for name, value in headers[:_MOST_HEADERS]
    ]
    if len(headers) > _MOST_HEADERS:
        shown.append(("…", f"{len(headers) - _MOST_HEADERS} more"))
    return tuple(shown)


def _masked_value(value: str) -> str:
    match = _SCHEMES.fullmatch(value.strip())
    if match is None:
        return HIDDEN
    return f"{match[1]}{HIDDEN}" if match[2] else shortened(value, _LONGEST_HEADER)


def masked_target(path: str, query: str) -> str:
    """Return path and query, with a mark in place of each parameter that may hold a secret."""
    if not query:
        return shortened(path, _LONGEST_TARGET)
    if _may_hold_a_secret(unquote_plus(query).lower()):
        query = "&".join(map(_masked_parameter, query.split("&")))
    return shortened(f"{path}?{query}", _LONGEST_TARGET)


def _may_hold_a_secret(lowered: str) -> bool:
    # Written out: a generator over the words takes three times as long, at each request.
    return (
        "passw" in lowered
        or "passp" in lowered
        or "pwd" in lowered
        or "secret" in lowered
        or "token" in lowered
        or "key" in lowered
        or "assertion" in lowered
        or "authorization" in lowered
        or "credential" in lowered
        or "cookie" in lowered
    )


def _masked_parameter(parameter: str) -> str:
    name, equals, value = parameter.partition("=")
    if equals and (is_secret(unquote_plus(name)) or _ASKS.search(unquote_plus(value))):
        return f"{name}={HIDDEN}"
    return parameter


def shortened(text: str, most: int) -> str:
    """Return a text, cut where it is too long."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


def masked_body(body: bytes, content_type: str, found: set[str]) -> str:
    """Return a body as text to show; the secrets in it are added to those found."""
    if not body:
        return ""
    if len(body) > _LOOKED_AT:
        return f"({len(body)} bytes, too long to be shown)"
    text = _decoded(body)
    if text is None:
        return f"({len(body)} bytes that are no text)"
    if "\\u" not in text and not _may_hold_a_secret(text.lower()):
        return shortened(text, SHOWN)
    if len(body) > _READ:
        return f"({len(body)} bytes, not shown: they may hold a secret and are too long to look)"
    if content_type.lower().startswith("application/x-www-form-urlencoded"):
        return _masked_form(text, found)
    return _masked_json(text, found)


def _decoded(body: bytes) -> str | None:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    # Other encodings of JSON are full of these, and so is what was compressed.
    return None if "\0" in text else text


def _masked_form(text: str, found: set[str]) -> str:
    pairs = [each.partition("=") for each in text.split("&")]
    for name, _, value in pairs:
        if is_secret(unquote_plus(name)):
            found.add(unquote_plus(value))
    return shortened("&".join(_masked_parameter("".join(each)) for each in pairs), SHOWN)


def _masked_json(text: str, found: set[str]) -> str:
    try:
        value = json.loads(text, object_pairs_hook=_pairs)
        shown = json.dumps(_masked(value, found), ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return f"({len(text)} characters, not shown: they may hold a secret, and are no JSON)"
    return shortened(shown, SHOWN)


class _Object(dict[str, Json]):
    """An object; a key that came twice is told apart, so that nothing is passed over."""


def _pairs(pairs: list[tuple[str, Json]]) -> _Object:
    result = _Object()
    for key, value in pairs:
        shown = key
        while shown in result:
            shown += _AGAIN
        result[shown] = value
    return result


def _masked(value: Json, found: set[str]) -> Json:
    if isinstance(value, dict):
        hides = _names_secret(value)
        return {
            key: _hidden(each, found)
            if _is_secret_key(key) or (hides and key.lower().startswith("value"))
            else _masked(each, found)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_masked(each, found) for each in value]
    if isinstance(value, str) and _ASKS.search(value):
        return HIDDEN
    return value


def _is_secret_key(key: str) -> bool:
    while key.endswith(_AGAIN):
        key = key.removesuffix(_AGAIN)
    return is_secret(key)


def _names_secret(operation: Mapping[str, Json]) -> bool:
    """Tell whether an object is a PATCH operation on a secret."""
    paths = [each for key, each in operation.items() if key.lower().startswith("path")]
    return any(isinstance(each, str) and _is_secret_key(each) for each in paths)


def _hidden(value: Json, found: set[str]) -> Json:
    """Hide all that a secret is made of; its structure and what is just yes or no may stay."""
    if isinstance(value, dict):
        return {key: _hidden(each, found) for key, each in value.items()}
    if isinstance(value, list):
        return [_hidden(each, found) for each in value]
    if value is None or isinstance(value, bool):
        return value
    found.add(str(value))
    return HIDDEN


def spellings(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return how secrets may stand in a text: plain, written as JSON or in a URL; longest first."""
    found = {form for each in secrets if len(each) >= _SHORTEST_QUOTED for form in _forms(each)}
    return tuple(sorted(found, key=len, reverse=True))


def _forms(secret: str) -> tuple[str, ...]:
    written = (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    content = secret.encode("utf-8", "replace")
    return (secret, *written, quote(content, safe=""), quote(content), quote_plus(content))


def without(text: str, spelt: Iterable[str]) -> str:
    """Return a text in which none of some spellings stands."""
    for each in spelt:
        text = text.replace(each, HIDDEN)
    return text
