"""Single values: their types, how they compare, and where they are in a resource."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from .formats import instant
from .formats import is_base64
from .formats import is_uri
from .messages import Json
from .schemas import Attribute
from .schemas import Target

# RFC 7643 section 2.4: addresses of resources that differ in the API version are the same.
_API_VERSION = re.compile(r"/v[0-9]+(?=/[^/]+/[^/]+$)")


def fold(text: str) -> str:
    """Return the form in which texts that are not case exact are equal."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def comparable(attribute: Attribute, text: str) -> str:
    """Return the form in which two texts of this attribute are compared as a whole."""
    if attribute.type == "reference" and attribute.names_resources:
        text = _API_VERSION.sub("", text)
    return prepared(attribute, text)


def prepared(attribute: Attribute, text: str) -> str:
    """Return the form in which parts of two texts are compared (RFC 7644 section 7.8)."""
    if attribute.name == "userName" and not text.isascii():
        text = _width_mapped(text)
    if not attribute.case_exact:
        return fold(text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _width_mapped(text: str) -> str:
    """Map full-width and half-width characters to ordinary ones (RFC 7613 section 3.2.2)."""
    return "".join(
        unicodedata.normalize("NFKC", each) if unicodedata.east_asian_width(each) in "FH" else each
        for each in text
    )


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
            return isinstance(value, str) and is_base64(value)
        case "reference":
            return isinstance(value, str) and is_uri(value)
        case "complex":
            return isinstance(value, dict)
        case _:
            return isinstance(value, str)


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
    if target.sub.multi_valued:
        return [each for found in inner if isinstance(found, list) for each in found]
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
