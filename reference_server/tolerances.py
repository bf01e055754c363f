"""What the server accepts beyond the RFC because identity providers need it, named in one place."""

from __future__ import annotations

from dataclasses import dataclass

from .messages import Json
from .schemas import Attribute


@dataclass(frozen=True, slots=True)
class Tolerances:
    """One switch for each tolerance."""

    # "True" and "False" as text for booleans, in PATCH only; RFC 7643 section 2.3.2 wants literals.
    boolean_text: bool = True
    # `name.givenName` as a key of a path-less PATCH value; the RFC knows dots in paths only.
    dotted_keys: bool = True


def literal(attribute: Attribute, value: Json, tolerances: Tolerances | None) -> Json:
    """Turn a boolean written as text into the literal, if that is tolerated."""
    if tolerances is None or not tolerances.boolean_text or attribute.type != "boolean":
        return value
    return _BOOLEANS.get(value.lower(), value) if isinstance(value, str) else value


_BOOLEANS: dict[str, Json] = {"true": True, "false": False}
