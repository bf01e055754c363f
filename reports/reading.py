"""Members of a JSON object, read with the type they must have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


class ReportError(ValueError):
    """A report that cannot be read or written; the message is one sentence for the user."""


def _wrong(key: str, wanted: str, value: object) -> ReportError:
    return ReportError(f"member {key!r} must be {wanted}, found {type(value).__name__}")


def text(data: Mapping[str, Json], key: str) -> str:
    """Return a member that must be text."""
    value = data.get(key)
    if isinstance(value, str):
        return value
    raise _wrong(key, "text", value)


def maybe_text(data: Mapping[str, Json], key: str) -> str | None:
    """Return a member that is text, or None when it is null or missing."""
    return None if data.get(key) is None else text(data, key)


def number(data: Mapping[str, Json], key: str, default: float = 0.0) -> float:
    """Return a member that is a number, or the default when it is missing."""
    value = data.get(key, default)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise _wrong(key, "a number", value)


def integer(data: Mapping[str, Json], key: str, default: int = 0) -> int:
    """Return a member that is a whole number, or the default when it is missing."""
    value = data.get(key, default)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _wrong(key, "a whole number", value)


def flag(data: Mapping[str, Json], key: str) -> bool:
    """Return a member that is true or false; missing means false."""
    value = data.get(key, False)
    if isinstance(value, bool):
        return value
    raise _wrong(key, "true or false", value)


def mapping(data: Mapping[str, Json], key: str) -> dict[str, Json]:
    """Return a member that is an object; missing means empty."""
    value = data.get(key, {})
    if isinstance(value, dict):
        return value
    raise _wrong(key, "an object", value)


def maybe_mapping(data: Mapping[str, Json], key: str) -> dict[str, Json] | None:
    """Return a member that is an object, or None when it is null or missing."""
    return None if data.get(key) is None else mapping(data, key)


def items(data: Mapping[str, Json], key: str) -> tuple[Json, ...]:
    """Return a member that is an array; missing means empty."""
    value = data.get(key, [])
    if isinstance(value, list):
        return tuple(value)
    raise _wrong(key, "an array", value)


def texts(data: Mapping[str, Json], key: str) -> tuple[str, ...]:
    """Return a member that is an array of texts; missing means empty."""
    found = []
    for value in items(data, key):
        if not isinstance(value, str):
            raise _wrong(key, "an array of texts", value)
        found.append(value)
    return tuple(found)


def objects(data: Mapping[str, Json], key: str) -> tuple[dict[str, Json], ...]:
    """Return a member that is an array of objects; missing means empty."""
    found = []
    for value in items(data, key):
        if not isinstance(value, dict):
            raise _wrong(key, "an array of objects", value)
        found.append(value)
    return tuple(found)
