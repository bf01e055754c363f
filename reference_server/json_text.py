"""JSON text in and out: strict about what RFC 8259 leaves to the reader."""

from __future__ import annotations

import json
import math
from typing import cast

from .errors import invalid_syntax
from .messages import Json


class _NotJson(ValueError):
    """Something Python's reader would accept and JSON does not."""


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _NotJson(f"the key {key!r} appears twice in one object")
            seen.add(key)
    return result


def _constant(text: str) -> Json:
    raise _NotJson(f"{text} is no JSON value")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        # Python would read 1e999 as infinity, which has no JSON form in a reply.
        raise _NotJson(f"the number {text[:40]} is too large")
    return value


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_constant, parse_float=_finite
)


def parse(body: bytes) -> Json:
    """Read a body; every fault is a 400 `invalidSyntax` that says where it is."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise invalid_syntax(f"The body is not UTF-8 at byte {fault.start}.") from fault
    try:
        value = cast(Json, _DECODER.decode(text))
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno}, column {fault.colno}"
        raise invalid_syntax(f"The body is not JSON: {fault.msg} at {where}.") from fault
    except RecursionError as fault:
        raise invalid_syntax("The body is nested too deeply.") from fault
    except ValueError as fault:  # our own refusals, and integers of thousands of digits
        raise invalid_syntax(f"The body is not JSON: {fault}.") from fault
    if "\\u" in text:
        _refuse_lone_surrogates(value)
    return value


def _refuse_lone_surrogates(value: Json) -> None:
    """Refuse half of a surrogate pair: such a string cannot be sent back as UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (UnicodeEncodeError, RecursionError) as fault:
        raise invalid_syntax("The body has half of a surrogate pair in a \\u escape.") from fault


def parse_object(body: bytes) -> dict[str, Json]:
    """Read a body that must be a JSON object."""
    if not body:
        raise invalid_syntax("The body is empty; a JSON object is expected.")
    value = parse(body)
    if not isinstance(value, dict):
        raise invalid_syntax(f"The body must be a JSON object, not {kind_of(value)}.")
    return value


def dump(value: Json) -> bytes:
    """Write a value as compact UTF-8 JSON."""
    return _ENCODER.encode(value).encode("utf-8")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def kind_of(value: Json) -> str:
    """Name the JSON kind of a value in words."""
    if value is None:
        return "null"
    return _KINDS[type(value)]


_KINDS = {
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "an object",
}
