"""The names of a document in the spelling of the RFCs.

Attribute names have no case (RFC 7643 section 2.1), so a server may show `username`. What our own
code looks up, changes and sends back is spelled in one way.
"""

from __future__ import annotations

from functools import cache

from idp_profiles.model import Json

from .definitions import common
from .definitions import rfc

# What messages hold beside resources (RFC 7644 sections 3.4.2, 3.7, 3.12 and RFC 9865).
_MESSAGES = (
    *("Resources", "totalResults", "startIndex", "itemsPerPage", "nextCursor", "previousCursor"),
    *("Operations", "bulkId", "method", "path", "data", "response", "scimType", "detail", "status"),
)


def spelled(document: Json) -> Json:
    """Return a document with each known name as the RFCs spell it; others stay as they are.

    Of two names in one object that differ by case only both stay too.
    """
    if isinstance(document, list):
        return [spelled(each) for each in document]
    if not isinstance(document, dict):
        return document
    known = _spellings()
    made = {
        known.get(name.lower(), name): spelled(value) if isinstance(value, dict | list) else value
        for name, value in document.items()
    }
    return made if len(made) == len(document) else document


@cache
def _spellings() -> dict[str, str]:
    names = [each for schema in rfc().schemas.values() for each in schema.walk()]
    names += [each for attribute in common() for each in attribute.walk()]
    found = [*_MESSAGES, *(each.name for each in names), *(s.urn for s in rfc().schemas.values())]
    return {name.lower(): name for name in found}
