"""Reads the points in time that logs write, and writes them in one form."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime

from idp_profiles.model import Json

_FORMS = (
    "%d/%b/%Y:%H:%M:%S %z",
    "%d/%b/%Y:%H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y, %I:%M:%S %p",
)


def moment(text: Json) -> float | None:
    """Return a point in time as seconds since 1970, or None for what is none.

    A time without a zone counts as UTC, which is what the exports say they write.
    """
    if not isinstance(text, str) or not text.strip():
        return None
    found = _parsed(text.strip())
    if found is None:
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (OverflowError, ValueError, OSError):
        return None


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def shown(when: float | None) -> str:
    """Return a point in time as people read it, in UTC, or an empty text."""
    if when is None:
        return ""
    try:
        return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return ""
