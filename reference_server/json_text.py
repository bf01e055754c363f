"""JSON text in and out: strict about what RFC 8259 leaves to the reader."""

from __future__ import annotations

import json
import math
from typing import cast

from .errors import ScimError
from .errors import invalid_syntax
from .json_places import MAX_DEPTH
from .json_places import line_and_column
from .json_places import refused_place
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
    text = _text(body)
    try:
        value = cast(Json, _DECODER.decode(text))
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno}, column {fault.colno}"
        raise invalid_syntax(f"The body is not JSON: {fault.msg} at {where}.") from fault
    except RecursionError as fault:
        raise _too_deep(text) from fault
    except ValueError as fault:  # our own refusals, and integers of thousands of digits
        said = fault if isinstance(fault, _NotJson) else "a number has too many digits"
        raise invalid_syntax(f"The body is not JSON: {said}{refused_place(text)}.") from fault
    if text.count("{") + text.count("[") > MAX_DEPTH and _is_deep(value):
        raise _too_deep(text)
    if "\\u" in text:
        _refuse_lone_surrogates(value, text)
    return value


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = body[: fault.start].decode("utf-8")
        where = line_and_column(before, len(before))
        detail = f"The body is not UTF-8 at byte {fault.start}, {where}."
        raise invalid_syntax(detail) from fault


def _is_deep(value: Json) -> bool:
    """Tell whether a value is nested too deeply; level by level, as calls are what it could do."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        containers = [each for each in level if isinstance(each, dict | list)]
        if not containers:
            return False
        level = [
            each
            for outer in containers
            for each in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return True


def _too_deep(text: str) -> ScimError:
    return invalid_syntax(
        f"The body is nested too deeply, more than {MAX_DEPTH} levels{refused_place(text)}."
    )


def _refuse_lone_surrogates(value: Json, text: str) -> None:
    """Refuse half of a surrogate pair: such a string cannot be sent back as UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as fault:
        detail = f"The body has half of a surrogate pair in a \\u escape{refused_place(text)}."
        raise invalid_syntax(detail) from fault


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


# Without the look for cycles, which nothing here has: it takes a sixth of the time.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
)


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
