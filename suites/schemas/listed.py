"""What /ResourceTypes and /Schemas list.

A bare JSON array is not the ListResponse that RFC 7644 section 4 asks for: RFC7644-4-8 judges it.
Its entries tell the same, so whoever looks into them reads them there too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp_profiles.model import Json

from .definitions import entries
from .spelling import spelled

if TYPE_CHECKING:
    from suites.client import Seen


def listing(seen: Seen) -> list[Json]:
    """Return the entries that a reply lists, names as the RFCs spell them."""
    try:
        return entries(spelled(seen.json()))
    except (ValueError, RecursionError):
        return []


def is_bare(seen: Seen) -> bool:
    """Return whether a reply is an array without the ListResponse around it."""
    try:
        return isinstance(seen.json(), list)
    except (ValueError, RecursionError):
        return False
